"""``cstrain demo``: the whole product with a made-up company, on this machine alone.

Nothing is set beforehand: the key is made once, the data stay in one folder, a later run goes on with them.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.demo.service import LogIn, began_at, ensure_demo, log_ins
from cstrain.extensions import db, local_date, now
from cstrain.kernel.clock import SettableClock
from cstrain.kernel.ids import new_token
from cstrain.operations import serving
from cstrain.operations.commands import log_to_stderr
from cstrain.operations.files import flush
from cstrain.operations.init import bring_up_to_date

_DATABASE = "cstrain.db"


@click.command()
@click.option("--port", default=8000, show_default=True, help="Another free one is taken if it is busy.")
@click.option("--data-dir", default="var/demo", show_default=True, type=click.Path(path_type=Path))
def demo(port: int, data_dir: Path) -> None:
    """Serve a demo company on 127.0.0.1; its data stay in a folder of their own.

    \b
    Example:
      cstrain demo
      cstrain demo --port 9000
    """
    log_to_stderr()
    settings = demo_settings(data_dir)
    door = serving.listen("127.0.0.1", port, or_another=True)
    app = create_app(settings)
    course = serving.Course(
        prepare=lambda: _prepare(app, settings),
        said=lambda: _say(serving.address_of(door), data_dir, log_ins()),
        go_on=_while_the_shell_lives(),
    )
    serving.serve(app, door, settings, course)


def _while_the_shell_lives() -> Callable[[], bool]:
    """Return a check that turns false when the script that runs this in its foreground is gone.

    A shell that runs a file of commands does not hand its SIGTERM on; without this the demo would outlive it.
    What was sent to the background (``&``, ``nohup``, a session or a job of its own) stays.
    """
    parent = os.getppid()
    if not _in_the_foreground_of(parent):
        return lambda: True
    return lambda: os.getppid() == parent


def _in_the_foreground_of(parent: int) -> bool:
    """Tell whether ``parent`` waits for this process (a script's background ignores SIGINT)."""
    ignored = signal.SIG_IGN in (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP))
    try:
        return not ignored and os.getpgid(parent) == os.getpgrp()
    except OSError:  # the parent is gone already, or in a session that this system does not show
        return False


def demo_settings(folder: Path) -> Settings:
    """Return settings for a demo in ``folder``; the first run makes a key that only the owner can read."""
    os.umask(0o077)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        database_url=f"sqlite:///{folder / _DATABASE}",
        secret_key=_secret(folder / "secret"),
        data_dir=str(folder),
        secure_cookies=False,
        second_factor=False,
    )


def _secret(path: Path) -> str:
    """Return the key kept in ``path``; two first runs at the same time agree on one."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with open(handle, "w", encoding="ascii") as file:
        file.write(new_token())
    return path.read_text(encoding="ascii")


def _prepare(app: Flask, settings: Settings) -> None:
    """Bring the data up to date; the first time they are built aside, so that a stop leaves no half."""
    database = Path(settings.data_dir) / _DATABASE
    with app.app_context():
        if not database.exists():
            print("preparing the demo company (once, about a minute) …", flush=True)  # noqa: T201
            _build(settings, database, now())
        bring_up_to_date(now())


def _build(settings: Settings, database: Path, at: datetime) -> None:
    """Play the company in a folder beside its place and move it there when it is whole."""
    aside = database.parent / "preparing"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    clock = SettableClock(at)
    app = create_app(replace(settings, database_url=f"sqlite:///{aside / _DATABASE}"), clock)
    with app.app_context():
        today = local_date(at)
        clock.set(began_at(today))
        bring_up_to_date(now())
        ensure_demo(app, clock, today, hasty=True)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    flush(aside / _DATABASE)
    (aside / _DATABASE).replace(database)
    flush(database.parent)
    shutil.rmtree(aside)


def _say(address: str, folder: Path, ways_in: Sequence[LogIn]) -> None:
    """Print where to look and who to be, at once (the output may be a pipe)."""
    lines = [f"cstrain demo: {address}", f"data: {folder} (delete the folder to begin again)", "log-ins:"]
    lines += [f"  {each.staff_no}  {each.password}  {each.role} {each.name}" for each in ways_in]
    lines.append("stop: Ctrl-C")
    for line in lines:
        print(line, flush=True)  # noqa: T201 - the address must appear unbuffered
