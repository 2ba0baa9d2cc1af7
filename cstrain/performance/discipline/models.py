"""Tables of deductions, contests, opening sums and registers. Nothing is changed or deleted: a row takes
another back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_KINDS = "'complaint','violation','award','proposal','cover','conflict','suggestion'"


class Deduction(Row):
    """A deduction by a published rule; ``total`` is points times ``times``.

    A reversal is another row (``reverses_id``) with the same person, day and rule and the total negated,
    booked by somebody who did not book the first (``original_by``, tied to it by the foreign key).
    """

    __tablename__ = "deduction"
    __table_args__ = (
        sa.UniqueConstraint("id", "person_id", "booked_by", name="uq_deduction_whose"),
        sa.ForeignKeyConstraint(
            ["reverses_id", "person_id", "original_by"],
            ["deduction.id", "deduction.person_id", "deduction.booked_by"],
            name="fk_deduction_reverses",
        ),
        sa.UniqueConstraint("reverses_id"),
        sa.CheckConstraint("booked_by <> person_id", name="not_self"),
        sa.CheckConstraint("original_by IS NULL OR original_by <> booked_by", name="two_persons"),
        sa.CheckConstraint("(reverses_id IS NULL) = (original_by IS NULL)", name="reversal"),
        sa.CheckConstraint("points >= 1 AND times >= 1", name="whole"),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND total = points * times)"
            " OR (reverses_id IS NOT NULL AND total = -points * times)",
            name="total",
        ),
        sa.Index("ix_deduction_person_id_day", "person_id", "day"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(index=True)
    rule_set: Mapped[str]
    edition: Mapped[int]
    code: Mapped[str]
    rule_text: Mapped[str]
    points: Mapped[int]
    times: Mapped[int]
    times_code: Mapped[str | None]
    total: Mapped[int]
    set_aside: Mapped[list[Any]]
    evidence: Mapped[str]
    booked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    booked_at: Mapped[datetime]
    contest_until: Mapped[date | None]
    reverses_id: Mapped[int | None]
    original_by: Mapped[int | None]


class DeductionContest(Row):
    """The person's word against a deduction, once; decided by neither them nor whoever booked it."""

    __tablename__ = "deduction_contest"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["deduction_id", "person_id", "booked_by"],
            ["deduction.id", "deduction.person_id", "deduction.booked_by"],
            name="fk_deduction_contest_deduction",
        ),
        sa.UniqueConstraint("deduction_id"),
        sa.UniqueConstraint("reversal_id"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_self"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> booked_by", name="two_persons"),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (upheld IS NULL)",
            name="decided",
        ),
        sa.CheckConstraint(
            "(upheld IS NOT NULL AND NOT upheld) = (reversal_id IS NOT NULL)", name="reversed_by"
        ),
    )

    deduction_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(index=True)
    booked_by: Mapped[int]
    says: Mapped[str]
    filed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer: Mapped[str | None]
    reversal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deduction.id"))


class OpeningDeductions(Row):
    """What was deducted in a month before deductions were booked here; the newest row of a month counts."""

    __tablename__ = "opening_deductions"
    __table_args__ = (
        sa.CheckConstraint("entered_by <> person_id", name="not_self"),
        sa.CheckConstraint("number >= 0 AND points >= number", name="whole"),
        sa.CheckConstraint("(number = 0) = (points = 0)", name="both"),
        sa.Index("ix_opening_deductions_person_id_month", "person_id", "month"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    month: Mapped[date]
    number: Mapped[int]
    points: Mapped[int]
    source: Mapped[str]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("opening_batch.id"), index=True)
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class OpeningBatch(Row):
    """A checked file of opening sums that waits for its confirmation."""

    __tablename__ = "opening_batch"

    filename: Mapped[str]
    digest: Mapped[str]
    source: Mapped[str]
    rows: Mapped[list[Any]]
    faults: Mapped[list[Any]]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RegisterEntry(Row):
    """An entry of a register. A wrong one is taken back by another row (``withdraws_id``) with a reason.

    ``other_id``: the other side of a conflict, or the absent colleague somebody covered for.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        sa.UniqueConstraint("id", "person_id", "kind", name="uq_register_entry_whose"),
        sa.ForeignKeyConstraint(
            ["withdraws_id", "person_id", "kind"],
            ["register_entry.id", "register_entry.person_id", "register_entry.kind"],
            name="fk_register_entry_withdraws",
        ),
        sa.UniqueConstraint("withdraws_id"),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        sa.CheckConstraint("severity IN ('minor','medium','serious')", name="severity"),
        sa.CheckConstraint("(severity IS NOT NULL) = (kind = 'complaint')", name="complaint"),
        sa.CheckConstraint("kind = 'complaint' OR (NOT major AND NOT vip)", name="only_complaint"),
        sa.CheckConstraint("entered_by <> person_id", name="not_self"),
        sa.CheckConstraint("other_id IS NULL OR entered_by <> other_id", name="not_other"),
        sa.CheckConstraint("other_id IS NULL OR person_id <> other_id", name="two_sides"),
        sa.CheckConstraint("(other_id IS NOT NULL) = (kind IN ('conflict','cover'))", name="other"),
        sa.Index("ix_register_entry_person_id_day", "person_id", "day"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    day: Mapped[date] = mapped_column(index=True)
    text: Mapped[str]
    evidence: Mapped[str]
    severity: Mapped[str | None]
    vip: Mapped[bool] = mapped_column(default=False)
    major: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    withdraws_id: Mapped[int | None]
