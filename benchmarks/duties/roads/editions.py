"""Editions of a ladder: drafted, looked at, checked and approved by three people; acknowledged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow, Rule
from benchmarks.duties.rows import able, act, newest, yes
from benchmarks.duties.world import World
from cstrain.promotion.editions import queries, service
from cstrain.promotion.editions.service import NewEdition
from tests.factories.editions import new_texts

RULES = (
    Rule(
        "in force without three persons",
        "SELECT id FROM ladder_edition WHERE approved_by IS NOT NULL AND (checked_by IS NULL OR approved_by"
        " IN (drafted_by, checked_by) OR checked_by = drafted_by OR closed_at IS NOT NULL)",
    ),
    Rule(
        "approved by somebody who had not looked at what it does",
        "SELECT e.id FROM ladder_edition e WHERE e.approved_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " ladder_look l WHERE l.edition_id = e.id AND l.person_id = e.approved_by AND l.at <= e.approved_at)",
    ),
    Rule(
        "in force on or before the day of its approval",
        "SELECT id FROM ladder_edition WHERE approved_on IS NOT NULL AND effective_from <= approved_on",
    ),
    Rule(
        "withdrawn by another, or returned by who drafted it",
        "SELECT id FROM ladder_edition WHERE (closing = 'withdrawn' AND closed_by <> drafted_by)"
        " OR (closing = 'returned' AND closed_by = drafted_by)",
    ),
    Rule(
        "two editions of a ladder in force from the same day, or out of order",
        "SELECT a.id FROM ladder_edition a JOIN ladder_edition b ON b.ladder_ref = a.ladder_ref AND b.number"
        " > a.number AND b.effective_from <= a.effective_from"
        " WHERE a.approved_by IS NOT NULL AND b.approved_by IS NOT NULL",
    ),
)


def own_word(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An acknowledgement for somebody else: as many in the audit by each as there are of each."""
    found = sa.text(
        "SELECT a.person_id, count(*) AS n, (SELECT count(*) FROM audit_entry e WHERE e.action ="
        " 'edition.acknowledge' AND e.actor_id = a.person_id) AS said FROM ladder_acknowledgement a"
        " GROUP BY a.person_id"
    )
    for row in connection.execute(found):
        if row.n != row.said:
            yield f"{row.n} acknowledgements of {row.person_id}, {row.said} by themself"


class Editions:
    """An edition of the general ladder, from its draft to the acknowledgements."""

    name = "editions"
    steps = 16
    rules = RULES
    checks = (own_word,)

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """The subject is somebody whom the ladder binds."""
        return Flow(self, chance.choice(world.agents("SQ1")), chance, self.steps)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Draft, or what waits for the edition that is open; acknowledge what is in force."""
        one, due = newest("ladder_edition", ladder_ref="general"), queries.due_for(flow.subject, world.today)
        ladders, mine = [each.ladder for each in due[:1]], [flow.subject]
        found = [
            act(world, "acknowledge", service.acknowledge, mine, each.ref, each.edition, due[0].digest)
            for each in ladders
        ]
        if one is None or one["approved_at"] is not None or one["closed_at"] is not None:
            remind = act(world, "remind", service.remind, able(world, "edition.track"), "general", 1)
            return [*found, self._draft(world, flow), self._draft(world, flow), remind]
        drafter, edition = one["drafted_by"], one["id"]
        checks, approves = able(world, "edition.check"), able(world, "edition.approve")
        acts = [
            *[act(world, "check", service.check, [*checks, *checks, drafter], edition)] * 2,
            act(world, "look", service.look, [*checks, *approves], edition),
            *[act(world, "approve", service.approve, [*approves, *approves, drafter], edition)] * 2,
        ]
        if yes(flow, 0.2):
            acts += [
                act(world, "send_back", service.send_back, [*checks, *approves, drafter], edition, "再改"),
                act(world, "withdraw", service.withdraw, [drafter], edition, "不改了"),
                self._draft(world, flow, edition),
            ]
        return [*found, *acts]

    def _draft(self, world: World, flow: Flow, replaces: int | None = None) -> Act:
        start = world.today + timedelta(days=flow.chance.choice((20, 60, 1, 0)))
        held = newest("ladder_edition", ladder_ref="general")
        start = max(start, held["effective_from"] + timedelta(days=1)) if held is not None else start
        text, cases = new_texts(flow.chance.randrange(8, 16), start)
        new = NewEdition("general", start, text, cases, "月数改变", replaces)
        return act(world, "draft", service.draft, able(world, "edition.draft"), new)


ROAD = Editions()
