"""Banks, questions and their versions. The key has a table of its own that the taking path never reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Base, Row


class Bank(Row):
    """A question bank."""

    __tablename__ = "bank"

    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str]


class Topic(Row):
    """A topic of a bank; ``position`` is its place in lists."""

    __tablename__ = "topic"
    __table_args__ = (sa.UniqueConstraint("bank_id", "ref"),)

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    ref: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]


class Question(Row):
    """A question over all its versions. Retired questions are drawn no more and stay readable."""

    __tablename__ = "question"
    __table_args__ = (sa.UniqueConstraint("bank_id", "ref"),)

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    ref: Mapped[str]
    retired_at: Mapped[datetime | None]
    current_version_id: Mapped[int | None]


class QuestionVersion(Row):
    """One frozen wording: what a candidate may see. Editing makes another version."""

    __tablename__ = "question_version"
    __table_args__ = (sa.UniqueConstraint("question_id", "number"),)

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    number: Mapped[int]
    type: Mapped[str]
    difficulty: Mapped[int]
    content: Mapped[dict[str, Any]]
    source: Mapped[str]
    situation: Mapped[bool]
    digest: Mapped[str]
    created_at: Mapped[datetime]


class QuestionScript(Base):
    """What the machine plays while a version is answered (chats); neither content nor key."""

    __tablename__ = "question_script"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), primary_key=True)
    script: Mapped[dict[str, Any]]


class QuestionKey(Base):
    """The right answer and its explanation, apart from the content (docs/rules.md D6)."""

    __tablename__ = "question_key"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), primary_key=True)
    key: Mapped[dict[str, Any]]
    explanation: Mapped[str]


class KeyRevision(Row):
    """What counts instead of a version's key since two persons said so. Rows are only added.

    ``kind``: ``key``, another key; ``credit``, everybody who was asked earns all the marks. The highest id of
    a version counts; ids grow in the order in which revisions came into force.
    """

    __tablename__ = "key_revision"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> proposed_by", name="two"),
        sa.CheckConstraint("kind IN ('key', 'credit')", name="kind"),
    )

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), index=True)
    kind: Mapped[str]
    key: Mapped[dict[str, Any]]
    explanation: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]
