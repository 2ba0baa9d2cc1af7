"""Runs the delivery's state machine for long: random faults, then interleavings of two devices.

``python -m benchmarks.state_machine --steps 5000 --interleavings 10000`` (embedded SQLite), ``--url
postgresql://…`` (an empty database). The machine is the one of ``tests/exams/test_state_machine.py``:
after each step every page's badge is held against the database, and nothing acknowledged, given or
overwritten may be missing. Ends with 1 at the first breach, and prints the seed that shows it again.
"""

from __future__ import annotations

import argparse
import random
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
from tests.exams.test_state_machine import Hall, interleave, run_machine

EXAMPLES, STEPS = 10, 50


def make_hall(url: str) -> Hall:
    """Make the schema in the empty database at ``url`` and a hall in it."""
    settings = replace(
        from_environment({"CSTRAIN_DATABASE_URL": url}), secret_key=SECRET, secure_cookies=False
    )
    clock = SettableClock(START)
    app = create_app(settings, clock)
    with app.app_context():
        db.create_all()
    return Hall(app, clock)


def random_steps(hall: Hall, steps: int, seed: int) -> int:
    """Run random examples until at least so many steps were checked; return how many seeds it took."""
    seeds = 0
    while hall.steps < steps:
        try:
            run_machine(hall, seed + seeds, EXAMPLES, STEPS)
        except BaseException:
            print(f"BREACH at --seed {seed + seeds} --steps {EXAMPLES * STEPS}", flush=True)
            raise
        seeds += 1
    return seeds


def interleavings(hall: Hall, count: int, seed: int) -> int:
    """Run so many interleavings; return how often a page lost the lease and was told."""
    lost = 0
    for number in range(seed, seed + count):
        try:
            lost += interleave(hall, number)
        except BaseException:
            print(f"BREACH at --seed {number} --steps 0 --interleavings 1", flush=True)
            raise
    return lost


def main() -> None:
    """Run from the shell; ends with 1 at a breach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--interleavings", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-machine-") as folder:
        hall = make_hall(given.url or f"sqlite:///{Path(folder) / 'cstrain.db'}")
        begun = time.monotonic()
        seeds = random_steps(hall, given.steps, given.seed)
        halfway = time.monotonic()
        print(
            f"seed {given.seed}: {hall.steps} random steps ({seeds} seeds) in {halfway - begun:.0f} s: "
            "0 breaches"
        )
        lost = interleavings(hall, given.interleavings, given.seed)
        print(
            f"seed {given.seed}: {given.interleavings} interleavings in {time.monotonic() - halfway:.0f} s: "
            f"0 silent overwrites; {lost} times a page lost the lease and was told"
        )


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # a breach, whatever its kind
        print(error, file=sys.stderr)
        sys.exit(1)
