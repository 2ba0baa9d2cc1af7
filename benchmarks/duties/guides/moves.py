"""Leads a case through its steps to its effect or to a refusal and an appeal; a succession to its notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.roads.moves import seniors_of
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import World
from cstrain.people import service as people
from cstrain.promotion.moves import queries, rules, service
from cstrain.promotion.moves.service import Word

GOALS = ("next", "last", "done", "refused", "appealed")
"""For a succession: chosen; the notice over; appointed; the notice open; objected to."""
_TOPICS = ("performance", "service", "attitude", "learning")


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Lead a case, or a succession; courses need no leading."""
    kind = flow.made["what"]
    if kind == "succession":
        yield from _succession(world, flow, goal)
    elif kind != "course":
        yield from _case(world, flow, kind, goal)


def _case(world: World, flow: Flow, kind: str, goal: str) -> Iterator[Act]:
    row = newest("move_case", person_id=flow.subject, kind=kind)
    if row is None or row["ended_at"] is not None:
        yield _open(world, flow, kind)
        row = newest("move_case", person_id=flow.subject, kind=kind)
    if row is None or goal == "next":
        return
    while waiting := rules.remaining(queries.case(row["id"])):
        move, ends = waiting[0], goal in {"refused", "appealed"} and not waiting[0].opinion
        if goal == "last" and len(waiting) == 1:
            return
        word = Word(not ends, "看过材料", world.today + timedelta(days=1), dict.fromkeys(_TOPICS, 4))
        right = able(world, move.permission)
        yield act(world, move.kind, service.take, right, row["id"], move.kind, word)
    if goal == "appealed":
        yield act(world, "appeal", service.appeal, [flow.subject], row["id"], "不同意")


def _open(world: World, flow: Flow, kind: str) -> Act:
    if kind == "skip":
        right = [flow.subject, *world.heads_of(flow.subject)]
        return act(world, "ask_skip", service.ask_skip, right, flow.subject, "贡献突出")
    if kind == "initial":
        right = able(world, "move.rate", "move.arrange")
        return act(world, "open_initial", service.open_initial, right, flow.subject, "入职评定")
    place = world.departments[flow.chance.choice(("SQ1", "SQ2", "QC"))]
    post = flow.chance.choice(("库管员", "客服专员", "质检员"))
    named = {"department": place, "post": post}
    return act(world, "ask_transfer", service.ask_transfer, [flow.subject], "想去", **named)


def _succession(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    place = world.departments[world.places[flow.subject]]
    one = newest("succession", department_id=place)
    if one is None or one["ended_at"] is not None:
        yield from _vacated(world, flow, place)
        right = able(world, "move.announce")
        yield act(world, "open_post", service.open_succession, right, place, world.today, "空缺")
        one = newest("succession", department_id=place)
    seniors = seniors_of(world, place)
    if one is None or not seniors:
        return
    choice = _current(one)
    if choice is None:
        named, starts = flow.chance.choice(seniors), world.today + timedelta(days=20)
        right = able(world, "move.choose")
        yield act(world, "choose", service.choose, right, one["id"], named, starts, "能力最强")
    choice = _current(one)
    if goal == "next" or choice is None:
        return
    flow.subject = choice["person_id"]
    if choice["agreed"] is None:
        right = able(world, "move.arrange")
        yield act(world, "second", service.second, right, one["id"], "看过", agreed=True)
    yield from _shown(world, flow, goal, one["id"])


def _vacated(world: World, flow: Flow, place: int) -> Iterator[Act]:
    """Let the supervisor's office end first: two heads at once are not what a succession is about."""
    for held in rows("role_assignment", department_id=place, role="supervisor"):
        if held["valid_to"] is None or held["valid_to"] >= world.today:
            right = world.with_role("hr_manager")
            yield act(world, "office_ends", people.revoke_role, right, held["id"])
    world.look_again()


def _current(one: Found) -> Found | None:
    """Return the choice that is under way."""
    found = newest("succession_act", succession_id=one["id"])
    ended = found is None or found["outcome"] is not None or found["agreed"] is False
    return None if ended else found


def _shown(world: World, flow: Flow, goal: str, number: int) -> Iterator[Act]:
    choice = newest("succession_act", succession_id=number)
    if goal == "refused" or choice is None:
        return
    if goal == "appealed" and world.today <= choice["last_day"]:
        everybody, hidden = [one for one in world.everybody() if one != flow.subject], yes(flow, 0.5)
        yield act(world, "object", service.object_to, everybody, number, "情况不实", anonymous=hidden)
        one = newest("succession_objection", act_id=choice["id"])
        if one is not None and yes(flow, 0.5):
            right, named = able(world, "move.arrange", "move.decide_appeal"), {"upheld": yes(flow, 0.3)}
            yield act(world, "answer", service.answer_objection, right, number, one["id"], "查过", **named)
    world.clock.move(timedelta(days=max(0, (choice["last_day"] - world.today).days + 1)))
    if goal == "done" and not rows("succession_objection", act_id=choice["id"], answered_at=None):
        yield act(world, "close_notice", service.close_notice, able(world, "move.arrange"), number)


GUIDE = Guide(GOALS, lead)
