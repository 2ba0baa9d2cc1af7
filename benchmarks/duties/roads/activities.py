"""Reports of group leaders, contests of a department, titles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from benchmarks.duties.kept_months import keep_month
from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import able, act, newest, yes
from benchmarks.duties.world import World
from cstrain.kernel.calendar import add_months
from cstrain.performance.activities import service
from cstrain.performance.activities.facts import Kind, Span
from tests.factories.activities import announcement, draft

RULES = (
    Rule(
        "a report read or commented by its leader, or added to by somebody else",
        "SELECT n.id FROM leader_report_note n JOIN leader_report r ON r.id = n.report_id"
        " WHERE (n.kind = 'addition') <> (n.by_id = r.leader_id) OR n.leader_id <> r.leader_id",
    ),
    Rule(
        "a note to a report that was not handed in",
        "SELECT n.id FROM leader_report_note n JOIN leader_report r ON r.id = n.report_id"
        " WHERE r.submitted_at IS NULL OR n.at < r.submitted_at",
    ),
    Rule(
        "a title given without an entry in the register, or an entry without a title given",
        "SELECT id FROM title_award WHERE (entry_id IS NOT NULL) <> (agreed IS NOT NULL AND agreed)",
    ),
    Rule(
        "a contest's title without its agreed result",
        "SELECT t.id FROM title_award t JOIN contest_result r ON r.id = t.result_id WHERE r.agreed IS NULL"
        " OR NOT r.agreed OR t.proposed_by <> r.proposed_by OR t.answered_by <> r.answered_by",
    ),
    Rule(
        "an entry in the register by the person who has the title",
        "SELECT t.id FROM title_award t JOIN register_entry e ON e.id = t.entry_id"
        " WHERE e.entered_by = t.person_id OR e.person_id <> t.person_id",
    ),
)


def placed_who_act(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A result proposed or agreed to by somebody who has a place in it."""
    for row in connection.execute(
        sa.text("SELECT id, standings, proposed_by, answered_by FROM contest_result")
    ):
        kept = row.standings if isinstance(row.standings, list) else json.loads(row.standings)
        if {row.proposed_by, row.answered_by} & {one["person"] for one in kept if one["rank"] is not None}:
            yield f"result {row.id} by somebody with a place in it"


class Activities:
    """A leader's report, or a contest, or a title."""

    name = "activities"
    steps = 16
    rules = RULES
    checks = (placed_who_act,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Choose what it is, and about whom."""
        what = chance.choice(("report", "title", "title", "contest"))
        leaders = world.with_role("group_leader")
        person = chance.choice(leaders if what == "report" else world.agents("SQ1", "SQ1", "VIP"))
        kind = chance.choice((Kind.DAY, Kind.WEEK))
        day = world.today - timedelta(
            days=world.today.weekday() if kind is Kind.WEEK else chance.randrange(4)
        )
        made = {"what": what, "span": Span(kind, day), "place": world.departments[world.places[person]]}
        return Flow(self, person, chance, self.steps, made)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return the acts of what it is."""
        return {"report": _report, "title": _title, "contest": _contest}[flow.made["what"]](world, flow)


def _report(world: World, flow: Flow) -> list[Act]:
    span, place, mine = flow.made["span"], flow.made["place"], [flow.subject]
    where = {"leader_id": flow.subject, "kind": str(span.kind), "first_day": span.first_day}
    one = newest("leader_report", department_id=place, **where)
    said = draft(str(span.kind))
    found = [
        act(world, "keep", service.keep, mine, place, span, said),
        act(world, "submit", service.submit, mine, place, span, said),
    ]
    if one is None:
        return found
    heads = able(world, "report.comment")
    return [
        *found,
        act(world, "read", service.mark_read, [*heads, flow.subject], one["id"]),
        act(world, "comment", service.comment, [*heads, flow.subject], one["id"], "收到"),
        act(world, "add", service.add, mine, one["id"], "补充"),
    ]


def _title(world: World, flow: Flow) -> list[Act]:
    month = add_months(world.today.replace(day=1), -flow.chance.choice((1, 1, 2, 3)))
    code = flow.chance.choice(("excellent_agent", "service_star"))
    proposes, confirms = able(world, "title.propose"), able(world, "title.confirm")
    found = [act(world, "propose", service.propose, proposes, flow.subject, code, month, "补位三次")]
    one = newest("title_award", person_id=flow.subject)
    if one is None:
        return found
    agreed = yes(flow)
    right = [*confirms, one["proposed_by"]]
    answer = act(world, "answer", service.answer, right, one["id"], agreed=agreed, note="看过")
    return [*found, answer, answer, answer]


def _contest(world: World, flow: Flow) -> list[Act]:
    place, heads = flow.made["place"], able(world, "contest.announce")
    one = newest("department_contest", department_id=place)
    if one is None or one["first_month"] != flow.made.get("first", one["first_month"]):
        first = add_months(world.today.replace(day=1), 1)
        new = announcement(place, metric="score", first_month=first, last_month=first)
        return [act(world, "announce", service.announce, heads, new)]
    flow.made["first"] = one["first_month"]
    if world.today < add_months(one["first_month"], 1) and yes(flow, 0.5):
        _end_of(world, flow, one["first_month"])
    closes, agreed = able(world, "contest.close"), yes(flow)
    named = {"agreed": agreed, "note": "名次核对过"}
    return [
        act(world, "propose_result", service.propose_result, [*closes, flow.subject], one["id"], "已关账"),
        act(world, "answer_result", service.answer_result, [*closes, flow.subject], one["id"], **named),
    ]


def _end_of(world: World, flow: Flow, month: date) -> None:
    """Let the contest's month pass: it is recorded and closed as it would be."""
    world.clock.move(timedelta(days=(add_months(month, 1) - world.today).days + 22))
    keep_month(world, world.places[flow.subject], month)


ROAD = Activities()
