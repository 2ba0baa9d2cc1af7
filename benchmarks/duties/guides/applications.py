"""Leads an application through review, check, defence, decision, notice, appointment and trial."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.roads.applications import free_agents, last_of
from benchmarks.duties.rows import rows
from benchmarks.duties.world import LADDERS, World
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.facts import ApplicationFacts, State
from cstrain.promotion.applications.rules.states import CLOSED

_ORDER = (
    State.SUBMITTED,
    State.REVIEWED,
    State.CHECKED,
    State.DEFENDED,
    State.APPROVED,
    State.NOTICE,
    State.CLEARED,
    State.TRIAL,
)
_TRIED = ("trial over", "trial proposed", "trial ended")
GOALS = (*_ORDER[1:], "appealed", *_TRIED)
_NEXT = {
    State.REVIEWED: "pass_check",
    State.APPROVED: "publish",
    State.NOTICE: "close_notice",
    State.CLEARED: "appoint",
}
_MOST = 60
_ON_TRIAL = 1
"""The variant of the ladder, and so the people, with months of trial."""


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Take what leads on from each state until the goal; the road's own acts, done by who should."""
    flow.made["deep"] = True
    _choose(world, flow, goal)
    yield from _named(world, flow, "submit")
    for _step in range(_MOST):
        found = queries.latest_of(flow.subject)
        if found is None or found.state == goal or found.state in CLOSED:
            break
        if goal == "appealed" and found.state is State.REVIEWED:
            flow.made["deep"] = False  # who checks may send it back
            yield from _named(world, flow, "return")
            break
        if found.state is State.TRIAL:
            yield from _tried(world, flow, found, goal)
            return
        yield from _onwards(world, flow, found)
    if goal == "appealed":
        yield from _named(world, flow, "appeal")


def _choose(world: World, flow: Flow, goal: str) -> None:
    """Choose somebody at the first level who has nothing open."""
    free = free_agents(world)
    on_trial = [one for one in free if one % len(LADDERS) == _ON_TRIAL]
    others = [one for one in free if one % 3 and one not in on_trial]
    chosen = on_trial if goal in {State.TRIAL, *_TRIED} else others
    flow.subject = flow.chance.choice(chosen or free or [flow.subject])
    flow.made["before"] = last_of(flow.subject)


def _onwards(world: World, flow: Flow, found: ApplicationFacts) -> Iterator[Act]:
    if found.state is State.NOTICE:
        notice = queries.notice_of_application(found.id)
        if notice is not None:
            world.clock.move(timedelta(days=max(0, (notice.last_day - world.today).days + 1)))
    yield from _named(world, flow, _NEXT.get(found.state) or _within(found))


def _within(found: ApplicationFacts) -> str:
    """Return what leads on where a state has several acts."""
    if found.state is State.SUBMITTED:
        return "review" if rows("application_endorsement", application_id=found.id) else "endorse"
    if found.state is State.DEFENDED:
        subject = f"application:{found.id}"
        open_ = rows("paired_act", subject=subject, confirmed_at=None, refused_at=None)
        return "confirm" if open_ else "propose"
    entry = queries.entry_of_application(found.id)
    if entry is None:
        return "issue"
    if entry.opened_at is not None:
        return "sign" if rows("defence_entry", id=entry.id)[0]["minutes_at"] else "minutes"
    if any(one.seat.value == "silent" for one in entry.jurors):
        return "declare"
    return "time" if entry.times[3] is None else "seal"


def _named(world: World, flow: Flow, name: str) -> Iterator[Act]:
    """Yield the act of the road that has this name, if it is near."""
    yield from [one for one in flow.road.acts(world, flow) if one.name == name][:1]


def _tried(world: World, flow: Flow, found: ApplicationFacts, goal: str) -> Iterator[Act]:
    """Let the trial's months pass, and propose how it ends."""
    if goal not in _TRIED:
        return
    if found.trial_until is not None:
        world.clock.move(timedelta(days=max(0, (found.trial_until - world.today).days)))
    if goal != "trial over":
        yield from _named(world, flow, "propose_trial")
    if goal == "trial ended":
        yield from _named(world, flow, "confirm_trial")


GUIDE = Guide(GOALS, lead)
