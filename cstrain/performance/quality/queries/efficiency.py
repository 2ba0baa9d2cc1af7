"""Reading how fast agents answered on a day, from the times in their chats."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.quality import rules
from cstrain.performance.quality.facts import Efficiency, Load, Side
from cstrain.performance.quality.models import ChatRecord
from cstrain.performance.quality.queries.base import chat_facts
from cstrain.performance.quality.queries.rating import side_of

PERMISSIONS = {Side.BASIC: "quality.watch_basic", Side.VIP: "quality.watch_vip"}


def efficiency(actor: PersonId, side: Side, day: date) -> list[Efficiency]:
    """Return the day of each agent of a side whom somebody watches, not their own, by id.

    A fixed number of statements. Who has no chats that day is left out.
    """
    seen = people.visible_people(actor, PERMISSIONS[side], day)
    found: dict[PersonId, list[tuple[rules.Timing, Fraction]]] = {}
    statement = sa.select(ChatRecord).where(ChatRecord.day == day, ChatRecord.agent_id != actor)
    for row in session().scalars(statement.order_by(ChatRecord.agent_id, ChatRecord.id)):
        agent = PersonId(row.agent_id)
        if seen is None or agent in seen:
            length = Fraction(round((row.ended_at - row.started_at).total_seconds()))
            found.setdefault(agent, []).append((rules.timing(chat_facts(row).lines), length))
    facts = people.people(found, day)
    return [_efficiency(one, each) for one, each in found.items() if side_of(facts.get(one)) is side]


def load(agents: Collection[PersonId], first: date, last: date) -> Load | None:
    """Return what agents answered on some days, both included; ``None`` where no chat of theirs is on record,
    or their transcripts are not kept any more.

    One statement. The first response is the mean over the chats that were answered.
    """
    statement = sa.select(ChatRecord).where(
        ChatRecord.agent_id.in_(agents), ChatRecord.day.between(first, last)
    )
    timings = [rules.timing(chat_facts(row).lines) for row in session().scalars(statement) if row.lines]
    if not timings:
        return None
    firsts = [one.first for one in timings if one.first is not None]
    return Load(len(timings), rules.mean(firsts), sum(one.unanswered for one in timings))


def of_side(agents: Collection[PersonId], side: Side, day: date) -> frozenset[PersonId]:
    """Return those of the agents who are on a side on a day."""
    facts = people.people(agents, day)
    return frozenset(one for one in agents if side_of(facts.get(one)) is side)


def _efficiency(person: PersonId, chats: list[tuple[rules.Timing, Fraction]]) -> Efficiency:
    length = rules.mean([each for _timing, each in chats])
    return Efficiency(
        person_id=person,
        chats=len(chats),
        first_response=rules.mean([timing.first for timing, _ in chats if timing.first is not None]),
        response=rules.mean([wait for timing, _ in chats for wait in timing.waits]),
        length=length if length is not None else Fraction(0),
        unanswered=sum(timing.unanswered for timing, _ in chats),
    )


def last_day(before: date) -> date | None:
    """Return the last day before ``before`` with chats; ``None`` without any."""
    return session().scalar(sa.select(sa.func.max(ChatRecord.day)).where(ChatRecord.day < before))
