"""A candidate as who invigilates sees them: state, contact, progress, signs. Never an answer or a mark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cstrain.exams import queries
from cstrain.exams.facts import AttemptFacts, SittingFacts
from cstrain.exams.invigilation import queries as invigilation
from cstrain.exams.invigilation.facts import NO_SIGNS, PauseFacts, Signs
from cstrain.exams.rules import count_answered, sat_at
from cstrain.kernel.ids import AttemptId
from cstrain.people.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Watched:
    """A candidate and, once they have started, how their attempt stands. Seconds: ``given`` and ``owed``.

    ``exempt``: they need not sit the paper.
    """

    person: PersonFacts
    extra_minutes: int
    attempt: AttemptFacts | None = None
    last_save: datetime | None = None
    last_contact: datetime | None = None
    connected: bool = False
    answered: int = 0
    given: int = 0
    signs: Signs = NO_SIGNS
    pause: PauseFacts | None = None
    owed: int = 0
    exempt: bool = False

    def left(self, at: datetime) -> timedelta:
        """Return the time that is left."""
        ends = self.attempt.deadline if self.attempt else at
        return max(ends - at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some attempts, by their ids; read with a fixed number of queries."""

    saves: dict[int, datetime]
    contacts: dict[int, datetime]
    answered: dict[int, int]
    given: dict[int, int]
    signs: dict[int, Signs]
    pauses: dict[AttemptId, PauseFacts]
    owed: dict[int, int]


def known_of(ids: Collection[int], at: datetime) -> Known:
    """Return what is known of these attempts."""
    held: dict[int, dict[int, str]] = {}
    for (attempt_id, slot), value in queries.held_values(ids).items():
        held.setdefault(attempt_id, {})[slot] = value
    owed: dict[int, int] = {}
    for offer in invigilation.offers(ids, at):
        owed[offer.attempt_id] = owed.get(offer.attempt_id, 0) + offer.seconds
    return Known(
        saves=queries.last_saves(ids),
        contacts=invigilation.contacts(ids),
        answered={one: count_answered(answers) for one, answers in held.items()},
        given=invigilation.given_seconds(ids),
        signs=invigilation.signs(ids),
        pauses={one.attempt_id: one for one in invigilation.pauses(ids) if one.ended is None},
        owed=owed,
    )


def row_of(
    person: PersonFacts, extra: int, attempt: AttemptFacts | None, known: Known, at: datetime
) -> Watched:
    """Return the row of a candidate."""
    if attempt is None:
        return Watched(person, extra)
    seen = [one.get(attempt.id, attempt.started_at) for one in (known.saves, known.contacts)]
    silent = timedelta(seconds=invigilation.invigilation_rules().contact_seconds)
    return Watched(
        person,
        extra,
        attempt,
        last_save=known.saves.get(attempt.id),
        last_contact=max(seen),
        connected=at - max(seen) <= silent,
        answered=known.answered.get(attempt.id, 0),
        given=known.given.get(attempt.id, 0),
        signs=known.signs[attempt.id],
        pause=known.pauses.get(attempt.id),
        owed=known.owed.get(attempt.id, 0),
    )


def with_exempt(rows: Sequence[Watched], sitting: SittingFacts, at: datetime) -> list[Watched]:
    """Return the rows with who need not sit the paper on the day of the sitting marked."""
    day = sat_at(at, sitting.opens_at, sitting.closes_at)
    exempt = queries.exempt_people(sitting.paper.ref, [row.person.id for row in rows], day)
    return [replace(row, exempt=row.attempt is None and row.person.id in exempt) for row in rows]
