"""Quarterly ratings: the run, comments, contests, late data, confirmation and effect."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import QUARTERS, RATED, World
from cstrain.extensions import db
from cstrain.promotion.rating import service
from cstrain.promotion.rating.facts import Quarter
from cstrain.promotion.rating.queries import lines
from cstrain.unit_of_work import unit_of_work

RULES = (
    Rule(
        "run by somebody who is rated in it",
        "SELECT l.id FROM rating_line l JOIN rating_run r ON r.id = l.run_id WHERE r.started_by ="
        " l.person_id",
    ),
    Rule(
        "a contest decided by somebody who ran, proposed or agreed to anything of the run",
        "SELECT c.id FROM rating_contest c JOIN rating_run r ON r.id = c.run_id WHERE c.decided_by ="
        " r.started_by OR EXISTS (SELECT 1 FROM rating_confirmation f WHERE f.run_id = c.run_id AND"
        " c.decided_by IN (f.proposed_by, f.answered_by)) OR EXISTS (SELECT 1 FROM rating_late f WHERE"
        " f.run_id = c.run_id AND c.decided_by IN (f.asked_by, f.answered_by))",
    ),
    Rule(
        "a contest of somebody else's line",
        "SELECT c.id FROM rating_contest c JOIN rating_line l ON l.id = c.line_id"
        " WHERE c.person_id <> l.person_id OR c.ran_by <> l.ran_by",
    ),
    Rule(
        "effect while a contest was open",
        "SELECT e.id FROM rating_effect e JOIN rating_contest c ON c.line_id = e.line_id JOIN"
        " rating_confirmation f ON f.id = e.confirmation_id"
        " WHERE c.decided_at IS NULL OR c.decided_at > f.answered_at",
    ),
    Rule(
        "effect without what two persons agreed to",
        "SELECT e.id FROM rating_effect e JOIN rating_confirmation f ON f.id = e.confirmation_id"
        " WHERE f.agreed IS NULL OR NOT f.agreed OR e.proposed_by <> f.proposed_by"
        " OR e.confirmed_by <> f.answered_by OR e.run_id <> f.run_id",
    ),
    Rule(
        "effect of what is unknown, or of a line that was replaced before",
        "SELECT e.id FROM rating_effect e JOIN rating_line l ON l.id = e.line_id JOIN"
        " rating_confirmation f ON"
        " f.id = e.confirmation_id WHERE l.outcome NOT IN ('up','stay','down') OR EXISTS (SELECT 1 FROM"
        " rating_line n WHERE n.run_id = l.run_id AND n.person_id = l.person_id AND n.number > l.number"
        " AND n.made_at < f.answered_at)",
    ),
    Rule(
        "a line after late data without what two persons agreed to",
        "SELECT l.id FROM rating_line l WHERE l.origin = 'late' AND NOT EXISTS (SELECT 1 FROM rating_late t"
        " WHERE t.run_id = l.run_id AND t.person_id = l.person_id AND t.agreed AND t.asked_by = l.ran_by"
        " AND t.answered_by = l.second_by)",
    ),
    Rule(
        "a lowest level that fell",
        "SELECT id FROM rating_line WHERE outcome = 'down' AND (goal IS NULL OR goal = level)",
    ),
)


def proposed_together(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An effect of a line that nobody proposed, or proposed by whom it is about."""
    kept = {
        row.id: row.lines if isinstance(row.lines, list) else json.loads(row.lines)
        for row in connection.execute(sa.text("SELECT id, lines FROM rating_confirmation"))
    }
    for row in connection.execute(sa.text("SELECT id, line_id, confirmation_id FROM rating_effect")):
        if row.line_id not in kept[row.confirmation_id]:
            yield f"effect {row.id} of a line that was not proposed"


class Rating:
    """A quarter of a department on a rated ladder, about one of its people."""

    name = "rating"
    steps = 30
    rules = RULES
    checks = (proposed_together,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """About somebody of a rated department; the quarter whose months are on record."""
        ref = chance.choice(sorted(RATED))
        run = newest("rating_run", ladder_ref=ref)
        rated = (
            {one["person_id"] for one in rows("rating_line", run_id=run["id"])} if run is not None else set()
        )
        people = sorted(rated) or world.agents(RATED[ref])
        return Flow(self, chance.choice(people), chance, self.steps, {"ref": ref})

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Start; comments and contests; late data; the confirmation when the time to contest is over."""
        quarter, runs = Quarter(flow.chance.choice(QUARTERS)), able(world, "rating.run")
        run = newest("rating_run", ladder_ref=flow.made["ref"])
        if run is None or yes(flow, 0.04):
            return [act(world, "start", service.start, runs, flow.made["ref"], quarter)]
        found = lines(run["id"], [flow.subject])
        if not found:
            return [act(world, "start", service.start, runs, flow.made["ref"], quarter)]
        if flow.steps == 14:
            world.clock.move(timedelta(days=9))
        return [*_said(world, flow, found[0].id), *_late(world, flow, run, found[0].id), *_end(world, run)]


def _said(world: World, flow: Flow, line: int) -> list[Act]:
    found = [
        act(world, "comment", service.comment, able(world, "rating.comment"), line, "情况属实"),
        *[act(world, "contest", service.contest, [flow.subject], line, "系统故障")] * 2,
    ]
    one = newest("rating_contest", line_id=line)
    if one is None:
        return found
    right = [*able(world, "rating.decide"), one["ran_by"]]
    decide = act(world, "decide", service.decide, right, one["id"], upheld=yes(flow, 0.5), reason="复核过")
    return [*found, *[decide] * 3]


def _late(world: World, flow: Flow, run: Found, line: int) -> list[Act]:
    if yes(flow, 0.08):
        _corrected(world, flow, run)
    found = [act(world, "ask_late", service.ask_late, able(world, "rating.run"), line, "数据更正")]
    one = newest("rating_late", run_id=run["id"], person_id=flow.subject)
    if one is not None:
        right = [*able(world, "rating.confirm"), one["asked_by"]]
        named = {"agreed": yes(flow), "text": "看过"}
        found += [act(world, "answer_late", service.answer_late, right, one["id"], **named)] * 3
    return found


def _corrected(world: World, flow: Flow, run: Found) -> None:
    """Put a corrected month on record: the person's satisfaction was another."""
    held = rows("performance_month", person_id=flow.subject, month=run["quarter"])
    if not held:
        return
    last = dict(held[-1])
    other = {
        "id": None,
        "revision": last["revision"] + 1,
        "csat": flow.chance.choice((70, 92, 99)),
        "reason": "更正",
    }
    table = db.metadata.tables["performance_month"]
    with unit_of_work():
        fresh = {name: value for name, value in {**last, **other}.items() if name != "id"}
        db.session.execute(sa.insert(table).values(fresh))


def _end(world: World, run: Found) -> list[Act]:
    runs, confirms = able(world, "rating.run"), able(world, "rating.confirm")
    right = [*runs, run["started_by"]]
    found = [act(world, "propose", service.propose_confirmation, right, run["id"], world.today, "按办法")]
    one = newest("rating_confirmation", run_id=run["id"])
    if one is not None:
        who = [*confirms, *confirms, one["proposed_by"], run["started_by"]]
        answer = service.answer_confirmation
        found += [act(world, "confirm", answer, who, one["id"], agreed=True)] * 2
        found.append(act(world, "send_back", answer, who, one["id"], agreed=False, text="再看"))
    return found


ROAD = Rating()
