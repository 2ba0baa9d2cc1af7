"""A whole company sits at once: many candidates open one paper in ten seconds, then each saves every five.

``python -m benchmarks.load --candidates 300 --seconds 60`` (embedded SQLite), ``--url postgresql://…`` (an
empty database). Tells latencies (p50, p95, p99) and errors of each kind of request, the server's CPU counted
by the operating system beside bare Flask views in the same run, and how much of the CPU the driver took. At
the end all hand in within two seconds; it tells how long that took, marking included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import statistics
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from benchmarks.answer_path import (
    BARE,
    INSERT,
    Client,
    Cost,
    cpu_seconds,
    free_port,
    measure,
    paper_of_20,
    start_bare,
)
from benchmarks.kill import Server, arrange, hire, sign_in
from cstrain.app import create_app
from cstrain.config import Settings, from_environment
from cstrain.exams.service import add_paper
from cstrain.extensions import db, now
from cstrain.kernel.ids import SittingId, new_token
from cstrain.operations.init import bring_up_to_date
from cstrain.unit_of_work import unit_of_work

ARRIVE_SECONDS = 10.0
SAVE_EVERY = 5.0
HAND_IN_SECONDS = 2.0
MARKED_SECONDS = 30.0
_OPENING, _SAVE, _SUBMIT = "open and start", "one save", "hand in"


@dataclass(slots=True)
class Log:
    """Latencies in milliseconds and failures, by kind of request."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def lines(self) -> list[str]:
        """Return what was measured, a line a kind."""
        found = []
        for kind, took in self.took.items():
            cuts = statistics.quantiles(took, n=100)
            found.append(
                f"{kind:16} {len(took):6} requests  p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  "
                f"p99 {cuts[98]:7.1f} ms  errors {len(self.failed[kind])}"
            )
        return found


class Candidate:
    """One browser: a connection that stays open, a session, an attempt."""

    def __init__(self, port: int, sitting: SittingId, desk: tuple[str, str], log: Log) -> None:
        self._port, self._sitting, self._log = port, sitting, log
        self._cookie, self._token = desk
        self._path, self._lease, self._slots, self._number = "", 0, [0], 0

    async def connect(self) -> None:
        """Open the connection."""
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)

    async def _call(self, kind: str, method: str, path: str, body: str = "") -> tuple[dict[str, str], bytes]:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie}\r\n"
            f"X-CSRFToken: {self._token}\r\nReferer: http://127.0.0.1/\r\n"
            f"Content-Type: {'application/json' if body else 'application/x-www-form-urlencoded'}\r\n"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        begun = time.perf_counter()
        self._out.write(head.encode())
        status, headers = await self._head()
        data = await self._in.readexactly(int(headers.get("content-length", "0")))
        self._log.took[kind].append((time.perf_counter() - begun) * 1000)
        if status not in (200, 302):
            self._log.failed[kind].append(f"{path}: {status} {data[:200]!r}")
        return headers, data

    async def _head(self) -> tuple[int, dict[str, str]]:
        first, *lines = (await self._in.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        pairs = (line.partition(":") for line in lines if line)
        return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}

    async def arrive(self, after: float) -> None:
        """Open the sitting's page, start, load the player, become the writer."""
        await asyncio.sleep(after)
        await self._call(_OPENING, "GET", f"/sittings/{self._sitting}")
        headers, _ = await self._call(_OPENING, "POST", f"/sittings/{self._sitting}/start")
        if "location" not in headers:
            raise RuntimeError(f"no start: {self._log.failed[_OPENING][-1:]}")
        self._path = headers["location"]
        _, page = await self._call(_OPENING, "GET", self._path)
        self._slots = [int(each) for each in re.findall(rb'data-slot="([0-9]+)"', page)]
        held = {"holder": "tab", "force": True}
        _, told = await self._call(_OPENING, "POST", f"{self._path}/lease", json.dumps(held))
        self._lease = json.loads(told)["lease"]

    async def answer(self, after: float, until: float) -> None:
        """Save an answer every five seconds."""
        await asyncio.sleep(after)
        while time.perf_counter() < until:
            due = time.perf_counter() + SAVE_EVERY
            await self._save()
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    async def _save(self) -> None:
        self._number += 1
        slot = self._slots[self._number % len(self._slots)]
        event = {"id": str(uuid.uuid4()), "seq": self._number, "slot": slot, "value": "1", "mono": 1}
        body = json.dumps({"lease": self._lease, "events": [event]})
        _, told = await self._call(_SAVE, "POST", f"{self._path}/answers", body)
        if json.loads(told)["dispositions"].get(event["id"]) != "accepted":
            self._log.failed[_SAVE].append(f"not accepted: {told[:200]!r}")

    async def hand_in(self, after: float) -> None:
        """Hand in."""
        await asyncio.sleep(after)
        await self._call(_SUBMIT, "POST", f"{self._path}/submit", '{"key": "once"}')
        self._out.close()


@dataclass(frozen=True, slots=True)
class Phase:
    """What a phase cost: seconds on the clock, CPU seconds of the server and of the driver."""

    name: str
    seconds: float
    server: float
    driver: float

    def __str__(self) -> str:
        both = self.server + self.driver
        return (
            f"{self.name}: {self.seconds:.1f} s, server {self.server:.2f} s CPU, "
            f"driver {self.driver:.2f} s CPU ({100 * self.driver / both if both else 0:.0f} % of both)"
        )


async def _phase(name: str, pid: int, work: Callable[[], list[asyncio.Task[None]]]) -> Phase:
    begun, server, driver = time.perf_counter(), cpu_seconds(pid), time.process_time()
    await asyncio.gather(*work())
    spent = time.perf_counter() - begun
    return Phase(name, spent, cpu_seconds(pid) - server, time.process_time() - driver)


async def drive(pid: int, people: list[Candidate], seconds: float) -> list[Phase]:
    """Let everybody arrive, answer and hand in; return what each phase cost."""
    for one in people:
        await one.connect()
    count = len(people)
    spread = [number / count for number in range(count)]

    def tasks(make: Callable[[Candidate, float], object]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(make(one, at)) for one, at in zip(people, spread, strict=True)]  # type: ignore[arg-type]

    arrived = await _phase("arriving", pid, lambda: tasks(lambda one, at: one.arrive(at * ARRIVE_SECONDS)))
    until = time.perf_counter() + seconds
    saved = await _phase("answering", pid, lambda: tasks(lambda one, at: one.answer(at * SAVE_EVERY, until)))
    handed = await _phase("handing in", pid, lambda: tasks(lambda one, at: one.hand_in(at * HAND_IN_SECONDS)))
    return [arrived, saved, handed]


def marked(url: str) -> int:
    """Return how many attempts have a result."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT count(DISTINCT attempt_id) FROM result")).scalar_one()
    engine.dispose()
    return int(found)


def run(url: str, folder: Path, candidates: int, seconds: float) -> bool:
    """Run on the empty database at ``url``; tell what was measured, and whether nothing went wrong."""
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(now())
        staff = hire(candidates)
        with unit_of_work():
            add_paper(paper_of_20(), now())
        sitting = arrange("benchmark-20", staff)
    desks = [sign_in(app, person) for person in staff]
    with app.app_context():
        db.engine.dispose()
    server = Server(settings, folder / "server.log")
    server.start()
    log = Log()
    people = [Candidate(server.port, sitting, desk, log) for desk in desks]
    try:
        phases = asyncio.run(drive(server.pid, people, seconds))
        bare = _bare(url, folder, SAVE_EVERY / candidates)
    finally:
        server.end(signal.SIGTERM)
    done = marked(url)
    _tell(log, phases, bare, done)
    return done == candidates and not any(log.failed.values())


def _bare(url: str, folder: Path, every: float) -> dict[str, Cost]:
    """Measure the bare views at the pace at which answers came: a server that waits in between pays more."""
    where = url.replace("postgresql+psycopg:", "postgresql:")
    port = free_port()
    process = start_bare(where if where.startswith("postgresql:") else str(folder / "bare.db"), port)
    client = Client(port)

    def paced(method: str, path: str) -> Callable[[], None]:
        def act() -> None:
            due = time.perf_counter() + every
            client.call(method, path, "" if method == "POST" else None)
            time.sleep(max(0.0, due - time.perf_counter()))

        return act

    try:
        views = {BARE: paced("GET", "/hello"), INSERT: paced("POST", "/insert")}
        for act in views.values():
            measure([process.pid], 50, act)  # warms up
        return {name: measure([process.pid], 600, act) for name, act in views.items()}
    finally:
        process.kill()


def _tell(log: Log, phases: list[Phase], bare: dict[str, Cost], done: int) -> None:
    for line in log.lines():
        print(line)
    for phase in phases:
        print(phase)
    for name, cost in bare.items():
        print(f"{name:24} {cost.cpu:.2f} ms CPU")
    saves = len(log.took[_SAVE])
    one = phases[1].server * 1000 / saves
    print(f"one save of {saves}: {one:.2f} ms CPU = {one / bare[INSERT].cpu:.2f} INSERT views")
    print(f"marked: {done}")
    for kind, failures in log.failed.items():
        for failure in failures[:3]:
            print(f"FAILED {kind}: {failure}")


def main() -> None:
    """Run from the shell; the exit code is 1 when a request failed or an attempt was not marked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they answer")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-load-") as name:
        folder = Path(name)
        environment = {"CSTRAIN_DATABASE_URL": given.url or f"sqlite:///{folder / 'cstrain.db'}"}
        url = replace(from_environment(environment)).database_url
        fine = run(url, folder, given.candidates, given.seconds)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
