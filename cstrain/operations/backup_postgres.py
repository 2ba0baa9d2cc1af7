"""Dumping a PostgreSQL database while it is in use, and putting a dump back.

A dump is proved by restoring it into a scratch database and verifying that. Restoring does the same, and only
then lets the new database take the old one's name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from cstrain.operations.errors import OperationError
from cstrain.operations.files import arriving
from cstrain.operations.lock import alone

C = TypeVar("C")
_DEBIAN = Path("/usr/lib/postgresql")


def backup(url: URL, target: Path, check: Callable[[URL], C], *, force: bool) -> C:
    """Dump the database at ``url`` to ``target`` (custom format) and verify it; return the check's answer.

    The dump is read back whole, and restored into a scratch database for ``check`` where the role may create
    one; without that right ``check`` looks at the database the dump was taken from.
    """
    with arriving(target, force=force) as partial:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}")
        _run("pg_restore", None, "--file=/dev/null", str(partial))
        return _check_dump(url, partial, check)


def restore(url: URL, source: Path, check: Callable[[URL], C], stamp: str) -> tuple[C, str | None]:
    """Restore a dump beside the database, verify it, swap their names; return the old one's new name."""
    engine = sa.create_engine(url)
    scratch, kept = f"{url.database}_restore_{stamp}".lower(), f"{url.database}_before_{stamp}".lower()
    server = _server(url)
    try:
        with alone(engine):
            _create(server, scratch)
            try:
                checked = _load_and_check(url, source, check, scratch)
            except BaseException:
                _drop(server, scratch)
                raise
        engine.dispose()  # our own lock's session would keep the database from being renamed
        _rename(server, str(url.database), kept)
        _rename(server, scratch, str(url.database))
    finally:
        engine.dispose()
        server.dispose()
    return checked, kept


def _check_dump(url: URL, dump: Path, check: Callable[[URL], C]) -> C:
    server = _server(url)
    scratch = f"{url.database}_check_{os.getpid()}".lower()
    try:
        with server.connect() as connection:
            may = connection.scalar(
                sa.text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            )
        if not may:
            return check(url)
        _create(server, scratch)
        try:
            return _load_and_check(url, dump, check, scratch)
        finally:
            _drop(server, scratch)
    finally:
        server.dispose()


def _load_and_check(url: URL, dump: Path, check: Callable[[URL], C], scratch: str) -> C:
    there = url.set(database=scratch)
    try:
        _run("pg_restore", there, "--no-owner", "--no-privileges", "--exit-on-error", str(dump))
        return check(there)
    except OperationError as error:
        raise OperationError(f"the copy was not accepted: {error}") from None


def _server(url: URL) -> Engine:
    """Return an engine on the server's maintenance database, without transactions."""
    return sa.create_engine(
        url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
    )


def _create(server: Engine, name: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {_quoted(server, name)} TEMPLATE template0")


def _drop(server: Engine, name: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(server, name)} WITH (FORCE)")


def _rename(server: Engine, name: str, new: str) -> None:
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {_quoted(server, name)} RENAME TO {_quoted(server, new)}"
            )
    except sa.exc.DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise OperationError(f"database {name} could not be renamed to {new}: {why}") from None


def _quoted(server: Engine, name: str) -> str:
    return server.dialect.identifier_preparer.quote_identifier(name)


def _run(tool: str, url: URL | None, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; the password goes through the environment, not the command line."""
    command = [_tool(tool), *arguments]
    environment = dict(os.environ)
    if url is not None:
        command += ["--dbname", str(url.database)]
        environment |= _connection_environment(url)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise OperationError(f"{tool}: {lines[0]}")


def _connection_environment(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host")
    port = url.port or url.query.get("port")
    named = {"PGHOST": host, "PGPORT": port, "PGUSER": url.username, "PGPASSWORD": url.password}
    named["PGSSLMODE"] = url.query.get("sslmode")
    return {name: str(value) for name, value in named.items() if value}


def _tool(name: str) -> str:
    """Return the path of a PostgreSQL tool, the newest of those installed."""
    installed = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: _version(path.parent.parent.name))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise OperationError(f"{name} is needed for PostgreSQL; install the PostgreSQL client tools")
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
