"""Which version of its lesson a question was last held against."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class SourceCheck(Row):
    """A question version held against a version of the lesson it names. Rows are only added; the last counts.

    ``verdict``: ``came_in``, the version that was in force when the question came in (by nobody); ``fits``,
    somebody read both and says that the question is still right.
    """

    __tablename__ = "source_check"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('fits', 'came_in')", name="verdict"),
        sa.CheckConstraint("verdict = 'came_in' OR checked_by IS NOT NULL", name="somebody"),
    )

    question_version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), index=True)
    lesson_ref: Mapped[str]
    lesson_number: Mapped[int]
    verdict: Mapped[str]
    checked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_at: Mapped[datetime]
    note: Mapped[str]
