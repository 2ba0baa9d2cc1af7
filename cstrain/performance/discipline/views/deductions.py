"""Deductions for who books, sees and decides: the list, booking, one with its history, the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.discipline import queries, rules, service, store
from cstrain.performance.discipline.facts import Booking, DeductionFacts, Standing
from cstrain.performance.discipline.forms import BookingForm, DecisionForm, ReasonForm, words
from cstrain.performance.discipline.policy import STANDING_WORDS
from cstrain.performance.discipline.views.common import (
    Pager,
    blueprint,
    by_number,
    form_page,
    kept,
    missing,
    names_of,
    note_view,
    readers,
    wanted_page,
)
from cstrain.ui.forms import typed_day, whole
from cstrain.ui.refusal import attempt

_MONTHS = 24


@blueprint.get("/deductions")
@requires("deduction.view")
def deductions() -> str:
    """List the deductions one may see, by person, department, month, rule and standing."""
    today, filters = local_date(now()), kept("q", "department", "month", "rule", "standing")
    standing = filters.get("standing", "")
    wanted = queries.Wanted(
        people=readers("deduction.view", filters.get("q", ""), request.args.get("department", type=whole)),
        month=_month(filters.get("month", "")),
        rule=filters.get("rule", ""),
        standing=Standing(standing) if standing in set(Standing) else None,
    )
    found = queries.deduction_page(wanted, wanted_page())
    return render_template(
        "discipline/deductions.html",
        found=found,
        names=names_of({each for one in found.rows for each in (one.person, one.booked_by)}),
        kept=filters,
        links=Pager(found.page, found.pages, "discipline.deductions", filters),
        departments=people.departments(active_only=True),
        months=[add_months(today.replace(day=1), -back) for back in range(_MONTHS)],
        sets=store.rule_sets(today),
        standings=dict(words(STANDING_WORDS)),
        may_book=may(actor(), "deduction.book"),
        may_bring_in=may(actor(), "deduction.bring_in"),
        may_registers=may(actor(), "register.view"),
        waiting=_waiting(),
    )


def _waiting() -> int:
    if not may(actor(), "deduction.decide"):
        return 0
    seen = people.visible_people(actor(), "deduction.decide", local_date(now()))
    return len(queries.contested(seen, actor()))


def _month(text: str) -> date | None:
    return typed_day(f"{text}-01") if text else None


@blueprint.route("/deductions/new", methods=["GET", "POST"])
@requires("deduction.book")
def book() -> Any:
    """Book a deduction; the address may hand in who, when, by which rule and on what evidence."""
    today = local_date(now())
    sets = store.rule_sets(today)
    form = BookingForm()
    form.offer(sets)
    if not form.is_submitted():
        _fill(form, today)
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.extend(_book(form))):
        flash(gettext("扣分已登记，本人会收到通知。"), "ok")
        if len(made) == 1:
            return redirect(url_for("discipline.deduction", deduction_id=made[0]))
        return redirect(url_for("discipline.deductions"))
    return form_page("book", form, sets=sets)


def _fill(form: BookingForm, today: date) -> None:
    form.staff_no.data = request.args.get("staff_no", "")
    form.day.data = typed_day(request.args.get("day")) or today
    form.rule.data = request.args.get("rule", "")
    form.evidence.data = request.args.get("evidence", "")


def _book(form: BookingForm) -> list[int]:
    about: list[PersonId] = [by_number(one, "deduction.book").id for one in form.numbers()]
    ref, _, code = (form.rule.data or "").partition(":")
    times = (form.times.data or "").split(":")
    booking = Booking(
        day=form.day.data,
        rule_set=ref,
        code=code,
        points=form.points.data or 0,
        evidence=form.evidence.data or "",
        times_code=_times_code(ref, code, times),
        set_aside=frozenset(one.partition(":")[2] for one in form.aside.data or ()),
    )
    return service.book(actor(), now(), about, booking)


def _times_code(ref: str, code: str, chosen: list[str]) -> str | None:
    """Return the multiplier chosen; one of another rule is handed on as it is, and refused there."""
    if chosen == [""]:
        return None
    return chosen[-1] if chosen[:2] == [ref, code] else ":".join(chosen)


def _readable(deduction_id: int) -> DeductionFacts:
    facts = queries.deduction(deduction_id)
    if facts.person != actor() and not may(actor(), "deduction.view", facts.person):
        raise missing()
    return facts


@blueprint.get("/deductions/<int:deduction_id>")
@requires("deduction.view_own")
def deduction(deduction_id: int) -> str:
    """Show one deduction: rule, evidence, the person's word against it, the decision."""
    facts = _readable(deduction_id)
    note_view(facts.person, "discipline.deduction")
    return _page(facts)


def _page(
    facts: DeductionFacts, decision: DecisionForm | None = None, reason: ReasonForm | None = None
) -> str:
    me, today = actor(), local_date(now())
    decision = decision or DecisionForm(formdata=None)
    decision.offer()
    contest, back = facts.contest, facts.reversal
    chapter = store.edition(facts.rule_set, facts.edition)
    judges = may(me, "deduction.decide", facts.person) and facts.person != me
    return render_template(
        "discipline/deduction.html",
        one=facts,
        own=facts.person == me,
        names=names_of(
            [
                facts.person,
                facts.booked_by,
                contest.decided_by if contest else None,
                back.by if back else None,
            ]
        ),
        rule=chapter.rule(facts.code) if chapter else None,
        chapter=chapter,
        aside=[rule.text for rule in rules.more_specific(chapter, facts.code)] if chapter else [],
        standings=dict(words(STANDING_WORDS)),
        may_contest=facts.person == me and facts.may_be_contested(today),
        judges=judges,
        booked_it=facts.booked_by == me,
        decide_by=_decide_by(facts),
        decision=decision,
        reason=reason or ReasonForm(formdata=None),
        asked=reason is not None,
        may_see=may(me, "person.view", facts.person),
    )


def _decide_by(facts: DeductionFacts) -> date | None:
    """Return the day by which a contest should be decided; ``None`` when none is open."""
    chapter = store.edition(facts.rule_set, facts.edition)
    if facts.standing is not Standing.CONTESTED or facts.contest is None or chapter is None:
        return None
    filed = local_date(facts.contest.filed_at)
    return people.work_calendar(facts.person).nth_working_day_after(filed, chapter.decide_days)


def _judged(deduction_id: int) -> DeductionFacts:
    facts = queries.deduction(deduction_id)
    demand("deduction.decide", facts.person)
    return facts


@blueprint.post("/deductions/<int:deduction_id>/decide")
@requires("deduction.decide")
def decide(deduction_id: int) -> Any:
    """Decide a contest, as neither the person nor the booker."""
    facts = _judged(deduction_id)
    form = DecisionForm()
    form.offer()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.decide(
            actor(), now(), facts.id, upheld=form.upheld.data == "yes", answer=form.answer.data or ""
        ),
    ):
        flash(gettext("决定已保存，本人和登记人会收到通知。"), "ok")
        return redirect(url_for("discipline.deduction", deduction_id=facts.id))
    return _page(queries.deduction(facts.id), decision=form), 422


@blueprint.post("/deductions/<int:deduction_id>/reverse")
@requires("deduction.decide")
def reverse(deduction_id: int) -> Any:
    """Reverse a wrong deduction by a new entry, as neither the person nor the booker."""
    facts = _judged(deduction_id)
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.reverse(actor(), now(), facts.id, form.reason.data or "")
    ):
        flash(gettext("扣分已撤销，原来的记录留着，不再计算。"), "ok")
        return redirect(url_for("discipline.deduction", deduction_id=facts.id))
    return _page(queries.deduction(facts.id), reason=form), 422
