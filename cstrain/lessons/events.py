"""What lessons announce, and what they ask of packages above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import PersonId
from cstrain.kernel.slots import Slot
from cstrain.lessons.facts import Reader


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """A page got another version, or was retired (then it has no headings)."""

    ref: str
    headings: frozenset[str]
    at: datetime


class Readers(Protocol):
    """Knows who is employed: people stand on the same floor as lessons."""

    def __call__(self, actor: PersonId, permission: str, on: date) -> list[Reader]:
        """Return those for whom ``actor`` holds a permission on a day, by staff number."""


lesson_changed: Signal[LessonChanged] = Signal()
readers: Slot[Readers] = Slot("readers of lessons")
