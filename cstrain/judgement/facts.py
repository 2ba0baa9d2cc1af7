"""The facts a judgement is made on. ``None`` means unknown: it is never read as no, nor as zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PaperMark:
    """A released mark at a paper (raw marks decide). ``ref`` names the attempt; a resit is a later one."""

    paper_ref: str
    ref: str
    title: str
    raw: Decimal
    pass_mark: Decimal
    on: date
    resit: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether the raw mark reaches the pass mark."""
        return self.raw >= self.pass_mark


@dataclass(frozen=True, slots=True)
class SignedDays:
    """Programme days signed so far, how many of them late, and the mean work state (1–5) if any."""

    signed: int
    late: int
    of: int
    mean_state: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation of the rules on record; ``on`` is ``None`` where the day is not known."""

    ref: str
    label: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Endorsement:
    """Somebody's rating (1–5) of a quality that no number shows, with a note.

    ``by`` is how a page names them, ``role`` the office they rated in (``supervisor`` …).
    """

    topic: str
    ref: str
    by: str
    rating: int
    note: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on the ladder: since when in the company, in the department, at the level.

    ``level`` is ``None`` in probation. A date that nobody knows is ``None``; ``history`` names the record.
    ``reached``: the first day each level was held, of those known. ``service_since``: since when without a
    break in departments that serve customers, whichever they were.
    """

    hired_on: date | None
    department_since: date | None
    level: str | None
    level_since: date | None
    post: str = ""
    converted: bool = True
    track: str | None = None
    history: str = ""
    reached: Mapping[str, date] = field(default_factory=dict)
    service_since: date | None = None


@dataclass(frozen=True, slots=True)
class MonthRecord:
    """One **closed** month of a person. ``month`` is its first day; ``ref`` names the record.

    ``level``: held on the month's last day. ``values``: metrics by name (``score``, ``chats``, ``csat``,
    ``resolution``, ``handle_minutes``, ``first_response_seconds``, ``sales_share`` …), only those known.
    ``deductions``: number of entries that were not reversed; ``points``: their sum. ``away``: approved leave
    on more than half of the working days.
    """

    month: date
    ref: str
    level: str | None
    grade: str | None
    brand_points: Decimal | None
    deductions: int | None
    points: int | None
    values: Mapping[str, Decimal] = field(default_factory=dict)
    away: bool = False
    probation: bool = False


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """An entry of a register (docs/rules.md 7): complaint, violation, award, proposal, cover, conflict …

    ``major``: of a complaint. Withdrawn entries are left out.
    """

    kind: str
    ref: str
    on: date
    label: str
    major: bool = False


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A certificate of a course; ``until``: its last day, ``None`` while it does not lapse."""

    course: str
    ref: str
    on: date
    until: date | None
    label: str


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An office allowed something that the rules leave to it (``skip_level``: to pass over a level)."""

    what: str
    office: str
    ref: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class PeerMonth:
    """What comparing needs of one person's closed month."""

    person: int
    month: date
    level: str | None
    post: str
    brand_points: Decimal | None
    values: Mapping[str, Decimal]
    away: bool
    probation: bool


@dataclass(frozen=True, eq=False)
class Comparison:
    """The closed months of everybody in one department: one object for all of its people.

    ``months`` in order; ``kept`` remembers what was worked out once (means, ranks) for all who ask.
    """

    department: int
    months: tuple[date, ...]
    people: tuple[PeerMonth, ...]
    kept: dict[object, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one person on one day; a field that nobody could fill stays ``None``.

    ``months``: closed months, oldest first, without gaps being filled: a month nobody entered is missing.
    ``closed``: all months that the department has closed, oldest first. ``vacant``: vacant places of the
    department by level or office, of those with a number; ``seats``: of a post named by whoever asks.
    """

    papers: tuple[PaperMark, ...] | None = None
    days: SignedDays | None = None
    violations: tuple[Violation, ...] | None = None
    endorsements: tuple[Endorsement, ...] | None = None
    on: date | None = None
    person: int | None = None
    standing: Standing | None = None
    months: tuple[MonthRecord, ...] | None = None
    closed: tuple[date, ...] | None = None
    registers: tuple[RegisterRecord, ...] | None = None
    courses: tuple[CourseRecord, ...] | None = None
    comparison: Comparison | None = None
    exempt: frozenset[str] = frozenset()
    seats: int | None = None
    authorised: tuple[Authorisation, ...] | None = None
    vacant: Mapping[str, int] | None = None
