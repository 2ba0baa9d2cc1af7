"""A PostgreSQL server that is killed like a machine that lost its head, and started again on its data."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.postgres import NoServerError, _as_server_user, _system_binaries

_START_SECONDS = 60.0
_NOTICE_SECONDS = 0.3


class Postmaster:
    """A server on a socket in a folder of its own."""

    def __init__(self, folder: Path, binaries: Path, prefix: list[str], *more: str) -> None:
        self._folder, self._binaries, self._prefix, self._more = folder, binaries, prefix, more
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql+psycopg://cstrain@/postgres?host={self._folder}"

    def initialise(self) -> None:
        """Make the data folder."""
        how = ("--username=cstrain", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        command = [*self._prefix, str(self._binaries / "initdb"), f"--pgdata={self._folder / 'data'}"]
        command += [*how, *self._more]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, check=False)
        if done.returncode:
            raise NoServerError(done.stderr.decode(errors="replace"))

    def start(self) -> None:
        """Start it, as often as the remains of the killed one refuse that, until it answers."""
        options = ("listen_addresses=", f"unix_socket_directories={self._folder}", "max_connections=200")
        flags = [part for option in options for part in ("-c", option)]
        command = [*self._prefix, str(self._binaries / "postgres"), "-D", str(self._folder / "data"), *flags]
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                with (self._folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(
                        command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                    )
            with suppress(psycopg.OperationalError):
                self._connect().close()
                return
            time.sleep(0.1)
        raise NoServerError((self._folder / "log").read_text(errors="replace")[-2000:])

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(f"host={self._folder} user=cstrain dbname=postgres", connect_timeout=5)

    def kill(self) -> None:
        """SIGKILL to the postmaster; its backends notice and end; it is started again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
        self.start()

    def kill_backend(self, chance: random.Random) -> bool:
        """SIGKILL to one of the product's backends: the server ends all others and recovers from its log."""
        with suppress(psycopg.OperationalError), self._connect() as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
            if found:
                os.kill(int(str(chance.choice(found)[0])), signal.SIGKILL)
                time.sleep(_NOTICE_SECONDS)
                self.start()
                return True
        return False

    def limit_files(self, most: int | None = None) -> None:
        """Let no file grow beyond so many bytes (to the server this is a full disk), or as it likes again.

        Asked as the server's own user: not every root may.
        """
        if self._process is None:
            raise NoServerError("the server is not running")
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        limit = f"--fsize={'unlimited' if most is None else most}:"
        for each in (str(own), *children):
            command = [*self._prefix, "prlimit", "--pid", each, limit]
            done = subprocess.run(command, capture_output=True, check=False, text=True)
            if done.returncode and Path(f"/proc/{each}").exists():
                raise NoServerError(f"prlimit: {done.stderr}")

    def end(self) -> None:
        """Stop it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)


@contextmanager
def postmaster(*more: str) -> Iterator[Postmaster]:
    """Yield a running server; ``NoServerError`` where the system has no PostgreSQL binaries.

    ``more``: further options of ``initdb``.
    """
    binaries = _system_binaries()
    if binaries is None:
        raise NoServerError("no initdb of the system")
    prefix, user = _as_server_user()
    folder = Path(tempfile.mkdtemp(prefix="cstrain-pm-", dir="/tmp"))  # short: a socket's path is limited
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = Postmaster(folder, binaries, prefix, *more)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
