"""Leads an edition of the general ladder from its draft to the approval by a third person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import Found, able, act, newest
from benchmarks.duties.world import World
from cstrain.promotion.editions import service
from cstrain.promotion.editions.service import NewEdition
from tests.factories.editions import new_texts

GOALS = ("drafted", "checked", "looked", "looked", "approved")
_REF = "general"


def _open() -> Found | None:
    """Return the edition that is neither approved nor closed."""
    one = newest("ladder_edition", ladder_ref=_REF)
    return one if one is not None and one["approved_at"] is None and one["closed_at"] is None else None


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Draft what takes effect in some weeks; check it, look at what it does, approve it."""
    one = _open()
    if one is not None and one["effective_from"] <= world.today:  # too late to be approved
        back = service.withdraw
        yield act(world, "withdraw", back, [one["drafted_by"]], one["id"], "日期过了")
        one = None
    if one is None:
        yield _draft(world, flow)
    one = _open()
    if goal == "drafted" or one is None:
        return
    if one["checked_by"] is None:
        yield act(world, "check", service.check, able(world, "edition.check"), one["id"])
    approves = able(world, "edition.approve")
    if goal == "checked":
        return
    yield act(world, "look", service.look, approves, one["id"])
    if goal == "approved":
        yield act(world, "approve", service.approve, approves, one["id"])


def _draft(world: World, flow: Flow) -> Act:
    held = newest("ladder_edition", ladder_ref=_REF)
    start = world.today + timedelta(days=flow.chance.choice((3, 20, 40)))
    if held is not None:
        start = max(start, held["effective_from"] + timedelta(days=1))
    text, cases = new_texts(flow.chance.randrange(8, 16), start)
    new = NewEdition(_REF, start, text, cases, "月数改变")
    return act(world, "draft", service.draft, able(world, "edition.draft"), new)


GUIDE = Guide(GOALS, lead)
