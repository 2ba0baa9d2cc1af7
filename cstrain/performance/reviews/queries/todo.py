"""What waits for somebody in the cycles that go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.models import ReviewBallot, ReviewPeer
from cstrain.performance.reviews.policy import MANAGER, PEERS, SELF
from cstrain.performance.reviews.queries.cycles import may_open, open_cycles, subjects_of


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: ``kind`` is a view to fill in, ``name`` (peers to be named) or ``close``."""

    kind: str
    cycle: CycleFacts
    subject: SubjectFacts | None = None


def may_rate(person: PersonId, one: SubjectFacts) -> bool:
    """Tell whether somebody may give the superior's view: who was asked, or an office above the person.

    Never about oneself, and not who was asked as a colleague.
    """
    if person == one.person or _asked(person, [one.id]):
        return False
    return may(person, "review.rate", one.person)


def _asked(person: PersonId, ids: list[int]) -> frozenset[int]:
    table = ReviewPeer
    rows = session().scalars(
        sa.select(table.subject_id).where(table.rater_id == person, table.subject_id.in_(ids))
    )
    return frozenset(rows)


def unanswered(person: PersonId, ids: list[int]) -> frozenset[int]:
    """Return about whom of these (by subject) somebody was asked as a colleague and has not answered."""
    return _asked(person, ids) - answered(person, ids)


def answered(person: PersonId, ids: list[int]) -> frozenset[int]:
    """Return about whom of these (by subject) somebody has answered as a colleague; never what."""
    table = ReviewBallot
    done = session().scalars(
        sa.select(table.subject_id).where(table.rater_id == person, table.subject_id.in_(ids))
    )
    return frozenset(done)


def tasks(person: PersonId, today: date) -> list[Task]:
    """Return what waits for somebody, cycle by cycle; a fixed number of statements for forms to fill."""
    going_on = open_cycles()
    subjects = subjects_of([one.id for one in going_on])
    waits = unanswered(person, [one.id for one in subjects])
    return [
        task
        for cycle in going_on
        for task in _tasks(person, cycle, [one for one in subjects if one.cycle == cycle.id], waits, today)
    ]


def _tasks(
    person: PersonId, cycle: CycleFacts, subjects: list[SubjectFacts], waits: frozenset[int], today: date
) -> Iterator[Task]:
    mine = any(one.person == person for one in subjects)
    if not cycle.is_open(today):
        if today > cycle.closes_on and not mine and may_open(person, cycle.department, today):
            yield Task("close", cycle)
        return
    rates = may(person, "review.rate")
    for one in subjects:
        if one.person == person and not one.own_in:
            yield Task(SELF, cycle, one)
        if one.manager == person and rates:
            yield from _of_manager(cycle, one)
        if one.id in waits:
            yield Task(PEERS, cycle, one)


def _of_manager(cycle: CycleFacts, one: SubjectFacts) -> Iterator[Task]:
    if cycle.way == "named" and not one.asked:
        yield Task("name", cycle, one)
    if not one.manager_in:
        yield Task(MANAGER, cycle, one)


def late_in(cycle: CycleFacts) -> list[PersonId]:
    """Return who still has something to do in a cycle: their own form, a superior's part, a peer's form."""
    subjects = subjects_of([cycle.id])
    found = {one.person for one in subjects if not one.own_in}
    found |= {
        one.manager
        for one in subjects
        if one.manager is not None and (not one.manager_in or (cycle.way == "named" and not one.asked))
    }
    answered = sa.select(ReviewBallot.id).where(
        ReviewBallot.subject_id == ReviewPeer.subject_id, ReviewBallot.rater_id == ReviewPeer.rater_id
    )
    waiting = sa.select(ReviewPeer.rater_id).where(
        ReviewPeer.subject_id.in_([one.id for one in subjects]), ~answered.exists()
    )
    return sorted(found | {PersonId(one) for one in session().scalars(waiting)})
