"""Chats, what is drawn of them, how it was rated, published and compiled. Nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_HELD = sa.text("returned_at IS NULL")


class ChatBatch(Row):
    """A checked chat file that waits for its confirmation. ``chats`` is emptied once it is dealt with."""

    __tablename__ = "chat_batch"
    __table_args__ = (sa.CheckConstraint("confirmed_at IS NULL OR discarded_at IS NULL", name="one_end"),)

    filename: Mapped[str]
    digest: Mapped[str]
    chats: Mapped[list[Any]]
    faults: Mapped[list[Any]]
    lines: Mapped[int]
    number: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]


class ChatRecord(Row):
    """A chat of an agent with its transcript, the customer's data masked. ``lines``: [who, instant, text].

    ``day`` is the company's day on which it began, ``week`` the Monday of its week. ``late``: it came when
    its day had been drawn, or its week published; the draw stays as it was.
    """

    __tablename__ = "chat_record"
    __table_args__ = (
        sa.UniqueConstraint("channel", "code"),
        sa.CheckConstraint("source IN ('import', 'hand')", name="source"),
        sa.CheckConstraint("(source = 'import') = (batch_id IS NOT NULL)", name="batch"),
        sa.CheckConstraint("entered_by <> agent_id", name="not_ones_own"),
        sa.CheckConstraint("ended_at >= started_at", name="span"),
        sa.Index(None, "agent_id", "day"),
        sa.Index(None, "week"),
    )

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    code: Mapped[str]
    channel: Mapped[str]
    customer: Mapped[str]
    vip: Mapped[bool]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    day: Mapped[date]
    week: Mapped[date]
    lines: Mapped[list[Any]]
    digest: Mapped[str]
    source: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_batch.id"))
    late: Mapped[bool]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class SampleDay(Row):
    """A person's day, drawn once. ``pool``: the chats there were; ``seed``: the chance anybody can repeat."""

    __tablename__ = "sample_day"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "day"),
        sa.CheckConstraint("drawn_by IS NULL OR drawn_by <> person_id", name="not_ones_own"),
        sa.Index(None, "week"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    day: Mapped[date]
    week: Mapped[date]
    seed: Mapped[str]
    pool: Mapped[list[Any]]
    most: Mapped[int]
    drawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    drawn_at: Mapped[datetime]


class SampleChat(Row):
    """A chat that was drawn; ``place`` counts from 1 within its day."""

    __tablename__ = "sample_chat"
    __table_args__ = (sa.UniqueConstraint("chat_id"), sa.UniqueConstraint("day_id", "place"))

    day_id: Mapped[int] = mapped_column(sa.ForeignKey("sample_day.id"))
    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_record.id"))
    place: Mapped[int]


class QualityRubric(Row):
    """A rubric as it stood when something was rated by it."""

    __tablename__ = "quality_rubric"

    digest: Mapped[str] = mapped_column(unique=True)
    effective_from: Mapped[date]
    criteria: Mapped[list[Any]]


class QualityRating(Row):
    """Somebody's rating of a drawn chat: kept as it is typed, counted once finished; or given back.

    The finished one with the highest ``number`` counts: who rates again, and a contest that is upheld, make a
    new one. ``points`` are decimal text by criterion, ``share`` is an exact fraction.
    """

    __tablename__ = "quality_rating"
    __table_args__ = (
        sa.Index(
            "uq_quality_rating_held_number",
            "sample_id",
            "number",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        sa.CheckConstraint("rater_id <> agent_id", name="not_ones_own"),
        sa.CheckConstraint("finished_at IS NULL OR returned_at IS NULL", name="one_end"),
        sa.CheckConstraint("(finished_at IS NULL) = (share IS NULL)", name="finished"),
        sa.CheckConstraint("(returned_at IS NULL) = (why IS NULL)", name="returned"),
    )

    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample_chat.id"))
    number: Mapped[int]
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rubric_id: Mapped[int] = mapped_column(sa.ForeignKey("quality_rubric.id"))
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    share: Mapped[str | None]
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    why: Mapped[str | None]


class QualityReply(Row):
    """What an agent says to a published rating: an answer, or a contest that somebody else decides."""

    __tablename__ = "quality_reply"
    __table_args__ = (
        sa.UniqueConstraint("rating_id", "kind"),
        sa.CheckConstraint("kind IN ('answer', 'contest')", name="kind"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name="outcome"),
        sa.CheckConstraint("kind = 'contest' OR decided_at IS NULL", name="answer"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> agent_id", name="not_ones_own"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> rater_id", name="by_another"),
        sa.CheckConstraint("new_rating_id IS NULL OR upheld", name="new_rating"),
    )

    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("quality_rating.id"))
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str]
    words: Mapped[str]
    said_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    decision: Mapped[str | None]
    new_rating_id: Mapped[int | None] = mapped_column(sa.ForeignKey("quality_rating.id"))


class QualityWeek(Row):
    """A published week, by its Monday. ``unrated``: drawn chats that had no rating and get none any more."""

    __tablename__ = "quality_week"

    week: Mapped[date] = mapped_column(unique=True)
    drawn: Mapped[int]
    unrated: Mapped[int]
    published_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime]


class QualityMonth(Row):
    """A compiled month, by its first day. ``late``: compiled after the days set for it."""

    __tablename__ = "quality_month"

    month: Mapped[date] = mapped_column(unique=True)
    late: Mapped[bool]
    edition: Mapped[int]
    closed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime]


class QualitySheet(Row):
    """A person's month, frozen. ``share``: exact mean of the rated chats, none without any.

    ``criteria``: id, title, exact mean share and number, in the order of the rubric.
    """

    __tablename__ = "quality_sheet"
    __table_args__ = (
        sa.UniqueConstraint("month_id", "person_id"),
        sa.CheckConstraint("(share IS NULL) = (rated = 0)", name="share"),
        sa.CheckConstraint("rated >= 0 AND rated <= drawn", name="rated"),
    )

    month_id: Mapped[int] = mapped_column(sa.ForeignKey("quality_month.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), index=True)
    drawn: Mapped[int]
    rated: Mapped[int]
    changed: Mapped[int]
    share: Mapped[str | None]
    criteria: Mapped[list[Any]]


class TranscriptEmptying(Row):
    """On a day the transcripts of chats of days before ``until`` were emptied; the chats themselves stay."""

    __tablename__ = "transcript_emptying"
    __table_args__ = (
        sa.UniqueConstraint("on_day"),
        sa.CheckConstraint("number >= 0", name="number"),
        sa.CheckConstraint("until < on_day", name="past"),
    )

    on_day: Mapped[date]
    until: Mapped[date]
    number: Mapped[int]
    at: Mapped[datetime]
