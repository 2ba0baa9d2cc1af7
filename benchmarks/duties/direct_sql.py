"""Rows that no service writes, written by hand: the database itself must refuse them.

For every pair of columns that may never name the same person (see ``oracle.pairs``) a row that workflows
have made is changed, and copied, so that both name one. Each try is taken back.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from benchmarks.duties import oracle
from benchmarks.duties.world import World

REFUSED = {
    "SQLITE_CONSTRAINT_CHECK",
    "SQLITE_CONSTRAINT_FOREIGNKEY",
    "SQLITE_CONSTRAINT_TRIGGER",
    "23514",
    "23503",
}
"""How the databases name a broken CHECK, foreign key or trigger."""

DOUBLE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
"""A copy may already be refused as one; then the change of the row itself is what counts."""


def _code(error: DBAPIError) -> str:
    return str(
        getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or error
    )


def _tried(connection: sa.Connection, statement: sa.Executable) -> str:
    """Run a statement in a savepoint that is taken back; return ``refused`` or what happened."""
    point = connection.begin_nested()
    try:
        connection.execute(statement)
    except DBAPIError as error:
        return "refused" if _code(error) in REFUSED else _code(error)
    else:
        return "let through"
    finally:
        point.rollback()


def attack(world: World, rooms: tuple[str, ...] = oracle.ROOMS) -> Counter[str]:
    """Try every pair on a row that there is; what is let through is a fault of the world."""
    found: Counter[str] = Counter()
    tables = {one.name: one for one in oracle.tables(rooms)}
    with world.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        for name, one, other in oracle.pairs(rooms):
            table = tables[name]
            row = _row(connection, table, one, other)
            if row is None:
                continue
            found[f"tried {name} {one} {other}"] += 1
            for verb, statement in _statements(table, one, other, row).items():
                outcome = _tried(connection, statement)
                found[f"{verb} {outcome}"] += 1
                if outcome not in {"refused", *(DOUBLE if verb == "INSERT" else ())}:
                    world.faults.append(f"direct SQL: {verb} {name} with {one} = {other}: {outcome}")
        connection.rollback()
    return found


def _row(connection: sa.Connection, table: sa.Table, one: str, other: str) -> Any:
    wanted = sa.select(table).where(table.c[one].is_not(None), table.c[other].is_not(None)).limit(1)
    return connection.execute(wanted).mappings().first()


def _statements(table: sa.Table, one: str, other: str, row: Any) -> dict[str, sa.Executable]:
    copy = {**row, "id": row["id"] + 1_000_000, other: row[one]}
    return {
        "UPDATE": sa.update(table).where(table.c.id == row["id"]).values({other: row[one]}),
        "INSERT": sa.insert(table).values(copy),
    }
