"""Real browsers at one attempt in random orders: interleavings of two, and walks of one among all faults.

``python -m benchmarks.browsers --interleavings 50 --walks 20`` (embedded SQLite); a few of them are among the
tests (``tests/browser/test_interleavings.py``). After every act the badge of every page is held against the
database; at the end nothing given is gone, nothing was replaced unseen, and each page that lost the lease has
said so within two seconds. Ends with 1 at the first breach, and prints the seed that shows it again.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.extensions import db
from tests.browser.conftest import ARGUMENTS, DESKTOP, Site, running_site
from tests.browser.desk import prepare
from tests.browser.random_walks import Done, interleave, walk
from tests.conftest import SECRET
from tests.needs import chromium_path


@contextmanager
def contexts(browser: Any, site: Site, complaints: list[str]) -> Iterator[Callable[[int], Any]]:
    """Yield a maker of browser contexts of signed-in people; they are closed at the end."""
    made = []

    def make(person: int) -> Any:
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
        context.set_default_timeout(8000)
        context.add_cookies([site.cookie(person)])
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


def repeat(name: str, act: Callable[..., Done], site: Site, browser: Any, seeds: range) -> None:
    """Run one kind for each seed and tell what was done and found."""
    begun, total, told = time.monotonic(), Counter[str](), list[float]()
    for seed in seeds:
        complaints: list[str] = []
        try:
            with contexts(browser, site, complaints) as make:
                done, late = act(site, make, seed)
            assert not complaints, complaints
        except BaseException:
            print(f"BREACH at --seed {seed} --{name} 1", flush=True)
            raise
        total, told = total + done, told + late
    print(
        f"{len(seeds)} {name}, seeds {seeds.start} to {seeds.stop - 1}: 0 breaches, "
        f"{time.monotonic() - begun:.0f} s"
    )
    print("  " + ", ".join(f"{what} {count}" for what, count in sorted(total.items())))
    if told:
        print(
            f"  until every loser was told: median {statistics.median(told):.2f} s, longest {max(told):.2f} s"
        )


def main() -> None:
    """Run from the shell; ends with 1 at a breach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interleavings", type=int, default=10)
    parser.add_argument("--walks", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="cstrain-browsers-") as folder:
        path = Path(folder) / "cstrain.db"
        app = create_app(Settings(f"sqlite:///{path}", SECRET, secure_cookies=False))
        with app.app_context():
            db.create_all()
            db.engine.dispose()
        with running_site(path) as site, sync_playwright() as playwright:
            prepare(site)
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            for name, act in (("interleavings", interleave), ("walks", walk)):
                if count := getattr(given, name):
                    repeat(name, act, site, browser, range(given.seed, given.seed + count))
            browser.close()


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # a breach, whatever its kind
        print(error, file=sys.stderr)
        sys.exit(1)
