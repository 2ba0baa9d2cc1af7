"""What pages see of passes that relied on a changed lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.people.facts import PersonFacts


class Stage(StrEnum):
    """Where it stands with a person's pass after a change.

    ``due``: nothing is arranged; ``arranged``: a sitting is ahead or open; ``sat``: it was sat and no pass
    has been released; ``passed``: passed again since; ``waived``: somebody decided that it is not needed;
    ``away``: on long leave; ``left``: not with the company any more.
    """

    DUE = "due"
    ARRANGED = "arranged"
    SAT = "sat"
    PASSED = "passed"
    WAIVED = "waived"
    AWAY = "away"
    LEFT = "left"


TO_RETEST = frozenset({Stage.DUE, Stage.ARRANGED, Stage.SAT})
"""The stages of people who are here and have neither passed again nor been let off."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touched of an attempt: questions, the marks they carried, what they earned."""

    questions: int
    marks: Decimal
    earned: Decimal


@dataclass(frozen=True, slots=True)
class Waiver:
    """A decision that a pass stays as it is."""

    reason: str
    decided_by: PersonId
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Reliance:
    """A valid pass that relied on what changed since, and where it stands with its holder.

    ``enough``: the mark reaches the pass mark without what the touched questions earned (said, not decided).
    """

    person: PersonFacts
    attempt_id: AttemptId
    paper_ref: str
    title: str
    raw: Decimal
    exam_on: date
    touched: Touched
    enough: bool
    stage: Stage
    passed_on: date | None
    waiver: Waiver | None


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """The passes of one paper that relied on a change, by staff number."""

    ref: str
    title: str
    lines: Sequence[Reliance]

    @property
    def to_retest(self) -> Sequence[Reliance]:
        """Those whose holders should sit it again."""
        return [line for line in self.lines if line.stage in TO_RETEST]

    @property
    def waiting(self) -> Sequence[Reliance]:
        """Those of them for whom no sitting is ahead."""
        return [line for line in self.lines if line.stage in (Stage.DUE, Stage.SAT)]


@dataclass(frozen=True, slots=True)
class RetestSitting:
    """A sitting arranged after a change: who is invited, how many have handed in."""

    id: int
    title: str
    paper_ref: str
    opens_at: datetime
    closes_at: datetime
    place: str
    cancelled: bool
    candidates: int
    sat: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A sitting as somebody wants it."""

    paper_ref: str
    people: tuple[PersonId, ...]
    opens_at: datetime
    closes_at: datetime
    place: str
    title: str
    late_minutes: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form for a sitting is filled with: the next free afternoon, as long as the paper takes."""

    title: str
    opens_at: datetime
    closes_at: datetime
    place: str
    minutes: int
    unified: bool
