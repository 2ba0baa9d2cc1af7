"""Drawing: once for each person and day, by a recorded seed; what comes later does not change it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.performance.quality import queries, rules
from cstrain.performance.quality.models import ChatRecord, SampleChat, SampleDay
from cstrain.performance.quality.service.chats import CHATS
from cstrain.unit_of_work import flush_unique, one_at_a_time

_DRAWN = "没有抽取：这一天已经抽过了，不能再抽。"


def draw(actor: PersonId | None, now: datetime, person: PersonId, day: date, seed: str) -> int:
    """Draw a person's day that is over; return how many chats were drawn. ``seed`` comes from chance.

    Refused for oneself, a second time, before the day is over, without chats, and once its week is published.
    """
    if actor == person:
        raise ForbiddenError("没有抽取：自己的会话要由别人或系统抽取。")
    one_at_a_time(CHATS)
    pool = _pool(person, day)
    most = queries.quality_rules(day).chats_a_day
    row = SampleDay(
        person_id=person,
        day=day,
        week=rules.week_of(day),
        seed=seed,
        pool=pool,
        most=most,
        drawn_by=actor,
        drawn_at=now,
    )
    session().add(row)
    flush_unique(_DRAWN)
    chosen = rules.drawn(seed, pool, most)
    session().add_all(
        SampleChat(day_id=row.id, chat_id=chat, place=place) for place, chat in enumerate(chosen, start=1)
    )
    session().flush()
    record(
        actor,
        "quality.draw",
        f"sample-day:{row.id}",
        person=person,
        day=day.isoformat(),
        seed=seed,
        pool=len(pool),
        drawn=len(chosen),
    )
    return len(chosen)


def _pool(person: PersonId, day: date) -> list[int]:
    """Return the chats of a day that may be drawn."""
    if queries.week_row(rules.week_of(day)) is not None:
        raise ConflictError("没有抽取：这一周已经公布。")
    if queries.drawn_days({(person, day)}):
        raise ConflictError(_DRAWN)
    statement = sa.select(ChatRecord.id).where(ChatRecord.agent_id == person, ChatRecord.day == day)
    pool = sorted(session().scalars(statement))
    if not pool:
        raise DomainError("没有抽取：这一天没有会话。请先导入会话。")
    return pool
