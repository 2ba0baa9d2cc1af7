"""Reading chat files that wait, chats, what is drawn and what came late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.quality.facts import CellFault, ChatBatchFacts, ChatFacts, ChatLine, Undrawn
from cstrain.performance.quality.models import ChatBatch, ChatRecord, SampleDay, TranscriptEmptying
from cstrain.performance.quality.queries.base import MISSING, chat_facts, published_on

PAGE = 30
_CHUNK = 1_000


def batch_row(person: PersonId, batch_id: int, *, lock: bool = False) -> ChatBatch:
    """Return a file this person uploaded, locked if asked; others' and missing ones answer the same."""
    row = session().get(ChatBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.uploaded_by != person:
        raise NotFoundError(MISSING)
    return row


def batch(person: PersonId, batch_id: int) -> ChatBatchFacts:
    """Return a checked file of this person; raises ``NotFoundError``."""
    row = batch_row(person, batch_id)
    new = [one for one in row.chats if not one["known"]]
    days = sorted(one["day"] for one in new)
    return ChatBatchFacts(
        id=row.id,
        filename=row.filename,
        uploaded_at=row.uploaded_at,
        lines=row.lines,
        number=row.number,
        known=len(row.chats) - len(new),
        people=Counter(PersonId(one["agent_id"]) for one in new),
        first_day=date.fromisoformat(days[0]) if days else None,
        last_day=date.fromisoformat(days[-1]) if days else None,
        faults=tuple(CellFault(**one) for one in row.faults),
        open=row.confirmed_at is None and row.discarded_at is None,
        confirmed=row.confirmed_at is not None,
    )


def digests(codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the digest of each chat on record of these (channel, code)."""
    wanted = sorted({code for _channel, code in codes})
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        rows = session().execute(
            sa.select(ChatRecord.channel, ChatRecord.code, ChatRecord.digest).where(ChatRecord.code.in_(part))
        )
        found |= {(row.channel, row.code): row.digest for row in rows}
    return found


def chat(actor: PersonId, chat_id: int) -> ChatFacts:
    """Return a chat for whom its agent is in their charge; else ``NotFoundError``."""
    row = session().get(ChatRecord, chat_id)
    if row is None or row.agent_id == actor or not may(actor, "quality.view", PersonId(row.agent_id)):
        raise NotFoundError(MISSING)
    return chat_facts(row)


def emptied_on(day: date) -> bool:
    """Tell whether old transcripts have been emptied on a day."""
    found = sa.select(TranscriptEmptying.id).where(TranscriptEmptying.on_day == day)
    return session().scalar(found) is not None


def undrawn(last: date) -> list[Undrawn]:
    """Return the days up to ``last`` that are not drawn yet, of weeks not yet published, oldest first."""
    is_drawn = sa.exists().where(SampleDay.person_id == ChatRecord.agent_id, SampleDay.day == ChatRecord.day)
    statement = (
        sa.select(ChatRecord.agent_id, ChatRecord.day, sa.func.count())
        .where(ChatRecord.day <= last, ~is_drawn, ~published_on(ChatRecord.week))
        .group_by(ChatRecord.agent_id, ChatRecord.day)
        .order_by(ChatRecord.day, ChatRecord.agent_id)
    )
    return [Undrawn(PersonId(one), day, n) for one, day, n in session().execute(statement)]


def drawn_days(pairs: Collection[tuple[int, date]]) -> frozenset[tuple[int, date]]:
    """Return those of the (person, day) that are drawn."""
    if not pairs:
        return frozenset()
    days = [day for _person, day in pairs]
    rows = session().execute(
        sa.select(SampleDay.person_id, SampleDay.day).where(SampleDay.day.between(min(days), max(days)))
    )
    return frozenset((person, day) for person, day in rows) & frozenset(pairs)


def late_chats(actor: PersonId, on: date, page: int) -> tuple[list[ChatLine], int]:
    """Return a page of the chats that came after their day was drawn, newest first, and how many in all."""
    seen = people.visible_people(actor, "quality.view", on)
    conditions = [ChatRecord.late, ChatRecord.agent_id != actor]
    if seen is not None:
        conditions.append(ChatRecord.agent_id.in_(seen))
    total = session().scalar(sa.select(sa.func.count()).select_from(ChatRecord).where(*conditions)) or 0
    rows = session().scalars(
        sa.select(ChatRecord)
        .where(*conditions)
        .order_by(ChatRecord.entered_at.desc(), ChatRecord.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [
        ChatLine(row.id, PersonId(row.agent_id), row.channel, row.customer, row.started_at, row.entered_at)
        for row in rows
    ], total
