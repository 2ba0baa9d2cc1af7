"""Score sheets: entering one, and correcting one with another."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import EnrolmentId
from cstrain.onboarding import queries, service
from cstrain.onboarding.facts import SheetFacts
from cstrain.onboarding.forms import SheetForm, sheet_form
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.store import MISSING
from cstrain.onboarding.views.base import blueprint, may_enter_sheet, names_of, visible_enrolment
from cstrain.people import queries as people
from cstrain.ui.refusal import attempt


@blueprint.route("/enrolments/<int:enrolment_id>/days/<int:number>/sheets/<kind>", methods=["GET", "POST"])
@requires("sheet.enter")
def sheet(enrolment_id: int, number: int, kind: str) -> Any:
    """Enter a score sheet of a day; where there is one, correct it with a new one and the reason."""
    facts = visible_enrolment(enrolment_id, "sheet.enter")
    spec = queries.programme(facts.id).day(number)
    if spec is None or kind not in spec.sheets:
        raise NotFoundError(MISSING)
    if not may_enter_sheet(queries.timeline(facts.id, now()), number):
        raise NotFoundError(MISSING)
    current = _current(facts.id, number, kind)
    form_spec = queries.onboarding_rules().sheet(kind)
    form = sheet_form(form_spec, _data(current))
    if form.validate_on_submit() and attempt(form, lambda: _enter(facts.id, number, kind, form, current)):
        flash(_("成绩单已保存。"), "ok")
        return redirect(url_for("onboarding.enrolment_day", enrolment_id=enrolment_id, number=number))
    page = render_template(
        "onboarding/sheet.html",
        form=form,
        spec=form_spec,
        threshold=queries.onboarding_rules().threshold(kind),
        enrolment=facts,
        person=people.get_person(facts.person, local_date(now())),
        number=number,
        day=spec,
        current=current,
        names=names_of([current.entered_by] if current is not None else []),
    )
    return (page, 422) if form.is_submitted() else page


def _current(enrolment_id: EnrolmentId, number: int, kind: str) -> SheetFacts | None:
    found = [
        one
        for one in queries.sheets_of([enrolment_id])
        if one.day_number == number and one.kind == kind and not one.replaced
    ]
    return found[-1] if found else None


def _data(current: SheetFacts | None) -> dict[str, Any]:
    if current is None:
        return {}
    return {f"mark_{name}": value for name, value in current.marks.items()} | {"evidence": current.evidence}


def _enter(
    enrolment_id: EnrolmentId, number: int, kind: str, form: SheetForm, current: SheetFacts | None
) -> None:
    service.enter_sheet(
        actor(),
        now(),
        enrolment_id,
        number,
        kind,
        form.marks(),
        form.evidence.data or "",
        corrects=current.id if current is not None else None,
        reason=form.reason.data or "",
    )
