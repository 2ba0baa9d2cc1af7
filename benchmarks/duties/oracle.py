"""The independent oracle: reads the tables, never the services; made of the roads' rules and of names.

Whatever table has somebody it is about and somebody who acts is found by the names of its columns, so a new
room is looked at without a line about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from benchmarks.duties import effects
from benchmarks.duties.road import Road, Rule
from benchmarks.duties.world import World
from cstrain.extensions import db

ROOMS = ("cstrain.performance", "cstrain.promotion", "cstrain.approvals")
SUBJECTS = ("person_id", "about_id", "agent_id", "candidate_person_id", "member_id")
FIRST = (
    "proposed_by",
    "asked_by",
    "drafted_by",
    "requested_by",
    "booked_by",
    "opened_by",
    "run_by",
    "held_by",
)
SECOND = ("confirmed_by", "decided_by", "answered_by", "approved_by", "checked_by", "agreed_by", "refused_by")
ONES_OWN = {
    ("application_event", "person_id", "by_id"): "one submits and withdraws one's own application",
    (
        "defence_juror",
        "person_id",
        "named_by",
    ): "HR may sit in a round it arranges",
    ("quality_reply", "agent_id", "rater_id"): "copied from the rating, whose table forbids it",
    ("register_entry", "person_id", "other_id"): "the other side of an entry acts nowhere",
    ("move_case", "person_id", "opened_by"): "one asks for one's own transfer; not for a first level",
    ("move_event", "about_id", "by_id"): "one requests and withdraws oneself; the road looks at the rest",
    ("review_form", "about_id", "rater_id"): "one's own form; the road looks at the superior's",
    ("paired_act", "about_id", "confirmed_by"): "released table: the services refuse it",
    ("paired_act", "about_id", "refused_by"): "released table: the services refuse it",
    ("paired_act", "proposed_by", "refused_by"): "who proposed may take it back",
}
"""Pairs that may be the same person, or that a released table does not forbid; with the reason."""


def tables(rooms: tuple[str, ...] = ROOMS) -> list[sa.Table]:
    """Return the tables of the rooms under test."""
    mappers = db.Model.registry.mappers
    found = {one.local_table for one in mappers if one.class_.__module__.startswith(rooms)}
    return sorted((one for one in found if isinstance(one, sa.Table)), key=lambda one: one.name)


def _to_person(column: sa.Column) -> bool:
    """Tell whether a column names a person; composite keys do so without a key of their own."""
    direct = any(key.target_fullname == "person.id" for key in column.foreign_keys)
    return direct or (column.name.endswith("_by") and isinstance(column.type, sa.Integer))


def pairs(rooms: tuple[str, ...] = ROOMS) -> list[tuple[str, str, str]]:
    """Return (table, column, other column) that must never name the same person."""
    found = []
    for table in tables(rooms):
        people = [one.name for one in table.columns if _to_person(one) or one.name in SUBJECTS]
        acts = [one for one in people if one.endswith("_by") or one in {"by_id", "rater_id", "juror_id"}]
        found += [(table.name, subject, act) for subject in SUBJECTS if subject in people for act in acts]
        found += [
            (table.name, one, other) for one in FIRST for other in SECOND if {one, other} <= set(people)
        ]
    return [one for one in found if one not in ONES_OWN]


class Oracle:
    """Looks for what may never stand in the tables: after each act what its road says, then everything."""

    def __init__(self, world: World, roads: Sequence[Road], rooms: tuple[str, ...] = ROOMS) -> None:
        self.world = world
        named = [
            Rule(f"{table}: {one} is {other}", f"SELECT id FROM {table} WHERE {one} = {other}")
            for table, one, other in pairs(rooms)
        ]
        self._rules: dict[str, Sequence[Rule]] = {road.name: road.rules for road in roads}
        self._rules[""] = [*(rule for road in roads for rule in road.rules), *named]
        self._sql = {name: _together(known) for name, known in self._rules.items()}
        self._checks = {road.name: road.checks for road in roads}
        self._checks[""] = [*(check for road in roads for check in road.checks), *effects.CHECKS]

    def look(self, road: str = "") -> Iterator[str]:
        """Yield a sentence for each breach that stands in the tables (of one road, or of all)."""
        with self.world.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # many small questions: compiling them takes longest
                connection.exec_driver_sql("SET LOCAL jit = off")
            for number, row in connection.execute(self._sql[road]):
                yield f"{self._rules[road][number].name} (row {row})"
            for check in self._checks[road]:
                yield from check(self.world, connection)


def _together(known: Sequence[Rule]) -> sa.TextClause:
    """Return one statement for all rules: the number of the rule and the id of a row that breaks it."""
    every = [
        f"SELECT {number} AS rule, found.* FROM ({one.sql}) AS found" for number, one in enumerate(known)
    ]
    return sa.text(" UNION ALL ".join(every).replace(":", "\\:"))
