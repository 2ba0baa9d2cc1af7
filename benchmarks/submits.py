"""Fifty at once start the same sitting, then hand in the same attempt, again and again.

``python -m benchmarks.submits --rounds 200`` (embedded SQLite), ``--url postgresql://…`` (an empty
database). A round is right with one attempt, one submission, one mark and fifty equal receipts, nobody
refused. Ends with 1 when a round was anything else. (That the tables' constraints are what holds is shown
in ``tests/exams/test_constraints.py``: without them the same round goes wrong.)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from cstrain.app import create_app
from cstrain.config import from_environment
from cstrain.extensions import db
from cstrain.kernel.clock import SettableClock
from tests.conftest import SECRET, START
from tests.exams.at_once import AT_ONCE, Round, make_hall, one_round


def run(url: str, rounds: int, at_once: int) -> list[Round]:
    """Run the rounds on the empty database at ``url``."""
    settings = replace(
        from_environment({"CSTRAIN_DATABASE_URL": url}), secret_key=SECRET, secure_cookies=False
    )
    app = create_app(settings, SettableClock(START))
    with app.app_context():
        db.create_all()
    make_hall(app)
    return [one_round(app, at_once) for _ in range(rounds)]


def main() -> None:
    """Run from the shell; ends with 1 when a round went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cstrain-submits-") as folder:
        found = run(given.url or f"sqlite:///{Path(folder) / 'cstrain.db'}", given.rounds, given.at_once)
    wrong = [one for one in found if not one.right]
    print(
        f"{len(found)} rounds of {given.at_once} starts and {given.at_once} submissions at once in "
        f"{time.monotonic() - begun:.0f} s: {len(wrong)} wrong"
    )
    for one in wrong[:5]:
        print(one)
    sys.exit(1 if wrong or len(found) < given.rounds else 0)


if __name__ == "__main__":
    main()
