"""Monthly records of people, the close of a department's month, and what two persons change after it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_Share = sa.Numeric(6, 2)
_Amount = sa.Numeric(14, 2)
_Days = sa.Numeric(5, 1)


class PerformanceMonth(Row):
    """What is known of a person's month. Rows are added, never changed: the highest revision counts.

    ``month`` is its first day; department, level, post, ``probation`` and ``away`` are those of its last day.
    ``deductions`` and their points stand here only for opening data, from before entries were booked.
    """

    __tablename__ = "performance_month"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    month: Mapped[date]
    revision: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    level: Mapped[str | None]
    post: Mapped[str]
    probation: Mapped[bool]
    away: Mapped[bool]
    score: Mapped[Decimal | None] = mapped_column(_Share)
    grade: Mapped[str | None]
    brand_points: Mapped[Decimal | None] = mapped_column(_Amount)
    chats: Mapped[int | None]
    csat: Mapped[Decimal | None] = mapped_column(_Share)
    complaints: Mapped[int | None]
    resolution: Mapped[Decimal | None] = mapped_column(_Share)
    handle_minutes: Mapped[Decimal | None] = mapped_column(_Amount)
    first_response_seconds: Mapped[Decimal | None] = mapped_column(_Amount)
    sales: Mapped[Decimal | None] = mapped_column(_Amount)
    sales_target: Mapped[Decimal | None] = mapped_column(_Amount)
    tickets: Mapped[int | None]
    wrong_tickets: Mapped[int | None]
    excellent_cases: Mapped[int | None]
    attendance_days: Mapped[Decimal | None] = mapped_column(_Days)
    due_days: Mapped[Decimal | None] = mapped_column(_Days)
    deductions: Mapped[int | None]
    deduction_points: Mapped[int | None]
    opening: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    source_note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("performance_batch.id"))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("performance_correction.id"))
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    entered_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("person_id", "month", "revision"),
        CheckConstraint("entered_by <> person_id", name="not_self"),
        CheckConstraint("grade IN ('S','A','B','C','D')", name="grade"),
        CheckConstraint("level IN ('junior','intermediate','senior','principal')", name="level"),
        CheckConstraint("source IN ('entry','import','opening','correction','close')", name="source"),
        CheckConstraint("revision = 1 OR reason <> ''", name="reasoned"),
        CheckConstraint("(source = 'correction') = (correction_id IS NOT NULL)", name="corrected"),
        Index("ix_performance_month_department_id_month", "department_id", "month"),
    )


class MonthClose(Row):
    """A department's month closed. ``gaps``: ids of people without a record, known when it was closed.

    It is in force unless two persons have reopened it; ``number`` counts the closes of one month.
    """

    __tablename__ = "month_close"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    month: Mapped[date]
    number: Mapped[int]
    opening: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int]
    gaps: Mapped[list[Any]]
    closed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime]
    closed_on: Mapped[date]

    __table_args__ = (UniqueConstraint("department_id", "month", "number"),)


class MonthReopening(Row):
    """Somebody asks for a closed month to be opened again; somebody else agrees or does not."""

    __tablename__ = "month_reopening"

    close_id: Mapped[int] = mapped_column(ForeignKey("month_close.id"), index=True)
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    agreed: Mapped[bool | None]

    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
        CheckConstraint("(decided_by IS NULL) = (agreed IS NULL)", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_on IS NULL)", name="decided_on"),
    )


class PerformanceCorrection(Row):
    """What is to change in a closed month: asked by one person, agreed to by another, neither the subject.

    ``changes``: the new values by column, as text; ``None`` takes a value away. ``base``: the revision that
    the change was written for (0: there was no record).
    """

    __tablename__ = "performance_correction"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    month: Mapped[date]
    base: Mapped[int]
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("asked_by <> person_id", name="not_self"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
        CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_by_subject"),
        CheckConstraint("(decided_by IS NULL) = (agreed IS NULL)", name="decided"),
    )


class PerformanceBatch(Row):
    """A checked file of monthly records that waits for its confirmation; what was confirmed stays."""

    __tablename__ = "performance_batch"

    kind: Mapped[str]
    source_note: Mapped[str]
    filename: Mapped[str]
    digest: Mapped[str]
    rows: Mapped[list[Any]]
    faults: Mapped[list[Any]]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('month','opening')", name="kind"),
        CheckConstraint("kind <> 'opening' OR source_note <> ''", name="sourced"),
    )
