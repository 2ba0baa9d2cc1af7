"""What other packages may see of exams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cstrain.kernel.ids import AttemptId, PersonId, SittingId


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper as lists and pages show it."""

    id: int
    ref: str
    edition: int
    title: str
    bank: str
    kind: str
    minutes: int
    pass_mark: Decimal
    questions: int
    disjoint: bool
    consequences: bool
    release: str


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting, for one person where ``person_id`` is given: their extra minutes and their attempts."""

    id: SittingId
    paper: PaperFacts
    kind: str
    subject: str
    title: str
    place: str
    opens_at: datetime
    closes_at: datetime
    max_attempts: int | None
    cancelled: bool
    candidates: int


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt: whose, at which paper, when; ``state`` is open, submitted, expired or voided then."""

    id: AttemptId
    person_id: PersonId
    sitting_id: SittingId
    subject: str
    kind: str
    paper: PaperFacts
    number: int
    started_at: datetime
    deadline: datetime
    submitted_at: datetime | None
    receipt: str | None
    state: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A question as the candidate sees it: options in this attempt's order, with ids of that order."""

    slot: int
    section: str
    marks: Decimal
    type: str
    control: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """The server's answer of a slot: JSON text and when it was committed."""

    slot: int
    value: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class TakingView:
    """Everything the player page needs, and nothing a candidate may not see."""

    attempt: AttemptFacts
    title: str
    slots: tuple[SlotView, ...]
    answers: tuple[SavedAnswer, ...]
    remaining_ms: int
    lease_epoch: int
    lease_holder: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class SentEvent:
    """An answer event as a browser sent it, checked for shape only; ``slot`` is ``None`` when unreadable."""

    event_id: str
    client_seq: int
    slot: int | None
    value: str
    mono_ms: int | None
    parsable: bool


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What the server did with a batch: disposition by event id, and its own state of the attempt."""

    dispositions: dict[str, str]
    answers: tuple[SavedAnswer, ...]
    lease_epoch: int
    stale: bool
    over: bool
    remaining_ms: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a candidate keeps: the digest over their final answers and the time of submission."""

    attempt_id: AttemptId
    digest: str
    submitted_at: datetime
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of an attempt's evidence timeline."""

    at: datetime
    kind: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AskedSlot:
    """Where a question version stood: attempt and slot."""

    attempt_id: AttemptId
    slot: int
    version_id: int


@dataclass(frozen=True, slots=True)
class FirstAttempt:
    """Somebody's first attempt at a paper, handed in and not voided."""

    id: AttemptId
    person_id: PersonId
    paper_id: int
    paper_ref: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of an attempt's form and what stood there."""

    attempt_id: AttemptId
    slot: int
    section: str
    question_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The newest accepted answer (JSON text) to a version in an attempt; ``None``: nothing was sent."""

    attempt_id: AttemptId
    slot: int
    version_id: int
    option_order: tuple[int, ...]
    value: str | None


@dataclass(frozen=True, slots=True)
class MarkableSlot:
    """A slot with its final response, for marking."""

    slot: int
    version_id: int
    marks: Decimal
    option_order: tuple[int, ...]
    value: str | None


@dataclass(frozen=True, slots=True)
class InterventionFacts:
    """A proposal about an attempt that needs a second person: ``extend`` (minutes) or ``void``."""

    id: int
    attempt_id: AttemptId
    sitting_id: SittingId
    person_id: PersonId
    kind: str
    minutes: int
    reason: str
    proposed_by: PersonId
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Counts of a sitting that must add up: started = submitted + open + expired + voided."""

    candidates: int
    started: int
    submitted: int
    open: int
    expired: int
    voided: int
    events: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Tell whether every started attempt is accounted for."""
        return self.started == self.submitted + self.open + self.expired + self.voided
