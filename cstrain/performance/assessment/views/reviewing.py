"""The director's acts on a sheet: return, final review, decision of a contest, writing once more."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.performance.assessment import service
from cstrain.performance.assessment.facts import Seats, Sheet
from cstrain.performance.assessment.forms import DecideForm, FinishForm, ReturnForm, named_apart, ticked
from cstrain.performance.assessment.views.base import blueprint, missing, readable
from cstrain.performance.assessment.views.sheets import back_to, offer_return, sheet_page
from cstrain.ui.refusal import attempt, told


def _directed(sheet_id: int) -> tuple[Sheet, Seats]:
    one, held = readable(sheet_id)
    if actor() not in held.directors:
        raise missing()
    return one, held


@blueprint.post("/sheets/<int:sheet_id>/finish")
@requires("assessment.review")
def finish(sheet_id: int) -> Any:
    """Settle a sheet in the final review."""
    one, held = _directed(sheet_id)
    form = FinishForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.finish(actor(), now(), sheet_id, form.score.data, form.reason.data or "")
    ):
        flash(gettext("终审已保存，本人会收到通知。"), "ok")
        return back_to(sheet_id)
    named_apart(form, "finish")
    return sheet_page(one, held, finish=form), 422


@blueprint.post("/sheets/<int:sheet_id>/return")
@requires("assessment.review")
def return_sheet(sheet_id: int) -> Any:
    """Return a sheet to offices."""
    one, held = _directed(sheet_id)
    form = ReturnForm()
    offer_return(form, one)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.return_sheet(actor(), now(), sheet_id, ticked(form.offices), form.reason.data or ""),
    ):
        flash(gettext("已退回，评分的人会看到理由。"), "ok")
        return back_to(sheet_id)
    named_apart(form, "back")
    return sheet_page(one, held, back=form), 422


@blueprint.post("/sheets/<int:sheet_id>/decide")
@requires("assessment.review")
def decide(sheet_id: int) -> Any:
    """Decide a contest."""
    one, held = _directed(sheet_id)
    form = DecideForm()
    form.offer()
    if form.validate_on_submit() and attempt(form, lambda: _decide(sheet_id, form)):
        flash(gettext("决定已保存，本人会收到通知。"), "ok")
        return back_to(sheet_id)
    named_apart(form, "decide")
    return sheet_page(one, held, decide=form), 422


def _decide(sheet_id: int, form: DecideForm) -> None:
    stands = form.stands.data == "yes"
    service.decide(
        actor(), now(), sheet_id, stands=stands, score=form.score.data, reason=form.reason.data or ""
    )


@blueprint.post("/sheets/<int:sheet_id>/write")
@requires("assessment.review")
def write_again(sheet_id: int) -> Any:
    """Bring the score into the month once more."""
    one, held = _directed(sheet_id)
    try:
        service.write_again(actor(), now(), sheet_id)
    except DomainError as error:
        return sheet_page(one, held, refused=told(error)), 422
    flash(gettext("更正已重新提出，等另一人确认。"), "ok")
    return back_to(sheet_id)
