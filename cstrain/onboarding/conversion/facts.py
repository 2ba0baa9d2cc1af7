"""What a conversion case is made of; frozen, for rules, pages and the packages above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cstrain.kernel.ids import AttemptId, CaseId, EnrolmentId, PersonId, SittingId


class Outcome(StrEnum):
    """How a case goes on, or ends (docs/rules.md 1, outcomes)."""

    NEXT_DAY = "convert_next_day"
    TRAIN_AND_RESIT = "special_training_then_resit"
    AFTER_MONTH = "convert_after_one_month"
    EXTEND = "extend_probation"
    ELIMINATE = "eliminate"
    LAPSED = "converted_by_lapse"


CONVERTING = frozenset({Outcome.NEXT_DAY, Outcome.AFTER_MONTH, Outcome.LAPSED})
FINAL = CONVERTING | {Outcome.ELIMINATE}


class Violations(StrEnum):
    """What HR has stated about violations in a case; unknown blocks the decision."""

    UNKNOWN = "unknown"
    NONE = "none"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Taken:
    """A released attempt at a conversion paper. ``on`` is the exam day, ``released_on`` when it was shown."""

    paper_ref: str
    attempt_id: AttemptId
    title: str
    raw: Decimal
    pass_mark: Decimal
    on: date
    released_on: date
    resit: bool

    @property
    def passed(self) -> bool:
        """Tell whether the raw mark reaches the pass mark."""
        return self.raw >= self.pass_mark


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the outcome follows from.

    ``papers`` are those that must be passed; ``taken`` the released attempts, oldest first. ``latest_end`` is
    the last day art. 19 allows for probation (``None``: none allowed). ``extended_on`` is the day the last
    extension was decided, from which failed papers may be sat once more.
    """

    papers: tuple[str, ...]
    hired_on: date
    probation_end: date
    latest_end: date | None
    taken: tuple[Taken, ...] = ()
    extended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose; ``outcome`` is ``None`` while results are missing. People decide."""

    outcome: Outcome | None
    says: str
    effective_on: date | None = None
    until: date | None = None
    failed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A conversion paper in a case: its released attempts, and what is arranged or being marked."""

    ref: str
    short: str
    first: Taken | None
    resits: tuple[Taken, ...]
    being_marked: bool
    sitting: PlannedSitting | None

    @property
    def passed(self) -> bool | None:
        """Passed at any attempt; ``None`` while nothing is released."""
        attempts = (self.first, *self.resits) if self.first else self.resits
        return any(one.passed for one in attempts) if attempts else None

    @property
    def latest(self) -> Taken | None:
        """The attempt that counts: the first that passed, else the last."""
        attempts = [one for one in (self.first, *self.resits) if one is not None]
        passing = [one for one in attempts if one.passed]
        return passing[0] if passing else (attempts[-1] if attempts else None)


@dataclass(frozen=True, slots=True)
class PlannedSitting:
    """A sitting of a case that nobody has sat yet."""

    sitting_id: SittingId
    paper_ref: str
    kind: str
    opens_at: datetime
    closes_at: datetime
    over: bool


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A conversion case as other packages and pages may see it."""

    id: CaseId
    enrolment_id: EnrolmentId
    person_id: PersonId
    opened_at: datetime
    violations: Violations
    violations_text: str
    self_summary: str | None
    summary_at: datetime | None
    proposed: Outcome | None
    proposal_says: str
    blocked: str | None
    outcome: Outcome | None
    effective_on: date | None
    offered_until: date | None
    extended_on: date | None
    extended_until: date | None
    decided_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be decided."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Consent:
    """The employee's written consent to an extension."""

    until: date
    consented_on: date
    evidence: str
    recorded_by: PersonId
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Training:
    """What was set as special training before a resit, or done in an extension."""

    text: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision of a case, confirmed by a second person, with its sealed snapshot."""

    id: int
    case_id: CaseId
    act_id: int | None
    outcome: Outcome
    effective_on: date | None
    until: date | None
    reason: str
    proposed_by: PersonId | None
    confirmed_by: PersonId | None
    decided_at: datetime
    snapshot: str
    snapshot_hash: str


@dataclass(frozen=True, slots=True)
class EliminationFacts:
    """An elimination within probation with everything the law asks for; ``answer`` is the trainee's own."""

    id: int
    enrolment_id: EnrolmentId
    case_id: CaseId | None
    person_id: PersonId
    condition: str
    acknowledged_on: date
    evidence: str
    union_notice: str
    reasons: str
    last_day: date
    letter_no: str
    proposed_by: PersonId
    proposed_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    refused_by: PersonId | None
    refused_at: datetime | None
    refused_why: str | None
    answer: str | None
    answered_at: datetime | None
    snapshot: str | None
    snapshot_hash: str | None

    @property
    def state(self) -> str:
        """``open``, ``decided`` or ``refused``."""
        if self.decided_at is not None:
            return "decided"
        return "refused" if self.refused_at is not None else "open"


@dataclass(frozen=True, slots=True)
class ArchivedFacts:
    """A document as it was archived: its bytes are kept and can be checked against ``sha256``."""

    id: int
    kind: str
    subject: str
    person_id: PersonId
    filename: str
    sha256: str
    created_at: datetime
