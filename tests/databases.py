"""Fresh databases for tests: copies of templates that are made once a run, on each kind of server.

What keeps tests on both kinds quick: one database serves test after test and is brought back to its template
in between. A SQLite file is copied over; on PostgreSQL the rows are restored (``tests/postgres.py``), for
making a database there means making hundreds of files. And as the address stays, so does the engine with the
statements it has compiled.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

Content = Callable[[], None]
"""Brings something in, within an application context, and commits it."""


def only_the_schema() -> None:
    """Bring in nothing."""


class Server(Protocol):
    """Where databases are made."""

    def create(self, template: str | None = None) -> sa.URL:
        """Make a database, empty or a copy of the one of this name, and return its address."""

    def drop(self, url: sa.URL) -> None:
        """Take a database away."""

    def keep(self, url: sa.URL) -> None:
        """Prepare a filled database so that its copies can be restored."""

    def restore(self, url: sa.URL, template: str) -> bool:
        """Bring a copy back to its template; tell whether that was possible."""


class SqliteFiles:
    """Databases that are files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def create(self, template: str | None = None) -> sa.URL:
        """Name a file, a copy of ``template`` if one is given, and return its address."""
        self._made += 1
        url = sa.URL.create("sqlite", database=str(self._folder / f"{self._made}.db"))
        if template is not None:
            self.restore(url, template)
        return url

    def drop(self, url: sa.URL) -> None:
        """Remove the file and what SQLite keeps beside it."""
        for end in ("", "-wal", "-shm"):
            Path(f"{url.database}{end}").unlink(missing_ok=True)

    def keep(self, url: sa.URL) -> None:
        """Do nothing: the template itself is all it takes."""

    def restore(self, url: sa.URL, template: str) -> bool:
        """Put a copy of the template in the file's place; its connections must be closed."""
        self.drop(url)
        shutil.copy(template, str(url.database))
        return True


class Templates:
    """Databases with the schema and some content, and copies of them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: dict[Content, sa.URL] = {}
        self._idle: dict[Content, sa.URL] = {}

    def template(self, content: Content = only_the_schema) -> str:
        """Return the name (PostgreSQL) or path (SQLite) of the database with this content."""
        if content not in self._made:
            url = self._server.create()
            _fill(url, content)
            self._server.keep(url)
            self._made[content] = url
        return str(self._made[content].database)

    @contextmanager
    def fresh(self, content: Content = only_the_schema) -> Iterator[str]:
        """Give the address of a copy; what is done to it is gone afterwards."""
        template = self.template(content)
        url = self._idle.pop(content, None) or self._server.create(template)
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            if self._server.restore(url, template):
                self._idle[content] = url
            else:
                self._server.drop(url)

    def drop(self) -> None:
        """Drop the templates and what waits for the next test."""
        for url in (*self._made.values(), *self._idle.values()):
            self._server.drop(url)


def _fill(url: sa.URL, content: Content) -> None:
    from cstrain.app import create_app
    from cstrain.extensions import db
    from cstrain.kernel.clock import SettableClock
    from tests.conftest import START, settings_for

    app = create_app(settings_for(url.render_as_string(hide_password=False)), SettableClock(START))
    with app.app_context():
        db.create_all()
        content()
        db.session.remove()
        if url.get_backend_name() == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
