"""Practice sets, their questions and what was answered. Nothing here is a result, and nothing is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class PracticeRun(Row):
    """A set of questions somebody practises: drawn from a bank, or the wrong ones whose turn has come."""

    __tablename__ = "practice_run"
    __table_args__ = (sa.CheckConstraint("kind IN ('draw', 'book')", name="kind"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    bank: Mapped[str]
    topics: Mapped[list[Any]]
    seed: Mapped[int] = mapped_column(sa.BigInteger())
    started_at: Mapped[datetime]


class PracticeQuestion(Row):
    """A place of a set: the question version, and the order its options are shown in."""

    __tablename__ = "practice_question"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "place"),
        sa.UniqueConstraint("run_id", "question_id"),
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("practice_run.id"))
    place: Mapped[int]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    option_order: Mapped[list[Any]]


class PracticeAnswer(Row):
    """The one answer to a place of a set. ``share`` is an exact fraction as text, ``value`` JSON text."""

    __tablename__ = "practice_answer"
    __table_args__ = (sa.UniqueConstraint("run_id", "place"),)

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("practice_run.id"))
    place: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    value: Mapped[str]
    share: Mapped[str]
    correct: Mapped[bool]
    given_up: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(index=True)
