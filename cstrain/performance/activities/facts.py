"""What may be known of reports, contests and titles: frozen facts and closed sets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from cstrain.kernel.ids import DepartmentId, PersonId


class Kind(StrEnum):
    """What a report covers: a day, or a week from Monday to Sunday."""

    DAY = "day"
    WEEK = "week"


class Number(StrEnum):
    """Numbers that records of the system give."""

    PEOPLE = "people"
    DUE = "due"
    LEAVE = "leave"
    CHATS = "chats"
    FIRST_RESPONSE = "first_response"
    UNANSWERED = "unanswered"
    DEDUCTIONS = "deductions"
    DEDUCTION_POINTS = "deduction_points"
    COMPLAINTS = "complaints"
    AWARDS = "awards"


class Measure(StrEnum):
    """How the months of a contest become one number."""

    MEAN = "mean"
    TOTAL = "total"
    GAIN = "gain"


class Phase(StrEnum):
    """Where a contest stands."""

    ANNOUNCED = "announced"
    RUNNING = "running"
    COUNTING = "counting"
    READY = "ready"
    PROPOSED = "proposed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about: a kind, and its first day (of a week its Monday)."""

    kind: Kind
    first_day: date

    @property
    def last_day(self) -> date:
        """The last day it covers."""
        return self.first_day + timedelta(days=0 if self.kind is Kind.DAY else 6)


@dataclass(frozen=True, slots=True)
class Leading:
    """Who leads the group of a department, from one day to another (``None``: no end is fixed)."""

    leader: PersonId
    department_id: DepartmentId
    since: date
    until: date | None = None

    def covers(self, span: Span) -> bool:
        """Tell whether they led it on some day of a span."""
        return self.since <= span.last_day and (self.until is None or self.until >= span.first_day)


@dataclass(frozen=True, slots=True)
class Gap:
    """A report that is expected and not handed in. ``over``: its time is over."""

    leading: Leading
    span: Span
    due_at: datetime
    over: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What was said to a report: ``read``, ``comment`` (by superiors) or ``addition`` (by its leader)."""

    id: int
    kind: str
    by: PersonId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report, or its draft while ``submitted_at`` is ``None``.

    ``numbers``: as the records had them when it was handed in, ``None`` where they told nothing.
    ``entered``: given by the leader.
    """

    id: int
    span: Span
    leader: PersonId
    department_id: DepartmentId
    edition: int
    said: Mapping[str, str]
    entered: Mapping[str, Decimal]
    numbers: Mapping[str, Decimal | None]
    saved_at: datetime
    due_at: datetime | None
    submitted_at: datetime | None
    late: bool
    notes: tuple[Note, ...] = ()

    def read_by(self, person: PersonId) -> bool:
        """Tell whether somebody has marked it as read, or said something to it."""
        return any(one.by == person for one in self.notes)

    @property
    def readers(self) -> tuple[PersonId, ...]:
        """Who marked it as read, in that order."""
        return tuple(one.by for one in self.notes if one.kind == "read")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a leader has written so far: by section, and numbers by hand."""

    said: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A contest as it is announced. ``award``: the code of the title its winners get."""

    title: str
    notice: str
    department_id: int
    metric: str
    measure: Measure
    first_month: date
    last_month: date
    least_months: int
    seats: int
    award: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's place. ``value`` is exact to four decimals; without a place ``why`` says the reason."""

    person: PersonId
    value: Decimal | None
    months: int
    rank: int | None
    winner: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A result proposed by one person and answered by another; ``digest`` is the SHA-256 of the standings."""

    id: int
    contest_id: int
    standings: tuple[Standing, ...]
    digest: str
    note: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """A contest with its latest result that was not refused, if there is one."""

    id: int
    announced: Announcement
    department_name: str
    award_title: str
    more: bool
    edition: int
    announced_by: PersonId
    announced_at: datetime
    result: ResultFacts | None
    refused: tuple[ResultFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """A title proposed or given. ``standing`` is false once its register entry was withdrawn."""

    id: int
    person: PersonId
    department_id: DepartmentId
    code: str
    title: str
    first_month: date
    last_month: date
    contest_id: int | None
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str
    entry_id: int | None
    standing: bool
