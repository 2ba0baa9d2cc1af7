"""What moves are, for pages and for packages above. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cstrain.kernel.ids import DepartmentId, PersonId


class Kind(StrEnum):
    """What a case is about."""

    SKIP = "skip"
    TRANSFER = "transfer"
    INITIAL = "initial"


class State(StrEnum):
    """Where a case stands; ``LEFT``: ended because the person leaves."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did in a case; ``agreed`` is ``None`` where nothing was agreed to."""

    kind: str
    round: int
    by: PersonId | None
    at: datetime
    agreed: bool | None
    text: str
    detail: Mapping[str, Any]

    @property
    def effective_on(self) -> date | None:
        """The day on which it takes effect, where it does."""
        return date.fromisoformat(self.detail["on"]) if "on" in self.detail else None


@dataclass(frozen=True, slots=True)
class Appeal:
    """The person's appeal against a refusal; to be answered by ``decide_by``."""

    id: int
    refused_by: PersonId
    text: str
    filed_at: datetime
    decide_by: date
    decided_by: PersonId | None
    decided_at: datetime | None
    granted: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its acts, oldest first. ``content``: what it rests on; ``intact``: still as sealed."""

    id: int
    kind: Kind
    person: PersonId
    opened_by: PersonId
    opened_at: datetime
    post_id: int | None
    department: DepartmentId | None
    post: str
    reason: str
    content: Mapping[str, Any]
    intact: bool
    state: State
    acts: tuple[Act, ...]
    appeal: Appeal | None

    @property
    def round(self) -> int:
        """Which time the steps are gone through: a granted appeal begins the second."""
        return 2 if self.appeal is not None and self.appeal.granted else 1

    @property
    def refusal(self) -> Act | None:
        """The latest act that refused."""
        return next(
            (one for one in reversed(self.acts) if one.agreed is False and one.detail.get("ends")), None
        )

    def act(self, kind: str) -> Act | None:
        """Return the latest act of a kind."""
        return next((one for one in reversed(self.acts) if one.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Post:
    """A post announced inside the company; ``taken``: places given so far."""

    id: int
    title: str
    department: DepartmentId
    department_name: str
    road: str
    seats: int
    taken: int
    notice: str
    opens_on: date
    closes_on: date
    posted_by: PersonId

    def is_open(self, today: date) -> bool:
        """Tell whether one may apply on a day; both ends of the window are included."""
        return self.opens_on <= today <= self.closes_on and self.taken < self.seats


@dataclass(frozen=True, slots=True)
class Senior:
    """What is compared of somebody who may succeed; ``None``: not known, and ranked after what is known.

    ``score`` and ``brand``: means of the latest closed months; ``deductions``: how many in them; ``months``:
    how many of them there are; ``since``: at the level.
    """

    person: PersonId
    level: str
    score: Decimal | None
    brand: Decimal | None
    deductions: int | None
    months: int
    since: date | None
    awards: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place of the comparison; equals share the better one."""

    rank: int
    senior: Senior


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a successor; ``by`` is ``None`` for an anonymous one."""

    id: int
    by: PersonId | None
    text: str
    filed_on: date
    answered_by: PersonId | None
    answered_at: datetime | None
    upheld: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to succeed, with the ranking it rests on and what was said of it.

    ``outcome``: ``appointed`` or ``stopped`` once the notice is closed.
    """

    id: int
    person: PersonId
    ranking: tuple[Ranked, ...]
    intact: bool
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str
    first_day: date | None
    last_day: date | None
    starts_on: date
    closed_by: PersonId | None
    closed_at: datetime | None
    outcome: str | None
    objections: tuple[Objection, ...]

    @property
    def is_shown(self) -> bool:
        """Its notice is up, or waits to be closed."""
        return bool(self.agreed) and self.outcome is None

    @property
    def is_open(self) -> bool:
        """Nothing has ended it yet."""
        return self.outcome is None and self.agreed is not False


@dataclass(frozen=True, slots=True)
class SuccessionFacts:
    """A supervisor's post that is vacant, with the choices made so far, oldest first."""

    id: int
    department: DepartmentId
    department_name: str
    cause: str
    predecessor: PersonId | None
    vacant_from: date
    note: str
    end_reason: str
    opened_by: PersonId | None
    opened_at: datetime
    outcome: str | None
    choices: tuple[Choice, ...]

    @property
    def current(self) -> Choice | None:
        """The choice that is being gone through."""
        return next((one for one in self.choices if one.is_open), None)


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """An entry of the register of courses; ``withdrawn``: the reason it was taken back."""

    id: int
    person: PersonId
    kind: str
    course: str
    title: str
    held_on: date
    until: date | None
    file_ref: str
    note: str
    entered_by: PersonId
    entered_at: datetime
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """How many places a department has at a level on a day, and how many of them are filled."""

    department: DepartmentId
    department_name: str
    level: str
    seats: int
    filled: int
    effective_from: date
    note: str

    @property
    def vacant(self) -> int:
        """Places nobody fills; never below zero."""
        return max(0, self.seats - self.filled)
