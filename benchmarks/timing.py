"""Whether the time a save takes tells right from wrong: Mann-Whitney's U over saves in a random order.

``python -m benchmarks.timing --saves 4000`` (embedded SQLite), ``--url postgresql://…`` (an empty
database). Right and wrong answers of the same length go to the same slots through the whole application.
Told are the chance that a right save takes longer than a wrong one (0.5: nothing to be learned) and the
two-sided p of the difference. Ends with 1 where p < 0.001 and that chance is off by more than 0.03: a
difference that is real, and large enough for somebody to use. As a check of the check, ``--slow 0.2``
lets right answers take so many milliseconds longer.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cstrain.app import create_app
from cstrain.config import from_environment
from cstrain.extensions import db
from cstrain.kernel.clock import SettableClock
from tests.conftest import SECRET, START
from tests.exams.test_tells_nothing import right_and_wrong
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.web.page_client import PageClient

LEAST_P, MOST_OFF = 0.001, 0.03
WARM_UP = 100


@dataclass(frozen=True, slots=True)
class Found:
    """``longer``: the chance that a right save takes longer than a wrong one; ``p``: two-sided."""

    longer: float
    p: float
    right: float
    wrong: float

    @property
    def tells(self) -> bool:
        """Whether somebody could learn from it."""
        return self.p < LEAST_P and abs(self.longer - 0.5) > MOST_OFF


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Return U / (n m) of the first sample and the two-sided p (normal approximation, ties corrected)."""
    n, m = len(first), len(second)
    ordered = sorted([(each, 0) for each in first] + [(each, 1) for each in second])
    ranks, ties, at = 0.0, 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        shared = (at + 1 + end) / 2
        ranks += shared * sum(1 for _, which in ordered[at:end] if which == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1))))
    z = (u - n * m / 2) / spread if spread else 0.0
    return u / (n * m), math.erfc(abs(z) / math.sqrt(2))


def run(url: str, saves: int, seed: int, slow: float) -> Found:
    """Measure on the empty database at ``url``."""
    settings = replace(
        from_environment({"CSTRAIN_DATABASE_URL": url}), secret_key=SECRET, secure_cookies=False
    )
    app = create_app(settings, SettableClock(START))
    with app.app_context():
        db.create_all()
        person = make_person("林晓雯")
        attempt = make.make_attempt(person)
        pairs = right_and_wrong(attempt)
    client = PageClient(app).log_in_as(person)
    headers = {"X-CSRFToken": client.csrf()}
    chance = random.Random(seed)
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(saves + WARM_UP):
        slot, which = chance.choice(sorted(pairs)), chance.randrange(2)
        spent = _save(client, attempt, headers, number + 1, slot, pairs[slot][which])
        if number >= WARM_UP:
            took[which].append(spent + (slow if which == 0 else 0.0))
    longer, p = mann_whitney(*took)
    return Found(longer, p, statistics.median(took[0]), statistics.median(took[1]))


def _save(
    client: PageClient, attempt: int, headers: dict[str, str], number: int, slot: int, value: Any
) -> float:
    """Save one answer; return the milliseconds it took."""
    event = {"id": str(uuid.uuid4()), "slot": slot, "seq": number, "value": value, "mono": number}
    begun = time.perf_counter()
    response = client.raw.post(
        f"/attempts/{attempt}/answers", json={"lease": 1, "events": [event]}, headers=headers
    )
    spent = (time.perf_counter() - begun) * 1000
    if response.status_code != 200:
        raise RuntimeError(response.text)
    return spent


def main() -> None:
    """Run from the shell; ends with 1 when time tells."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--slow", type=float, default=0.0, help="milliseconds to add to right answers")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-timing-") as folder:
        url = given.url or f"sqlite:///{Path(folder) / 'cstrain.db'}"
        found = run(url, given.saves, given.seed, given.slow)
    print(
        f"seed {given.seed}: {given.saves} saves, medians: right {found.right:.3f} ms, "
        f"wrong {found.wrong:.3f} ms; P(right takes longer) = {found.longer:.3f}, p = {found.p:.4f}"
    )
    sys.exit(1 if found.tells else 0)


if __name__ == "__main__":
    main()
