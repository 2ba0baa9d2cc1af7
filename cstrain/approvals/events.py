"""What approvals announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """An opinion was given; ``complete`` when it was the last of its chain."""

    subject: str
    ref: str
    about_id: PersonId
    office: str
    complete: bool
    at: datetime


opinion_given: Signal[OpinionGiven] = Signal()
