"""Fixtures for every test: an application on its own database, a settable clock, a page-checking client."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import jinja2
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from tests.databases import KINDS, Content, SqliteFiles, Templates, only_the_schema

SECRET = "u3Vw9-cK0pQ7zR2tY5xB8nM1aS4dF6gH_jLeXoPqZiW"
HOUSE_FAULTS: pytest.StashKey[list[str]] = pytest.StashKey()
TESTS_RUN: pytest.StashKey[int] = pytest.StashKey()
_TESTS_A_COLLECTION = 20
_RARELY = (100_000, 10, 1000)
"""Python's own collections of everything took a fifth of the run; ``pytest_runtest_teardown`` does them."""
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def settings_for(url: str):
    """The settings of a test's application on this database."""
    from cstrain.config import Settings

    return Settings(database_url=url, secret_key=SECRET, secure_cookies=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--both-databases", action="store_true", help="run every test with an application on both databases"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of a service, and what is marked ``both_databases``, once on each kind of database."""
    if "database_kind" not in metafunc.fixturenames:
        return
    is_service = metafunc.module.__name__.rpartition(".")[2].startswith("test_service")
    is_marked = metafunc.definition.get_closest_marker("both_databases") is not None
    if is_service or is_marked or metafunc.config.option.both_databases:
        metafunc.parametrize("database_kind", KINDS)


@pytest.fixture
def clock():
    from cstrain.kernel.clock import SettableClock

    return SettableClock(START)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory) -> Templates:
    """SQLite files, made once and copied for each test."""
    return Templates(SqliteFiles(tmp_path_factory.mktemp("databases")))


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
def postgresql_templates(postgres_databases) -> Iterator[Templates]:
    """PostgreSQL databases, made once and copied for each test."""
    templates = Templates(postgres_databases)
    yield templates
    templates.drop()


@pytest.fixture(scope="session")
def template_database(sqlite_templates) -> Path:
    """A SQLite file with the schema, to be copied."""
    return Path(sqlite_templates.template())


@pytest.fixture
def content() -> Content:
    """What a test's database holds beside the schema: nothing, unless a folder says otherwise."""
    return only_the_schema


@pytest.fixture
def database_kind() -> str:
    """SQLite, unless the test runs on both (see ``pytest_generate_tests``)."""
    return "sqlite"


@pytest.fixture
def database_url(request, database_kind, content) -> Iterator[str]:
    """The address of a fresh database with schema and content."""
    with request.getfixturevalue(f"{database_kind}_templates").fresh(content) as url:
        yield url


@pytest.fixture(scope="session")
def engines() -> dict[str, dict]:
    """The engines of addresses that serve many tests, with the statements they have compiled."""
    return {}


def _backwards(connection, _record) -> None:
    """Turn round what a statement without ORDER BY returns: nothing may lean on SQLite's habits."""
    connection.execute("PRAGMA reverse_unordered_selects = ON")


class _Rule(Rule):
    """A route's rule whose makers of addresses are compiled once for all applications of a run.

    Werkzeug compiles them for each application anew: most of what a test's application cost.
    """

    known: ClassVar[dict[tuple, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled by one test's application serve the next: by language and source."""

    def __init__(self) -> None:
        self.code: dict[tuple, object] = {}

    def get_bucket(self, environment, name, filename, source):
        bucket = super().get_bucket(environment, name, filename, source)
        bucket.key = (environment.language, name, bucket.checksum)
        bucket.code = self.code.get(bucket.key)
        return bucket

    def load_bytecode(self, bucket) -> None:
        """Nothing is on disk: ``get_bucket`` knows what there is."""

    def dump_bytecode(self, bucket) -> None:
        self.code[bucket.key] = bucket.code


@pytest.fixture(scope="session")
def compiled_templates() -> _Compiled:
    """The templates the run has compiled so far."""
    return _Compiled()


@pytest.fixture
def app(database_url, database_kind, engines, clock, compiled_templates):
    """The application on a fresh database."""
    from cstrain.app import create_app
    from cstrain.extensions import db

    application = create_app(settings_for(database_url), clock)
    application.jinja_env.bytecode_cache = compiled_templates
    made = db._app_engines[application]
    db._app_engines[application] = engines.setdefault(database_url, made)
    if database_kind == "sqlite" and engines[database_url] is made:
        with application.app_context():
            sa.event.listen(db.engine, "connect", _backwards)
    yield application
    with application.app_context():
        db.session.remove()
        if database_kind == "sqlite":  # the file is about to be replaced
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
    from hypothesis import HealthCheck, settings

    from tests import house_watch

    # how long an example takes says how busy the machine is, and nothing about the rule
    settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("house")
    house_watch.install()
    gc.set_threshold(*_RARELY)
    Flask.url_rule_class = _Rule


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Collect garbage every so many tests: each leaves an application that nobody looks at again."""
    item.config.stash[TESTS_RUN] = done = item.config.stash.get(TESTS_RUN, 0) + 1
    if done % _TESTS_A_COLLECTION == 0:
        gc.collect()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Take over what a worker of a distributed run has seen."""
    from tests.house_watch import watch

    if hasattr(node, "workeroutput"):  # a worker that was killed has seen nothing that could be taken over
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
