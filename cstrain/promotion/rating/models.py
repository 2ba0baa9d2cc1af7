"""Tables of quarterly ratings. Rows are added; only an act's answer is written, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_UNANSWERED = sa.text("answered_at IS NULL")
_OUTCOMES = "outcome IN ('up', 'stay', 'down', 'unknown', 'outside')"
_ANSWERED = "(answered_by IS NULL) = (answered_at IS NULL) AND (agreed IS NULL) = (answered_at IS NULL)"


class RatingRun(Row):
    """A quarter of a ladder is rated once; ``rules`` is the edition of the rating's chapter."""

    __tablename__ = "rating_run"
    __table_args__ = (sa.UniqueConstraint("ladder_ref", "quarter"),)

    ladder_ref: Mapped[str]
    edition: Mapped[int]
    rules: Mapped[int]
    quarter: Mapped[date]
    started_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime]


class RatingBase(Row):
    """The quarter's months of a department with which its people were compared, sealed."""

    __tablename__ = "rating_base"

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]


class RatingLine(Row):
    """A person's result, sealed with its facts and findings; a later ``number`` takes its place."""

    __tablename__ = "rating_line"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "person_id", "number"),
        sa.CheckConstraint(_OUTCOMES, name="outcome"),
        sa.CheckConstraint("origin IN ('run', 'late', 'contest')", name="origin"),
        sa.CheckConstraint("ran_by <> person_id AND second_by <> person_id", name="not_self"),
        sa.CheckConstraint("second_by <> ran_by", name="two_persons"),
        sa.CheckConstraint("origin = 'run' OR second_by IS NOT NULL", name="second"),
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    number: Mapped[int]
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    outcome: Mapped[str]
    level: Mapped[str | None]
    goal: Mapped[str | None]
    why: Mapped[str]
    below: Mapped[bool | None]
    origin: Mapped[str]
    reason: Mapped[str]
    ran_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    contest_until: Mapped[date]
    base_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_base.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]


class RatingLate(Row):
    """A new proposal for one person after late data: asked by one, agreed to or sent back by another."""

    __tablename__ = "rating_late"
    __table_args__ = (
        sa.CheckConstraint(_OUTCOMES, name="outcome"),
        sa.CheckConstraint("answered_by <> asked_by", name="two_persons"),
        sa.CheckConstraint("asked_by <> person_id AND answered_by <> person_id", name="not_self"),
        sa.CheckConstraint(_ANSWERED, name="answered"),
        sa.Index(
            "uq_rating_late_open",
            "run_id",
            "person_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    outcome: Mapped[str]
    level: Mapped[str | None]
    goal: Mapped[str | None]
    why: Mapped[str]
    below: Mapped[bool | None]
    base_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_base.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class RatingComment(Row):
    """What a superior, or HR, wrote beside somebody's result."""

    __tablename__ = "rating_comment"
    __table_args__ = (sa.CheckConstraint("by_id <> person_id", name="not_self"),)

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class RatingContest(Row):
    """The person's own word against a line, decided by somebody who neither ran nor agreed to it."""

    __tablename__ = "rating_contest"
    __table_args__ = (
        sa.CheckConstraint(
            "decided_by <> person_id AND ran_by <> person_id AND second_by <> person_id", name="not_self"
        ),
        sa.CheckConstraint("decided_by <> ran_by AND decided_by <> second_by", name="other_person"),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (upheld IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
    )

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_line.id"), unique=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    ran_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    filed_at: Mapped[datetime]
    decide_by: Mapped[date]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")


class RatingConfirmation(Row):
    """Lines (by id) that HR proposes to put into effect from a day on, and what the second person said."""

    __tablename__ = "rating_confirmation"
    __table_args__ = (
        sa.CheckConstraint("answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint(_ANSWERED, name="answered"),
        sa.Index(
            "uq_rating_confirmation_open",
            "run_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"))
    lines: Mapped[list[Any]]
    effective_on: Mapped[date]
    note: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class RatingEffect(Row):
    """A line took effect: the level before and after, and everybody whose consent it rests on."""

    __tablename__ = "rating_effect"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> proposed_by AND confirmed_by <> ran_by", name="two_persons"),
        sa.CheckConstraint(
            "proposed_by <> person_id AND confirmed_by <> person_id AND ran_by <> person_id"
            " AND decided_by <> person_id",
            name="not_self",
        ),
        sa.CheckConstraint("decided_by <> proposed_by AND decided_by <> confirmed_by", name="judge_apart"),
    )

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_line.id"), unique=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_run.id"), index=True)
    confirmation_id: Mapped[int] = mapped_column(sa.ForeignKey("rating_confirmation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    before: Mapped[str | None]
    after: Mapped[str | None]
    effective_on: Mapped[date]
    ran_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
