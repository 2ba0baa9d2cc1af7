"""The Eaglet plan: approval, applications, screening, sealed interviews, the group and its leader."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import World
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.facts import Phase, Plan
from cstrain.promotion.eaglet.service import SAID, NewCheck, NewNotice, NewSession

_PLAN = "JOIN eaglet_application a ON a.plan_id = p.id"
_STANDS = (
    "NOT EXISTS (SELECT 1 FROM eaglet_event w WHERE w.application_id = a.id AND w.kind = 'withdrawn'"
    " AND w.at <= {when})"
)
RULES = (
    Rule(
        "one office or one person twice among the approvals, or who proposed it",
        "SELECT x.id FROM eaglet_approval x JOIN eaglet_approval y ON y.plan_id = x.plan_id AND y.id > x.id"
        " AND (y.by_id = x.by_id OR y.office = x.office) UNION ALL SELECT x.id FROM eaglet_approval x JOIN"
        " eaglet_plan p ON p.id = x.plan_id WHERE x.by_id = p.proposed_by OR x.proposed_by <> p.proposed_by",
    ),
    Rule(
        "a notice of a plan that three offices have not approved",
        "SELECT n.id FROM eaglet_notice n WHERE (SELECT count(*) FROM eaglet_approval x WHERE x.plan_id ="
        " n.plan_id AND x.agreed AND x.at <= n.published_at) < 3",
    ),
    Rule(
        "an applicant who proposed, approved or announced the plan",
        f"SELECT a.id FROM eaglet_plan p {_PLAN} WHERE a.person_id = p.proposed_by OR EXISTS (SELECT 1 FROM"
        " eaglet_approval x WHERE x.plan_id = p.id AND x.by_id = a.person_id) OR EXISTS (SELECT 1 FROM"
        " eaglet_notice n WHERE n.id = a.notice_id AND n.published_by = a.person_id)",
    ),
    Rule(
        "a plan run by somebody who applied to it",
        f"SELECT e.id FROM eaglet_plan p {_PLAN} JOIN eaglet_event e ON e.plan_id = p.id AND e.by_id ="
        " a.person_id WHERE e.kind IN ('screened','opened','grouped','comment','stated','ended','closed') AND"
        f" a.applied_at <= e.at AND {_STANDS.format(when='e.at')}",
    ),
    Rule(
        "interviewed by a rival, or twice by one person",
        "SELECT s.id FROM eaglet_sheet s JOIN eaglet_application o ON o.id = s.application_id JOIN"
        " eaglet_application a ON a.plan_id = o.plan_id AND a.person_id = s.rater_id WHERE"
        f" {_STANDS.format(when='s.sealed_at')} AND a.applied_at <= s.sealed_at UNION ALL SELECT s.id FROM"
        " eaglet_sheet s JOIN eaglet_sheet t ON t.application_id = s.application_id AND t.id > s.id AND"
        " t.rater_id = s.rater_id",
    ),
    Rule(
        "the seals opened and the group formed by one person",
        "SELECT g.id FROM eaglet_event g JOIN eaglet_event o ON o.plan_id = g.plan_id AND o.kind = 'opened'"
        " AND o.once = 'opened:' || substr(g.once, 9) WHERE g.kind = 'grouped' AND g.by_id = o.by_id",
    ),
    Rule(
        "a member without an opened interview",
        "SELECT m.id FROM eaglet_member m WHERE NOT EXISTS (SELECT 1 FROM eaglet_event o WHERE o.plan_id ="
        " m.plan_id AND o.kind = 'opened' AND o.at <= m.joined_at)",
    ),
    Rule(
        "a complaint, a check or a request to be removed by nobody of the group",
        "SELECT c.id FROM eaglet_complaint c JOIN eaglet_leader l ON l.id = c.leader_id WHERE c.about_id <>"
        " l.person_id OR NOT EXISTS (SELECT 1 FROM eaglet_member m WHERE m.plan_id = l.plan_id"
        " AND"
        " m.person_id"
        " = c.by_id) UNION ALL SELECT r.id FROM eaglet_removal r WHERE NOT EXISTS (SELECT 1 FROM"
        " eaglet_leader"
        " l WHERE l.plan_id = r.plan_id AND l.person_id = r.asked_by)",
    ),
    Rule(
        "a plan that ended without the word of two, or against it",
        "SELECT e.id FROM eaglet_event e WHERE e.kind = 'closed' AND NOT EXISTS (SELECT 1 FROM"
        " eaglet_closing c WHERE c.plan_id = e.plan_id AND c.agreed AND c.answered_by = e.by_id"
        " AND c.proposed_by <> e.by_id)",
    ),
    Rule(
        "an exam set or the end proposed or agreed to by somebody who applied",
        f"SELECT x.id FROM eaglet_exam x JOIN eaglet_application a ON a.plan_id = x.plan_id AND a.person_id ="
        f" x.set_by WHERE {_STANDS.format(when='x.set_at')} UNION ALL SELECT c.id FROM eaglet_closing c JOIN"
        " eaglet_application a ON a.plan_id = c.plan_id AND a.person_id IN (c.proposed_by, c.answered_by)"
        f" WHERE {_STANDS.format(when='c.proposed_at')}",
    ),
    Rule(
        "a leader who is not in the group, or leads a second time",
        "SELECT l.id FROM eaglet_leader l WHERE NOT EXISTS (SELECT 1 FROM eaglet_member m WHERE m.plan_id ="
        " l.plan_id AND m.person_id = l.person_id) UNION ALL SELECT l.id FROM eaglet_leader l JOIN"
        " eaglet_leader k ON k.plan_id = l.plan_id AND k.person_id = l.person_id AND k.id > l.id",
    ),
    Rule(
        "judged by a member of the group",
        "SELECT r.id FROM eaglet_removal r JOIN eaglet_member m ON m.plan_id = r.plan_id AND m.person_id IN"
        " (r.answered_by, r.heard_by) UNION ALL SELECT c.id FROM eaglet_complaint c JOIN eaglet_leader l ON"
        " l.id = c.leader_id JOIN eaglet_member m ON m.plan_id = l.plan_id AND m.person_id = c.answered_by",
    ),
)
Step = Callable[[World, Flow, Plan], list[Act]]


class Eaglet:
    """A plan with all its people; the subject is one of the applicants, another one at each step."""

    name = "eaglet"
    steps = 80
    rules = RULES
    checks = ()

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Set the places, once; a company has one plan at a time."""
        return Flow(self, chance.choice(world.agents("SQ1", "SQ2")), chance, self.steps)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return the acts of the plan's phase, now and then those of another."""
        flow.subject = flow.chance.choice(world.agents("SQ1", "SQ2"))
        known, manages = {one["place"] for one in rows("eaglet_department")}, able(world, "eaglet.manage")
        for place, code in (("soso", "SQ1"), ("one", "SQ2"), ("two", "QC"), ("vip", "VIP")):
            if place not in known:
                values = place, world.departments[code], "soso" if place == "soso" else "google"
                return [act(world, "set_place", service.set_place, manages, *values)]
        row = newest("eaglet_plan")
        phase = queries.plan(row["id"], world.today).phase if row is not None else Phase.ENDED
        if row is None or phase in {Phase.ENDED, Phase.CLOSED, Phase.REFUSED}:
            flow.over = row is not None and yes(flow, 0.2)
            return [act(world, "propose", service.propose, able(world, "eaglet.propose"), "雏鹰", "缺人")]
        plan, step = queries.plan(row["id"], world.today), _BY_PHASE.get(phase, _wait)
        acts = step(world, flow, plan)
        if yes(flow, 0.08):
            acts += flow.chance.choice(list(_BY_PHASE.values()))(world, flow, plan)
        if yes(flow, 0.006):
            acts.append(act(world, "end", service.end, able(world, "eaglet.direct"), plan.id, "停办"))
        return acts


def _wait(world: World, _flow: Flow, _plan: Plan) -> list[Act]:
    world.clock.move(timedelta(days=1))
    return []


def _proposed(world: World, flow: Flow, plan: Plan) -> list[Act]:
    found = []
    for office in ("gm", "deputy_gm", "hr_manager"):
        right = [*world.with_role(office), plan.proposed_by]
        agrees = yes(flow, 0.98)
        named = {"agrees": agrees, "text": "看过"}
        found.append(act(world, "approve", service.approve, right, plan.id, office, **named))
    return found


def _approved(world: World, _flow: Flow, plan: Plan) -> list[Act]:
    new = NewNotice("欢迎报名", world.today, world.today + timedelta(days=2))
    return [act(world, "publish", service.publish_notice, able(world, "eaglet.manage"), plan.id, new)]


def _open(world: World, flow: Flow, plan: Plan) -> list[Act]:
    if yes(flow, 0.03):
        world.clock.move(timedelta(days=1))
    words = dict.fromkeys(SAID, "我的计划")
    months = Decimal(flow.chance.choice(("1", "1.5", "2")))
    apply = act(world, "apply", service.apply, [flow.subject], plan.id, months, words)
    return [apply, apply, *_examine(world, flow, plan)]


def _examine(world: World, flow: Flow, plan: Plan) -> list[Act]:
    found, chance, manages = list[Act](), flow.chance, able(world, "eaglet.manage")
    for one in queries.standing_of(plan):
        heads, rating = world.heads_of(int(one.person)), chance.choice((4, 5))
        if newest("eaglet_event", application_id=one.id, kind="comment") is None or yes(flow, 0.1):
            right = [*heads, int(one.person)]
            named = {"rating": rating, "text": "支持"}
            found.append(act(world, "comment", service.comment, right, one.id, **named))
        stated = {
            each["detail"]["about"] for each in rows("eaglet_event", application_id=one.id, kind="stated")
        }
        for about in sorted(service.unknown_of(plan, one, world.now) - stated):
            value = {"conversion": "88", "level": "senior"}.get(about, "met")
            found.append(act(world, "state", service.state, manages, one.id, about, value, "看过档案"))
        if yes(flow, 0.01):
            found.append(act(world, "withdraw", service.withdraw, [int(one.person)], one.id))
    return found


def _screening(world: World, flow: Flow, plan: Plan) -> list[Act]:
    screen = act(world, "screen", service.screen, able(world, "eaglet.manage"), plan.id)
    return [*_examine(world, flow, plan), screen]


def _interviews(world: World, flow: Flow, plan: Plan) -> list[Act]:
    chance, opens = flow.chance, able(world, "eaglet.manage")
    if plan.notice is not None and world.today < plan.notice.interview_from:
        world.clock.move(timedelta(days=1))
    state = queries.progress(plan, queries.standing_of(plan), world.today)
    found = [act(world, "open_interviews", service.open_interviews, opens, plan.id)]
    for one in state.invited:
        given = {
            each.id: Decimal(each.of) - chance.randrange(4) for each in store.chapter().interview.criteria
        }
        for office in ("gm", "deputy_gm", "service_director", "hr_manager"):
            if (one.id, office) not in state.in_:
                right = [*world.with_role(office)] * 3 + [int(one.person)]
                found.append(act(world, "hand_in", service.hand_in, right, one.id, given, "看过"))
    return found


def _deciding(world: World, flow: Flow, plan: Plan) -> list[Act]:
    unfilled = {place: flow.chance.choice(("open", "open", "again")) for place in ("soso", "one", "two")}
    events = rows("eaglet_event", plan_id=plan.id, kind="opened")
    right = [*able(world, "eaglet.direct"), *(one["by_id"] for one in events)]
    return [act(world, "form_group", service.form_group, right, plan.id, unfilled, "祝贺")]


def _studying(world: World, flow: Flow, plan: Plan) -> list[Act]:
    chance, today = flow.chance, world.today
    members = [int(one.person) for one in queries.active_members(plan.id, today)]
    if not members:
        flow.over = True
        return []
    other, directs = chance.choice(members), able(world, "eaglet.direct")
    new = NewCheck(other, today, "搜索", Decimal(80))
    lead = newest("eaglet_leader", plan_id=plan.id)
    leader = [lead["person_id"]] if lead is not None else []
    meeting = NewSession(today + timedelta(days=1), "两小时", "三楼", "关键词", ("room", "projector"))
    return [
        *[act(world, "name_leader", service.name_leader, directs, plan.id, other, "基础好")] * 2,
        act(world, "complain", service.complain, members, plan.id, "不组织学习"),
        act(world, "ask_removal", service.ask_removal, [*leader, other], plan.id, other, "不执行计划"),
        act(world, "session", service.report_session, leader, plan.id, meeting),
        act(world, "check", service.record_check, members, plan.id, new),
        act(world, "progress", service.report_progress, members, plan.id, "过半"),
        *_closing(world, flow, plan),
        *_judged(world, flow, plan, lead),
        *_kept(world, flow, plan, members, leader),
    ]


def _closing(world: World, flow: Flow, plan: Plan) -> list[Act]:
    """Set a sitting of one of the papers, propose the end, answer to it."""
    manages, closes = able(world, "eaglet.manage"), able(world, "eaglet.close")
    on = world.today + timedelta(days=flow.chance.choice((0, 0, 1, 9)))
    found = [act(world, "propose_closing", service.propose_closing, manages, plan.id, on, "结束")]
    for one in queries.sittings_to_choose(plan, world.now)[-3:]:
        found.append(act(world, "set_exam", service.set_exam, manages, plan.id, one.id))
    held = newest("eaglet_closing", plan_id=plan.id)
    if held is not None:
        right, agreed = [*closes, held["proposed_by"]], yes(flow, 0.6)
        named = {"agreed": agreed, "text": "看过"}
        times = 8 if held["answered_at"] is None else 1
        found += [
            act(world, "answer_closing", service.answer_closing, right, plan.id, held["id"], **named)
        ] * times
    return found


def _judged(world: World, flow: Flow, plan: Plan, lead: Found | None) -> list[Act]:
    judges, found = able(world, "eaglet.judge"), list[Act]()
    for one in rows("eaglet_complaint", leader_id=lead["id"])[-2:] if lead is not None else []:
        right, named = [*judges, one["by_id"]], {"proper": yes(flow), "text": "听过"}
        found.append(act(world, "judge", service.judge_complaint, right, plan.id, one["id"], **named))
    for one in rows("eaglet_removal", plan_id=plan.id)[-2:]:
        right, mine = [*judges, one["asked_by"]], [one["about_id"]]
        named = {"removed": yes(flow), "text": "查过"}
        heard = [*able(world, "eaglet.hear", "eaglet.close", "eaglet.judge")]
        found += [
            act(world, "decide_removal", service.decide_removal, right, plan.id, one["id"], **named),
            act(world, "appeal", service.appeal_removal, mine, plan.id, one["id"], "不同意"),
            act(
                world,
                "hear",
                service.hear_appeal,
                heard,
                plan.id,
                one["id"],
                upheld=yes(flow, 0.5),
                text="听过",
            ),
        ]
    return found


def _kept(world: World, flow: Flow, plan: Plan, members: list[int], leader: list[int]) -> list[Act]:
    found, manages = list[Act](), able(world, "eaglet.manage")
    for one in rows("eaglet_session", plan_id=plan.id)[-1:]:
        found += [
            act(world, "agree", service.agree_session, members, plan.id, one["id"]),
            act(world, "call_off", service.call_off, leader, plan.id, one["id"], "有事"),
        ]
    for one in rows("eaglet_request")[-1:]:
        named = {"granted": yes(flow), "text": "可以"}
        right = [*manages, one["asked_by"]]
        found += [
            act(world, "answer_request", service.answer_request, right, plan.id, one["id"], **named),
            act(world, "return_things", service.return_things, leader, plan.id, one["id"]),
        ]
    return found


_BY_PHASE: dict[Phase, Step] = {
    Phase.PROPOSED: _proposed,
    Phase.APPROVED: _approved,
    Phase.AGAIN: _approved,
    Phase.OPEN: _open,
    Phase.SCREENING: _screening,
    Phase.INTERVIEWS: _interviews,
    Phase.DECIDING: _deciding,
    Phase.STUDYING: _studying,
}

ROAD = Eaglet()
