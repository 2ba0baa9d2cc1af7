"""Parts of answers that people must mark, and each marking of them. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_HELD = sa.text("returned_at IS NULL")


class WrittenTask(Row):
    """A part of an answer in its queue, with the rule that was in force when it got there.

    ``rounds``: by how many people it is marked if they agree. ``place`` sorts at random. ``share`` is the
    exact fraction of the part's marks that counts, once it is settled.
    """

    __tablename__ = "written_task"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "slot", "part"),
        sa.CheckConstraint("rounds IN (1, 2)", name="rounds"),
        sa.CheckConstraint("third IN ('closest_two', 'third')", name="third"),
        sa.CheckConstraint("(share IS NULL) = (settled_at IS NULL)", name="settled"),
        sa.Index(None, "paper_ref", "question_id", "part"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    slot: Mapped[int]
    part: Mapped[int]
    paper_ref: Mapped[str]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    rounds: Mapped[int]
    tolerance: Mapped[Decimal] = mapped_column(sa.Numeric(5, 4))
    third: Mapped[str]
    place: Mapped[str]
    queued_at: Mapped[datetime]
    share: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


class WrittenMark(Row):
    """Somebody's marking of a part: kept as it is typed, counted once finished; or given back, with why.

    ``points`` are decimal text by criterion. Nobody marks a part twice, and each round has one marker.
    """

    __tablename__ = "written_mark"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "marker_id"),
        sa.Index(
            "uq_written_mark_held_round",
            "task_id",
            "round",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        sa.CheckConstraint("round IN (1, 2, 3)", name="round"),
        sa.CheckConstraint("finished_at IS NULL OR returned_at IS NULL", name="one_end"),
        sa.CheckConstraint("(finished_at IS NULL) = (share IS NULL)", name="finished"),
        sa.CheckConstraint("(returned_at IS NULL) = (why IS NULL)", name="returned"),
    )

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("written_task.id"))
    round: Mapped[int]
    marker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    share: Mapped[str | None]
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    why: Mapped[str | None]
