"""What other packages may see of onboarding. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cstrain.grading.facts import ScoreFacts
from cstrain.kernel.finding import Finding
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.policy import DaySpec, Gate, Programme


class EnrolmentState(StrEnum):
    """Where an enrolment stands; nothing is ever deleted."""

    ACTIVE = "active"
    PAUSED = "paused"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


OPEN_STATES = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


class DayState(StrEnum):
    """How a day stands on the strip: ``wait`` is past and not finished, ``late`` is finished late."""

    DONE = "done"
    LATE = "late"
    WAIT = "wait"
    TODAY = "today"
    EXAM = "exam"
    LOCKED = "locked"
    SKIPPED = "skipped"


class TaskKind(StrEnum):
    """What a day consists of."""

    LESSON = "lesson"
    ACTIVITY = "activity"
    QUIZ = "quiz"
    EXAM = "exam"
    SHEET = "sheet"
    CONFIRM = "confirm"
    SIGN = "sign"
    SEE = "see"


class Capacity(StrEnum):
    """In which capacity somebody signs a day."""

    MENTOR = "mentor"
    SUBSTITUTE = "substitute"
    GUIDE = "guide"


class Grade(StrEnum):
    """What a gate makes of one assessment; missing evidence is ``unknown``."""

    PASSED = "passed"
    WEAK = "weak"
    FAR_BELOW = "far_below"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A part of a day: who does it (trainee, mentor, guide, examiner), and whether it is done.

    ``ref`` is the activity's id, the lesson's or paper's ref, or the sheet's kind.
    """

    kind: TaskKind
    ref: str
    title: str
    by: str
    done: bool
    required: bool = True


@dataclass(frozen=True, slots=True)
class SignFacts:
    """A signed day: who signed in which capacity, the work state 1–5, the remark, what was unusual."""

    id: int
    day_number: int
    signed_by: PersonId
    capacity: Capacity
    work_state: int
    remark: str
    signed_at: datetime
    late: bool
    out_of_order: bool
    mentor_seen_at: datetime | None
    mentor_seen_by: PersonId | None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day of one enrolment. ``done``: required parts, confirmation, signature, the mentor's look."""

    number: int
    on_day: date
    state: DayState
    spec: DaySpec
    tasks: tuple[TaskFacts, ...]
    confirmed_at: datetime | None
    sign: SignFacts | None
    guide: PersonId | None
    done: bool

    @property
    def title(self) -> str:
        """The day's title."""
        return self.spec.title

    @property
    def is_exam(self) -> bool:
        """A day with an exam paper."""
        return self.spec.is_exam_day

    def missing(self) -> tuple[TaskFacts, ...]:
        """Return the required parts that are not done yet."""
        return tuple(task for task in self.tasks if task.required and not task.done)


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """Somebody's way through an edition of a programme."""

    id: EnrolmentId
    person: PersonId
    cohort_id: int
    cohort_name: str
    programme_ref: str
    programme_edition: int
    programme_title: str
    start_date: date
    state: EnrolmentState
    closed_on: date | None
    close_reason: str | None
    window_note: str | None
    with_pre_start: bool

    @property
    def is_open(self) -> bool:
        """Active or paused."""
        return self.state in OPEN_STATES


def subject_of(enrolment_id: int, number: int) -> str:
    """Return the name under which the papers of a day are sat."""
    return f"enrolment:{enrolment_id}/day:{number}"


def subjects_of(enrolment: EnrolmentFacts, number: int) -> frozenset[str]:
    """Return the names under which a day's papers count for an enrolment: its own, and the cohort's."""
    return frozenset({subject_of(enrolment.id, number), f"cohort:{enrolment.cohort_id}/day:{number}"})


@dataclass(frozen=True, slots=True)
class MentorFacts:
    """An assignment: mentor without end while it lasts, or a substitute between two days."""

    id: int
    enrolment_id: EnrolmentId
    mentor: PersonId
    kind: str
    first_day: date
    last_day: date | None
    reason: str
    assigned_by: PersonId | None
    assigned_at: datetime

    def covers(self, day: date) -> bool:
        """Tell whether the assignment holds on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A score sheet as entered; ``marks`` by measure or item, ``corrects`` the sheet it replaces."""

    id: int
    enrolment_id: EnrolmentId
    day_number: int
    kind: str
    marks: dict[str, Decimal]
    total: Decimal | None
    evidence: str
    entered_by: PersonId
    entered_at: datetime
    corrects: int | None
    reason: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ReplanFacts:
    """A change of dates: what stood before and after, by day number, and why."""

    id: int
    at: datetime
    by: PersonId | None
    reason: str
    before: dict[int, date]
    after: dict[int, date]

    def moved(self) -> list[tuple[int, date, date]]:
        """Return (day, from, to) of the days that moved."""
        return [
            (number, self.before[number], self.after[number])
            for number in sorted(self.after)
            if self.before.get(number) not in (None, self.after[number])
        ]


@dataclass(frozen=True, slots=True)
class GateFinding:
    """What a gate makes of one of its checks, with the finding that explains it."""

    grade: Grade
    finding: Finding


@dataclass(frozen=True, slots=True)
class GateDecisionFacts:
    """A person's decision at a gate, with the proposal they had before them."""

    id: int
    gate_id: str
    proposal: str | None
    decision: str
    reason: str
    decided_by: PersonId
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class GateFacts:
    """A gate as it stands: findings, the system's proposal (``None``: evidence is missing), decisions."""

    gate: Gate
    on_day: date | None
    findings: tuple[GateFinding, ...]
    proposal: str | None
    decisions: tuple[GateDecisionFacts, ...]

    @property
    def decided(self) -> GateDecisionFacts | None:
        """The latest decision."""
        return self.decisions[-1] if self.decisions else None

    @property
    def failed(self) -> bool:
        """Something the gate looks at was weak or far below."""
        return any(each.grade in (Grade.WEAK, Grade.FAR_BELOW) for each in self.findings)

    @property
    def waits(self) -> bool:
        """A person has to decide: a gate with consequences was not passed, and nobody has decided yet."""
        if self.decisions or not self.gate.consequences or self.gate.decided_in != "gate":
            return False
        return self.failed and self.proposal is not None


@dataclass(frozen=True, slots=True)
class Timeline:
    """An enrolment with all its days as they stand today."""

    enrolment: EnrolmentFacts
    programme: Programme
    days: tuple[DayFacts, ...]
    today: date
    mentor: MentorFacts | None
    substitutes: tuple[MentorFacts, ...] = ()
    scores: tuple[ScoreFacts, ...] = ()
    sheets: tuple[SheetFacts, ...] = ()
    gates: tuple[GateFacts, ...] = ()

    def day(self, number: int) -> DayFacts | None:
        """Return a day by number."""
        return self.days[number - 1] if 1 <= number <= len(self.days) else None

    def scores_of(self, number: int) -> tuple[ScoreFacts, ...]:
        """Return the attempts at the papers of a day, oldest first."""
        spec = self.programme.day(number)
        refs = {*spec.exams, spec.quiz} if spec is not None else set()
        subjects = subjects_of(self.enrolment, number)
        return tuple(
            score
            for score in self.scores
            if score.attempt.paper.ref in refs
            and (score.attempt.subject in subjects or score.attempt.kind == "conversion")
        )

    @property
    def current(self) -> DayFacts | None:
        """Today's day, or the last one that has begun."""
        begun = [day for day in self.days if day.on_day <= self.today]
        return next((day for day in begun if day.on_day == self.today), begun[-1] if begun else None)

    @property
    def signed(self) -> tuple[SignFacts, ...]:
        """Signatures in the order of the days."""
        return tuple(day.sign for day in self.days if day.sign is not None)

    @property
    def late_days(self) -> int:
        """How many days were signed late."""
        return sum(1 for sign in self.signed if sign.late)

    @property
    def mean_state(self) -> Decimal | None:
        """Mean of the work-state marks, one decimal; ``None`` before the first signature."""
        if not self.signed:
            return None
        total = Decimal(sum(sign.work_state for sign in self.signed))
        return (total / len(self.signed)).quantize(Decimal("0.1"))

    @property
    def unsigned(self) -> tuple[DayFacts, ...]:
        """Past days (not today's) without a signature."""
        return tuple(day for day in self.days if day.on_day < self.today and day.sign is None)

    @property
    def last_day(self) -> date:
        """The date of the last day."""
        return self.days[-1].on_day


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """What a conversion judges and prints: days signed of how many, how, and with which work state."""

    days_total: int
    days_signed: int
    days_done: int
    late: int
    out_of_order: int
    mean_state: Decimal | None
    unfinished: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """Trainees who start together."""

    id: int
    name: str
    programme_ref: str
    programme_edition: int
    programme_title: str
    starts_on: date
    closed_at: datetime | None
    evaluation: str | None
    size: int = 0


@dataclass(frozen=True, slots=True)
class OpinionMark:
    """One office in a chain as the board shows it: one character, full name, given, due or ahead."""

    mark: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class BoardNote:
    """What the conversion part tells the board about an enrolment.

    ``group`` (act, watch, fine) raises the row's group; ``proposal_state`` is a state of ``_ui/status.html``.
    """

    opinions: tuple[OpinionMark, ...] = ()
    opinion_says: str = ""
    resit_says: str = ""
    resit_note: str = ""
    proposal: str = ""
    proposal_state: str = "ask"
    why: str = ""
    group: str = "fine"
    url: str = ""
    progress: str = ""
