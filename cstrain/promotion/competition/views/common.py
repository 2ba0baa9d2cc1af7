"""What the pages of competitions share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, url_for

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Candidate, Competition

blueprint = Blueprint("competitions", __name__, url_prefix="/competitions")


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people(set(ids), today())


def shown_candidate(candidate_id: int) -> tuple[Competition, Candidate]:
    """Return an application that the signed-in person may read; 404 for others as for none.

    The applicant, their superiors, the panel, and the offices that look on.
    """
    candidate = queries.candidate(candidate_id)
    competition = queries.competition(candidate.competition, today())
    me = actor()
    office = may(me, "competition.view_all") or may(me, "competition.opine", candidate.person)
    sits = any(one.person == me and one.recused is None for one in queries.panel_of(competition.id))
    if candidate.person != me and not sits and (not office or rivals(me, competition)):
        raise NotFoundError(store.MISSING)
    return competition, candidate


def rivals(person: PersonId, competition: Competition) -> bool:
    """Tell whether somebody applied for the post: then nobody else's application is theirs to read."""
    return any(one.person == person for one in queries.candidates_of([competition.id]))


def back(competition_id: int) -> Any:
    """Lead back to the competition's page."""
    return redirect(url_for("competitions.show", competition_id=competition_id))
