"""Leads a month's reviews: the cycle opened, peers named by the superior, forms and ballots in time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import Found, able, act, newest, rows
from benchmarks.duties.world import World
from cstrain.performance.reviews import service, store
from cstrain.performance.reviews.service import NewCycle

GOALS = ("opened", "named", "handed in", "answered", "over")


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Open the cycle of the flow's month, unless there is one; then about somebody reviewed in it."""
    where = {"department_id": flow.made["place"], "month": flow.made["month"]}
    today = world.today
    if newest("review_cycle", **where) is None:
        new = NewCycle(flow.made["place"], flow.made["month"], today, today + timedelta(days=6), "named")
        yield act(world, "open", service.open_cycle, able(world, "review.open"), new, "seed")
    cycle = newest("review_cycle", **where)
    subjects = rows("review_subject", cycle_id=cycle["id"]) if cycle is not None else []
    if goal == "opened" or cycle is None or not subjects or not _within(world, cycle):
        return
    about = flow.chance.choice(subjects)
    flow.subject = about["person_id"]
    if cycle["way"] == "named" and not rows("review_peer", subject_id=about["id"]):
        yield from _named(world, flow, about)
    if goal != "named":
        yield from _handed_in(world, flow, goal, about)
    if goal == "over":
        world.clock.move(timedelta(days=max(0, (cycle["closes_on"] - world.today).days + 1)))


def _within(world: World, cycle: Found) -> bool:
    closed = newest("review_event", cycle_id=cycle["id"], kind="closed")
    return closed is None and cycle["opens_on"] <= world.today <= cycle["closes_on"]


def _named(world: World, flow: Flow, about: Found) -> Iterator[Act]:
    there = world.agents(world.places[flow.subject])
    mates = [one for one in there if one not in {flow.subject, about["manager_id"]}]
    chosen, above = flow.chance.sample(mates, min(len(mates), 4)), [about["manager_id"]]
    if about["manager_id"]:
        yield act(world, "name", service.name_peers, above, about["id"], chosen)


def _handed_in(world: World, flow: Flow, goal: str, about: Found) -> Iterator[Act]:
    one, factors = about["id"], store.chapter().factors
    answers = {each.id: flow.chance.choice(("good", "poor", "excellent")) for each in factors}
    handed = {each["view"] for each in rows("review_form", subject_id=one)}
    above = [about["manager_id"]] if about["manager_id"] else []
    if "self" not in handed:
        yield act(world, "own", service.hand_in, [flow.subject], one, "self", answers)
    if "manager" not in handed and above:
        yield act(world, "superior", service.hand_in, above, one, "manager", answers, "看过")
    asked = {each["rater_id"] for each in rows("review_peer", subject_id=one)}
    asked -= {each["rater_id"] for each in rows("review_ballot", subject_id=one)}
    for who in sorted(asked) if goal in {"answered", "over"} else ():
        shuffle = random.Random(flow.chance.random())
        values = one, answers, "认真", shuffle
        yield act(world, "answer", service.answer_as_peer, [who], *values)


GUIDE = Guide(GOALS, lead)
