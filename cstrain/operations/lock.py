"""Who uses the database: a server while it runs, a restore while it works; never both.

SQLite: a lock on a file beside the database; the kernel lets go of it when the process dies, however it dies.
PostgreSQL: an advisory lock, shared among servers, exclusive for a restore.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError

from cstrain.operations.errors import OperationError

_ADVISORY_LOCK = 7_201_846


def database_file(url: URL) -> Path | None:
    """Return the file of a SQLite database, ``None`` for any other kind."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def lock_file(database: Path) -> Path:
    """Return the file whose lock says that the database is in use."""
    return database.with_name(f"{database.name}.lock")


@contextmanager
def serving(engine: Engine, address: str) -> Iterator[None]:
    """Hold the database for a server; ``address`` is told to whoever is refused meanwhile.

    Raises ``OperationError`` when a restore works on it, or (SQLite) when another server runs: the embedded
    database has one serving process.
    """
    database = database_file(engine.url)
    if database is None:
        with _advisory(engine, shared=True):
            yield
        return
    with _locked(lock_file(database)) as file:
        file.truncate(0)
        file.write(f"{address}\n")
        file.flush()
        yield


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Hold the database for a restore; raises ``OperationError`` while a server runs."""
    database = database_file(engine.url)
    if database is None:
        with _advisory(engine, shared=False):
            yield
        return
    with _locked(lock_file(database)):
        yield


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = file.read().strip()
            at = f" (it serves {where})" if where else ""
            raise OperationError(f"a server is running on this database{at}; stop it first") from None
        try:
            yield file
        finally:
            file.truncate(0)


@contextmanager
def _advisory(engine: Engine, *, shared: bool) -> Iterator[None]:
    take = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.text(f"SELECT {take}(:key)"), {"key": _ADVISORY_LOCK}):
            busy = "a restore is working" if shared else "a server is running"
            raise OperationError(f"{busy} on this database; wait for its end or stop it first")
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a restore may have ended the session together with its database
                connection.execute(sa.text("SELECT pg_advisory_unlock_all()"))
            connection.invalidate()
