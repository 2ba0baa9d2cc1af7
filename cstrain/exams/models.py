"""Papers, sittings, attempts, and the append-only log of what candidates sent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Paper(Row):
    """An edition of a blueprint; attempts point at the edition they were drawn from.

    The blueprint is read when it is asked for: it is long, and known by its digest.
    """

    __tablename__ = "paper"
    __table_args__ = (sa.UniqueConstraint("ref", "edition"),)

    ref: Mapped[str]
    edition: Mapped[int]
    effective_from: Mapped[date]
    title: Mapped[str]
    bank: Mapped[str]
    blueprint: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    digest: Mapped[str]
    created_at: Mapped[datetime]


class Sitting(Row):
    """A paper set for some people in a window. ``subject`` says what for, such as ``enrolment:5/day:3``.

    ``quiz_of`` is whose quiz it is, if it is one: the constraint leaves each person one for each subject.
    ``late_minutes``: how long after the opening one may still start; empty: until it closes. ``code`` is
    what the invigilator shows in the room and candidates type to start; empty: none is asked.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="window"),
        sa.CheckConstraint("late_minutes IS NULL OR late_minutes >= 0", name="late"),
        sa.UniqueConstraint("quiz_of", "subject"),
    )

    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    quiz_of: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    title: Mapped[str]
    place: Mapped[str]
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
    max_attempts: Mapped[int | None]
    late_minutes: Mapped[int | None]
    code: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Candidate(Row):
    """A person who may sit. Their newest accommodation, where there is one, overrides ``extra_minutes``."""

    __tablename__ = "candidate"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "person_id"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    extra_minutes: Mapped[int]


class Accommodation(Row):
    """What one candidate is granted before they start: own window, extra minutes, coming late.

    Never changed: a correction is another row, and the newest counts. Nobody grants it to themself.
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        sa.CheckConstraint("given_by <> person_id", name="others"),
        sa.CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", name="window"),
        sa.CheckConstraint("extra_minutes >= 0", name="extra"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    extra_minutes: Mapped[int]
    late: Mapped[bool]
    reason: Mapped[str]
    given_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime]


class WrongCode(Row):
    """A wrong room code somebody typed. Kept whatever became of the request; too many make one wait."""

    __tablename__ = "wrong_code"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    typed_at: Mapped[datetime]


class Attempt(Row):
    """One person's go at one paper. Deadline, form and lease are decided by the server alone.

    While ``paused_at`` is set the time stands still (``rules.ends_at``); resuming moves the deadline.
    """

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("candidate_id", "number"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"))
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(sa.BigInteger())
    started_at: Mapped[datetime]
    deadline: Mapped[datetime] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]
    lease_epoch: Mapped[int]
    lease_holder: Mapped[str]
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    submit_key: Mapped[str | None]
    receipt: Mapped[str | None]
    voided_at: Mapped[datetime | None]


class AttemptQuestion(Row):
    """A slot of the drawn form: the question version, its marks, the order its options are shown in."""

    __tablename__ = "attempt_question"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "slot"),
        sa.UniqueConstraint("attempt_id", "question_id"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    slot: Mapped[int]
    section: Mapped[str]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    marks: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    option_order: Mapped[list[Any]]


class Exposure(Row):
    """A question a person has met at a disjoint paper: the constraint forbids meeting it there again."""

    __tablename__ = "exposure"
    __table_args__ = (sa.UniqueConstraint("person_id", "paper_ref", "question_id"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    paper_ref: Mapped[str]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))


class AnswerEvent(Row):
    """What a candidate's browser sent, whatever became of it (docs/rules.md D2, D4). Never changed."""

    __tablename__ = "answer_event"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "event_id"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    event_id: Mapped[str]
    client_seq: Mapped[int] = mapped_column(sa.BigInteger())
    slot: Mapped[int | None]
    value: Mapped[str]
    client_mono_ms: Mapped[int | None] = mapped_column(sa.BigInteger())
    received_at: Mapped[datetime]
    lease_epoch: Mapped[int]
    disposition: Mapped[str]


class Answer(Row):
    """The newest accepted answer of a slot: a projection of the log, kept in the same transaction."""

    __tablename__ = "answer"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "slot"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    slot: Mapped[int]
    value: Mapped[str]
    event_row_id: Mapped[int] = mapped_column(sa.ForeignKey("answer_event.id"))
    lease_epoch: Mapped[int]
    client_seq: Mapped[int] = mapped_column(sa.BigInteger())
    saved_at: Mapped[datetime]


class AttemptMoment(Row):
    """A moment in an attempt's life: start, lease changes, extension, submission (docs/rules.md D9)."""

    __tablename__ = "attempt_moment"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]]


class Extension(Row):
    """Extra minutes for a running attempt, with the reason; long ones name the second person."""

    __tablename__ = "extension"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    minutes: Mapped[int]
    reason: Mapped[str]
    granted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime]


class Intervention(Row):
    """What one person proposes about an attempt and a second one decides: a long extension, or voiding it."""

    __tablename__ = "intervention"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two"),
        sa.CheckConstraint("kind IN ('extend', 'void')", name="kind"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    kind: Mapped[str]
    minutes: Mapped[int]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
