"""What it costs that pages nobody touches learn at once what happens to their attempt elsewhere.

``python -m benchmarks.idle_pages --candidates 300 --seconds 60`` (embedded SQLite), ``--url postgresql://…``
(an empty database). Everybody opens the player and then waits for news only. Tells the server's CPU
a second beside that of the same server with nobody waiting, and how long it takes until a page whose lease is
taken over from another device is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.answer_path import cpu_seconds, paper_of_20
from benchmarks.kill import Server, arrange, hire, sign_in
from benchmarks.load import ARRIVE_SECONDS, Candidate, Log
from cstrain.app import create_app
from cstrain.config import Settings, from_environment
from cstrain.exams.service import add_paper
from cstrain.extensions import db, now
from cstrain.kernel.ids import SittingId, new_token
from cstrain.operations.init import bring_up_to_date
from cstrain.unit_of_work import unit_of_work

TAKE_OVERS = 20
TOLD_SECONDS = 2.0
_NEWS = "news"


class Waiter(Candidate):
    """A page that is looked at and not touched."""

    mark = ""
    told = 0

    async def ask(self) -> None:
        """Ask for news; comes back when there is some, or after half a minute."""
        _, body = await self._call(_NEWS, "GET", f"{self._path}/news?than={self.mark}")
        fresh = json.loads(body)["mark"]
        self.told += self.mark not in ("", fresh)
        self.mark = fresh

    async def wait(self, until: float) -> None:
        """Ask again and again."""
        while time.perf_counter() < until:
            await self.ask()

    def same_person(self) -> Waiter:
        """Another device of the same person at the same attempt."""
        other = Waiter(self._port, self._sitting, (self._cookie, self._token), self._log)
        other._path = self._path
        return other

    async def take_over(self, number: int) -> None:
        """Another device of the same person becomes the writer."""
        body = json.dumps({"holder": f"another {number}", "force": True})
        await self._call("take over", "POST", f"{self._path}/lease", body)


async def _idle(pid: int, seconds: float) -> float:
    before = cpu_seconds(pid)
    await asyncio.sleep(seconds)
    return (cpu_seconds(pid) - before) / seconds


async def _told_after(page: Waiter, elsewhere: Waiter, number: int) -> float:
    await page.ask()
    waiting = asyncio.create_task(page.ask())
    await asyncio.sleep(0.3 + 0.037 * number)
    begun = time.perf_counter()
    await elsewhere.take_over(number)
    await waiting
    return time.perf_counter() - begun


async def drive(pid: int, people: list[Waiter], seconds: float) -> bool:
    """Let everybody arrive and wait; tell what it cost and how soon a loser was told."""
    for one in people:
        await one.connect()
    pace = ARRIVE_SECONDS / len(people)
    await asyncio.gather(*(one.arrive(at * pace) for at, one in enumerate(people)))
    quiet = await _idle(pid, seconds / 2)
    ends = time.perf_counter() + seconds + 2
    tasks = [asyncio.create_task(one.wait(ends)) for one in people[1:]]
    await asyncio.sleep(2)
    waiting = await _idle(pid, seconds)
    elsewhere = people[0].same_person()
    await elsewhere.connect()
    took = [await _told_after(people[0], elsewhere, number) for number in range(TAKE_OVERS)]
    await asyncio.gather(*tasks)
    print(f"server with nobody waiting: {100 * quiet:.2f} % of a core")
    print(f"with {len(tasks)} pages waiting for news: {100 * waiting:.2f} % of a core")
    print(f"so they cost {100 * (waiting - quiet):.2f} % of a core")
    print(
        f"told after a take-over elsewhere, {len(took)} times: median {statistics.median(took):.2f} s, "
        f"longest {max(took):.2f} s"
    )
    return max(took) <= TOLD_SECONDS and waiting - quiet < 0.05


def run(url: str, folder: Path, candidates: int, seconds: float) -> bool:
    """Run on the empty database at ``url``."""
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(now())
        staff = hire(candidates)
        with unit_of_work():
            add_paper(paper_of_20(), now())
        sitting = SittingId(arrange("benchmark-20", staff))
    desks = [sign_in(app, person) for person in staff]
    with app.app_context():
        db.engine.dispose()
    server = Server(settings, folder / "server.log")
    server.start()
    log = Log()
    people = [Waiter(server.port, sitting, desk, log) for desk in desks]
    try:
        fine = asyncio.run(drive(server.pid, people, seconds))
    finally:
        server.end(signal.SIGTERM)
    for kind, failures in log.failed.items():
        for failure in failures[:3]:
            print(f"FAILED {kind}: {failure}")
    return fine and not any(log.failed.values())


def main() -> None:
    """Run from the shell; 1 when it costs 5 % of a core or more, or a loser was told after more than 2 s."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they wait")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-idle-") as name:
        folder = Path(name)
        environment = {"CSTRAIN_DATABASE_URL": given.url or f"sqlite:///{folder / 'cstrain.db'}"}
        fine = run(from_environment(environment).database_url, folder, given.candidates, given.seconds)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
