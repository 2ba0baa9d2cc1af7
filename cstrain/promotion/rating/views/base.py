"""What the pages of ratings share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import Blueprint

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.rating import queries, store
from cstrain.promotion.rating.facts import Line, Run

blueprint = Blueprint("ratings", __name__, url_prefix="/ratings")


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people(set(ids), today())


def shown_line(line_id: int) -> tuple[Run, Line]:
    """Return a line that the signed-in person may read; 404 for others as for none."""
    line = queries.line(line_id)
    if line.person != actor() and not may(actor(), "rating.view", line.person):
        raise NotFoundError(store.MISSING)
    return queries.run(line.run), line


def shown_lines(run: Run) -> list[Line]:
    """Return the newest lines of a run about people the reader may see; 404 where there are none."""
    visible = people.visible_people(actor(), "rating.view", today())
    found = queries.lines(run.id, visible)
    if not found:
        raise NotFoundError(store.MISSING)
    return found
