"""Leads a quarter's rating through contests and late data to the confirmation by a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import able, act, newest, rows, yes
from benchmarks.duties.world import QUARTERS, World
from cstrain.promotion.rating import service
from cstrain.promotion.rating.facts import Quarter
from cstrain.promotion.rating.queries import lines

GOALS = ("run", "contested", "decided", "over", "proposed", "confirmed")


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Rate the next quarter that nobody has rated, or go on with the last one."""
    ref, runs = flow.made["ref"], able(world, "rating.run")
    done = {one["quarter"] for one in rows("rating_run", ladder_ref=ref)}
    waiting = [one for one in QUARTERS if not done or one > max(done)]
    if waiting and (not done or _settled(ref)):
        yield act(world, "start", service.start, runs, ref, Quarter(waiting[0]))
    run = newest("rating_run", ladder_ref=ref)
    if goal == "run" or run is None:
        return
    found = lines(run["id"], [flow.subject])
    if found and goal != "over" and world.today <= found[0].contest_until and found[0].contest is None:
        yield act(world, "contest", service.contest, [flow.subject], found[0].id, "系统故障")
    if goal == "contested":
        return
    for one in rows("rating_contest", run_id=run["id"], decided_at=None):
        right, named = able(world, "rating.decide"), {"upheld": False, "reason": "复核过"}
        yield act(world, "decide", service.decide, right, one["id"], **named)
    if goal != "decided":
        yield from _confirmed(world, flow, goal, run["id"])


def _settled(ref: str) -> bool:
    """Tell whether something of the newest run has taken effect."""
    run = newest("rating_run", ladder_ref=ref)
    return run is not None and newest("rating_effect", run_id=run["id"]) is not None


def _confirmed(world: World, flow: Flow, goal: str, run: int) -> Iterator[Act]:
    for one in rows("rating_late", run_id=run, answered_at=None):
        named = {"agreed": yes(flow), "text": "看过"}
        yield act(
            world, "answer_late", service.answer_late, able(world, "rating.confirm"), one["id"], **named
        )
    last = max((one.contest_until for one in lines(run)), default=world.today)
    world.clock.move(timedelta(days=max(0, (last - world.today).days + 1)))
    if goal == "over":
        return
    held = newest("rating_confirmation", run_id=run)
    if held is not None and held["answered_at"] is None and held["effective_on"] < world.today:
        answer, named = service.answer_confirmation, {"agreed": False, "text": "日期过了"}
        yield act(world, "send_back", answer, able(world, "rating.confirm"), held["id"], **named)
    if held is None or held["answered_at"] is not None or held["effective_on"] < world.today:
        on = world.today + timedelta(days=flow.chance.choice((0, 2)))
        propose = service.propose_confirmation
        yield act(world, "propose", propose, able(world, "rating.run"), run, on, "按办法")
    held = newest("rating_confirmation", run_id=run)
    if goal == "confirmed" and held is not None:
        right = able(world, "rating.confirm")
        yield act(world, "confirm", service.answer_confirmation, right, held["id"], agreed=True)


GUIDE = Guide(GOALS, lead)
