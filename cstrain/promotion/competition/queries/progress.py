"""Which sheets are in: who has handed in, never what stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.promotion.competition import rules
from cstrain.promotion.competition.facts import Candidate, Competition, Have, Interviewer, Missing, MonthScore
from cstrain.promotion.competition.models import CompetitionBallot, CompetitionSheet
from cstrain.promotion.competition.queries.records import colleagues_of, events_of, panel_of, passed

_FAR = 24
"""Months back in which a score is looked for."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """That somebody handed a sheet in about a candidate."""

    candidate: int
    kind: str
    rater: PersonId


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the rating of a competition is. ``answered``: which colleagues answered about whom."""

    candidates: tuple[Candidate, ...]
    panel: tuple[Interviewer, ...]
    colleagues: frozenset[PersonId]
    handed_in: frozenset[HandedIn]
    answered: frozenset[tuple[int, PersonId]]
    ballot_closed: bool
    missing: tuple[Missing, ...]

    def awaited_of(self, person: PersonId) -> tuple[Candidate, ...]:
        """Return about whom an interviewer still has to hand in."""
        sits = any(one.person == person and one.recused is None for one in self.panel)
        done = {one.candidate for one in self.handed_in if one.rater == person}
        return tuple(one for one in self.candidates if sits and one.id not in done)

    def unanswered_by(self, person: PersonId) -> tuple[Candidate, ...]:
        """Return about whom a colleague has not answered yet; nobody once answering is closed."""
        asked = person in self.colleagues and not self.ballot_closed
        return tuple(one for one in self.candidates if asked and (one.id, person) not in self.answered)

    def sheet_of(self, candidate: int, kind: str) -> PersonId | None:
        """Return who handed in the one sheet of a kind about a candidate."""
        found = (one.rater for one in self.handed_in if (one.candidate, one.kind) == (candidate, kind))
        return next(found, None)


def progress(competition: Competition, today: date) -> Progress:
    """Return how far the rating is, in a fixed number of statements."""
    candidates = passed(competition.id)
    panel = panel_of(competition.id)
    colleagues = colleagues_of(competition.id)
    handed_in = _handed_in(competition.id)
    answered = _answered([one.id for one in candidates])
    closed = any(event.kind == "ballot_closed" for event in events_of(competition.id))
    months = scores_of(competition, [one.person for one in candidates], today)
    sitting = frozenset(one.person for one in panel if one.recused is None)
    due = 0 if closed else len(colleagues)
    have = [_have(one, sitting, handed_in, answered, due, months[one.person]) for one in candidates]
    lacks = tuple(lack for each in have for lack in rules.missing(each, competition.rules))
    return Progress(tuple(candidates), tuple(panel), colleagues, handed_in, answered, closed, lacks)


def _handed_in(competition_id: int) -> frozenset[HandedIn]:
    sheet = CompetitionSheet
    rows = session().execute(
        sa.select(sheet.candidate_id, sheet.kind, sheet.rater_id).where(
            sheet.competition_id == competition_id
        )
    )
    return frozenset(HandedIn(one, kind, PersonId(rater)) for one, kind, rater in rows)


def _answered(candidates: Collection[int]) -> frozenset[tuple[int, PersonId]]:
    ballot = CompetitionBallot
    rows = session().execute(
        sa.select(ballot.candidate_id, ballot.rater_id).where(ballot.candidate_id.in_(candidates))
    )
    return frozenset((one, PersonId(rater)) for one, rater in rows)


def _have(
    one: Candidate,
    sitting: frozenset[PersonId],
    handed_in: frozenset[HandedIn],
    answered: frozenset[tuple[int, PersonId]],
    due: int,
    months: tuple[MonthScore, ...],
) -> Have:
    counted = (
        sheet.kind
        for sheet in handed_in
        if sheet.candidate == one.id and (sheet.kind != "interview" or sheet.rater in sitting)
    )
    raters = sum(candidate == one.id for candidate, _rater in answered)
    return Have(one.id, Counter(counted), len(sitting), raters, due, months)


def scores_of(
    competition: Competition, persons: Sequence[PersonId], today: date
) -> Mapping[PersonId, tuple[MonthScore, ...]]:
    """Return everybody's scores of the months that count, oldest first.

    Those are the latest months which the person's department had closed by the window's last day; where
    these were too few, the first ones it has closed since. A score that comes later counts until the
    calculation is sealed.
    """
    count = competition.rules.months.count
    homes = {one: facts.department_id for one, facts in people.people(persons, competition.closes_on).items()}
    closed = {place: _months(place, competition.closes_on, today, count) for place in set(homes.values())}
    found = performance.months_of(persons, today, last=_FAR)
    known = {
        (person, record.month): record.values.get("score")
        for person, records in found.items()
        for record in records
    }
    return {
        person: tuple(MonthScore(month, known.get((person, month))) for month in closed[homes[person]])
        for person in persons
    }


def _months(department: int, until: date, today: date, count: int) -> tuple[date, ...]:
    closed = performance.closed_months(department, until)[-count:]
    return closed if len(closed) == count else performance.closed_months(department, today)[:count]
