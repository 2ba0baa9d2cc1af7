"""Leads a joint sheet through ratings, final review and contest; or a post's plan to its approval."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import MONTHS, World
from cstrain.kernel.calendar import add_months
from cstrain.performance import service as months
from cstrain.performance.assessment import queries, service
from tests.factories.assessment import points_for, target

GOALS = ("rated", "final", "contested", "decided", "refused", "drafted", "checked", "approved")
_PLAN = GOALS[-3:]


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """About somebody of the first department: a month that is over, or the plan of the post."""
    flow.subject = flow.chance.choice(world.agents("SQ1"))
    place = world.departments["SQ1"]
    if goal in _PLAN:
        yield from _plan(world, flow, place, goal)
        return
    first = world.today.replace(day=1)
    over = [add_months(first, -back) for back in (1, 2, 3)]
    for month in MONTHS[::-1] if goal == "refused" else over:  # those are closed: a score is a correction
        flow.made["month"] = month
        sheet = _sheet(flow)
        if sheet is None:
            opens = able(world, "assessment.open")
            yield act(world, "open", service.open_round, opens, place, flow.made["month"])
        sheet = _sheet(flow)
        if sheet is not None and newest("assessment_answer", assessment_id=sheet["id"]) is None:
            yield from _rated(world, flow, goal, sheet["id"])
            return


def _sheet(flow: Flow) -> Found | None:
    return newest("joint_assessment", person_id=flow.subject, month=flow.made["month"])


def _rated(world: World, flow: Flow, goal: str, one: int) -> Iterator[Act]:
    seats = queries.seats_of([queries.sheet(one)], world.today)[one]
    rated = {each["office"] for each in rows("assessment_rating", assessment_id=one)}
    final = newest("assessment_review", assessment_id=one, once="final")
    share = flow.chance.choice(("0.5", "0.8", "0.9"))
    for office, holders in seats.offices.items() if final is None else ():
        if holders and office not in rated:
            points, right = points_for(one, office, share), [int(each) for each in holders]
            yield act(world, "rate", service.rate, right, one, office, points, "看过")
    directors = [int(each) for each in seats.directors]
    if goal == "rated":
        return
    if final is None:
        yield act(world, "finish", service.finish, directors, one, None, "看过材料")
    if goal == "refused":
        yield from _corrected(world, one, agreed=False)
    elif goal != "final":
        mine = [flow.subject]
        yield act(world, "answer", service.answer, mine, one, contests=True, says="不同意")
        if goal == "decided":
            yield from _corrected(world, one, agreed=True)
            decide = {"stands": False, "score": Decimal(flow.chance.randrange(50, 95)), "reason": "复核过"}
            yield act(world, "decide", service.decide, directors, one, **decide)


def _corrected(world: World, one: int, *, agreed: bool) -> Iterator[Act]:
    """Answer the correction that carries the score into a closed month; sent back, it is written again."""
    final = newest("assessment_review", assessment_id=one, once="final")
    waits = rows(
        "performance_correction", id=final["correction_id"] if final is not None else 0, decided_at=None
    )
    for each in waits:
        decide, right = months.decide_correction, world.with_role("hr", "gm_office")
        named = {"agreed": agreed, "note": "核对过"}
        yield act(world, "correction", decide, right, each["id"], **named)


def _plan(world: World, flow: Flow, place: int, goal: str) -> Iterator[Act]:
    held, first = newest("post_plan", department_id=place), add_months(world.today.replace(day=1), 1)
    if held is None or held["approved_at"] is not None or held["returned_at"] is not None:
        post = flow.chance.choice(("客服专员", "组长", "客服主管"))
        drafts = able(world, "plan.draft")
        yield act(world, "draft", service.draft, drafts, place, post, first, [target()])
    held = newest("post_plan", department_id=place)
    if goal == "drafted" or held is None:
        return
    if held["checked_by"] is None:
        yield act(world, "check", service.check, able(world, "plan.check"), held["id"])
    if goal == "approved" and yes(flow, 0.9):
        yield act(world, "approve", service.approve, able(world, "plan.approve"), held["id"])


GUIDE = Guide(GOALS, lead)
