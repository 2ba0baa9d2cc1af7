"""What grading announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import AttemptId, PersonId


@dataclass(frozen=True, slots=True)
class ResultReleased:
    """A result was shown to its candidate (or changed after that)."""

    attempt_id: AttemptId
    person_id: PersonId
    paper_ref: str
    passed: bool
    at: datetime


result_released: Signal[ResultReleased] = Signal()
result_changed: Signal[ResultReleased] = Signal()
