"""Decisions that somebody need not sit a paper again after a lesson changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class RetestWaiver(Row):
    """A person's pass (its attempt) is left as it is after a change of a lesson. Rows are only added."""

    __tablename__ = "retest_waiver"
    __table_args__ = (
        sa.UniqueConstraint("lesson_ref", "lesson_number", "attempt_id"),
        sa.CheckConstraint("decided_by <> person_id", name="others"),
    )

    lesson_ref: Mapped[str]
    lesson_number: Mapped[int]
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime]
