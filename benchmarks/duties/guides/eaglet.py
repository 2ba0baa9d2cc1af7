"""Leads an Eaglet plan through applications, interviews, study and both exams to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.rows import able, act, newest, rows, yes
from benchmarks.duties.sitting import sit
from benchmarks.duties.world import World
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.facts import Phase, Plan
from cstrain.promotion.eaglet.service import SAID, NewNotice

GOALS = (
    *("open", "screening", "interviews", "deciding", "studying"),
    *("complaints", "removal", "exams", "closing", "closed"),
)
_PLACES = (
    ("soso", "SQ1", "soso"),
    ("one", "SQ2", "google"),
    ("two", "QC", "google"),
    ("vip", "VIP", "google"),
)
_OVER = (None, Phase.ENDED, Phase.CLOSED, Phase.REFUSED)


def _plan(world: World) -> Plan | None:
    row = newest("eaglet_plan")
    return queries.plan(row["id"], world.today) if row is not None else None


def _now(world: World) -> Plan:
    found = _plan(world)
    assert found is not None
    return found


def lead(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    """Begin where the newest plan stands; stop before the goal's own acts, which are left to chance."""
    yield from _begun(world)
    if goal == "open":
        return
    yield from _applied(world, flow)
    if goal == "screening":
        return
    yield from _interviewed(world, flow, goal)
    if _now(world).phase is not Phase.STUDYING:
        return
    directs = able(world, "eaglet.direct")
    yield from _named(world, flow, directs)
    if goal == "complaints":
        yield from _complaints(world, flow)
    if goal == "removal":
        yield from _removal(world, flow)
    if goal in {"exams", "closing", "closed"}:
        yield from _examined(world, flow)
    if goal in {"closing", "closed"} and len(queries.sittings_of(_now(world))) == len(
        _now(world).rules.papers
    ):
        yield from _proposed(world, flow, goal)


def _begun(world: World) -> Iterator[Act]:
    manages = able(world, "eaglet.manage")
    known = {one["place"] for one in rows("eaglet_department")}
    for place, code, platform in _PLACES:
        if place not in known:
            where = place, world.departments[code], platform
            yield act(world, "set_place", service.set_place, manages, *where)
    found = _plan(world)
    if (found.phase if found is not None else None) in _OVER:
        yield act(world, "propose", service.propose, able(world, "eaglet.propose"), "雏鹰", "缺人")
    plan = _now(world)
    said = {one.office for one in plan.approvals}
    for office in plan.rules.approvals if plan.phase is Phase.PROPOSED else ():
        if office not in said:
            right = world.with_role(office)
            yield act(world, "approve", service.approve, right, plan.id, office, agrees=True)
    if _now(world).phase in {Phase.APPROVED, Phase.AGAIN}:
        new = NewNotice("欢迎报名", world.today, world.today + timedelta(days=1))
        yield act(world, "publish", service.publish_notice, manages, plan.id, new)


def _applied(world: World, flow: Flow) -> Iterator[Act]:
    """Let two of the first department apply and one of the second, and whatever they wait for come in."""
    plan, words = _now(world), dict.fromkeys(SAID, "我的计划")
    if plan.phase is Phase.OPEN:
        for place, count in (("SQ1", 2), ("SQ2", 1)):
            there = {int(one.person) for one in queries.standing_of(plan)} & set(world.agents(place))
            free = [one for one in world.agents(place) if one not in there]
            for _n in range(count - len(there)):
                months = Decimal(flow.chance.choice(("1", "1.5", "2")))
                yield act(world, "apply", service.apply, free, plan.id, months, words)
                free = [one for one in free if one not in flow.actors[-1:]]
    if plan.phase in {Phase.OPEN, Phase.SCREENING}:
        yield from _stated(world, plan)


def _stated(world: World, plan: Plan) -> Iterator[Act]:
    manages = able(world, "eaglet.manage")
    for one in queries.standing_of(plan):
        if plan.notice is None or one.notice != plan.notice.id:
            continue
        heads = world.heads_of(int(one.person))
        if newest("eaglet_event", application_id=one.id, kind="comment") is None:
            yield act(world, "comment", service.comment, heads, one.id, rating=5, text="支持")
        stated = rows("eaglet_event", application_id=one.id, kind="stated")
        known = {each["detail"]["about"] for each in stated} | {"endorsement"}
        for about in sorted(service.unknown_of(plan, one, world.now) - known):
            value = {"conversion": "88", "level": "senior"}.get(about, "met")
            yield act(world, "state", service.state, manages, one.id, about, value, "看过档案")


def _interviewed(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    plan, manages = _now(world), able(world, "eaglet.manage")
    if plan.phase is Phase.OPEN and plan.notice is not None:
        world.clock.move(timedelta(days=(plan.notice.closes_on - world.today).days + 1))
    if _now(world).phase is Phase.SCREENING:
        yield act(world, "screen", service.screen, manages, plan.id)
    if goal == "interviews":
        return
    if _now(world).phase is Phase.INTERVIEWS:
        yield from _sheets(world, flow)
        yield act(world, "open_interviews", service.open_interviews, manages, plan.id)
    if goal == "deciding" or _now(world).phase is not Phase.DECIDING:
        return
    unfilled = dict.fromkeys(("soso", "one", "two"), "open")
    directs = able(world, "eaglet.direct")
    yield act(world, "form_group", service.form_group, directs, plan.id, unfilled, "祝贺")


def _sheets(world: World, flow: Flow) -> Iterator[Act]:
    plan = _now(world)
    if plan.notice is not None and world.today < plan.notice.interview_from:
        world.clock.move(timedelta(days=(plan.notice.interview_from - world.today).days))
    state = queries.progress(plan, queries.standing_of(plan), world.today)
    for one in state.invited:
        for office in plan.rules.interview.offices:
            if (one.id, office) in state.in_:
                continue
            criteria = store.chapter().interview.criteria
            given = {each.id: Decimal(each.of) - flow.chance.randrange(4) for each in criteria}
            right = world.with_role(office)
            yield act(world, "hand_in", service.hand_in, right, one.id, given, "看过")


def _members(world: World) -> list[int]:
    return [int(one.person) for one in queries.active_members(_now(world).id, world.today)]


def _named(world: World, flow: Flow, directs: list[int]) -> Iterator[Act]:
    plan = _now(world)
    study = queries.study(plan.id, world.today)
    led = {int(one.person) for one in study.leaders}
    free = [one for one in _members(world) if one not in led]
    if study.leader is None and free:
        chosen = flow.chance.choice(free)
        yield act(world, "name_leader", service.name_leader, directs, plan.id, chosen, "基础好")


def _complaints(world: World, flow: Flow) -> Iterator[Act]:
    plan = _now(world)
    study = queries.study(plan.id, world.today)
    if study.leader is None:
        return
    others = [one for one in _members(world) if one != study.leader.person]
    if others:
        yield act(world, "complain", service.complain, others, plan.id, "不组织学习")
    for one in rows("eaglet_complaint", leader_id=study.leader.id, answered_at=None):
        right, named = able(world, "eaglet.judge"), {"proper": yes(flow), "text": "听过"}
        yield act(world, "judge", service.judge_complaint, right, plan.id, one["id"], **named)


def _removal(world: World, flow: Flow) -> Iterator[Act]:
    plan = _now(world)
    study = queries.study(plan.id, world.today)
    others = [one for one in _members(world) if study.leader and one != study.leader.person]
    if study.leader is None or not others or rows("eaglet_removal", plan_id=plan.id):
        return
    about, leader = flow.chance.choice(others), [int(study.leader.person)]
    yield act(world, "ask_removal", service.ask_removal, leader, plan.id, about, "不执行计划")
    one = newest("eaglet_removal", plan_id=plan.id)
    assert one is not None
    right = able(world, "eaglet.judge")
    decide = service.decide_removal
    yield act(world, "decide_removal", decide, right, plan.id, one["id"], removed=True, text="查过")
    if yes(flow):
        yield act(world, "appeal", service.appeal_removal, [about], plan.id, one["id"], "不同意")


def _examined(world: World, flow: Flow) -> Iterator[Act]:
    """Set both sittings and let everybody sit who is not exempt; most pass."""
    plan, manages = _now(world), able(world, "eaglet.manage")
    for paper in plan.rules.papers:
        if paper in queries.sittings_of(plan):
            continue
        sat = sit(world, flow.chance, paper, _members(world), waive=yes(flow, 0.5))
        yield act(world, "set_exam", service.set_exam, manages, plan.id, sat.sitting)
        sat.finish()
    for one in rows("eaglet_removal", plan_id=plan.id):
        if one["appealed_at"] is not None and one["heard_at"] is None:
            hears, named = able(world, "eaglet.hear"), {"upheld": yes(flow, 0.5), "text": "听过"}
            yield act(world, "hear", service.hear_appeal, hears, plan.id, one["id"], **named)
        if one["appeal_by"] is not None and one["appealed_at"] is None and world.today <= one["appeal_by"]:
            world.clock.move(timedelta(days=(one["appeal_by"] - world.today).days + 1))


def _proposed(world: World, flow: Flow, goal: str) -> Iterator[Act]:
    plan, manages = _now(world), able(world, "eaglet.manage")
    held = newest("eaglet_closing", plan_id=plan.id)
    if held is None or held["answered_at"] is not None:
        on = world.today + timedelta(days=flow.chance.choice((0, 1, 4)))
        yield act(world, "propose_closing", service.propose_closing, manages, plan.id, on, "结束")
    if goal == "closed":
        held, closes = newest("eaglet_closing", plan_id=plan.id), able(world, "eaglet.close")
        assert held is not None
        answer = service.answer_closing
        yield act(world, "answer_closing", answer, closes, plan.id, held["id"], agreed=True)


GUIDE = Guide(GOALS, lead)
