"""Fixtures for every test: an application on its own database, a settable clock, a page-checking client."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

SECRET = "u3Vw9-cK0pQ7zR2tY5xB8nM1aS4dF6gH_jLeXoPqZiW"
HOUSE_FAULTS: pytest.StashKey[list[str]] = pytest.StashKey()
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def _settings(url: str):
    from cstrain.config import Settings

    return Settings(database_url=url, secret_key=SECRET, secure_cookies=False)


@pytest.fixture(scope="session")
def template_database(tmp_path_factory) -> Path:
    """A SQLite file with the schema, made once and copied for each test."""
    from cstrain.app import create_app
    from cstrain.extensions import db

    path = tmp_path_factory.mktemp("template") / "schema.db"
    app = create_app(_settings(f"sqlite:///{path}"))
    with app.app_context():
        db.create_all()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture
def clock():
    from cstrain.kernel.clock import SettableClock

    return SettableClock(START)


@pytest.fixture
def app(template_database, tmp_path, clock):
    """The application on a fresh copy of the SQLite schema."""
    from cstrain.app import create_app
    from cstrain.extensions import db

    path = tmp_path / "test.db"
    shutil.copy(template_database, path)
    application = create_app(_settings(f"sqlite:///{path}"), clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_databases():
    """Makes databases on a PostgreSQL server that lives as long as the run; skips where there is none."""
    from tests import postgres
    from tests.needs import skip_without

    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.NoServerError as error:
            skip_without("postgres", str(error))
        yield postgres.Databases(url)


@pytest.fixture(scope="session")
def postgres_template(postgres_databases):
    """The name of a PostgreSQL database with the schema, made once and copied for each test."""
    from cstrain.app import create_app
    from cstrain.extensions import db

    url = postgres_databases.create()
    app = create_app(_settings(url.render_as_string(hide_password=False)))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    yield url.database
    postgres_databases.drop(url)


@pytest.fixture
def postgres_url(postgres_databases, postgres_template) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the schema."""
    url = postgres_databases.create(postgres_template)
    yield url.render_as_string(hide_password=False)
    postgres_databases.drop(url)


@pytest.fixture
def sqlite_url(template_database, tmp_path) -> str:
    """The address of a fresh SQLite file with the schema."""
    path = tmp_path / "any.db"
    shutil.copy(template_database, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_url(request) -> str:
    """The address of a fresh database with the schema, once on each kind of database."""
    return request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")


@pytest.fixture
def any_app(engine_url, clock):
    """The application on a fresh database, once on each kind."""
    from cstrain.app import create_app
    from cstrain.extensions import db

    application = create_app(_settings(engine_url), clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; skips where there is none."""
    from tests.needs import chromium_path

    return chromium_path()


@pytest.fixture
def context(app) -> Iterator[None]:
    """An application context for service tests."""
    with app.app_context():
        yield


@pytest.fixture
def client(app):
    """The page-checking client (see tests/web/page_client.py)."""
    from tests.web.page_client import PageClient

    return PageClient(app)


def pytest_configure(config: pytest.Config) -> None:
    from tests import house_watch

    house_watch.install()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Take over what a worker of a distributed run has seen."""
    from tests.house_watch import watch

    watch.add(node.workeroutput["house_watch"])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand over what this worker has seen, or judge a run of everything."""
    from tests import house_watch

    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["house_watch"] = house_watch.watch.dump()
        return
    if exitstatus == 0 and house_watch.is_whole(config) and not config.option.collectonly:
        config.stash[HOUSE_FAULTS] = house_watch.faults()
        if config.stash[HOUSE_FAULTS]:
            session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say what the whole run left unseen, and what was missing on this machine, one line each."""
    from tests.needs import missing

    for fault in config.stash.get(HOUSE_FAULTS, []):
        terminalreporter.write_line(f"HOUSE {fault}", red=True)
    for what, why in missing.items():
        terminalreporter.write_line(f"NOTE  {what} tests were skipped: {why}", yellow=True)


os.environ.setdefault("CSTRAIN_SECRET_KEY", SECRET)
