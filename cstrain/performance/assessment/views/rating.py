"""The page on which an office gives its points."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import ConflictError
from cstrain.performance.assessment import queries, rules, service
from cstrain.performance.assessment.facts import Seats, Sheet
from cstrain.performance.assessment.forms import rate_form
from cstrain.performance.assessment.policy import SENSE_WORDS, SOURCES, Office
from cstrain.performance.assessment.views.base import blueprint, missing, names_of, readable, today
from cstrain.ui.refusal import attempt
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction


@blueprint.route("/sheets/<int:sheet_id>/rate", methods=["GET", "POST"])
@requires("assessment.rate")
def rate(sheet_id: int) -> Any:
    """Rate a person for one's office, with the month's numbers and the plan's targets beside."""
    one, office = _to_rate(sheet_id)
    kept = queries.own_draft(one.id, actor(), office.id)
    before = next((each for each in reversed(one.ratings) if each.office == office.id), None)
    form = rate_form(office, kept or before)
    if form.validate_on_submit() and attempt(
        form, lambda: service.rate(actor(), now(), one.id, office.id, form.points(), form.said())
    ):
        flash(gettext("评分已保存。"), "ok")
        return _next(one)
    plans = {one.plan_id: queries.plan(one.plan_id)} if one.plan_id is not None else {}
    page = render_template(
        "assessment/rate.html",
        one=one,
        office=office,
        form=form,
        kept=kept,
        step=one.round.rules.step,
        person=names_of([one.person_id])[one.person_id],
        numbers=queries.numbers_of([one], plans)[one.id],
        returned=[each for each in one.reviews if each.kind == "returned" and office.id in each.offices],
        senses=SENSE_WORDS,
        sources=SOURCES,
    )
    return page, 422 if form.is_submitted() else 200


def _to_rate(sheet_id: int) -> tuple[Sheet, Office]:
    """Return a sheet and the office for which the signed-in person has to rate it."""
    one, held = readable(sheet_id)
    mine = queries.rate_duties(one, held, actor())
    office = one.round.rules.office(mine) if mine is not None else None
    if office is None:
        raise _nothing_to_rate(one, held)
    return one, office


@blueprint.post("/sheets/<int:sheet_id>/points")
@requires("assessment.rate")
@own_transaction
def keep(sheet_id: int) -> Any:
    """Keep one's points as they are filled in; the page sends them. 200: when it was done; else why not."""
    one, office = _to_rate(sheet_id)
    form, me, at = rate_form(office, None), actor(), now()
    return keep_sheet(
        form, lambda: service.keep_points(me, at, one.id, office.id, form.points(), form.said()), at
    )


def _nothing_to_rate(one: Sheet, held: Seats) -> Exception:
    """Return the answer to a form sent twice or gone back to; as good as missing for everybody else."""
    if actor() != one.person_id and any(actor() in each for each in held.offices.values()):
        return ConflictError("没有保存：这张考核表你已经评过分，或不再等你评分。请回到考核表查看。")
    return missing()


def _next(one: Sheet) -> Any:
    """Lead to the next sheet of the round that waits for one's points, else back to the round."""
    every = queries.sheets_of_round(one.round.id)
    held = queries.seats_of(every, today())
    for each in every:
        if rules.waiting(each, held[each.id]) and queries.rate_duties(each, held[each.id], actor()):
            return redirect(url_for("assessment.rate", sheet_id=each.id))
    return redirect(url_for("assessment.round_page", round_id=one.round.id))
