"""Months: entered, closed, corrected by two, reopened by two."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.world import World
from cstrain.kernel.calendar import add_months
from cstrain.performance import queries, service
from cstrain.performance.facts import Entry

RULES = (
    Rule("a month entered by the person", "SELECT id FROM performance_month WHERE entered_by = person_id"),
    Rule(
        "a correction asked or decided by the person, or by one alone",
        "SELECT id FROM performance_correction WHERE asked_by = person_id"
        " OR decided_by IN (person_id, asked_by)",
    ),
    Rule(
        "a correction that counts and that nobody else agreed to",
        "SELECT m.id FROM performance_month m LEFT JOIN performance_correction c ON c.id = m.correction_id"
        " WHERE m.source = 'correction' AND (c.id IS NULL OR NOT COALESCE(c.agreed, FALSE)"
        " OR c.person_id <> m.person_id OR c.month <> m.month)",
    ),
    Rule(
        "a month opened again by one alone",
        "SELECT id FROM month_reopening WHERE decided_by = asked_by",
    ),
)


def _department(connection: sa.Connection, person: int, on: date) -> int | None:
    return connection.scalar(
        sa.text(
            "SELECT department_id FROM employment_state WHERE person_id = :person AND effective_from <= :day"
            " ORDER BY effective_from DESC, id DESC LIMIT 1"
        ),
        {"person": person, "day": on.isoformat() if connection.dialect.name == "sqlite" else on},
    )


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def own_closes(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A month closed, or opened again, by somebody of that department."""
    closes = sa.text(
        "SELECT c.id, c.department_id, c.month, c.closed_by, r.asked_by, r.decided_by FROM month_close c"
        " LEFT JOIN month_reopening r ON r.close_id = c.id"
    )
    for row in connection.execute(closes):
        last = add_months(_day(row.month), 1) - timedelta(days=1)
        for who in {row.closed_by, row.asked_by, row.decided_by} - {None}:
            if _department(connection, who, last) == row.department_id:
                yield f"close {row.id} of department {row.department_id} by its own {who}"


def written_after_the_close(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A record entered or imported while its month was closed."""
    found = sa.text(
        "SELECT m.id FROM performance_month m JOIN month_close c ON c.department_id = m.department_id"
        " AND c.month = m.month AND c.closed_at < m.entered_at WHERE m.source IN ('entry','import','opening')"
        " AND NOT EXISTS (SELECT 1 FROM month_reopening r WHERE r.close_id = c.id AND r.agreed"
        " AND r.decided_at <= m.entered_at)"
    )
    for row in connection.execute(found):
        yield f"record {row.id} was written to a closed month"


class Months:
    """A person's month and the close of the department."""

    name = "months"
    steps = 9
    rules = RULES
    checks = (own_closes, written_after_the_close)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """About anybody; one of the last three months that are over."""
        flow = Flow(self, chance.choice(world.everybody()), chance, self.steps)
        flow.made["month"] = add_months(world.today.replace(day=1), -chance.choice((1, 1, 2, 3)))
        return flow

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Enter, close, ask and decide, in whatever order."""
        person, month = flow.subject, flow.made["month"]
        place = world.departments[world.places[person]]
        held = queries.revisions(person, month)
        base = held[0].revision if held else 0
        score = Decimal(flow.chance.randrange(50, 100))
        entry = Entry(person, month, {"score": score})
        enters = [*world.heads_of(person), *world.with_role("hr")]
        closes = world.with_role("hr", "gm_office")
        acts = [
            Act(
                "enter",
                lambda who: service.enter_month(who, world.now, entry, base=base, reason="补录"),
                enters,
            ),
            Act(
                "close",
                lambda who: service.close_month(who, world.now, place, month, accept_gaps=True),
                closes,
            ),
            Act(
                "ask_correction",
                lambda who: service.ask_correction(who, world.now, entry, base=base, reason="漏记"),
                enters,
            ),
        ]
        acts += [self._decide(world, flow, one.id) for one in queries.corrections_of(person, month)[:2]]
        for one in queries.closes(place, [month])[:1]:
            acts += self._reopen(world, flow, one.id)
        flow.chance.shuffle(acts)
        return acts

    def _decide(self, world: World, flow: Flow, correction: int) -> Act:
        agreed = flow.chance.random() < 0.7
        return Act(
            "decide_correction",
            lambda who: service.decide_correction(who, world.now, correction, agreed=agreed, note="已核对"),
            [*world.with_role("hr", "gm_office"), *world.heads_of(flow.subject)],
        )

    def _reopen(self, world: World, flow: Flow, close: int) -> list[Act]:
        offices, agreed = world.with_role("hr", "gm_office"), flow.chance.random() < 0.7
        return [
            Act(
                "ask_reopening", lambda who: service.ask_reopening(who, world.now, close, "数据有误"), offices
            ),
            Act(
                "decide_reopening",
                lambda who: service.decide_reopening(who, world.now, close, agreed=agreed),
                offices,
            ),
        ]


ROAD = Months()
