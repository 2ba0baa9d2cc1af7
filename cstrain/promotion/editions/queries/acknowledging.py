"""Who is bound to which edition, and has acknowledged it or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion import ladders
from cstrain.promotion import queries as promotion
from cstrain.promotion.editions.facts import Acknowledged, Due, Line
from cstrain.promotion.editions.models import LadderAcknowledgement, LadderEdition
from cstrain.promotion.editions.rules import digest_of

_Key = tuple[str, int, str]


def _current(ref: str, on: date) -> list[Ladder]:
    """Return the editions of a ladder to be acknowledged: the one in force, and those that come."""
    every = sorted(ladders.editions(ref), key=lambda one: one.effective_from)
    begun = [one for one in every if one.effective_from <= on]
    return [*begun[-1:], *(one for one in every if one.effective_from > on)]


def _key(one: Ladder) -> _Key:
    return one.ref, one.edition, digest_of(one)


def due_for(person: PersonId, on: date) -> list[Due]:
    """Return the editions that bind somebody: those still to be acknowledged first, then by their start."""
    facts = people.get_person(person, on)
    own = promotion.ladders_by_department(on).get(facts.department_id)
    if own is None or facts.status is Status.LEFT:
        return []
    done = acknowledgements([person])
    since = _approved_on(own.ref)
    found = [
        Due(
            one,
            digest_of(one),
            _since(one, since, facts),
            one.effective_from > on,
            done.get((person, *_key(one))),
        )
        for one in _current(own.ref, on)
    ]
    return sorted(found, key=lambda one: (one.at is not None, one.ladder.effective_from))


def _since(one: Ladder, approved: dict[int, date], person: PersonFacts) -> date:
    return max(approved.get(one.edition, one.effective_from), person.hire_date)


def _approved_on(ref: str) -> dict[int, date]:
    rows = session().execute(
        sa.select(LadderEdition.number, LadderEdition.approved_on).where(
            LadderEdition.ladder_ref == ref, LadderEdition.approved_on.is_not(None)
        )
    )
    return {number: on for number, on in rows if on is not None}


def acknowledgements(
    persons: Iterable[PersonId] | None = None,
) -> dict[tuple[PersonId, str, int, str], datetime]:
    """Return when people acknowledged which edition. One statement."""
    statement = sa.select(LadderAcknowledgement).order_by(LadderAcknowledgement.id)
    if persons is not None:
        statement = statement.where(LadderAcknowledgement.person_id.in_(list(persons)))
    return {
        (PersonId(row.person_id), row.ladder_ref, row.edition, row.digest): row.acknowledged_at
        for row in session().scalars(statement)
    }


def acknowledged(on: date, ref: str | None = None) -> list[Acknowledged]:
    """Return where each edition stands that binds anybody, in a fixed number of statements."""
    bound: dict[str, list[PersonFacts]] = {}
    by_department = promotion.ladders_by_department(on)
    for one in people.everybody(on):
        own = by_department.get(one.department_id)
        if own is not None and one.status is not Status.LEFT:
            bound.setdefault(own.ref, []).append(one)
    done = acknowledgements()
    return [
        Acknowledged(each, digest_of(each), _lines(each, bound[name], done))
        for name in sorted(bound)
        if ref is None or name == ref
        for each in _current(name, on)
    ]


def _lines(
    one: Ladder, persons: Iterable[PersonFacts], done: dict[tuple[PersonId, str, int, str], datetime]
) -> tuple[Line, ...]:
    key = _key(one)
    lines = [Line(each, done.get((each.id, *key))) for each in persons]
    return tuple(sorted(lines, key=lambda line: (line.at is not None, line.person.staff_no)))


def waiting_people(now: datetime) -> list[tuple[Ladder, PersonFacts, date]]:
    """Return everybody who has not acknowledged an edition that binds them, with the day they could from."""
    found = []
    since: dict[str, dict[int, date]] = {}
    for one in acknowledged(local_date(now)):
        approved = since.setdefault(one.ladder.ref, _approved_on(one.ladder.ref))
        found += [
            (one.ladder, line.person, _since(one.ladder, approved, line.person))
            for line in one.lines
            if line.at is None
        ]
    return found
