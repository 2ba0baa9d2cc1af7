"""Joint assessments: plans of posts, sheets, ratings, the final review, contests, interviews."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import World
from cstrain.kernel.calendar import add_months
from cstrain.performance.assessment import queries, service
from cstrain.performance.assessment.facts import NewInterview
from tests.factories.assessment import points_for, target

_WHOSE = "JOIN joint_assessment j ON j.id = r.assessment_id"
RULES = (
    Rule(
        "a sheet rated by the person",
        f"SELECT r.id FROM assessment_rating r {_WHOSE} WHERE r.rated_by = j.person_id",
    ),
    Rule(
        "a sheet reviewed by the person",
        f"SELECT r.id FROM assessment_review r {_WHOSE} WHERE r.reviewed_by = j.person_id",
    ),
    Rule(
        "reviewed by somebody who rated it",
        "SELECT r.id FROM assessment_review r JOIN assessment_rating g ON g.assessment_id = r.assessment_id"
        " AND g.rated_by = r.reviewed_by",
    ),
    Rule(
        "rated for two offices by one person",
        "SELECT a.id FROM assessment_rating a JOIN assessment_rating b ON b.assessment_id = a.assessment_id"
        " AND b.rated_by = a.rated_by AND b.office <> a.office",
    ),
    Rule(
        "final without a single rating",
        "SELECT r.id FROM assessment_review r WHERE r.kind = 'final' AND NOT EXISTS (SELECT 1 FROM"
        " assessment_rating g WHERE g.assessment_id = r.assessment_id AND g.rated_at <= r.reviewed_at)",
    ),
    Rule(
        "an answer before the final review, or after its time",
        "SELECT a.id FROM assessment_answer a WHERE NOT EXISTS (SELECT 1 FROM assessment_review r WHERE"
        " r.assessment_id = a.assessment_id AND r.kind = 'final' AND r.reviewed_at <= a.answered_at)",
    ),
    Rule(
        "a contest decided that nobody filed",
        "SELECT r.id FROM assessment_review r WHERE r.kind = 'contest' AND NOT EXISTS (SELECT 1 FROM"
        " assessment_answer a WHERE a.assessment_id = r.assessment_id AND a.kind = 'contested')",
    ),
    Rule(
        "a plan that binds without three persons",
        "SELECT id FROM post_plan WHERE approved_by IS NOT NULL AND (checked_by IS NULL"
        " OR approved_by IN (drafted_by, checked_by) OR checked_by = drafted_by)",
    ),
    Rule(
        "a follow-up by the person",
        "SELECT f.id FROM interview_follow_up f JOIN interview_action a ON a.id = f.action_id JOIN"
        " performance_interview i ON i.id = a.interview_id WHERE f.noted_by = i.person_id",
    ),
)


def own_words(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An acknowledgement, a contest or a signature by somebody else than the person."""
    found = sa.text(
        "SELECT a.id FROM assessment_answer a JOIN audit_entry e ON e.subject = 'assessment:' ||"
        " a.assessment_id AND e.action IN ('assessment.contest','assessment.acknowledge') WHERE e.actor_id <>"
        " a.person_id UNION ALL SELECT s.id FROM interview_signature s JOIN audit_entry e ON e.subject ="
        " 'interview:' || s.interview_id AND e.action = 'interview.sign' WHERE e.actor_id <> s.person_id"
    )
    for row in connection.execute(found):
        yield f"answer or signature {row.id} by somebody else"


class Assessment:
    """A person's joint sheet of a month, an interview about it, the plan of the post."""

    name = "assessment"
    steps = 26
    rules = RULES
    checks = (own_words,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """About anybody of a service group, mostly one who serves; a month that is over."""
        person = chance.choice([*world.agents(), *world.agents(), *world.everybody()])
        month = add_months(world.today.replace(day=1), -chance.choice((1, 2, 3)))
        return Flow(self, person, chance, self.steps, {"month": month})

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Open, rate, review, answer, decide; plans and interviews beside it."""
        place = world.departments[world.places[flow.subject]]
        sheet = newest("joint_assessment", person_id=flow.subject, month=flow.made["month"])
        opens = able(world, "assessment.open")
        found = [act(world, "open", service.open_round, opens, place, flow.made["month"])] * 3
        if sheet is not None:
            found = _sheet(world, flow, sheet["id"]) * 2
        return [*found, *_interview(world, flow), *(_plan(world, flow, place) if yes(flow, 0.4) else [])]


def _sheet(world: World, flow: Flow, one: int) -> list[Act]:
    chance = flow.chance
    rated = {each["office"] for each in rows("assessment_rating", assessment_id=one)}
    seats = queries.seats_of([queries.sheet(one)], world.today)[one]
    waiting = [each for each in ("qc", "vip", "leader") if each not in rated] or ["qc", "vip", "leader"]
    office, share = chance.choice(waiting), chance.choice(("0.5", "0.8", "0.9"))
    holders = [int(each) for each in seats.offices.get(office, ())]
    directors = [int(each) for each in seats.directors] or able(world, "assessment.review")
    points, score = points_for(one, office, share), Decimal(chance.choice((55, 70, 85)))
    rate = act(world, "rate", service.rate, holders, one, office, points, "看过")
    if newest("assessment_review", assessment_id=one, once="final") is None:
        finish = act(world, "finish", service.finish, directors, one, None, "岗位空缺或不合格，看过材料")
        back = act(world, "return", service.return_sheet, directors, one, [office], "请再看")
        return [rate, rate, rate, finish, finish, back]
    again = act(world, "write_again", service.write_again, directors, one)
    stands, mine = yes(flow, 0.5), [flow.subject]
    changed = None if stands else score
    decide = {"stands": stands, "score": changed, "reason": "复核过"}
    return [
        act(world, "answer", service.answer, mine, one, contests=yes(flow), says="不同意"),
        act(world, "decide", service.decide, directors, one, **decide),
        *[again] * (5 if _sent_back(one) else 1),
        rate,
    ]


def _sent_back(one: int) -> bool:
    """Tell whether the correction that carries a score was not agreed to."""
    final = newest("assessment_review", assessment_id=one, once="final")
    if final is None or final["correction_id"] is None:
        return False
    return rows("performance_correction", id=final["correction_id"])[0]["agreed"] is False


def _interview(world: World, flow: Flow) -> list[Act]:
    heads, today = world.heads_of(flow.subject), world.today
    agreed = (("跟听通话", today + timedelta(days=3)),)
    new = NewInterview(flow.subject, flow.made["month"], today, "谈了响应", agreed)
    held = newest("performance_interview", person_id=flow.subject)
    found = [act(world, "hold", service.hold, heads, new)]
    if held is None:
        return found
    outcome, later = flow.chance.choice(("done", "not_done", "moved")), today + timedelta(days=2)
    todo = rows("interview_action", interview_id=held["id"])[0]["id"]
    found += [
        act(world, "sign", service.sign, [flow.subject], held["id"]),
        act(world, "follow_up", service.follow_up, heads, held["id"], todo, outcome, "看过", later),
    ]
    return found


def _plan(world: World, flow: Flow, place: int) -> list[Act]:
    first, plan = add_months(world.today.replace(day=1), 1), newest("post_plan", department_id=place)
    drafts = able(world, "plan.draft")
    found = [act(world, "draft", service.draft, drafts, place, "客服专员", first, [target()])]
    return [*found, *(_answers(world, plan) * 2 if plan is not None else [])]


def _answers(world: World, plan: Found) -> list[Act]:
    checks, approves = able(world, "plan.check"), able(world, "plan.approve")
    return [
        act(world, "check", service.check, [*checks, plan["drafted_by"]], plan["id"]),
        act(world, "approve", service.approve, [*approves, plan["drafted_by"]], plan["id"]),
        act(world, "send_back", service.send_back, checks, plan["id"], "再改"),
    ]


ROAD = Assessment()
