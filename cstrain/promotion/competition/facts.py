"""What a competition is made of, as its rules and pages see it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.promotion.competition.policy import CompetitionRules

COLLEAGUES = "colleagues"
Counts = Mapping[str, Mapping[str, int]]
"""By item and answer of the colleagues' sheet: how many chose it."""


class Phase(StrEnum):
    """How far a competition has come; it only moves on."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CHECKING = "checking"
    RATING = "rating"
    CALCULATED = "calculated"
    DECIDED = "decided"
    ENDED = "ended"


class Check(StrEnum):
    """Where an application stands."""

    WAITS_OPINION = "waits_opinion"
    WAITS_CHECK = "waits_check"
    PASSED = "passed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The score of a closed month; ``None`` when nobody entered it."""

    month: date
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a candidate's total is worked out from. Sheets: points out of 100, exact.

    ``counts``: colleagues' answers; ``raters``: how many answered. ``months``: the latest closed
    months, oldest first, as many as are closed.
    """

    candidate: int
    hired_on: date
    ability: tuple[Fraction, ...] = ()
    months: tuple[MonthScore, ...] = ()
    interview: tuple[Fraction, ...] = ()
    manager: tuple[Fraction, ...] = ()
    counts: Counts | None = None
    raters: int = 0


@dataclass(frozen=True, slots=True)
class Have:
    """How many sheets about a candidate are in, without what stands in them.

    ``panel``: interviewers who are not recused; ``due``: colleagues who are still awaited or have answered
    (0 once their answering is over).
    """

    candidate: int
    sheets: Mapping[str, int]
    panel: int
    raters: int
    due: int
    months: tuple[MonthScore, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a factor lacks: ``have`` of ``need`` are there, or months have no score."""

    candidate: int
    factor: str
    have: int
    need: int
    months: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A factor of a candidate: what was entered (out of 100 each), the value out of 100, what it adds."""

    factor: str
    given: tuple[Fraction, ...]
    raw: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate's factors in the order of the rules, and their sum."""

    candidate: int
    hired_on: date
    lines: tuple[FactorLine, ...]
    total: Fraction

    def raw(self, factor: str) -> Fraction:
        """Return a factor's value out of 100."""
        return next(line.raw for line in self.lines if line.factor == factor)


@dataclass(frozen=True, slots=True)
class Place:
    """A rank; ``shared`` with others where even the last comparison left them equal."""

    rank: int
    scored: Scored
    shared: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as recorded."""

    kind: str
    by: PersonId | None
    at: datetime
    candidate: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application: what the system knew, what the person wrote, where it stands."""

    id: int
    competition: int
    person: PersonId
    applied_at: datetime
    known: Mapping[str, Any]
    said: Mapping[str, str]
    check: Check
    opinion: Event | None
    checked: Event | None

    @property
    def hired_on(self) -> date:
        """The day of hiring as it stood on the form."""
        return date.fromisoformat(str(self.known["hired_on"]))


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Somebody of the panel. ``ties``: declared ones the rules allow. ``recused``: why they are out."""

    person: PersonId
    ties: tuple[Mapping[str, Any], ...] = ()
    recused: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act by two persons: ``agreed`` is ``None`` while the second has not answered."""

    id: int
    kind: str
    candidate: int | None
    content: Mapping[str, Any]
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A month on trial, both days included; ``confirmed`` is ``None`` until two persons have decided."""

    candidate: int
    starts_on: date
    ends_on: date
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class Competition:
    """A competition for a post. Window: whole days of the company, both included."""

    id: int
    post: str
    department: DepartmentId
    department_name: str
    seats: int
    notice: str
    opens_on: date
    closes_on: date
    rules: CompetitionRules
    opened_by: PersonId
    opened_at: datetime
    phase: Phase


@dataclass(frozen=True, slots=True)
class Notice:
    """A public notice about somebody who was chosen; ``content`` is what everybody reads."""

    id: int
    competition: int
    candidate: int
    person: PersonId
    content: Mapping[str, Any]
    first_day: date
    last_day: date
    published_by: PersonId
    published_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a notice; ``by`` is ``None`` for an anonymous one. ``start_by`` and ``answer_by``:
    the last working days to begin and to answer the investigation."""

    id: int
    notice: int
    kind: str
    by: PersonId | None
    text: str
    filed_on: date
    start_by: date
    answer_by: date
    started_at: datetime | None
    started_by: PersonId | None
    finding: str | None
    answer: str | None
    answered_at: datetime | None
