"""Chats, draws, ratings and publications for tests. All functions need an application context and commit."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cstrain.kernel.ids import PersonId
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.facts import Line, Side, Who
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = date(2026, 11, 9)
"""A Monday; by START (Friday 20 November) its week is over."""
AFTER = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""Monday morning after that week."""
_numbers = itertools.count(1)


def at(day: date, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    """An instant of a company day."""
    return datetime.combine(day, time(hour, minute, second), tzinfo=ZONE).astimezone(UTC)


def chat_lines(day: date, hour: int = 10, wait: int = 14) -> tuple[Line, ...]:
    """A question, and its answer ``wait`` seconds later."""
    asked = at(day, hour)
    return (
        Line(Who.CUSTOMER, asked, "你好，这款沙发有货吗"),
        Line(Who.AGENT, asked + timedelta(seconds=wait), "您好，有货的，今天下单明天发出"),
    )


def make_chat(
    agent: PersonId, day: date = WEEK, *, by: PersonId | None = None, now: datetime = AFTER, **more
) -> int:
    """Enter a chat by hand (by a fresh clerk unless somebody is named); return its id."""
    clerk = by if by is not None else make_person("录入员", roles=["qc"])
    lines = more.pop("lines", None) or chat_lines(day, 9 + next(_numbers) % 9)
    values = {"channel": "旺旺", "code": f"T{next(_numbers)}", "customer": "小河", "vip": False, **more}
    new = service.NewChat(agent, lines=lines, **values)
    with unit_of_work():
        return service.enter_chat(clerk, now, new)


def make_chats(agent: PersonId, n: int, day: date = WEEK, by: PersonId | None = None) -> list[int]:
    """Enter several chats of a day."""
    clerk = by if by is not None else make_person("录入员", roles=["qc"])
    return [make_chat(agent, day, by=clerk) for _ in range(n)]


def draw(agent: PersonId, day: date = WEEK, seed: str = "seed", now: datetime = AFTER) -> int:
    """Draw a day as the system does."""
    with unit_of_work():
        return service.draw(None, now, agent, day, seed)


def points(share: str = "1") -> dict[str, Decimal]:
    """Points of every criterion: a share of its most, in halves."""
    given = {each.id: Decimal(each.of) * Decimal(share) for each in queries.shared_rubric().rubric}
    return {name: (value * 2).to_integral_value() / 2 for name, value in given.items()}


def take(rater: PersonId, side: Side = Side.BASIC, now: datetime = AFTER, week: date = WEEK) -> int | None:
    """Take a chat from the queue of a week."""
    with unit_of_work():
        return service.take(rater, now, week, side)


def rate(
    rater: PersonId,
    share: str = "1",
    side: Side = Side.BASIC,
    now: datetime = AFTER,
    week: date = WEEK,
) -> int:
    """Take a chat of a week and finish its sheet; return the rating's id."""
    rating = take(rater, side, now, week)
    assert rating is not None
    with unit_of_work():
        service.finish(rater, now, rating, points(share), "流程完整")
    return rating


def publish(actor: PersonId, week: date = WEEK, now: datetime = AFTER, *, gaps: bool = False) -> int:
    """Publish a week."""
    with unit_of_work():
        return service.publish(actor, now, week, gaps_seen=gaps)


def published_rating(agent: PersonId, rater: PersonId, manager: PersonId, share: str = "0.5") -> int:
    """One chat of an agent: drawn, rated and published; return the rating's id."""
    make_chat(agent)
    draw(agent)
    rating = rate(rater, share)
    publish(manager)
    return rating
