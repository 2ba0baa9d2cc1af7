"""What pages see of sittings on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cstrain.exams.facts import SlotView
from cstrain.kernel.ids import AttemptId, PersonId, SittingId


class CopyState(StrEnum):
    """Where a paper copy stands."""

    ISSUED = "issued"
    ENTERING = "entering"
    DIFFERING = "differing"
    PROPOSED = "proposed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Task(StrEnum):
    """What somebody may do about a paper copy now."""

    ENTER = "enter"
    RESOLVE = "resolve"
    AGREE = "agree"


@dataclass(frozen=True, slots=True)
class Entry:
    """That somebody enters a copy; never what they entered, before both are finished."""

    entered_by: PersonId
    begun_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody says the sheet holds where the entries differ: JSON text by slot."""

    id: int
    answers: Mapping[int, str]
    third: bool
    made_by: PersonId
    made_at: datetime
    agreed_by: PersonId | None
    refused_by: PersonId | None

    @property
    def waits(self) -> bool:
        """The other one who entered has not answered yet."""
        return not self.third and self.agreed_by is None and self.refused_by is None


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """A form on paper: whose, which, when it was given out, sat and handed in, who has done what."""

    id: int
    sitting_id: SittingId
    person_id: PersonId
    number: int
    issued_by: PersonId
    issued_at: datetime
    sat_from: datetime | None
    sat_until: datetime | None
    collected_by: PersonId | None
    withdrawn_by: PersonId | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    attempt_id: AttemptId | None
    settled_at: datetime | None
    entries: tuple[Entry, ...]
    resolutions: tuple[Resolution, ...]

    @property
    def code(self) -> str:
        """The number printed on every page of the copy."""
        return f"ZJ-{self.sitting_id:04d}-{self.id:05d}"

    @property
    def enterers(self) -> tuple[PersonId, ...]:
        """Who enters or has entered it."""
        return tuple(entry.entered_by for entry in self.entries)

    @property
    def entered(self) -> int:
        """How many have finished entering."""
        return sum(entry.finished_at is not None for entry in self.entries)

    @property
    def waiting(self) -> Resolution | None:
        """The resolution that waits for the other one who entered."""
        return next((each for each in self.resolutions if each.waits), None)

    @property
    def state(self) -> CopyState:
        """Where the copy stands."""
        if self.withdrawn_at is not None:
            return CopyState.WITHDRAWN
        if self.settled_at is not None:
            return CopyState.SETTLED
        if self.sat_until is None:
            return CopyState.ISSUED
        if self.entered < 2:
            return CopyState.ENTERING
        return CopyState.PROPOSED if self.waiting else CopyState.DIFFERING


@dataclass(frozen=True, slots=True)
class Difference:
    """A slot the two entries read differently: JSON text of each (``None``: nothing), and in words."""

    slot: SlotView
    first: str | None
    second: str | None
    first_words: str
    second_words: str
