"""What other packages may see of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cstrain.exams.facts import AttemptFacts
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


@dataclass(frozen=True, slots=True)
class WaitingRelease:
    """A marked attempt whose result nobody has seen yet; ``proposed_by`` is the first of two persons."""

    attempt: AttemptFacts
    raw: Decimal
    passed: bool
    proposed_by: PersonId | None
    proposed_at: datetime | None


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
