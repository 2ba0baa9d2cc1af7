"""What the queues announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import AttemptId


@dataclass(frozen=True, slots=True)
class PartSettled:
    """It is settled what a part of an answer earns."""

    attempt_id: AttemptId
    at: datetime


part_settled: Signal[PartSettled] = Signal()
