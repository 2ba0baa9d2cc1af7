"""Leads the quality of a day: a chat entered, drawn, rated, published, contested, the contest decided."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.roads.quality import note_rating, points_of
from benchmarks.duties.rows import act
from benchmarks.duties.world import World
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.facts import Side
from tests.factories.quality import chat_lines

Points = dict[str, Decimal | None]
GOALS = ("rated", "published", "contested", "decided")


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Enter a chat of the flow's day and go on with it as far as the goal says."""
    person, day, week = flow.subject, flow.made["day"], flow.made["week"]
    qc, heads = world.with_role("qc", "qc_manager"), world.with_role("qc_manager")
    others = [one for one in qc if one != person]
    new = service.NewChat(
        person, "旺旺", f"C{flow.chance.randrange(10**12)}", "小河", False, chat_lines(day, 9)
    )
    yield act(world, "chat", service.enter_chat, others, new)
    yield act(world, "draw", service.draw, others, person, day, f"s{flow.chance.randrange(10**6)}")
    side = Side.VIP if world.places[person] == "VIP" else Side.BASIC
    raters = [*others, *(world.with_role("vip_manager") if side is Side.VIP else [])]
    yield Act("take", lambda who: note_rating(flow, who, service.take(who, world.now, week, side)), raters)
    if "rating" not in flow.made:
        return
    rater = [flow.made["rater"]]
    yield act(world, "finish", service.finish, rater, flow.made["rating"], points_of(flow), "完整")
    if goal == "rated":
        return
    yield Act("publish", lambda who: service.publish(who, world.now, week, gaps_seen=True), heads)
    lines, _count = queries.published_lines(person)
    if goal == "published" or not lines:
        return
    yield Act("reply", lambda who: _contest(world, flow, who, lines[0].rating_id), [person])
    if goal == "decided":
        judges = world.with_role("qc_manager", "hr_manager", "service_director")
        given, upheld = points_of(flow), flow.chance.random() < 0.5
        yield Act("decide", lambda who: _decide(world, flow, who, upheld=upheld, given=given), judges)


def _contest(world: World, flow: Flow, who: int, rating: int) -> None:
    flow.made["reply"] = service.reply(who, world.now, rating, "contest", "当时系统卡住")


def _decide(world: World, flow: Flow, who: int, *, upheld: bool, given: Points) -> None:
    service.decide(who, world.now, flow.made["reply"], upheld=upheld, decision="听过", points=given)


GUIDE = Guide(GOALS, lead)
