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
    unified: bool = False
    requires: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What a candidate was granted: own times where they are given, extra minutes, starting late.

    ``reason`` is for those who arrange; nobody else is shown it.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    extra_minutes: int
    late: bool
    reason: str
    given_by: PersonId
    given_at: datetime


@dataclass(frozen=True, slots=True)
class PersonalWindow:
    """When one person may start and until when they may write.

    ``last_start`` is the last instant at which they may start; empty: until it closes. ``extra_minutes``
    come on top, also behind the end. ``own``: it differs from that of the others.
    """

    opens_at: datetime
    closes_at: datetime
    last_start: datetime | None
    extra_minutes: int
    own: bool


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A candidate as who arranges sees them; ``given`` is the accommodation that counts."""

    person_id: PersonId
    window: PersonalWindow
    given: Accommodation | None
    attempts: int
    wrong_codes: int


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting; asked for one person, ``opens_at`` and ``closes_at`` are that person's own.

    ``last_start``: the last instant to start; empty: until it closes. ``extra_minutes`` and ``own_window``
    are the person's. The room's code is never here: only that one is asked for.
    """

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
    late_minutes: int | None = None
    last_start: datetime | None = None
    needs_code: bool = False
    extra_minutes: int = 0
    own_window: bool = False


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt: whose, at which paper, when; ``state`` is open, submitted, expired or voided then.

    ``deadline`` is what it is as seen then: while the attempt is paused it moves on with the clock. ``title``
    is the sitting's.
    """

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
    paused_at: datetime | None = None
    title: str = ""


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
class HeldView:
    """What the server holds of an attempt: answers, who writes, the highest count used, the time left."""

    attempt: AttemptFacts
    answers: tuple[SavedAnswer, ...]
    remaining_ms: int
    lease_epoch: int
    lease_holder: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class TakingView:
    """Everything the player page needs, and nothing a candidate may not see."""

    held: HeldView
    slots: tuple[SlotView, ...]


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
    paused: bool = False


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


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An answer event as the log holds it: JSON text (or what could not be read) and what became of it."""

    event_id: str
    received_at: datetime
    slot: int | None
    value: str
    lease: int
    count: int
    disposition: str


@dataclass(frozen=True, slots=True)
class BegunSitting:
    """A sitting in which somebody began: ``candidates`` were to sit."""

    id: SittingId
    title: str
    kind: str
    opens_at: datetime
    candidates: int


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Something of an attempt that does not follow from its log; ``slot`` where it is about an answer.

    ``what``: ``answer``, ``receipt``, ``closed`` (see ``unexplained``), ``unmarked``: handed in, and neither
    a result nor anybody who is to mark it.
    """

    attempt_id: AttemptId
    what: str
    slot: int | None
