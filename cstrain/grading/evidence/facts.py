"""All that is known of an attempt, and what a month of sittings adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cstrain.exams.facts import AttemptFacts, LoggedEvent, Moment, Unexplained
from cstrain.grading.facts import AppealFacts
from cstrain.grading.written.facts import GivenMark
from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class SlotSaves:
    """What was sent for a question: how often, how much of it counts, when first and last, where it ended.

    ``answer`` is the final answer in words; ``None``: nothing counts.
    """

    slot: int
    sent: int
    counted: int
    first_at: datetime | None
    last_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Marking:
    """One marking of an attempt: ``kind`` is first, change or key; ``people`` stand for it."""

    number: int
    raw: Decimal
    at: datetime
    kind: str
    reason: str
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """An attempt with its log, timeline, markings, appeals. Markings are empty for who may not know them."""

    attempt: AttemptFacts
    title: str
    events: Sequence[LoggedEvent]
    saves: Sequence[SlotSaves]
    moments: Sequence[Moment]
    markings: Sequence[Marking]
    given: Sequence[GivenMark]
    appeals: Sequence[AppealFacts]
    released_at: datetime | None
    released_by: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Counts of a sitting (or of a month's quizzes together) that must add up.

    started = submitted + open + expired + voided; submitted = marked + marking; sent = the sum of fates.
    """

    title: str
    opens_at: datetime | None
    candidates: int
    started: int
    states: Mapping[str, int]
    marked: int
    marking: int
    released: int
    fates: Mapping[str, int]
    faults: Sequence[Unexplained]

    @property
    def submitted(self) -> int:
        """How many handed in, or were handed in when their time was over."""
        return self.states.get("submitted", 0)

    @property
    def sent(self) -> int:
        """How many answers arrived."""
        return sum(self.fates.values())


@dataclass(frozen=True, slots=True)
class MonthReconciled:
    """A month (its first day) of sittings; ``unexplained`` must be empty."""

    month: date
    sittings: Sequence[Reconciled]

    @property
    def unexplained(self) -> list[Unexplained]:
        """Everything that does not add up."""
        return [fault for each in self.sittings for fault in each.faults]
