"""The checks of the house: style, types, contracts, tests; one line each. Needs the source checkout."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cstrain
from cstrain.operations.errors import OperationError


@dataclass(frozen=True, slots=True)
class Check:
    """A tool of the development environment and its arguments. ``shown``: its output is watched live."""

    name: str
    arguments: tuple[str, ...]
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended; ``output`` is empty for one that was shown."""

    name: str
    passed: bool
    seconds: float
    output: str


STATIC = (
    Check("ruff check", ("ruff", "check", ".")),
    Check("ruff format", ("ruff", "format", "--check", ".")),
    Check("mypy --strict", ("mypy",)),
    Check("import contracts", ("lint-imports", "--no-logo")),
)
TESTS = Check("pytest", ("pytest", "--numprocesses", "auto", "--maxprocesses", "4"), shown=True)


def checkout() -> Path:
    """Return the folder of the source checkout; raises ``OperationError`` in an installed product."""
    folder = Path(cstrain.__file__).resolve().parent.parent
    if not (folder / "pyproject.toml").is_file() or not (folder / "tests").is_dir():
        raise OperationError("the checks need a source checkout; this is an installed copy")
    return folder


def run(check: Check, more: Sequence[str] = ()) -> Outcome:
    """Run one check in the checkout with this interpreter's tools."""
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603 - a fixed list of our own tools
        [*_command(check), *more],
        cwd=checkout(),
        text=True,
        stdout=None if check.shown else subprocess.PIPE,
        stderr=None if check.shown else subprocess.STDOUT,
        check=False,
    )
    return Outcome(check.name, done.returncode == 0, time.monotonic() - begun, done.stdout or "")


def _command(check: Check) -> list[str]:
    """Return the command line: the tool that lies beside this interpreter, in its own environment."""
    tool, *arguments = check.arguments
    found = Path(sys.executable).with_name(tool)
    if not found.exists():
        raise OperationError(f"{tool} is not installed; install the extra `dev` (see README.md)")
    return [str(found), *arguments]
