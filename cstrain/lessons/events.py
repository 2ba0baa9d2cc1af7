"""What lessons announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """A page got another version, or was retired (then it has no headings)."""

    ref: str
    headings: frozenset[str]
    at: datetime


lesson_changed: Signal[LessonChanged] = Signal()
