"""Registers for who enters and sees them: the list, a new entry, one with its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.discipline import queries, service
from cstrain.performance.discipline.facts import Entry, Kind, RegisterFacts, Severity
from cstrain.performance.discipline.forms import EntryForm, ReasonForm, words
from cstrain.performance.discipline.policy import KIND_WORDS, SEVERITY_WORDS
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


@blueprint.get("/registers")
@requires("register.view")
def registers() -> str:
    """List the entries one may see, by person, department, register and whether a complaint was major."""
    filters = kept("q", "department", "kind", "major")
    kind = filters.get("kind", "")
    seen = readers("register.view", filters.get("q", ""), request.args.get("department", type=whole))
    found = queries.register_page(
        seen,
        Kind(kind) if kind in set(Kind) else None,
        wanted_page(),
        major="major" in filters,
        without=None if may(actor(), "register.view", actor()) else actor(),
    )
    return render_template(
        "discipline/registers.html",
        found=found,
        names=names_of({each for one in found.rows for each in (one.person, one.other, one.entered_by)}),
        kept=filters,
        links=Pager(found.page, found.pages, "discipline.registers", filters),
        departments=people.departments(active_only=True),
        kinds=dict(words(KIND_WORDS)),
        severities=dict(words(SEVERITY_WORDS)),
        may_enter=may(actor(), "register.enter"),
    )


@blueprint.route("/registers/new", methods=["GET", "POST"])
@requires("register.enter")
def enter() -> Any:
    """Enter something; the address may hand in the register, who, when and on what evidence."""
    form = EntryForm()
    form.offer()
    if not form.is_submitted():
        _fill(form, local_date(now()))
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_enter(form))):
        flash(gettext("已登记，本人会收到通知。"), "ok")
        return redirect(url_for("discipline.register", entry_id=made[0]))
    return form_page("enter", form)


def _fill(form: EntryForm, today: date) -> None:
    for name in ("kind", "staff_no", "text", "evidence"):
        form[name].data = request.args.get(name, "")
    form.day.data = typed_day(request.args.get("day")) or today


def _enter(form: EntryForm) -> int:
    person = by_number(form.staff_no.data or "", "register.enter").id
    entry = Entry(
        kind=Kind(form.kind.data),
        day=form.day.data,
        text=form.text.data or "",
        evidence=form.evidence.data or "",
        severity=Severity(form.severity.data) if form.severity.data else None,
        vip=bool(form.vip.data),
        major=bool(form.major.data),
        other=_other(form.other_no.data or ""),
    )
    return service.enter(actor(), now(), person, entry)


def _other(number: str) -> PersonId | None:
    """Return the second person; one side at least is somebody for whom one may enter."""
    if not number:
        return None
    found = people.find_person_by_staff_no(number, local_date(now()))
    return found.id if found is not None else by_number(number, "register.enter").id


@blueprint.get("/registers/<int:entry_id>")
@requires("register.view")
def register(entry_id: int) -> str:
    """Show one entry."""
    facts = _readable(entry_id)
    note_view(facts.person, "discipline.register")
    return _page(facts)


def _readable(entry_id: int) -> RegisterFacts:
    facts = queries.register_entry(entry_id)
    me = actor()
    if facts.concerns(me) and not may(me, "register.view", me):
        raise missing()
    sides = [facts.person, *([facts.other] if facts.kind is Kind.CONFLICT and facts.other else [])]
    if not any(may(me, "register.view", side) for side in sides):
        raise missing()
    return facts


def _page(facts: RegisterFacts, form: ReasonForm | None = None) -> str:
    taken = facts.withdrawal
    me = actor()
    return render_template(
        "discipline/register.html",
        one=facts,
        names=names_of([facts.person, facts.other, facts.entered_by, taken.by if taken else None]),
        kind=gettext(KIND_WORDS[facts.kind]),
        severity=gettext(SEVERITY_WORDS[facts.severity]) if facts.severity else None,
        form=form or ReasonForm(formdata=None),
        asked=form is not None,
        may_withdraw=may(me, "register.withdraw", facts.person) and taken is None and not facts.concerns(me),
        may_see=may(me, "person.view", facts.person),
    )


@blueprint.post("/registers/<int:entry_id>/withdraw")
@requires("register.withdraw")
def withdraw(entry_id: int) -> Any:
    """Take a wrong entry back, with the reason."""
    facts = _readable(entry_id)
    demand("register.withdraw", facts.person)
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.withdraw(actor(), now(), facts.id, form.reason.data or "")
    ):
        flash(gettext("登记已撤回，原来的记录留着，不再计算。"), "ok")
        return redirect(url_for("discipline.register", entry_id=facts.id))
    return _page(queries.register_entry(facts.id), form), 422
