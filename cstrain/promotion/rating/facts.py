"""What a quarterly rating is made of, as its rules and pages see it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cstrain.judgement.facts import Dossier
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import Finding
from cstrain.kernel.ids import DepartmentId, PersonId


class Outcome(StrEnum):
    """What the figures of a quarter come to. ``OUTSIDE``: not tested, for a reason that is named."""

    UP = "up"
    STAY = "stay"
    DOWN = "down"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"


TAKES_EFFECT = frozenset({Outcome.UP, Outcome.STAY, Outcome.DOWN})


class Why(StrEnum):
    """Why somebody is not tested, or why nothing can be said although figures are there."""

    NONE = ""
    PROBATION = "probation"
    UNPLACED = "unplaced"
    ELSEWHERE = "elsewhere"
    AWAY = "away"
    AT_ODDS = "at_odds"


class Origin(StrEnum):
    """How a line came about: by the run, by late data and two persons, by a contest that was upheld."""

    RUN = "run"
    LATE = "late"
    CONTEST = "contest"


class Stage(StrEnum):
    """Where somebody's line stands."""

    WINDOW = "window"
    CONTESTED = "contested"
    LATE = "late"
    READY = "ready"
    PROPOSED = "proposed"
    MOVED = "moved"
    DONE = "done"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter by its first day."""

    first: date

    @property
    def number(self) -> int:
        """1 to 4."""
        return (self.first.month + 2) // 3

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its three months."""
        return tuple(add_months(self.first, n) for n in range(3))

    @property
    def end(self) -> date:
        """Its last day."""
        return date.fromordinal(add_months(self.first, 3).toordinal() - 1)

    @property
    def code(self) -> str:
        """As commands and files name it: 2026Q3."""
        return f"{self.first.year}Q{self.number}"


@dataclass(frozen=True, slots=True)
class Rated:
    """What a person's quarter comes to, with the findings behind it.

    ``rise``: by the conditions of the level above; ``keep``: by those of the level held; ``entry``: of
    somebody without a level, by the standard of the probation. ``goal``: the level after it took effect.
    ``below``: somebody without a level is below the standard (``None``: not known, or not asked).
    """

    outcome: Outcome
    level: str | None
    goal: str | None
    why: Why = Why.NONE
    rise: tuple[Finding, ...] = ()
    keep: tuple[Finding, ...] = ()
    entry: tuple[Finding, ...] = ()
    below: bool | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A quarter of a ladder that was rated; ``title`` is the ladder's, ``rules`` the chapter's edition."""

    id: int
    ladder_ref: str
    edition: int
    rules: int
    title: str
    titles: Mapping[str, str]
    quarter: Quarter
    started_by: PersonId
    started_at: datetime

    def level_word(self, level: str | None) -> str:
        """Return the ladder's name of a level; empty for none."""
        return self.titles.get(level, level) if level is not None else ""


@dataclass(frozen=True, slots=True)
class Contest:
    """A person's own word against their line; ``upheld`` is ``None`` while nobody has decided."""

    id: int
    line: int
    run: int
    person: PersonId
    text: str
    filed_at: datetime
    decide_by: date
    decided_by: PersonId | None
    decided_at: datetime | None
    upheld: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a line changed, from which day on, by which two persons."""

    line: int
    run: int
    person: PersonId
    before: str | None
    after: str | None
    effective_on: date
    proposed_by: PersonId
    confirmed_by: PersonId


@dataclass(frozen=True, slots=True)
class Line:
    """A person's result in a run, one revision of it; the newest counts.

    ``current`` tells whether it is the newest. ``contest_until``: the last day on which the person may
    contest it.
    """

    id: int
    run: int
    person: PersonId
    number: int
    department: DepartmentId
    outcome: Outcome
    level: str | None
    goal: str | None
    why: Why
    below: bool | None
    origin: Origin
    ran_by: PersonId
    second_by: PersonId | None
    made_at: datetime
    reason: str
    contest_until: date
    digest: str
    contest: Contest | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a line rests on, read back from its seal and judged again under the kept edition.

    ``intact``: the texts are what was sealed; ``same``: judged again they give the same result (a contest's
    decision may differ from the figures: it is compared with what they gave).
    """

    rated: Rated
    dossier: Dossier
    on: date
    intact: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A new proposal for one person that waits for a second one."""

    id: int
    run: int
    person: PersonId
    outcome: Outcome
    level: str | None
    goal: str | None
    reason: str
    asked_by: PersonId
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Lines that one person proposes to put into effect and another agrees to; ``agreed`` ``None``: waits."""

    id: int
    run: int
    lines: tuple[int, ...]
    effective_on: date
    note: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What a superior, or HR about a newcomer, wrote beside somebody's line."""

    run: int
    person: PersonId
    by: PersonId
    text: str
    at: datetime
