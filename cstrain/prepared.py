"""Statements that every request of a sitting runs: compiled once, handed to SQLite's driver as they are."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.compiler import SQLCompiler

_Values = Mapping[str, Any]
_Change = Callable[[Any], Any]
_SQLITE = pysqlite.dialect()
_Asked: TypeAlias = sa.Select[*tuple[Any, ...]] | sa.Insert


class Prepared:
    """A statement with its values named, asked again and again.

    SQLAlchemy's way to the same rows costs several times what SQLite needs for them, and a saved answer goes
    it four times. Its words, types and errors stay SQLAlchemy's; only the way of a statement that is compiled
    already is shorter. PostgreSQL goes the ordinary way: a lost connection is noticed there.

    ``names``: the columns an insert fills. A statement must not list values (``IN``) nor fill in a default of
    its own: ``ValueError`` at its first use.
    """

    def __init__(self, statement: _Asked, names: Collection[str] = ()) -> None:
        self._statement, self._names = statement, tuple(names)

    def rows(self, connection: Connection, values: _Values) -> list[Any]:
        """Run the statement in the connection's transaction; return what it found or gives back.

        Raises ``sqlalchemy.exc.DBAPIError`` for what the database refuses.
        """
        if connection.dialect.name != "sqlite":
            found = connection.execute(self._statement, values)
            return list(found) if found.returns_rows else []
        if not connection.in_transaction():
            connection.begin()
        plain = self._plain
        return plain.read(run_plain(connection, plain.words, plain.bind(values)))

    def one_or_none(self, connection: Connection, values: _Values) -> Any:
        """Run the statement; return its only row, ``None`` when there is none."""
        found = self.rows(connection, values)
        if len(found) > 1:
            raise sa.exc.MultipleResultsFound("a statement for one row found several")
        return found[0] if found else None

    @cached_property
    def _plain(self) -> _Plain:
        return _Plain(self._statement, self._names)


class _Plain:
    """What SQLite's driver is handed: words, and values in their order; and how its rows are read."""

    def __init__(self, statement: _Asked, names: Collection[str]) -> None:
        compiled = statement.compile(dialect=_SQLITE, column_keys=list(names) or None)
        assert isinstance(compiled, SQLCompiler)
        if compiled.post_compile_params or compiled.literal_execute_params or compiled.insert_prefetch:
            raise ValueError(f"not a plain statement: {compiled}")
        self.words = str(compiled)
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        changes = [bind.type.dialect_impl(_SQLITE).bind_processor(_SQLITE) for bind in binds]
        self._order = [
            (bind.key, change) if bind.required else (None, change(bind.value) if change else bind.value)
            for bind, change in zip(binds, changes, strict=True)
        ]
        found = list(statement.exported_columns.items())
        self._row: Any = namedtuple("Found", [str(name) for name, _ in found])  # type: ignore[misc]
        types = (each.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for _, each in found)
        self._changes = [(at, change) for at, change in enumerate(types) if change is not None]

    def bind(self, values: _Values) -> tuple[Any, ...]:
        """Return the values in the order of the words, as the driver wants them."""
        return tuple(
            [
                change if name is None else values[name] if change is None else change(values[name])
                for name, change in self._order
            ]
        )

    def read(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """Return rows by the names of their columns, with the values their types hand out."""
        if not self._changes:
            return [self._row(*row) for row in rows]
        read = []
        for row in rows:
            cells = list(row)
            for at, change in self._changes:
                cells[at] = change(cells[at])
            read.append(self._row(*cells))
        return read


def run_plain(connection: Connection, words: str, values: tuple[Any, ...] = ()) -> list[Any]:
    """Hand a statement to SQLite's driver; who listens to the engine's statements hears of it all the same.

    Raises ``sqlalchemy.exc.DBAPIError`` for what the database refuses.
    """
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, None, words, values, None, False)
    driver: Any = connection.connection.dbapi_connection
    try:
        return list(driver.execute(words, values))
    except sqlite3.Error as error:
        hidden = connection.engine.hide_parameters
        raise sa.exc.DBAPIError.instance(
            words, values, error, sqlite3.Error, hide_parameters=hidden, dialect=connection.dialect
        ) from error
