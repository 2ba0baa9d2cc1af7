"""What pages and packages above may know of quality sampling. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cstrain.judgement.rubric import Rubric
from cstrain.kernel.ids import DepartmentId, PersonId


class Who(StrEnum):
    """Who said a line of a chat."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Side(StrEnum):
    """Which agents: those of the track ``vip``, or all others."""

    BASIC = "basic"
    VIP = "vip"


def as_mark(share: Fraction | None) -> Decimal | None:
    """Return a share as marks of a hundred, to a thousandth; ``None`` stays unknown."""
    if share is None:
        return None
    return (Decimal(share.numerator) * 100 / share.denominator).quantize(Decimal("0.001"))


class _Marked:
    """Has a share, and says it as marks of a hundred."""

    __slots__ = ()
    share: Fraction | None

    @property
    def mark(self) -> Decimal | None:
        """The share as marks of a hundred; ``None`` stays unknown."""
        return as_mark(self.share)


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a chat, and when."""

    who: Who
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell of a chat file: row from 1, column, sentence (message id) and its values."""

    row: int
    column: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True, slots=True)
class ChatBatchFacts:
    """A checked chat file. ``people``: chats by agent, of the new ones; ``known``: on record already."""

    id: int
    filename: str
    uploaded_at: datetime
    lines: int
    number: int
    known: int
    people: Mapping[PersonId, int]
    first_day: date | None
    last_day: date | None
    faults: tuple[CellFault, ...]
    open: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """A chat with its transcript."""

    id: int
    agent_id: PersonId
    code: str
    channel: str
    customer: str
    vip: bool
    started_at: datetime
    ended_at: datetime
    day: date
    week: date
    late: bool
    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat in a list."""

    id: int
    agent_id: PersonId
    channel: str
    customer: str
    started_at: datetime
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A person's day that is over and not drawn yet, with its number of chats."""

    person_id: PersonId
    day: date
    chats: int


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A week's drawn chats of one side for one rater: waiting for them, unrated in all, the sheet begun."""

    week: date
    side: Side
    waiting: int
    unrated: int
    draft: int | None


@dataclass(frozen=True, slots=True)
class SheetFacts(_Marked):
    """A rater's sheet. Whose chat it is, is told once it is finished.

    ``state``: open, finished, returned or published. ``share``: of the marks, once finished.
    """

    id: int
    week: date
    side: Side
    chat: ChatFacts
    rubric: Rubric
    points: Mapping[str, Decimal]
    note: str
    state: str
    share: Fraction | None
    may_revise: bool


@dataclass(frozen=True, slots=True)
class FinishedSheet(_Marked):
    """A sheet somebody has finished: of which week, when, what it gave."""

    id: int
    week: date
    share: Fraction
    finished_at: datetime
    published: bool


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """An agent's answer or contest, with its decision. ``earlier``: the rating it is about."""

    id: int
    rating_id: int
    agent_id: PersonId
    rater_id: PersonId
    kind: str
    words: str
    said_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    upheld: bool | None
    decision: str | None
    new_rating_id: int | None


@dataclass(frozen=True, slots=True)
class RatingFacts(_Marked):
    """A finished rating of a drawn chat."""

    id: int
    sample_id: int
    number: int
    agent_id: PersonId
    rater_id: PersonId
    rubric: Rubric
    points: Mapping[str, Decimal]
    note: str
    share: Fraction
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class RatedChat:
    """A drawn chat of a published week as its agent sees it: every rating, what was said about them."""

    chat: ChatFacts
    ratings: tuple[RatingFacts, ...]
    replies: tuple[ReplyFacts, ...]
    contest_until: date

    @property
    def current(self) -> RatingFacts:
        """The rating that counts."""
        return self.ratings[-1]


@dataclass(frozen=True, slots=True)
class PublishedLine(_Marked):
    """A rated chat in an agent's list."""

    rating_id: int
    week: date
    day: date
    channel: str
    customer: str
    share: Fraction
    changed: bool
    contest: str


@dataclass(frozen=True, slots=True)
class PersonWeek(_Marked):
    """A person's week: chats drawn, rated, and the mean of the rated ones."""

    person_id: PersonId
    drawn: int
    rated: int
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """A week with drawn chats. ``over``: it has ended, so it may be published."""

    week: date
    drawn: int
    rated: int
    published_by: PersonId | None
    published_at: datetime | None
    over: bool

    @property
    def unrated(self) -> int:
        """Drawn chats without a rating."""
        return self.drawn - self.rated


@dataclass(frozen=True, slots=True)
class CriterionMean(_Marked):
    """The mean share of one criterion over ``n`` rated chats."""

    id: str
    title: str
    share: Fraction
    n: int


@dataclass(frozen=True, slots=True)
class SheetOfMonth(_Marked):
    """A person's compiled month (frozen)."""

    id: int
    month: date
    person_id: PersonId
    department_id: DepartmentId
    drawn: int
    rated: int
    changed: int
    share: Fraction | None
    criteria: tuple[CriterionMean, ...]
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month with drawn chats: compiled or not, from which day on it may be, what stands in its way."""

    month: date
    drawn: int
    rated: int
    from_day: date
    until_day: date
    open_weeks: tuple[date, ...]
    open_contests: int
    closed_by: PersonId | None
    closed_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How many chats some agents had together, the mean seconds to the first response (``None``: unknown),
    and how many nobody answered."""

    chats: int
    first_response: Fraction | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class Efficiency:
    """A person's chats of a day: number, and means in seconds; what was not recorded stays unknown."""

    person_id: PersonId
    chats: int
    first_response: Fraction | None
    response: Fraction | None
    length: Fraction
    unanswered: int
