"""Applications: review, check, defence, decision, notice, appointment, trial, appeal."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from benchmarks.duties.application_rules import CHECKS, RULES
from benchmarks.duties.road import Act, Flow
from benchmarks.duties.rows import newest, rows
from benchmarks.duties.world import LADDERS, World
from cstrain.promotion.applications import queries, service
from cstrain.promotion.applications.facts import ApplicationFacts, EntryFacts, State
from cstrain.promotion.applications.service import NewRound
from cstrain.promotion.applications.service.rounds import TIMES
from tests.factories.applications import FULL

_DECIDING = ("gm_office", "deputy_gm", "gm")


def free_agents(world: World) -> list[int]:
    """Return who serves customers at the first level and has no application or appeal under way."""
    levels = {one["person_id"]: one["level"] for one in rows("employment_state")}
    busy = {one["person_id"] for one in rows("promotion_application", closed_at=None)}
    busy |= {one["person_id"] for one in rows("application_appeal", decided_at=None)}
    return [one for one in world.agents() if levels[one] == "junior" and one not in busy]


def last_of(person: int) -> int:
    """Return the id of somebody's newest application, 0 without one."""
    found = newest("promotion_application", person_id=person)
    return found["id"] if found is not None else 0


class Applications:
    """An application of somebody who serves customers, up to its appointment or its end."""

    name = "applications"
    steps = 70
    rules = RULES
    checks = CHECKS

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Take somebody at the first level who has nothing open."""
        free, deep = free_agents(world), chance.random() < 0.6
        if not free:
            return None
        person = min(chance.sample(free, len(free)), key=lambda one: deep and one % 3 == 0)
        made = {"before": last_of(person), "deep": deep, "right": 0.93 if deep else 0.7}
        return Flow(self, person, chance, self.steps, made)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return the acts of the application's state, and now and then those of another one."""
        found = queries.latest_of(flow.subject)
        if found is None or (found.id == flow.made["before"] and not found.is_open):
            return [Act("submit", lambda who: self._submit(world, flow, who), [flow.subject])]
        acts = _BY_STATE.get(found.state, _ended)(world, flow, found)
        if flow.chance.random() < (0.05 if flow.made["deep"] else 0.2):
            acts += flow.chance.choice([*_BY_STATE.values(), _ended])(world, flow, found)
        if flow.chance.random() < (0 if flow.made["deep"] else 0.02):
            acts.append(
                Act(
                    "withdraw", lambda who: service.withdraw(who, world.now, found.id, "算了"), [flow.subject]
                )
            )
        return acts

    def _submit(self, world: World, flow: Flow, who: int) -> None:
        ref = LADDERS[0].ref
        service.submit(who, world.now, flow.subject, ref, "intermediate", "独立接待一年。")


def _submitted(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    heads = world.heads_of(flow.subject)
    rating = 5 if flow.made["deep"] else flow.chance.choice((3, 4, 4, 5))
    ratings = {"initiative": (rating, "提出过改进")}
    return [
        Act("endorse", lambda who: service.endorse(who, world.now, found.id, ratings), heads),
        Act(
            "review",
            lambda who: service.review(who, world.now, found.id, recommends=True, text="同意"),
            heads,
        ),
    ]


def _reviewed(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    hr = world.with_role("hr", "hr_manager")
    words = {0: "看过记录", 1: "看过评价"}
    check = Act("pass_check", lambda who: service.pass_check(who, world.now, found.id, words), hr)
    back = Act(
        "return", lambda who: service.return_application(who, world.now, found.id, "(A)", "材料不全"), hr
    )
    return [check] * 6 + [back] * (not flow.made["deep"])


def _checked(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    entry = queries.entry_of_application(found.id)
    if entry is None:
        return [_issue(world, flow, found)]
    return _defence(world, flow, entry)


def _issue(world: World, flow: Flow, found: ApplicationFacts) -> Act:
    able = world.with_role("juror", "hr", "supervisor", "qc_manager", "trainer", *_DECIDING)
    jurors = flow.chance.sample(able, flow.chance.choice((3, 3, 4, 5)))
    if flow.made["deep"]:
        free = [
            one for one in world.with_role("juror", "deputy_gm", "gm", "qc_manager") if one != flow.subject
        ]
        jurors = flow.chance.sample(free, 3)
    elif flow.chance.random() < 0.4:
        jurors[0] = flow.chance.choice([flow.subject, *world.heads_of(flow.subject), *world.everybody()])
    new = NewRound(
        title="晋升答辩",
        plan="述职、问答、评分。",
        starts_at=world.now + timedelta(hours=1),
        place="三楼会议室",
        panel_ref="defence",
        applications=(found.id,),
        jurors=tuple(jurors),
    )
    seed = flow.chance.randrange(1, 10**6)
    return Act("issue", lambda who: service.issue_round(who, world.now, new, seed), world.with_role("hr"))


def _defence(world: World, flow: Flow, entry: EntryFacts) -> list[Act]:
    hr, chance = world.with_role("hr", "hr_manager"), flow.chance
    jurors = [int(one.person_id) for one in entry.jurors]
    silent = [int(one.person_id) for one in entry.jurors if one.seat.value == "silent"]
    open_ = [int(one.person_id) for one in entry.jurors if one.seat.value == "in" and not one.sealed]
    answer = chance.choices(("none", "recuse", "unsure"), (60 if flow.made["deep"] else 8, 1, 1))[0]
    about, excluded = chance.choice(jurors), chance.random() < 0.5
    what = next((one for one in TIMES if getattr_time(entry, one) is None), chance.choice(TIMES))
    off = 6 if flow.made["deep"] else 20
    points = {name: value - chance.randrange(off) * Decimal("0.5") for name, value in FULL.items()}
    salt, extra = f"salt{chance.randrange(10**9)}", chance.choice(world.everybody())
    scored = [
        Act("save_sheet", lambda who: service.save_sheet(who, world.now, entry.id, points, "草稿"), open_),
        Act("seal", lambda who: service.seal_sheet(who, world.now, entry.id, points, "", salt), open_),
    ]
    declare = Act("declare", lambda who: service.declare(who, world.now, entry.id, answer), silent or jurors)
    judge = Act(
        "judge",
        lambda who: service.judge_ties(who, world.now, entry.id, about, excluded=excluded, why="核对过"),
        hr,
    )
    time = Act("time", lambda who: service.note_time(who, world.now, entry.id, what), hr)
    name = Act("name_juror", lambda who: service.name_juror(who, world.now, entry.round_id, extra), hr)
    minutes = Act("minutes", lambda who: service.write_minutes(who, world.now, entry.id, "过程"), hr)
    sign = Act("sign", lambda who: service.sign_minutes(who, world.now, entry.id), jurors)
    if entry.opened_at is not None:
        return [minutes, sign, sign, sign, sign, judge, *scored]
    if silent:
        return [declare, declare, declare, judge, name, time, *scored]
    if entry.times[3] is None:
        return [time, time, time, declare, name, judge, scored[0]]
    unsure = any(one.seat.value == "unsure" for one in entry.jurors)
    few = len(open_) + sum(one.sealed for one in entry.jurors) < 3
    return [*scored, scored[1], scored[1], *([judge] * (2 * unsure)), *([name] * (2 * few)), sign]


def getattr_time(entry: EntryFacts, what: str) -> object:
    """Return one of the four moments of an entry."""
    return entry.times[TIMES.index(what)]


def _defended(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    outcome = flow.chance.choices(("approve", "decline"), (9 if flow.made["deep"] else 4, 1))[0]
    propose = Act(
        "propose",
        lambda who: service.propose_decision(who, world.now, found.id, outcome, "材料齐全"),
        world.with_role(*_DECIDING),
    )
    confirm = Act(
        "confirm",
        lambda who: service.confirm_decision(who, world.now, found.id),
        world.with_role("gm", "deputy_gm"),
    )
    refuse = Act(
        "refuse",
        lambda who: service.refuse_decision(who, world.now, found.id, "再看看"),
        world.with_role(*_DECIDING),
    )
    return [propose, propose, confirm, confirm, confirm, refuse]


def _approved(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    hr = world.with_role("hr", "hr_manager")
    return [Act("publish", lambda who: service.publish_notice(who, world.now, found.id, "接待稳定"), hr)]


def _notice(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    notice, hr = queries.notice_of_application(found.id), world.with_role("hr", "hr_manager")
    if notice is None:
        return []
    hidden, finding = flow.chance.random() < 0.5, flow.chance.choice(("upheld", "dismissed", "dismissed"))
    acts = [
        Act("close_notice", lambda who: service.close_notice(who, world.now, notice.id), hr),
        Act(
            "object",
            lambda who: service.file_objection(who, world.now, notice.id, "情况不实", anonymous=hidden),
            world.everybody(),
        ),
    ]
    for one in queries.objections(notice.id)[-2:]:
        acts += [
            Act("start", lambda who, one=one.id: service.start_investigation(who, world.now, one), hr),
            Act(
                "answer",
                lambda who, one=one.id: service.answer_objection(who, world.now, one, finding, "查过了"),
                hr,
            ),
        ]
    return acts


def _cleared(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    days = (0, 1) if flow.made["deep"] else (0, 1, -3)
    on = world.today + timedelta(days=flow.chance.choice(days))
    hr = world.with_role("hr", "hr_manager")
    return [Act("appoint", lambda who: service.appoint(who, world.now, found.id, on), hr)]


def _trial(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    hr, top = world.with_role("hr", "hr_manager"), world.with_role("gm", "deputy_gm")
    if flow.chance.random() < 0.3:
        world.clock.move(timedelta(days=32))
    outcome = flow.chance.choice(("confirm_trial", "fail_trial"))
    return [
        Act(
            "propose_trial",
            lambda who: service.propose_trial(who, world.now, found.id, outcome, "试岗期满"),
            hr,
        ),
        Act("confirm_trial", lambda who: service.confirm_trial(who, world.now, found.id), top),
        Act("refuse_trial", lambda who: service.refuse_trial(who, world.now, found.id, "再看"), top),
    ]


def _ended(world: World, flow: Flow, found: ApplicationFacts) -> list[Act]:
    pending = queries.appeal_of(found.id)
    offices, upheld = world.with_role("hr_manager", *_DECIDING), flow.chance.random() < 0.5
    if found.closed_at is not None and flow.chance.random() < 0.15:
        flow.over = True
    acts = [
        Act("appeal", lambda who: service.file_appeal(who, world.now, found.id, "不同意"), [flow.subject])
    ]
    if pending is not None:
        decide = Act(
            "decide_appeal",
            lambda who: service.decide_appeal(who, world.now, found.id, upheld=upheld, reason="复核过"),
            offices,
        )
        acts = [decide, decide, decide, *acts]
    return acts


_BY_STATE = {
    State.SUBMITTED: _submitted,
    State.REVIEWED: _reviewed,
    State.CHECKED: _checked,
    State.DEFENDED: _defended,
    State.APPROVED: _approved,
    State.NOTICE: _notice,
    State.CLEARED: _cleared,
    State.TRIAL: _trial,
}

ROAD = Applications()
