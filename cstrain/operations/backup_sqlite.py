"""Copying an embedded database while it is in use, and putting a copy back.

A file copy of a live WAL database is no backup: the online backup API is used, in one step, which reads one
snapshot while writers go on.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL

from cstrain.operations.errors import OperationError
from cstrain.operations.files import arriving, flush
from cstrain.operations.lock import alone, database_file

C = TypeVar("C")
_BUSY_SECONDS = 30.0


def backup(url: URL, target: Path, check: Callable[[URL], C], *, force: bool) -> C:
    """Copy the database at ``url`` to ``target``, verify the copy with ``check`` and return its answer."""
    database = _file(url)
    if not database.is_file():
        raise OperationError(f"there is no database at {database}; run: cstrain init")
    if target.exists() and target.samefile(database):
        raise OperationError("a database cannot be backed up onto itself; name another file")
    with arriving(target, force=force) as partial:
        with _opened(database) as live, closing(sqlite3.connect(partial)) as copy:
            live.backup(copy, pages=-1)
        return _verified(partial, check)


def restore(url: URL, source: Path, check: Callable[[URL], C], stamp: str) -> tuple[C, str | None]:
    """Verify ``source``, put it in the place of the database at ``url``; return where the old one is kept."""
    database = _file(url)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(sa.create_engine(url)):
        kept = database.with_name(f"{database.name}.before-{stamp}")
        with arriving(database, force=True) as partial:
            shutil.copyfile(source, partial)
            checked = _verified(partial, check)
            old = _set_aside(database, kept)
        flush(database.parent)
    return checked, old


def _set_aside(database: Path, kept: Path) -> str | None:
    """Keep a whole copy of the present database under another name, then drop its write-ahead files."""
    if not database.exists():
        return None
    if kept.exists():
        raise OperationError(f"{kept} exists already; wait a second and try again")
    with _opened(database) as live:
        busy = live.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise OperationError("another process is using the database; wait for its end")
    os.link(database, kept)
    flush(kept)
    for rest in ("-wal", "-shm"):
        database.with_name(database.name + rest).unlink(missing_ok=True)
    return str(kept)


def _verified(copy: Path, check: Callable[[URL], C]) -> C:
    """Check pages, references and content of a copy; leave it as one file without write-ahead log."""
    try:
        with _opened(copy) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            if found != [("ok",)]:
                raise OperationError(f"its pages are damaged: {found[0][0]}")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise OperationError("some of its rows point at missing rows")
        checked = check(sa.engine.make_url(f"sqlite:///{copy}"))
        with _opened(copy) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except (OperationError, sqlite3.DatabaseError, sa.exc.DatabaseError) as error:
        why = error if isinstance(error, OperationError) else f"it is not a readable database ({error})"
        raise OperationError(f"the copy was not accepted: {why}") from None
    finally:
        for rest in ("-wal", "-shm", "-journal"):
            copy.with_name(copy.name + rest).unlink(missing_ok=True)
    return checked


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        yield connection


def _file(url: URL) -> Path:
    found = database_file(url)
    if found is None:
        raise OperationError("a database in memory cannot be backed up")
    return found
