"""Who may be asked about whom as a colleague, and whom the superior has named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.performance import queries as performance
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.models import ReviewPeer


def at_work(department_id: int, month: date, today: date) -> list[PersonFacts]:
    """Return who was in a department on a month's last day and is still employed, by staff number."""
    members = performance.members(department_id, month)
    facts = people.people(members, today)
    return [facts[one] for one in members if facts[one].status is not Status.LEFT]


def superiors(persons: Collection[PersonId], today: date) -> dict[PersonId, list[PersonId]]:
    """Return who is above each person, the nearest first."""
    return {one: people.superiors_of(one, today) for one in persons}


def candidates(
    above: Mapping[PersonId, Sequence[PersonId]], colleagues: Collection[PersonId]
) -> dict[PersonId, frozenset[PersonId]]:
    """Return for each person which colleagues may be asked: never themself, nor who is above them."""
    return {one: frozenset(colleagues) - {one} - frozenset(chain) for one, chain in above.items()}


def nameable(cycle: CycleFacts, one: SubjectFacts, actor: PersonId, today: date) -> frozenset[PersonId]:
    """Return whom somebody may name: colleagues of the month, never the person, nor who names."""
    colleagues = [each.id for each in at_work(cycle.department, cycle.month, today) if each.id != actor]
    return candidates(superiors([one.person], today), colleagues)[one.person]


def named_peers(subject_id: int) -> frozenset[PersonId]:
    """Return whom a superior has named for somebody, or who was drawn; for acts, never for a page."""
    table = ReviewPeer
    rows = session().scalars(sa.select(table.rater_id).where(table.subject_id == subject_id))
    return frozenset(PersonId(one) for one in rows)
