"""What other packages may see of results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cstrain.exams.facts import AttemptFacts
from cstrain.exams.invigilation.facts import NO_SIGNS, Signs
from cstrain.judgement.rubric import Rubric
from cstrain.kernel.ids import AttemptId, PersonId


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """An attempt with its result. Before release ``raw``, ``shown`` and ``passed`` are ``None``."""

    attempt: AttemptFacts
    raw: Decimal | None
    shown: Decimal | None
    passed: bool | None
    marked_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marked:
    """One marking of an attempt: its number, raw mark (0 to 100), reason, when. Old ones stay."""

    number: int
    raw: Decimal
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """A result with the marks of its slots as stored and all its markings; both empty before release."""

    score: ScoreFacts
    marks: tuple[Mapping[str, Any], ...]
    markings: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class SlotResult:
    """A question of a released result: what was answered, what was right, why, what it earned."""

    slot: int
    section: str
    stem: str
    answered: str
    right: str
    explanation: str
    source: str
    earned: Decimal
    of: Decimal
    measures: Mapping[str, str] = field(default_factory=dict)
    version_id: int = 0
    pictures: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What a section of a released result earned, of how much, with what its answers measured."""

    title: str
    earned: Decimal
    of: Decimal
    measures: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class LiveTask:
    """A task done aloud that an examiner marks live; ``ready``: the candidate says that they are.

    Who has the sheet, since when, and until when, are empty while nobody has begun or finished.
    """

    attempt: AttemptFacts
    slot: int
    stem: str
    task: str
    minutes: int
    ready: bool
    examiner: PersonId | None
    started_at: datetime | None
    finished_at: datetime | None
    pictures: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class LiveSheet:
    """A task with what the examiner plays, the rubric, and the points given so far by criterion."""

    task: LiveTask
    examiner_text: str
    rubric: Rubric
    points: Mapping[str, Decimal]
    note: str
    has_result: bool


@dataclass(frozen=True, slots=True)
class WaitingRelease:
    """A marked attempt whose result nobody has seen yet; ``proposed_by`` is the first of two persons.

    ``doubts`` say what to look at first (typing): ``speed``, ``clock``, ``paste``; ``signs`` what was noted
    while it was sat.
    """

    attempt: AttemptFacts
    raw: Decimal
    passed: bool
    proposed_by: PersonId | None
    proposed_at: datetime | None
    doubts: tuple[str, ...] = ()
    signs: Signs = NO_SIGNS


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """An appeal: state is open, upheld or rejected; ``decide_by`` is the last working day to decide it."""

    id: int
    attempt_id: AttemptId
    person_id: PersonId
    slot: int | None
    reason: str
    filed_at: datetime
    decide_by: date
    state: str
    decided_by: PersonId | None
    decided_at: datetime | None
    decision: str | None
