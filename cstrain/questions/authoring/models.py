"""Drafts of questions, and what trainers say to each other about a question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_OPEN = "state IN ('draft', 'review', 'returned')"


class QuestionDraft(Row):
    """A wording that is written or waits for review; accepted, it becomes a version. Never read by exams.

    ``fields``: as the YAML of the type, right answers included; they may be incomplete until it is submitted.
    ``writers``: everybody who ever wrote in it; none of them may decide. ``revision`` grows with each save:
    who saves names the one they saw. ``author_id`` is empty for what the shell brought in. ``batch_id``: the
    import it came with. A question has one open draft at most.
    """

    __tablename__ = "question_draft"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft', 'review', 'returned', 'accepted', 'dropped')", name="state"),
        sa.CheckConstraint("decided_by <> author_id", name="two"),
        sa.Index(
            "uq_question_draft_open",
            "question_id",
            unique=True,
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
    )

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    state: Mapped[str] = mapped_column(index=True)
    fields: Mapped[dict[str, Any]]
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"))
    tags: Mapped[list[Any]]
    rule_version: Mapped[str]
    note: Mapped[str]
    revision: Mapped[int]
    writers: Mapped[list[Any]]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question_import.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decision: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question_version.id"))


class QuestionComment(Row):
    """What somebody said about a question to those who work on it; candidates never see it."""

    __tablename__ = "question_comment"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str]
