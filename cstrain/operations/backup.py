"""Backup and restore, whichever database is used; what they promise is in ``docs/operators.md``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import URL, make_url

from cstrain.audit.queries import verify
from cstrain.config import Settings
from cstrain.extensions import db
from cstrain.kernel.ids import new_token
from cstrain.operations import backup_postgres, backup_sqlite, migrations
from cstrain.operations.errors import OperationError
from cstrain.operations.lock import database_file

MakeApp = Callable[[Settings], Flask]


@dataclass(frozen=True, slots=True)
class Checked:
    """A verified copy: its schema step, how many audit entries it holds, the hash of the last one."""

    step: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the verified copy, and where the database of before is kept (``None``: no such)."""

    checked: Checked
    kept: str | None


class Verifier:
    """Checks a copy by opening the product on it: known schema, whole audit chain."""

    def __init__(self, settings: Settings, make_app: MakeApp) -> None:
        self._settings, self._make_app = settings, make_app

    def check(self, url: URL) -> Checked:
        """Return what the database at ``url`` holds; raises ``OperationError`` when it is not whole."""
        text = url.render_as_string(hide_password=False)
        # No session is signed here, so the product's own key is not needed: a backup job need not know it.
        app = self._make_app(replace(self._settings, database_url=text, secret_key=new_token()))
        with app.app_context():
            try:
                return self._check_open()
            finally:
                db.session.remove()
                db.engine.dispose()

    def _check_open(self) -> Checked:
        step = migrations.current(db.engine)
        if step is None:
            raise OperationError("this is not a database of this product")
        if step not in migrations.known_steps():
            raise OperationError(f"its schema is at step {step}, which this release does not know")
        result = verify()
        if result.faults:
            raise OperationError(f"its audit chain is broken: {result.faults[0]}")
        return Checked(step, result.entries, result.head.entry_hash)


def backup(settings: Settings, make_app: MakeApp, target: Path, *, force: bool = False) -> Checked:
    """Write a consistent, verified copy of the database to ``target``, also while a server runs.

    Raises ``OperationError`` when ``target`` exists (without ``force``) or the copy is not whole; then no
    file is left.
    """
    url, target = make_url(settings.database_url), target.resolve()
    verifier = Verifier(settings, make_app)
    if database_file(url) is not None:
        return backup_sqlite.backup(url, target, verifier.check, force=force)
    return backup_postgres.backup(url, target, verifier.check, force=force)


def restore(settings: Settings, make_app: MakeApp, source: Path, at: datetime) -> Restored:
    """Verify a backup, then put it in the database's place and keep what was there beside it.

    ``at`` names what is kept. Raises ``OperationError``, with the database untouched, when the backup is not
    whole or a server is running.
    """
    if not source.is_file():
        raise OperationError(f"there is no file {source}")
    url, source = make_url(settings.database_url), source.resolve()
    verifier = Verifier(settings, make_app)
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    if database_file(url) is not None:
        checked, kept = backup_sqlite.restore(url, source, verifier.check, stamp)
    else:
        checked, kept = backup_postgres.restore(url, source, verifier.check, stamp)
    return Restored(checked, kept)
