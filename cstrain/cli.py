"""The ``cstrain`` command: every package's commands, and the demo."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

import cstrain
from cstrain.app import create_app
from cstrain.cli_context import Shell
from cstrain.config import ConfigError, from_environment
from cstrain.demo.service import DemoError
from cstrain.demo_command import demo
from cstrain.kernel.errors import DomainError
from cstrain.operations.errors import OperationError
from cstrain.policies.yaml_source import SourceError
from cstrain.unit_of_work import WeakDurabilityError

WORDS = (
    ConfigError,
    DemoError,
    OperationError,
    DomainError,
    SourceError,
    WeakDurabilityError,
    OSError,
    DBAPIError,
)
"""Errors that are told in words, without a traceback."""


class Commands(click.Group):
    """Ends with exit code 1 and words on stderr whenever a command cannot be done."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and end the process; ``obj`` may hand in another ``Shell`` (tests)."""
        extra.setdefault("obj", Shell(from_environment, create_app))
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            error.show()
            sys.exit(1)
        except (click.Abort, KeyboardInterrupt):
            click.echo("stopped", err=True)
            sys.exit(130)
        except WORDS as error:
            _refuse(error)
        sys.exit(code if isinstance(code, int) else 0)


def _refuse(error: BaseException) -> NoReturn:
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the reader has gone; nothing more can be said
        sys.exit(1)
    click.echo(f"error: {in_words(error)}", err=True)
    sys.exit(1)


def in_words(error: BaseException) -> str:
    """Return what to tell a person about an error: no statement, no parameters, no traceback."""
    if isinstance(error, DBAPIError):
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        return f"the database answered: {lines[0]}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cstrain")
def cli() -> None:
    """cstrain: training, exams and governed promotion for customer-service departments.

    \b
    Example:
      cstrain demo
    """


def package_commands() -> list[click.Command]:
    """Return what the ``commands`` rooms of all packages offer: groups, and commands that are in no group."""
    found: list[click.Command] = []
    for package in pkgutil.iter_modules(cstrain.__path__, "cstrain."):
        name = f"{package.name}.commands"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            found.extend(_offered(vars(importlib.import_module(name))))
    return found


def _offered(names: dict[str, Any]) -> list[click.Command]:
    every = [each for each in names.values() if isinstance(each, click.Command)]
    inner = {id(sub) for each in every if isinstance(each, click.Group) for sub in each.commands.values()}
    return [each for each in every if id(each) not in inner]


for command in package_commands():
    cli.add_command(command)


cli.add_command(demo)


def main() -> None:
    """Entry point of the ``cstrain`` script."""
    cli()
