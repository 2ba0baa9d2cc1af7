"""A database brought to the head by the migrations, on each kind; and the `cstrain` command on it."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.conftest import SECRET

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def runner(url: str, data_dir, secret: str = SECRET):
    """Return a function that runs a ``cstrain`` command line on a database and returns click's result."""
    from cstrain.app import create_app
    from cstrain.cli import cli
    from cstrain.cli_context import Shell
    from cstrain.config import Settings

    settings = Settings(database_url=url, secret_key=secret, data_dir=str(data_dir), secure_cookies=False)

    def run(*words: str, code: int = 0):
        result = CliRunner().invoke(cli, list(words), obj=Shell(lambda: settings, create_app))
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture(params=KINDS)
def empty_url(request, tmp_path):
    """The address of an empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cstrain.db'}"
        return
    databases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    yield url.render_as_string(hide_password=False)
    databases.drop(url)


@pytest.fixture
def cstrain(empty_url, tmp_path):
    """The command on an empty database."""
    return runner(empty_url, tmp_path / "data")


@pytest.fixture(scope="session")
def initialised_sqlite(tmp_path_factory):
    """A SQLite file as ``cstrain init`` leaves it."""
    folder = tmp_path_factory.mktemp("initialised")
    runner(f"sqlite:///{folder / 'cstrain.db'}", folder)("init", "--staff-no", "A0001", "--name", "王敏")
    return folder / "cstrain.db"


@pytest.fixture(scope="session")
def initialised_postgres(postgres_databases, tmp_path_factory):
    """The name of a PostgreSQL database as ``cstrain init`` leaves it."""
    url = postgres_databases.create()
    text = url.render_as_string(hide_password=False)
    runner(text, tmp_path_factory.mktemp("data"))("init", "--staff-no", "A0001", "--name", "王敏")
    yield url.database
    postgres_databases.drop(url)


@pytest.fixture(params=KINDS)
def ready_url(request, tmp_path):
    """The address of a database with schema, shipped content and the first administrator."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("initialised_sqlite"), tmp_path / "cstrain.db")
        yield f"sqlite:///{tmp_path / 'cstrain.db'}"
        return
    databases = request.getfixturevalue("postgres_databases")
    url = databases.create(request.getfixturevalue("initialised_postgres"))
    yield url.render_as_string(hide_password=False)
    databases.drop(sa.make_url(url))


@pytest.fixture
def set_up(ready_url, tmp_path):
    """The command on a database that is set up."""
    return runner(ready_url, tmp_path / "data")
