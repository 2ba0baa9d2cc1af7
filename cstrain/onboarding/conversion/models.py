"""Tables of conversion cases, their decisions and documents."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_OUTCOMES = (
    "'convert_next_day','special_training_then_resit','convert_after_one_month',"
    "'extend_probation','eliminate','converted_by_lapse'"
)


class ConversionCase(Row):
    """From the conversion exam to the decided end of a probation; one for an enrolment."""

    __tablename__ = "conversion_case"
    __table_args__ = (
        CheckConstraint("violations IN ('unknown','none','listed')", name="violations"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint(f"proposed_outcome IN ({_OUTCOMES})", name="proposed_outcome"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    violations: Mapped[str] = mapped_column(default="unknown")
    violations_text: Mapped[str] = mapped_column(default="")
    violations_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    self_summary: Mapped[str | None]
    summary_at: Mapped[datetime | None]
    proposed_outcome: Mapped[str | None]
    proposal_says: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime | None]
    blocked: Mapped[str | None]
    outcome: Mapped[str | None]
    effective_on: Mapped[date | None]
    offered_until: Mapped[date | None]
    extended_on: Mapped[date | None]
    extended_until: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)


class SpecialTraining(Row):
    """Special training set for a case."""

    __tablename__ = "special_training"

    case_id: Mapped[int] = mapped_column(ForeignKey("conversion_case.id"), index=True)
    text: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ExtensionConsent(Row):
    """The employee's written consent to an extension; the latest of a case counts."""

    __tablename__ = "extension_consent"

    case_id: Mapped[int] = mapped_column(ForeignKey("conversion_case.id"), index=True)
    until: Mapped[date]
    consented_on: Mapped[date]
    evidence: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class ConversionDecision(Row):
    """A decision of a case that a second person confirmed, with its sealed snapshot. Never changed."""

    __tablename__ = "conversion_decision"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_persons"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("conversion_case.id"), index=True)
    act_id: Mapped[int | None] = mapped_column(ForeignKey("paired_act.id"), unique=True)
    outcome: Mapped[str]
    effective_on: Mapped[date | None]
    until: Mapped[date | None]
    reason: Mapped[str]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    snapshot: Mapped[str]
    snapshot_hash: Mapped[str]


class Elimination(Row):
    """An elimination within probation, with all that the law asks for and the trainee's answer."""

    __tablename__ = "elimination"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        CheckConstraint("proposed_by <> person_id", name="not_self"),
        Index(
            "uq_elimination_open_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=sa.text("refused_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL"),
        ),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("conversion_case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    condition: Mapped[str]
    acknowledged_on: Mapped[date]
    evidence: Mapped[str]
    union_notice: Mapped[str]
    reasons: Mapped[str]
    last_day: Mapped[date]
    letter_no: Mapped[str] = mapped_column(unique=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    refused_why: Mapped[str | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    snapshot: Mapped[str | None]
    snapshot_hash: Mapped[str | None]


class ArchivedDocument(Row):
    """A document as it was handed out: its bytes and their SHA-256."""

    __tablename__ = "archived_document"
    __table_args__ = (Index("ix_archived_document_subject_kind", "subject", "kind"),)

    kind: Mapped[str]
    subject: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
