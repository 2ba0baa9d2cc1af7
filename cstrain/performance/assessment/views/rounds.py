"""Pages of rounds: a department's month under joint assessment, with its sheets and their progress."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.assessment import queries, rules, service
from cstrain.performance.assessment.facts import Seats
from cstrain.performance.assessment.forms import OpenForm
from cstrain.performance.assessment.policy import PAGE_SIZE, STATE_WORDS
from cstrain.performance.assessment.views.base import (
    asked_page,
    blueprint,
    department_choices,
    first_of,
    missing,
    month_choices,
    names_of,
    pager,
    today,
)
from cstrain.ui.refusal import attempt

_BACK = 6


@blueprint.get("/rounds")
@requires("assessment.view")
def rounds() -> str:
    """List the months under joint assessment of the departments one sees."""
    places = queries.reach(actor(), "assessment.view", today())
    found, total = queries.rounds_page(places, asked_page())
    return render_template(
        "assessment/rounds.html",
        rounds=found,
        departments={int(one.id): one.name for one in people.departments()},
        links=pager(total, "assessment.rounds"),
        may_open=may(actor(), "assessment.open"),
    )


@blueprint.route("/rounds/new", methods=["GET", "POST"])
@requires("assessment.open")
def open_round() -> Any:
    """Begin the joint assessment of a department's month."""
    form = OpenForm()
    places = queries.reach(actor(), "assessment.open", today())
    form.offer(department_choices(places), month_choices(-1, -_BACK))
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_open(form))):
        flash(gettext("月度联合考核已开始，评分的人会收到通知。"), "ok")
        return redirect(url_for("assessment.round_page", round_id=made[0]))
    page = render_template("assessment/round_new.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _open(form: OpenForm) -> int:
    return service.open_round(actor(), now(), form.department.data, first_of(form.month.data))


@blueprint.get("/rounds/<int:round_id>")
@requires("assessment.view_own")
def round_page(round_id: int) -> str:
    """Show the sheets of a round that one sees: who looks on sees all, an office those it rates."""
    one, me = queries.round_by_id(round_id), actor()
    places = queries.reach(me, "assessment.view", today()) if may(me, "assessment.view") else frozenset()
    looks_on = queries.within(one.department_id, places)
    every = queries.sheets_of_round(round_id)
    held = queries.seats_of(every, today())
    seen = [
        each
        for each in every
        if each.person_id != me and (looks_on or me in {*held[each.id].directors, *_raters(held[each.id])})
    ]
    if not seen and not looks_on:
        raise missing()
    links = pager(len(seen), "assessment.round_page", round_id=round_id)
    shown = seen[(links.page - 1) * PAGE_SIZE : links.page * PAGE_SIZE]
    states = {each.id: rules.state(each, held[each.id], today()) for each in seen}
    return render_template(
        "assessment/round.html",
        one=one,
        department=people.department(one.department_id).name,
        sheets=shown,
        total=len(seen),
        states=states,
        words=STATE_WORDS,
        waiting={each.id: rules.waiting(each, held[each.id]) for each in shown},
        vacant={each.id: rules.vacant(each, held[each.id]) for each in shown},
        mine={each.id: queries.rate_duties(each, held[each.id], me) for each in shown},
        names=names_of(each.person_id for each in shown),
        links=links,
        looks_on=looks_on,
    )


def _raters(held: Seats) -> set[PersonId]:
    return {each for seat in held.offices.values() for each in seat}
