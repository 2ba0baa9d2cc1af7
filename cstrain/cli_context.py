"""What a package's ``commands.py`` needs to know of the shell: where the application comes from.

Commands stand on low floors and may not import ``app.py``; the shell hands them the way to it in click's
context object. A test hands in its own: ``runner.invoke(people, [...], obj=shell_of(app))``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask

from cstrain.config import Settings, from_environment
from cstrain.extensions import db
from cstrain.kernel.ids import new_token

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shell:
    """Where a command gets its settings and its application from."""

    settings: Callable[[], Settings]
    make_app: Callable[[Settings], Flask]


def shell() -> Shell:
    """Return the shell of the running command."""
    found = click.get_current_context().find_object(Shell)
    if found is None:
        raise RuntimeError("commands run through the `cstrain` command, which knows the application")
    return found


def shell_of(app: Flask) -> Shell:
    """Return a shell that always answers with ``app`` (for tests)."""
    return Shell(from_environment, lambda _settings: app)


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Flask]:
    """Make the application from the environment's settings (or those given) and enter its context.

    Raises ``ConfigError`` when a setting is missing or weak. Connections are closed at the end.
    """
    here = shell()
    app = here.make_app(settings or here.settings())
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def keyless(settings: Settings) -> Settings:
    """Return settings for work that signs nothing (verifying, copying): its shell need not know the key."""
    return replace(settings, secret_key=new_token())


def with_app_to_read(command: Callable[P, T]) -> Callable[P, T]:
    """Like ``with_app``, for a command that signs nothing: it asks for no key."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with application(keyless(shell().settings())):
            return command(*args, **kwargs)

    return run


def with_app(command: Callable[P, T]) -> Callable[P, T]:
    """Run a command inside the application's context; the command opens its own units of work."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with application():
            return command(*args, **kwargs)

    return run
