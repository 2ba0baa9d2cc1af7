"""Tables of applications, defences, public notices and appeals. What happened is a row that stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_STATES = (
    "'submitted','reviewed','checked','defended','approved','notice','cleared','trial','returned','declined',"
    "'stopped','withdrawn','left','appointed','confirmed','unconfirmed'"
)


class PromotionApplication(Row):
    """Somebody's wish for one step of an edition of a ladder; ``state`` is what its last event says."""

    __tablename__ = "promotion_application"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index(
            "uq_promotion_application_open_person",
            "person_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    ladder_ref: Mapped[str]
    ladder_edition: Mapped[int]
    start_level: Mapped[str | None]
    goal_level: Mapped[str]
    statement: Mapped[str]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    effective_on: Mapped[date | None]
    trial_until: Mapped[date | None]


class ApplicationEvent(Row):
    """One act on an application: it leads from a state to the next. Never changed."""

    __tablename__ = "application_event"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint(
            "by_id IS NULL OR by_id <> person_id OR kind IN ('submit','withdraw')", name="not_self"
        ),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    kind: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]]


class ApplicationEvidence(Row):
    """What an act rested on, sealed: facts, findings and editions as text with its SHA-256. Never changed."""

    __tablename__ = "application_evidence"
    __table_args__ = (
        CheckConstraint("stage IN ('submit','check','decide','appeal')", name="stage"),
        Index("ix_application_evidence_application_id", "application_id", "id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"))
    stage: Mapped[str]
    content: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]


class ApplicationEndorsement(Row):
    """The direct superior's rating of a quality that no number shows."""

    __tablename__ = "application_endorsement"
    __table_args__ = (
        UniqueConstraint("application_id", "topic"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("by_id <> person_id", name="not_self"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    topic: Mapped[str]
    office: Mapped[str]
    rating: Mapped[int]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ApplicationConfirmation(Row):
    """HR's word on a condition that the system could not answer: what was looked at and found."""

    __tablename__ = "application_confirmation"
    __table_args__ = (
        UniqueConstraint("application_id", "place"),
        CheckConstraint("by_id <> person_id", name="not_self"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[int]
    text: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class DefenceRound(Row):
    """A round of defences that HR issues: its plan, day and place; ``seed`` drew order and questions."""

    __tablename__ = "defence_round"

    panel_ref: Mapped[str]
    chapter_edition: Mapped[int]
    title: Mapped[str]
    plan: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str]
    seed: Mapped[int]
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]


class DefenceJuror(Row):
    """Somebody who sits in a round, by which office."""

    __tablename__ = "defence_juror"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("defence_round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class DefenceEntry(Row):
    """An applicant in a round: the drawn place and questions, the times, the minutes."""

    __tablename__ = "defence_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("minutes_by IS NULL OR minutes_by <> person_id", name="not_self"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("defence_round.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    questions: Mapped[list[Any]]
    speech_from: Mapped[datetime | None]
    speech_to: Mapped[datetime | None]
    answers_from: Mapped[datetime | None]
    answers_to: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    minutes: Mapped[str | None]
    minutes_hash: Mapped[str | None]
    minutes_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes_at: Mapped[datetime | None]


class JurorDeclaration(Row):
    """What is on record about a juror's ties to an applicant; rows are added, never changed.

    By the juror: ``none``, ``recuse``, ``unsure``; by HR: ``cleared``, ``excluded``; by the rules, when the
    panel is made: ``excluded`` (mentor or direct superior), ``tied`` (the same, but the policy names the
    office, so it is declared in the minutes).
    """

    __tablename__ = "juror_declaration"
    __table_args__ = (
        CheckConstraint("answer IN ('none','recuse','unsure','cleared','excluded','tied')", name="answer"),
        CheckConstraint(
            "(answer IN ('none','recuse','unsure')) = (by_id IS NOT NULL AND by_id = juror_id)",
            name="own_word",
        ),
        Index("ix_juror_declaration_entry_id", "entry_id", "juror_id", "id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("defence_entry.id"))
    juror_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class DefenceSheet(Row):
    """A juror's sheet. A draft until it is sealed, then never changed; ``digest`` is on the audit log."""

    __tablename__ = "defence_sheet"
    __table_args__ = (
        UniqueConstraint("entry_id", "juror_id"),
        CheckConstraint("juror_id <> person_id", name="not_self"),
        CheckConstraint("(sealed_at IS NULL) = (digest IS NULL)", name="sealed"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("defence_entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    juror_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    points: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    salt: Mapped[str | None]
    digest: Mapped[str | None]


class MinutesSignature(Row):
    """A juror signs the minutes; ``minutes_hash`` says which text."""

    __tablename__ = "minutes_signature"
    __table_args__ = (UniqueConstraint("entry_id", "juror_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("defence_entry.id"))
    juror_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    minutes_hash: Mapped[str]
    at: Mapped[datetime]


class PublicNotice(Row):
    """A notice to all staff before an appointment. ``content`` is what was published: no marks."""

    __tablename__ = "public_notice"
    __table_args__ = (
        CheckConstraint("published_by <> person_id", name="not_self"),
        CheckConstraint("closed_by IS NULL OR closed_by <> person_id", name="not_closed_by_self"),
        CheckConstraint("last_day >= first_day", name="order"),
        CheckConstraint("outcome IN ('clean','stopped')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed"),
        Index("ix_public_notice_days", "last_day", "first_day"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[dict[str, Any]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class NoticeObjection(Row):
    """An objection to a notice. An anonymous one holds a day and no person: there is nothing to find out."""

    __tablename__ = "notice_objection"
    __table_args__ = (
        CheckConstraint("(kind = 'named') = (by_id IS NOT NULL)", name="anonymous"),
        CheckConstraint("kind IN ('named','anonymous')", name="kind"),
        CheckConstraint("finding IN ('upheld','dismissed')", name="finding"),
        CheckConstraint("(finding IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("by_id IS NULL OR answered_by IS NULL OR answered_by <> by_id", name="not_self"),
    )

    notice_id: Mapped[int] = mapped_column(ForeignKey("public_notice.id"), index=True)
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    filed_on: Mapped[date]
    start_by: Mapped[date]
    answer_by: Mapped[date]
    started_at: Mapped[datetime | None]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finding: Mapped[str | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ApplicationAppeal(Row):
    """An applicant's appeal against how it ended; decided by somebody who had no part. One for an ending."""

    __tablename__ = "application_appeal"
    __table_args__ = (
        UniqueConstraint("application_id", "event_number"),
        CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_self"),
        CheckConstraint("(upheld IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("promotion_application.id"))
    event_number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    filed_at: Mapped[datetime]
    decide_by: Mapped[date]
    upheld: Mapped[bool | None]
    reason: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
