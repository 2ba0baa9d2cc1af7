"""What the pages of monthly reviews share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, redirect, url_for

from cstrain.access import actor
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.performance.reviews import queries, store
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews")


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list is shown, and where the others are."""

    page: int
    pages: int
    endpoint: str
    args: Mapping[str, Any] = field(default_factory=dict)

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for(self.endpoint, page=number, **self.args)


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people(set(ids), today())


def missing() -> NotFoundError:
    """Return the answer for a thing that does not exist, or is not the reader's."""
    return NotFoundError(store.MISSING)


def seen_cycle(cycle_id: int, permission: str = "review.view") -> CycleFacts:
    """Return a cycle whose department the reader may see; 404 for others as for none."""
    cycle = queries.cycle(cycle_id)
    places = queries.visible(actor(), today(), permission)
    if places is not None and cycle.department not in places:
        raise missing()
    return cycle


def part(subject_id: int) -> tuple[CycleFacts, SubjectFacts]:
    """Return a reviewed person with the cycle; 404 for none."""
    one = queries.subject(subject_id)
    return queries.cycle(one.cycle), one


def to_cycle(cycle_id: int) -> Any:
    """Lead to a cycle's page."""
    return redirect(url_for("reviews.cycle", cycle_id=cycle_id))
