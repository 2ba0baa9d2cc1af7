"""Deductions and registers: booked, contested, decided, reversed; entered and withdrawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.world import World
from cstrain.performance.discipline import service
from tests.factories.discipline import booking, entry

RULES = (
    Rule("booked against oneself", "SELECT id FROM deduction WHERE booked_by = person_id"),
    Rule(
        "reversed by the booker, by the person, or with another's name on it",
        "SELECT b.id FROM deduction b JOIN deduction a ON a.id = b.reverses_id WHERE"
        " b.booked_by = a.booked_by OR b.booked_by = a.person_id"
        " OR b.person_id <> a.person_id OR b.original_by <> a.booked_by"
        " OR b.total <> -a.total OR a.reverses_id IS NOT NULL",
    ),
    Rule(
        "a contest decided by the person or the booker",
        "SELECT c.id FROM deduction_contest c JOIN deduction d ON d.id = c.deduction_id"
        " WHERE c.decided_by IN (d.person_id, d.booked_by) OR c.person_id <> d.person_id",
    ),
    Rule(
        "a contest not upheld without its reversal, or the reversal of something else",
        "SELECT c.id FROM deduction_contest c LEFT JOIN deduction r ON r.id = c.reversal_id"
        " WHERE (NOT c.upheld AND r.id IS NULL) OR (r.id IS NOT NULL AND r.reverses_id <> c.deduction_id)",
    ),
    Rule(
        "a contest filed by somebody else",
        "SELECT a.seq FROM audit_entry a JOIN deduction d ON a.subject = 'deduction:' || d.id"
        " WHERE a.action = 'deduction.contest' AND a.actor_id <> d.person_id",
    ),
    Rule(
        "entered or withdrawn by a side",
        "SELECT id FROM register_entry WHERE entered_by IN (person_id, COALESCE(other_id, 0))",
    ),
    Rule(
        "a withdrawal of another entry's person, kind or side",
        "SELECT b.id FROM register_entry b JOIN register_entry a ON a.id = b.withdraws_id"
        " WHERE b.person_id <> a.person_id OR b.kind <> a.kind OR a.withdraws_id IS NOT NULL"
        " OR COALESCE(b.other_id, 0) <> COALESCE(a.other_id, 0)",
    ),
)


def late_contests(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A contest after its last day."""
    found = connection.execute(
        sa.text(
            "SELECT c.id, c.filed_at, d.contest_until FROM deduction_contest c"
            " JOIN deduction d ON d.id = c.deduction_id"
        )
    )
    for row in found:
        if str(row.filed_at)[:10] > str(row.contest_until):
            yield f"contest {row.id} filed after {row.contest_until}"


class Deductions:
    """A deduction or a register entry about somebody."""

    name = "deductions"
    steps = 9
    rules = RULES
    checks = (late_contests,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """About anybody, heads included."""
        return Flow(self, chance.choice(world.everybody()), chance, self.steps)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Book or enter first, then everything that may follow."""
        if "deduction" not in flow.made and "entry" not in flow.made:
            return [self._book(world, flow), self._enter(world, flow)]
        heads = [*world.heads_of(flow.subject), *world.with_role("qc_manager", "hr", "hr_manager")]
        if "entry" in flow.made:
            entry_id = flow.made["entry"]
            withdraw = Act(
                "withdraw", lambda who: service.withdraw(who, world.now, entry_id, "登记有误"), heads
            )
            return [withdraw, self._enter(world, flow)]
        one = flow.made["deduction"]
        upheld = flow.chance.random() < 0.5
        return [
            Act(
                "contest", lambda who: service.contest(who, world.now, one, "当时不是我在线"), [flow.subject]
            ),
            Act(
                "decide",
                lambda who: service.decide(who, world.now, one, upheld=upheld, answer="核对过录音"),
                heads,
            ),
            Act("reverse", lambda who: service.reverse(who, world.now, one, "登错了人"), heads),
            self._book(world, flow),
        ]

    def _book(self, world: World, flow: Flow) -> Act:
        about = [flow.subject, *flow.chance.sample(world.everybody(), flow.chance.choice((0, 0, 1)))]
        what = booking(
            day=world.today - timedelta(days=flow.chance.randrange(4)),
            points=flow.chance.choice((10, 10, 15, 500)),
            evidence=f"录音{flow.chance.randrange(10**6)}",
        )

        def book(who: int) -> None:
            flow.made["deduction"] = flow.chance.choice(service.book(who, world.now, about, what))

        return Act("book", book, [*world.heads_of(flow.subject), *world.with_role("qc", "hr")])

    def _enter(self, world: World, flow: Flow) -> Act:
        kind = flow.chance.choice(("complaint", "violation", "award", "conflict", "cover", "suggestion"))
        other = flow.chance.choice(world.everybody()) if kind in {"conflict", "cover"} else None
        what = entry(kind, day=world.today, other=other)

        def enter(who: int) -> None:
            flow.made["entry"] = service.enter(who, world.now, flow.subject, what)

        return Act("enter", enter, [*world.heads_of(flow.subject), *world.with_role("qc", "hr")])


ROAD = Deductions()
