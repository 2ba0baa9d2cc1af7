"""Results (every marking is kept), releases, appeals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Result(Row):
    """One marking of an attempt; the highest number counts, the older ones stay.

    ``key_revision_id``: the last revision of keys there was when it was marked. ``change_id``: the change of
    a mark that it carries out.
    """

    __tablename__ = "result"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "number"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    number: Mapped[int]
    raw: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    marks: Mapped[list[Any]]
    digest: Mapped[str]
    reason: Mapped[str]
    marked_at: Mapped[datetime]
    marked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    key_revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("key_revision.id"))
    change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mark_change.id"))


class LiveMark(Row):
    """An examiner's sheet for a task done aloud: points by criterion, counted once it is finished.

    ``points`` are decimal text; what has none yet is left out. One sheet a task; taking one over is audited.
    """

    __tablename__ = "live_mark"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "slot"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    slot: Mapped[int]
    examiner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Release(Row):
    """When a result was shown to its candidate, and by whom; papers with consequences need two persons."""

    __tablename__ = "release"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id"),
        sa.CheckConstraint(
            "proposed_by IS NULL OR released_by IS NULL OR proposed_by <> released_by", name="two"
        ),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    released_at: Mapped[datetime | None]


class Appeal(Row):
    """A candidate's objection to a result, decided by somebody who neither released nor marked it."""

    __tablename__ = "appeal"

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    slot: Mapped[int | None]
    reason: Mapped[str]
    filed_at: Mapped[datetime]
    decide_by: Mapped[date]
    state: Mapped[str] = mapped_column(index=True)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]


class MarkChange(Row):
    """A proposed change of a mark: one person proposes, another confirms (docs/rules.md 4)."""

    __tablename__ = "mark_change"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two"),
        sa.CheckConstraint("confirmed_by IS NULL OR refused_by IS NULL", name="once"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    slot: Mapped[int]
    earned: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    reason: Mapped[str]
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"))
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
