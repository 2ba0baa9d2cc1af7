"""Moves: skipping a level, transfers, first levels, successions, courses."""

from __future__ import annotations

import random
from datetime import timedelta

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import World
from cstrain.promotion.moves import queries, rules, service
from cstrain.promotion.moves.service import NewCourse, NewPost, Word

_JUDGED = "('assess','review','authorise','release','receive','arrange','rate','rate_hr','confirm','propose')"
RULES = (
    Rule(
        "an act on one's own case, or a request by somebody else",
        "SELECT e.id FROM move_event e JOIN move_case c ON c.id = e.case_id WHERE e.about_id <> c.person_id"
        " OR (e.by_id = c.person_id) <> (e.kind IN ('request','withdraw')) AND e.by_id IS NOT NULL",
    ),
    Rule(
        "one's own first level", "SELECT id FROM move_case WHERE kind = 'initial' AND opened_by = person_id"
    ),
    Rule(
        "two steps of a case by one person",
        "SELECT a.id FROM move_event a JOIN move_event b ON b.case_id = a.case_id AND b.id > a.id"
        " AND b.by_id ="
        f" a.by_id WHERE a.kind IN {_JUDGED} AND b.kind IN {_JUDGED} AND NOT (a.kind = 'authorise'"
        " AND b.kind = 'authorise' AND a.round < b.round)",
    ),
    Rule(
        "granted without its last step, or against a no",
        "SELECT c.id FROM move_case c WHERE c.outcome = 'granted' AND NOT EXISTS (SELECT 1 FROM move_event e"
        " WHERE e.case_id = c.id AND e.agreed AND e.kind IN ('authorise','arrange','confirm'))",
    ),
    Rule(
        "an appeal filed by somebody else or decided by somebody with a part in the case",
        "SELECT p.id FROM move_appeal p JOIN move_case c ON c.id = p.case_id WHERE p.person_id <> c.person_id"
        " OR p.decided_by = c.opened_by OR EXISTS (SELECT 1 FROM move_event e WHERE e.case_id = c.id AND"
        " e.by_id = p.decided_by)",
    ),
    Rule(
        "more places of a post given than there are",
        "SELECT p.id FROM move_post p JOIN move_case c ON c.post_id = p.id AND c.outcome = 'granted'"
        " GROUP BY p.id, p.seats HAVING count(*) > p.seats",
    ),
    Rule(
        "asked for a post that one announced",
        "SELECT c.id FROM move_case c JOIN move_post p ON p.id = c.post_id WHERE p.posted_by = c.person_id",
    ),
    Rule(
        "appointed to succeed with an objection unanswered or upheld, or before the notice was over",
        "SELECT a.id FROM succession_act a WHERE a.outcome = 'appointed' AND (a.agreed IS NULL OR"
        " NOT a.agreed"
        " OR EXISTS (SELECT 1 FROM succession_objection o WHERE o.act_id = a.id AND (o.upheld IS NULL"
        " OR o.upheld)))",
    ),
    Rule(
        "an objection answered by who made it, or by somebody with a part in the choice",
        "SELECT o.id FROM succession_objection o JOIN succession_act a ON a.id = o.act_id WHERE o.about_id <>"
        " a.person_id OR o.answered_by IN (a.proposed_by, a.answered_by, a.person_id, o.by_id)",
    ),
    Rule(
        "filled without somebody who was appointed",
        "SELECT s.id FROM succession s WHERE s.outcome = 'filled' AND NOT EXISTS (SELECT 1 FROM"
        " succession_act"
        " a WHERE a.succession_id = s.id AND a.outcome = 'appointed')",
    ),
    Rule(
        "an entry of a course taken back by the person",
        "SELECT b.id FROM course_entry a JOIN course_entry b ON b.withdraws = a.id"
        " WHERE b.entered_by = a.person_id OR b.person_id <> a.person_id",
    ),
)


_KINDS = ("skip", "skip", "transfer", "transfer", "initial", "succession", "succession", "course")


class Moves:
    """One case, or one succession, or courses of one person."""

    name = "moves"
    steps = 22
    rules = RULES
    checks = ()

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Choose what it is, and about whom."""
        return self.about(world, chance, chance.choice(_KINDS))

    def about(self, world: World, chance: random.Random, what: str) -> Flow:
        """Choose whom something is about."""
        person = chance.choice(world.agents("SQ1") if what in {"skip", "succession"} else world.everybody())
        if what == "initial":
            person = chance.choice([one for one in world.everybody() if world.places[one] == "QC"])
        return Flow(self, person, chance, self.steps, {"what": what})

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return the acts of what it is."""
        what = flow.made["what"]
        if what == "course":
            return _courses(world, flow)
        return _succession(world, flow) if what == "succession" else _case(world, flow, what)


def _case(world: World, flow: Flow, kind: str) -> list[Act]:
    row = newest("move_case", person_id=flow.subject, kind=kind)
    if row is None or (row["ended_at"] is not None and row["outcome"] != "refused" and yes(flow, 0.3)):
        return _open(world, flow, kind)
    return [*_steps(world, flow, row), *_appeal(world, flow, row)]


def _open(world: World, flow: Flow, kind: str) -> list[Act]:
    mine, heads = [flow.subject], world.heads_of(flow.subject)
    if kind == "skip":
        return [act(world, "ask_skip", service.ask_skip, [*mine, *heads], flow.subject, "贡献突出")]
    if kind == "initial":
        right = able(world, "move.rate", "move.arrange")
        return [act(world, "open_initial", service.open_initial, right, flow.subject, "入职评定")]
    post, today = newest("move_post"), world.today
    place = world.departments[flow.chance.choice(("SQ1", "SQ2", "QC"))]
    new = NewPost("品牌专员", place, "promotion", 1, "负责活动", today, today + timedelta(days=9))
    found = [
        act(world, "post", service.announce_post, able(world, "move.announce"), new),
        act(world, "ask_transfer", service.ask_transfer, mine, "想去", department=place, post="库管员"),
    ]
    if post is not None:
        ask = act(
            world, "ask_post", service.ask_transfer, [*mine, post["posted_by"]], "想去", post_id=post["id"]
        )
        found += [ask, ask]
    return found


def _steps(world: World, flow: Flow, row: Found) -> list[Act]:
    case, chance = queries.case(row["id"]), flow.chance
    move = rules.next_move(case)
    move = move if move is not None and yes(flow, 0.9) else chance.choice(rules.ROADS[case.kind])
    acted = sorted(int(one) for one in rules.acted(case))
    right = [*able(world, move.permission) * 3, *acted]
    topics = ("performance", "service", "attitude", "learning")
    word = Word(yes(flow, 0.8), "看过材料", world.today + timedelta(days=1), dict.fromkeys(topics, 4))
    take = act(world, move.kind, service.take, right, row["id"], move.kind, word)
    withdraw = act(world, "withdraw", service.withdraw, [flow.subject], row["id"])
    return [take, take, take, *([withdraw] if yes(flow, 0.25) else [])]


def _appeal(world: World, flow: Flow, row: Found) -> list[Act]:
    right = [*able(world, "move.decide_appeal"), row["opened_by"]]
    found = [act(world, "appeal", service.appeal, [flow.subject], row["id"], "不同意")]
    if newest("move_appeal", case_id=row["id"]) is not None:
        named = {"granted": yes(flow, 0.6)}
        found += [act(world, "answer_appeal", service.answer_appeal, right, row["id"], "看过", **named)] * 2
    return found


def _succession(world: World, flow: Flow) -> list[Act]:
    place, today = world.departments[world.places[flow.subject]], world.today
    one = newest("succession", department_id=place)
    if one is None or one["ended_at"] is not None:
        right = able(world, "move.announce")
        return [act(world, "open_post", service.open_succession, right, place, today, "空缺")]
    choice = newest("succession_act", succession_id=one["id"])
    chooses, starts, number = able(world, "move.choose"), today + timedelta(days=20), one["id"]
    seniors = seniors_of(world, place) or world.seniors
    named = flow.chance.choice([*seniors * 3, *world.agents("SQ1")])
    choose = act(world, "choose", service.choose, [*chooses, named], number, named, starts, "能力最强")
    if choice is None or choice["outcome"] is not None or choice["agreed"] is False:
        cancel = act(world, "cancel", service.cancel_succession, able(world, "move.announce"), number, "不设")
        return [choose, choose, choose, choose, *([cancel] if yes(flow, 0.35) else [])]
    flow.subject = choice["person_id"]
    arranges = [*able(world, "move.arrange"), choice["proposed_by"]]
    second = act(world, "second", service.second, arranges, number, "看过", agreed=yes(flow, 0.8))
    if choice["agreed"] is None:
        return [second, second, choose]
    if yes(flow, 0.2):
        world.clock.move(timedelta(days=4))
    hidden, everybody = yes(flow, 0.5), world.everybody()
    objects = act(world, "object", service.object_to, everybody, number, "情况不实", anonymous=hidden)
    found = [objects, *[act(world, "close_notice", service.close_notice, arranges, number)] * 2]
    for each in rows("succession_objection", act_id=choice["id"])[-2:]:
        right = [*able(world, "move.arrange", "move.decide_appeal"), choice["proposed_by"]]
        upheld = yes(flow, 0.2)
        answer = service.answer_objection
        found += [act(world, "answer", answer, right, number, each["id"], "查过", upheld=upheld)] * 2
    return found


def seniors_of(world: World, place: int) -> list[int]:
    """Return who works in a department at a high level, as their newest row says."""
    newest_rows = {one["person_id"]: one for one in rows("employment_state")}
    return [
        person
        for person, one in sorted(newest_rows.items())
        if one["department_id"] == place and one["level"] in {"senior", "principal"}
    ]


def _courses(world: World, flow: Flow) -> list[Act]:
    day, records = world.today, able(world, "course.record")
    new = NewCourse(flow.subject, "certificate", "c1", "证书", day, day + timedelta(days=300), "A-1")
    place = world.departments[world.places[flow.subject]]
    found = [
        act(world, "course", service.enter_course, records, new),
        act(world, "seats", service.set_seats, able(world, "seats.set"), place, "senior", 2, day, ""),
    ]
    one = newest("course_entry", person_id=flow.subject)
    if one is not None:
        found.append(act(world, "course_back", service.withdraw_course, records, one["id"], "填错"))
    return found


ROAD = Moves()
