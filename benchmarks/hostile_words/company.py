"""The demo company on a database of its own, with a string behind every text that a person wrote."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.demo.cast import TRAINEES
from cstrain.demo.service import began_at, play
from cstrain.extensions import db
from cstrain.kernel.clock import SettableClock
from cstrain.operations.init import LOADERS
from cstrain.unit_of_work import unit_of_work
from tests.conftest import SECRET

SHOWN_ON = date(2026, 11, 20)
AFTERNOON = datetime(2026, 11, 20, 7, tzinfo=UTC)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_RULES = re.compile("edition|policy|chapter|alembic|catalogue|calculation")
"""Tables of the rules that the product itself reads: their words are no free text."""
_READ = re.compile("rules|blueprint|body|sealed|criteria|key|message")
"""Columns of the same kind."""
_FREE = re.compile("content|values|lines|value|said|detail|rows")
"""Columns of data in which a text may have any length; in others it stays as short as titles are."""
_TITLE = 60


def make(path: Path) -> None:
    """Play the whole company on an empty database at ``path``."""
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    settings = Settings(
        database_url=f"sqlite:///{path}", secret_key=SECRET, secure_cookies=False, second_factor=False
    )
    app = create_app(settings, clock)
    with app.app_context():
        db.create_all()
        clock.set(began_at(SHOWN_ON))
        for _name, load in LOADERS:
            with unit_of_work():
                load(clock.now())
    play(app, clock, SHOWN_ON, list(TRAINEES))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def person_of(path: Path, staff_no: str) -> int:
    """Return the id of a person of the company."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT id FROM person WHERE staff_no = ?", (staff_no,)).fetchone()[0])


def spoil(path: Path, words: Sequence[str], formulas: Sequence[str]) -> tuple[int, int]:
    """Put the next string behind every Chinese text of every table, formulas before it.

    Return how many texts in how many tables. Strings that no database keeps (NUL) are left out.
    """
    every = [*((word, "") for word in formulas), *(("", word) for word in words if word)]
    added = cycle([each for each in every if "\0" not in "".join(each)])
    texts, tables = 0, 0
    with closing(sqlite3.connect(path)) as connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in names:
            if _RULES.search(table) or table.startswith("sqlite_"):
                continue
            changed = _spoil_table(connection, table, added)
            texts, tables = texts + changed, tables + bool(changed)
        connection.commit()
    return texts, tables


def _spoil_table(connection: sqlite3.Connection, table: str, added: Iterator[tuple[str, str]]) -> int:
    count = 0
    every = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if not row[5]]
    columns = [name for name in every if not _READ.fullmatch(name)]
    for column in columns:
        rows = connection.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall()
        for number, value in rows:
            spoilt = _spoilt(value, added, None if _FREE.fullmatch(column) else _TITLE)
            if spoilt is not None:
                connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (spoilt, number))
                count += 1
    return count


def _spoilt(value: object, added: Iterator[tuple[str, str]], most: int | None) -> str | None:
    """Return a value with strings behind its Chinese texts; ``None`` where there are none."""
    if not isinstance(value, str):
        return None
    if value[:1] in {"{", "["}:
        try:
            data = json.loads(value)
        except ValueError:
            data = None
        if isinstance(data, dict | list):
            said = json.dumps(_each(data, added, most), ensure_ascii=False)
            return said if said != json.dumps(data, ensure_ascii=False) else None
    if "\\u" in value and value.startswith('"'):
        return json.dumps(_with(json.loads(value), added))
    return _with(value, added) if _CHINESE.search(value) else None


def _with(text: str, added: Iterator[tuple[str, str]]) -> str:
    before, behind = next(added)
    return before + text + behind


def _each(value: Any, added: Iterator[tuple[str, str]], most: int | None) -> Any:
    if isinstance(value, str):
        changed = _with(value, added) if _CHINESE.search(value) else value
        return changed if most is None or len(changed) <= most else value
    if isinstance(value, list):
        return [_each(one, added, most) for one in value]
    if isinstance(value, dict):
        return {key: _each(one, added, most) for key, one in value.items()}
    return value
