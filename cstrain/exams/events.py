"""What exams announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import AttemptId, PersonId, SittingId


@dataclass(frozen=True, slots=True)
class AttemptSubmitted:
    """An attempt was handed in, or ran out of time."""

    attempt_id: AttemptId
    person_id: PersonId
    at: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class SittingScheduled:
    """A sitting was arranged for these people."""

    sitting_id: SittingId
    people: tuple[PersonId, ...]
    at: datetime


attempt_submitted: Signal[AttemptSubmitted] = Signal()
sitting_scheduled: Signal[SittingScheduled] = Signal()
