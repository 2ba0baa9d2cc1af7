"""Pairs of versions that somebody said are not the same question."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class DuplicateVerdict(Row):
    """Two versions that are alike and yet not the same; a new version of either asks again."""

    __tablename__ = "duplicate_verdict"
    __table_args__ = (
        sa.UniqueConstraint("first_version_id", "second_version_id"),
        sa.CheckConstraint("first_version_id < second_version_id", name="in_order"),
    )

    first_version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    second_version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), index=True)
    reason: Mapped[str]
    said_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    said_at: Mapped[datetime]
