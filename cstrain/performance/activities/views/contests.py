"""Contests: the list, announcing one, one with its rules and standings, closing it by two persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.calendar import add_months
from cstrain.people import queries as people
from cstrain.performance.activities import queries, rules, service, store
from cstrain.performance.activities.facts import Announcement, ContestFacts, Measure, Phase
from cstrain.performance.activities.forms import AnswerForm, ContestForm, ResultForm, month_key
from cstrain.performance.activities.policy import MEASURE_WORDS, PHASE_WORDS, WHY_WORDS
from cstrain.performance.activities.views.common import (
    Pager,
    blueprint,
    metric_value,
    metric_word,
    missing,
    names_of,
    today,
    typed_month,
    wanted_page,
)
from cstrain.ui.filters import month as month_word
from cstrain.ui.refusal import attempt

_AHEAD = 24


@blueprint.get("/contests")
@requires("contest.read")
def contests() -> str:
    """List all contests, those that end last first."""
    found = queries.contest_page(wanted_page())
    places = queries.places(actor(), "contest.announce", today())
    return render_template(
        "activities/contests.html",
        found=found,
        phases=queries.phases(found.rows, today()),
        words=PHASE_WORDS,
        metric_word=metric_word,
        links=Pager(found.page, found.pages, "activities.contests", {}),
        may_announce=places is None or bool(places),
    )


@blueprint.route("/contests/new", methods=["GET", "POST"])
@requires("contest.announce")
def announce() -> Any:
    """Publish a contest with its rules, before it begins."""
    form = ContestForm()
    _offer(form)
    made: list[int] = []
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(service.announce(actor(), now(), _announcement(form)))
    ):
        flash(gettext("评比已公布，部门里的人会收到通知。"), "ok")
        return redirect(url_for("activities.contest", contest_id=made[0]))
    page = render_template("activities/announce.html", form=form, chapter=store.chapter())
    return page, 422 if form.is_submitted() else 200


def _offer(form: ContestForm) -> None:
    chapter, places = store.chapter(), queries.places(actor(), "contest.announce", today())
    months = [add_months(today().replace(day=1), ahead) for ahead in range(1, _AHEAD + 1)]
    form.offer(
        [
            (one.id, one.name)
            for one in people.departments(active_only=True)
            if places is None or one.id in places
        ],
        [
            (
                name,
                gettext("%(word)s（多的在前）", word=metric_word(name))
                if better == "more"
                else gettext("%(word)s（少的在前）", word=metric_word(name)),
            )
            for name, better in chapter.contests.metrics.items()
        ],
        [(month_key(one), month_word(one)) for one in months],
        [(one.code, one.title) for one in chapter.titles.given_by("contest")],
    )


def _announcement(form: ContestForm) -> Announcement:
    never = date.min
    return Announcement(
        title=form.title.data or "",
        notice=form.notice.data or "",
        department_id=int(form.department.data),
        metric=form.metric.data,
        measure=Measure(form.measure.data),
        first_month=typed_month(form.first_month.data) or never,
        last_month=typed_month(form.last_month.data) or never,
        least_months=form.least_months.data or 0,
        seats=form.seats.data or 0,
        award=form.award.data,
    )


@blueprint.get("/contests/<int:contest_id>")
@requires("contest.read")
def contest(contest_id: int) -> str:
    """Show a contest: its rules, where it stands; the whole standings to who may see the numbers."""
    return _page(queries.contest(contest_id))


def _page(one: ContestFacts, result: ResultForm | None = None, answer: AnswerForm | None = None) -> str:
    me, said = actor(), one.announced
    phase = queries.phase_of(one, today())
    rows = one.result.standings if one.result is not None else queries.standings(one, today())
    seen = people.visible_people(me, "performance.view", today())
    shown = [row for row in rows if seen is None or row.person in seen or row.person == me]
    winners = [row for row in rows if row.winner] if phase is Phase.ENDED else []
    given = answer or AnswerForm(formdata=None)
    given.offer()
    by = [one.announced_by, *(each.proposed_by for each in (one.result, *one.refused) if each is not None)]
    by += [each.answered_by for each in (one.result, *one.refused) if each is not None and each.answered_by]
    return render_template(
        "activities/contest.html",
        one=one,
        phase=phase,
        words=PHASE_WORDS,
        shown=shown,
        hidden=len(rows) - len(shown),
        winners=winners,
        names=names_of([*by, *(row.person for row in shown), *(row.person for row in winners)]),
        unclosed=queries.unclosed(one) if phase is Phase.COUNTING else [],
        may_close=_closes(said.department_id),
        takes_part=any(row.person == me and row.rank is not None for row in rows),
        reader=me,
        result=result or ResultForm(formdata=None),
        answer=given,
        months=rules.months_between(said.first_month, said.last_month),
        measure=MEASURE_WORDS[said.measure],
        whys=WHY_WORDS,
        metric_word=metric_word,
        metric_value=metric_value,
    )


def _closes(department_id: int) -> bool:
    places = queries.places(actor(), "contest.close", today())
    return places is None or department_id in places


def _closed_by_me(contest_id: int) -> ContestFacts:
    one = queries.contest(contest_id)
    if not _closes(one.announced.department_id):
        raise missing()
    return one


@blueprint.post("/contests/<int:contest_id>/result")
@requires("contest.close")
def propose_result(contest_id: int) -> Any:
    """Propose the standings as the result; another person answers."""
    one = _closed_by_me(contest_id)
    form = ResultForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.propose_result(actor(), now(), one.id, form.note.data or "")
    ):
        flash(gettext("结果已提出，等另一人确认。"), "ok")
        return redirect(url_for("activities.contest", contest_id=one.id))
    return _page(queries.contest(one.id), result=form), 422


@blueprint.post("/contests/<int:contest_id>/answer")
@requires("contest.close")
def answer_result(contest_id: int) -> Any:
    """Agree to the proposed result, or send it back."""
    one = _closed_by_me(contest_id)
    form = AnswerForm()
    form.offer()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer_result(
            actor(), now(), one.id, agreed=form.agreed.data == "yes", note=form.note.data or ""
        ),
    ):
        flash(gettext("意见已保存。"), "ok")
        return redirect(url_for("activities.contest", contest_id=one.id))
    return _page(queries.contest(one.id), answer=form), 422
