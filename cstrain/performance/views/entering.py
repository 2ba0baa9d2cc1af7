"""Entering a month by hand, asking for a correction of a closed one, deciding corrections."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import presenting, queries, service
from cstrain.performance.facts import METRICS, Entry, MonthFacts
from cstrain.performance.forms import DecisionForm, MonthForm, month_form
from cstrain.performance.views.blueprint import blueprint, month_in
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt, told


@blueprint.route("/people/<int:person_id>/<string:month>/enter", methods=["GET", "POST"])
@requires("performance.enter")
def enter(person_id: int, month: str) -> Any:
    """Record somebody's month that is not closed yet."""
    subject, on = PersonId(person_id), month_in(month)
    demand("performance.enter", subject)
    if request.method == "GET" and (instead := _not_open(subject, on)) is not None:
        return instead
    return _edit(subject, on, correcting=False)


def _not_open(subject: PersonId, on: date) -> Any:
    """Lead to the month's page, with the reason, where it cannot be entered: nobody fills a form in vain."""
    try:
        service.check_enterable(now(), subject, on)
    except DomainError as error:
        flash(told(error), "warn")
        return redirect(url_for("performance.month", person_id=subject, month=f"{on:%Y-%m}"))
    return None


@blueprint.route("/people/<int:person_id>/<string:month>/correct", methods=["GET", "POST"])
@requires("performance.correct")
def correct(person_id: int, month: str) -> Any:
    """Ask for a closed month of somebody to be changed."""
    subject, on = PersonId(person_id), month_in(month)
    demand("performance.correct", subject)
    return _edit(subject, on, correcting=True)


def _edit(subject: PersonId, on: date, *, correcting: bool) -> Any:
    found = queries.revisions(subject, on)
    held = found[0] if found else None
    form = _filled(held)
    if form.validate_on_submit() and attempt(form, lambda: _save(form, subject, on, correcting=correcting)):
        said = gettext("更正已提出，等另一人确认。") if correcting else gettext("已保存。")
        flash(said, "ok")
        return redirect(url_for("performance.month", person_id=subject, month=f"{on:%Y-%m}"))
    overtaken = held is not None and form.is_submitted() and whole(form.base.data or "0") != held.revision
    if held is not None and overtaken:  # what stands now is shown, and the next press is about that
        form.base.data = str(held.revision)
    page = render_template(
        "performance/edit.html",
        form=form,
        person=people.get_person(subject, local_date(now())),
        month=on,
        held=held,
        correcting=correcting,
        metrics=METRICS,
        unit=presenting.unit,
        base=form.base.data,
        overtaken=overtaken,
        by=people.get_person(held.entered_by, local_date(now())) if held and overtaken else None,
        word=presenting.word,
        shown=presenting.shown,
    )
    return page, 422 if form.is_submitted() else 200


def _filled(held: MonthFacts | None) -> Any:
    form = month_form(held.values, held.grade, held.revision) if held is not None else MonthForm()
    if not form.is_submitted() and held is None:
        form.base.data = "0"
    return form


def _save(form: Any, subject: PersonId, on: date, *, correcting: bool) -> None:
    entry = Entry(subject, on, form.numbers(), form.grade.data or None)
    base, reason = whole(form.base.data or "0"), form.reason.data or ""
    if correcting:
        service.ask_correction(actor(), now(), entry, base=base, reason=reason)
    else:
        service.enter_month(actor(), now(), entry, base=base, reason=reason)


@blueprint.get("/corrections")
@requires("performance.correct")
def corrections() -> str:
    """Show the corrections that one may decide."""
    return _corrections(None, DecisionForm(formdata=None))


def _corrections(wrong: int | None, form: DecisionForm) -> str:
    me = actor()
    waiting = [
        one for one in queries.waiting_corrections(me) if may(me, "performance.correct", one.person_id)
    ]
    ids = {one.person_id for one in waiting} | {one.asked_by for one in waiting}
    held = queries.records({one.person_id for one in waiting}, {one.month for one in waiting})
    return render_template(
        "performance/corrections.html",
        waiting=waiting,
        names=people.people(ids, local_date(now())),
        held={(one.person_id, one.month): one for one in held},
        word=presenting.word,
        shown=presenting.shown,
        change=presenting.change,
        wrong=wrong,
        form=form,
    )


@blueprint.post("/corrections/<int:correction_id>/decide")
@requires("performance.correct")
def decide_correction(correction_id: int) -> Any:
    """Agree to a correction, or do not."""
    found = queries.correction(correction_id)
    demand("performance.correct", found.person_id)
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            agreed = form.agreed.data == "1"
            service.decide_correction(actor(), now(), correction_id, agreed=agreed, note=form.note.data or "")
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("已处理，提出的人会收到通知。"), "ok")
            return redirect(url_for("performance.corrections"))
    return _corrections(correction_id, form), 422
