"""The command line: words instead of tracebacks, exit code 1, an example in every help text."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import cstrain
from cstrain.cli import HOMES, cli, in_words
from cstrain.config import ConfigError, check_secret

ERRORS = [
    (["nothing-like-this"], "No such command"),
    (["backup"], "Missing argument"),
    (["serve", "--port", "0"], "not in the range"),
]


def every_command(command: click.Command, path: tuple[str, ...] = ()):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_command(command.get_command(context, name), (*path, name))


@pytest.mark.parametrize("path", [path for path, _command in every_command(cli)], ids=" ".join)
def test_every_command_has_help_with_an_example(path):
    result = CliRunner().invoke(cli, [*path, "--help"])
    assert result.exit_code == 0, result.output
    assert "example" in result.output.lower()
    assert f"cstrain {' '.join(path)}" in result.output


def test_every_command_of_a_package_has_its_home_in_the_shell():
    offered = {}
    for package in pkgutil.iter_modules(cstrain.__path__, "cstrain."):
        name = f"{package.name}.commands"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            names = vars(importlib.import_module(name)).values()
            every = [each for each in names if isinstance(each, click.Command)]
            inner = {
                id(sub) for each in every if isinstance(each, click.Group) for sub in each.commands.values()
            }
            offered |= {each.name: name for each in every if id(each) not in inner}
    assert offered | {"demo": "cstrain.demo_command"} == dict(HOMES)


def test_the_shell_starts_without_the_application():
    """A check of a file needs no application: reading hundreds of modules would take seconds."""
    listed = (
        "import sys, cstrain.cli; print([name for name in sys.modules if name.startswith('cstrain.app')])"
    )
    found = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_commands_of_the_readme_exist():
    wanted = {
        "init",
        "demo",
        "serve",
        "upgrade",
        "people",
        "bank",
        "policy",
        "audit",
        "backup",
        "restore",
        "check",
    }
    assert wanted <= set(HOMES)


@pytest.mark.parametrize(("words", "says"), ERRORS)
def test_errors_go_to_stderr_with_exit_code_1(words, says):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.output


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cstrain", *words],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_missing_and_a_weak_key_stop_a_production_start(tmp_path):
    for key in ("", "changeme" * 8):
        done = run("serve", CSTRAIN_SECRET_KEY=key, CSTRAIN_DATA_DIR=str(tmp_path))
        assert done.returncode == 1
        assert "CSTRAIN_SECRET_KEY" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "key", ["", "secret", "a" * 64, "x" * 31, "password" + "q7zR2tY5xB8nM1aS4dF6gH_jLeXoPq"]
)
def test_weak_keys_are_refused(key):
    with pytest.raises(ConfigError):
        check_secret(key)


def test_an_unusable_setting_is_named(tmp_path):
    done = run("serve", CSTRAIN_TIMEZONE="Mars/Olympus", CSTRAIN_DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "CSTRAIN_TIMEZONE" in done.stderr


def test_an_unreachable_database_is_told_in_words(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    done = run("upgrade", CSTRAIN_SECRET_KEY="u3Vw9-cK0pQ7zR2tY5xB8nM1aS4dF6gH_jLe", CSTRAIN_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the database answered:")
    assert "Traceback" not in done.stderr


def test_files_that_are_not_there_are_named():
    assert (
        in_words(FileNotFoundError(2, "No such file or directory", "x.csv"))
        == "x.csv: No such file or directory"
    )
