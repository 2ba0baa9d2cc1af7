"""Banks, questions and their versions. The key has a table of its own that the taking path never reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Base, Row


class Bank(Row):
    """A question bank: ``origin`` is ``shipped`` with the product, or the company's ``own``."""

    __tablename__ = "bank"
    __table_args__ = (sa.CheckConstraint("origin IN ('shipped', 'own')", name="origin"),)

    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str]
    origin: Mapped[str] = mapped_column(server_default="shipped")


class Topic(Row):
    """A topic of a bank, below another one or at the top; ``position`` is its place in lists."""

    __tablename__ = "topic"
    __table_args__ = (sa.UniqueConstraint("bank_id", "ref"),)

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    ref: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))


class Question(Row):
    """A question over all its versions. Retired questions are drawn no more and stay readable.

    Without a current version it has never been in use: its first wording is still written or reviewed.
    ``origin``: ``shipped`` questions follow the product's files, unless people made the current version;
    ``own`` ones were written or brought in here. ``retired_by`` and ``placed_by``: who retired it or put it
    under its topic, if no file did; files then leave that alone.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("bank_id", "ref"),
        sa.CheckConstraint("origin IN ('shipped', 'own')", name="origin"),
        sa.Index("ix_question_bank_id_retired_at", "bank_id", "retired_at"),
    )

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    ref: Mapped[str]
    retired_at: Mapped[datetime | None]
    current_version_id: Mapped[int | None] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(server_default="shipped")
    retired_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    placed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime | None]


class QuestionVersion(Row):
    """One frozen wording: what a candidate may see. Editing makes another version.

    ``written_by`` and ``approved_by`` are two people; both are empty where the product's files say it.
    ``rule_version``: which edition of a rule or product the wording goes by; ``note``: why it was changed.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "number"),
        sa.CheckConstraint("written_by <> approved_by", name="two"),
    )

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    number: Mapped[int]
    type: Mapped[str]
    difficulty: Mapped[int]
    content: Mapped[dict[str, Any]]
    source: Mapped[str]
    situation: Mapped[bool]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    rule_version: Mapped[str] = mapped_column(server_default=sa.text("''"))
    note: Mapped[str] = mapped_column(server_default=sa.text("''"))
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class QuestionTag(Base):
    """A word that trainers put on a question, to find it again."""

    __tablename__ = "question_tag"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class QuestionText(Base):
    """What a question is found by: its stem and options folded, and the initials of the stem's pinyin.

    Made from the current version, or from the draft of a question that has none yet. ``meaning``: the digest
    by which duplicates are told; empty where it was not worked out.
    """

    __tablename__ = "question_text"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    words: Mapped[str]
    initials: Mapped[str]
    meaning: Mapped[str] = mapped_column(server_default=sa.text("''"))


class QuestionEvent(Row):
    """What happened to a question, and by whom (nobody: the product's files or the shell). Only added.

    ``kind``: ``written``, ``submitted``, ``returned``, ``accepted``, ``dropped``, ``retired``, ``restored``,
    ``moved``, ``tagged``. ``detail``: what it was before. ``bulk_id``: the bulk act it belongs to.
    """

    __tablename__ = "question_event"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[str]
    detail: Mapped[dict[str, Any]]
    bulk_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question_bulk.id"), index=True)


class QuestionBulk(Row):
    """One act on many questions, which can be undone as a whole."""

    __tablename__ = "question_bulk"

    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    questions: Mapped[int]
    note: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


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
