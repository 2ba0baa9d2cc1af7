"""The ``cstrain`` command: every package's commands, and the demo.

A command's package is imported when the command is called: what needs no application starts without one.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn, cast

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from cstrain.cli_context import Shell
from cstrain.config import ConfigError, Settings, from_environment
from cstrain.kernel.errors import DomainError
from cstrain.operations.errors import OperationError
from cstrain.policies.yaml_source import SourceError
from cstrain.unit_of_work import WeakDurabilityError

HOMES: Mapping[str, str] = MappingProxyType(
    {
        "analyse": "cstrain.grading.commands",
        "audit": "cstrain.audit.commands",
        "backup": "cstrain.operations.commands",
        "bank": "cstrain.questions.commands",
        "check": "cstrain.operations.commands",
        "demo": "cstrain.demo_command",
        "exam": "cstrain.exams.commands",
        "grading": "cstrain.grading.commands",
        "init": "cstrain.operations.commands",
        "jobs": "cstrain.operations.commands",
        "paper": "cstrain.exams.commands",
        "people": "cstrain.people.commands",
        "permissions": "cstrain.operations.commands",
        "policy": "cstrain.policies.commands",
        "promotion": "cstrain.promotion.commands",
        "restore": "cstrain.operations.commands",
        "serve": "cstrain.operations.commands",
        "upgrade": "cstrain.operations.commands",
    }
)
"""Where each command stands: ``commands`` rooms of packages, and the demo (a test keeps it complete)."""

WORDS = (
    ConfigError,
    OperationError,
    DomainError,
    SourceError,
    WeakDurabilityError,
    OSError,
    DBAPIError,
)
"""Errors that are told in words, without a traceback."""


def make_app(settings: Settings) -> Flask:
    """Build the application; its packages are imported only now."""
    return cast(Flask, importlib.import_module("cstrain.app").create_app(settings))


class Commands(click.Group):
    """Ends with exit code 1 and words on stderr whenever a command cannot be done."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return list(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, its package imported for it."""
        home = HOMES.get(cmd_name)
        if home is None:
            return None
        names = vars(importlib.import_module(home)).values()
        return next(each for each in names if isinstance(each, click.Command) and each.name == cmd_name)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and end the process; ``obj`` may hand in another ``Shell`` (tests)."""
        extra.setdefault("obj", Shell(from_environment, make_app))
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


def main() -> None:
    """Entry point of the ``cstrain`` script."""
    cli()
