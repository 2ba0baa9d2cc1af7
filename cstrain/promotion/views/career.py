"""The career map: where somebody stands on a ladder, what is missing, from when on it would do."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, render_template, request, url_for

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion import ladders, ports, presenting, queries
from cstrain.promotion.facts import Explanation
from cstrain.promotion.views.base import MISSING, blueprint, get_ladder
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

_DOORS = {"application": ("applications.new", "application.apply")}
"""Where one applies, by the road of a step, and what one must be allowed."""


@blueprint.get("/career")
@requires("career.view_own")
def career() -> str:
    """Show one's own ladder, the conditions of the next step and what is missing."""
    return _page(actor(), own=True)


@blueprint.get("/promotion/people/<int:person_id>")
@requires("promotion.view")
def person(person_id: int) -> str:
    """Show where somebody of one's people stands; the view is noted."""
    subject = PersonId(person_id)
    demand("promotion.view", subject)
    page = _page(subject, own=subject == actor())
    with unit_of_work():
        people_service.log_view(actor(), subject, "promotion.person", now())
    return page


@blueprint.get("/promotion/ladders/<ref>")
@requires("career.view_own")
def ladder(ref: str) -> str:
    """Show a ladder in full: levels, conditions with their clauses, approvals, notes; any of its editions."""
    present = get_ladder(ref)
    every = sorted(ladders.editions(ref), key=lambda one: one.edition, reverse=True)
    number = request.args.get("edition", type=whole)
    shown = present if number is None else next((one for one in every if one.edition == number), None)
    if shown is None:
        raise NotFoundError(MISSING)
    return render_template(
        "promotion/ladder.html",
        ladder=shown,
        present=present,
        editions=every,
        roads=presenting.ROAD_WORDS,
        acts=presenting.ACT_WORDS,
    )


def _page(subject: PersonId, *, own: bool) -> str:
    today = local_date(now())
    standing = people.standings([subject], today).get(subject)
    if standing is None:
        raise NotFoundError(MISSING)
    open_to = queries.ladders_for(standing.department_id, today)
    chosen = _chosen(open_to)
    found = queries.explain(standing, chosen, today) if chosen is not None else None
    more = _explained(found) if found is not None else {}
    return render_template(
        "promotion/career.html",
        own=own,
        standing=standing,
        ladders=open_to,
        has_own=any(one.kind == "level" for one in open_to),
        ladder=chosen,
        found=found,
        today=today,
        waiting=_waiting(subject, today) if own else 0,
        no_step=presenting.NO_STEP_WORDS,
        roads=presenting.ROAD_WORDS,
        **more,
    )


def _waiting(person: PersonId, today: date) -> int:
    """Return how many editions wait for the reader's acknowledgement; 0 for who does not acknowledge any."""
    return ports.unacknowledged(person, today) if may(person, "edition.acknowledge", person) else 0


def _chosen(open_to: list[Ladder]) -> Ladder | None:
    """Return the ladder the address asks for, else the department's own; ``None`` when there is none."""
    wanted = request.args.get("ladder")
    if wanted is not None:
        found = next((one for one in open_to if one.ref == wanted), None)
        if found is None:
            raise NotFoundError(MISSING)
        return found
    return next((one for one in open_to if one.kind == "level"), None)


def _explained(found: Explanation) -> dict[str, Any]:
    judged = found.judged
    lacking = judged.lacking()
    awaited = judged.awaited()
    failing = [one for one in lacking if one.state is State.NOT_MET]
    return {
        "judged": judged,
        "rungs": presenting.rungs(judged.ladder, judged, found.earliest),
        "conditions": presenting.conditions(found),
        "failing": failing,
        "awaited": awaited,
        "unknown": [one for one in lacking if one.state is State.UNKNOWN],
        "group_word": presenting.standing_word(judged),
        "group_state": presenting.GROUP_STATES[judged.group],
        "trend": presenting.trend(
            found.dossier,
            queries.monthly_places(found.judged.person.id, presenting.trend_months(found.dossier)),
        ),
        "apply_url": _apply_url(found),
    }


def _apply_url(found: Explanation) -> str:
    """Return where one applies for the step; empty where that is not possible now, or not at all."""
    step = found.judged.step
    endpoint, permission = _DOORS.get(step.road, ("", "")) if step is not None else ("", "")
    if endpoint not in current_app.view_functions or not may(actor(), permission):
        return ""
    return "" if found.judged.assessment.count("not_met") else url_for(endpoint)
