"""A database brought to the head by the migrations, on each kind; and the `cstrain` command on it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.conftest import SECRET


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
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
    """Run a ``cstrain`` command line on the empty database; returns click's result."""
    from cstrain.app import create_app
    from cstrain.cli import cli
    from cstrain.cli_context import Shell
    from cstrain.config import Settings

    settings = Settings(
        database_url=empty_url, secret_key=SECRET, data_dir=str(tmp_path / "data"), secure_cookies=False
    )

    def run(*words: str, code: int = 0):
        result = CliRunner().invoke(cli, list(words), obj=Shell(lambda: settings, create_app))
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture
def set_up(cstrain):
    """The command on a database with schema, shipped content and the first administrator."""
    cstrain("init", "--staff-no", "A0001", "--name", "王敏")
    return cstrain
