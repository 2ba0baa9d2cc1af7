"""Retention: what customers and agents wrote is not kept for ever; ratings, sheets and marks are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.performance.quality import queries
from cstrain.performance.quality.models import (
    ChatBatch,
    ChatRecord,
    QualityRating,
    QualityReply,
    SampleChat,
    TranscriptEmptying,
)
from cstrain.unit_of_work import flush_unique, locked

AT_ONCE = 500
_EMPTY = "[]"
_TWICE = "今天已经清空过。"


def last_day_kept(now: datetime) -> date:
    """Return the first day whose transcripts are kept; those of the days before it go."""
    return local_date(now) - timedelta(days=queries.quality_rules().transcript_days)


def empty_transcripts(now: datetime) -> int:
    """Empty the next transcripts that are too old, at most ``AT_ONCE``; return how many.

    A chat whose rating is being contested keeps its words until that is decided. The chat stays with its
    agent, times, number and digest, so that it is not imported again.
    """
    until = last_day_kept(now)
    waits = (
        sa.select(SampleChat.chat_id)
        .join(QualityRating, QualityRating.sample_id == SampleChat.id)
        .join(QualityReply, QualityReply.rating_id == QualityRating.id)
        .where(QualityReply.kind == "contest", QualityReply.decided_at.is_(None))
    )
    old = (
        sa.select(ChatRecord)
        .where(ChatRecord.day < until, ChatRecord.week <= until, ChatRecord.id.not_in(waits))
        .where(sa.cast(ChatRecord.lines, sa.Text) != _EMPTY)
        .order_by(ChatRecord.id)
        .limit(AT_ONCE)
    )
    rows = list(session().scalars(locked(old)))
    for row in rows:
        row.lines = []
    session().flush()
    if rows:
        record(None, "quality.transcripts_emptied", f"chats:{until.isoformat()}", number=len(rows))
    return len(rows)


def empty_files(now: datetime) -> int:
    """Empty checked chat files that nobody confirmed or threw away in all that time; return how many."""
    statement = sa.select(ChatBatch).where(
        ChatBatch.confirmed_at.is_(None),
        ChatBatch.discarded_at.is_(None),
        ChatBatch.uploaded_at < now - timedelta(days=queries.quality_rules().transcript_days),
    )
    rows = list(session().scalars(locked(statement)))
    for row in rows:
        row.discarded_at, row.chats, row.faults = now, [], []
        record(None, "quality.chats_discarded", f"chat-batch:{row.id}")
    session().flush()
    return len(rows)


def note_emptied(now: datetime, number: int) -> None:
    """Note that everything too old has been emptied today."""
    day = local_date(now)
    session().add(TranscriptEmptying(on_day=day, until=last_day_kept(now), number=number, at=now))
    flush_unique(_TWICE)
    record(None, "quality.retention", f"chats:{day.isoformat()}", number=number)
