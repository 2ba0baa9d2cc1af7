"""What a saved answer and a whole attempt cost the server, beside bare Flask views, in the same run.

``python -m benchmarks.answer_path --saves 400 --rounds 5`` (embedded SQLite), ``--url postgresql://…`` (an
empty database). Server CPU (user + system) is counted by the operating system, so that other load on the
machine does not matter much; rounds alternate and the median round is told. Latency is told as it was.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from benchmarks.kill import PAPER, Desk, Server, arrange, hire, sign_in, sit
from cstrain.app import create_app
from cstrain.config import Settings, from_environment
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service import add_paper
from cstrain.extensions import db, now
from cstrain.kernel.ids import new_token
from cstrain.operations.init import bring_up_to_date
from cstrain.unit_of_work import unit_of_work

BARE, INSERT = "bare view", "bare view, one INSERT"
SAVE, ATTEMPT = "one saved answer", "one completed attempt"
_JSON = {"Content-Type": "application/json"}
_TICKS = os.sysconf("SC_CLK_TCK")
_WAIT_SECONDS = 20.0
_FINER = 10
"""So many more requests to the bare views: the operating system counts CPU in hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of the server in milliseconds a request; latencies in milliseconds."""

    cpu: float
    p50: float
    p95: float


def cpu_seconds(pid: int) -> float:
    """Return the CPU time (user and system) a process and its waited-for children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(fields[at]) for at in (11, 12)) / _TICKS


def measure(pids: list[int], times: int, act: Callable[[], None]) -> Cost:
    """Run ``act`` so many times and return what it cost the processes."""
    before = sum(map(cpu_seconds, pids))
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    spent = (sum(map(cpu_seconds, pids)) - before) * 1000 / times
    return Cost(spent, statistics.median(took), statistics.quantiles(took, n=20)[18])


class Client:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def call(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        """Return the body of the answer; anything but 200 ends the run."""
        self._connection.request(method, path, body, headers or {})
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data

    def follow(self, method: str, path: str, headers: dict[str, str]) -> str:
        """Return where a form leads to."""
        self._connection.request(method, path, "", headers)
        answer = self._connection.getresponse()
        answer.read()
        return str(answer.getheader("Location"))


class Saver:
    """Saves one answer after another at one desk, as the player does."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self._client, self._desk, self._number = client, desk, 0
        self._headers = {
            "Cookie": desk.cookie,
            "X-CSRFToken": desk.token,
            "Content-Type": "application/json",
        }

    def save(self) -> None:
        """Save one answer and demand that it was accepted."""
        self._number += 1
        slot = self._desk.slots[self._number % len(self._desk.slots)]
        event = {
            "id": str(uuid.uuid4()),
            "seq": self._number,
            "slot": slot,
            "value": str(self._number % 4),
            "mono": 1,
        }
        body = json.dumps({"lease": 1, "events": [event]})
        told = json.loads(
            self._client.call("POST", f"/attempts/{self._desk.attempt}/answers", body, self._headers)
        )
        if told["dispositions"][event["id"]] != "accepted":
            raise RuntimeError(f"not accepted: {told}")


class Sitter:
    """Sits a paper of 20 questions: opens it, starts, saves 20 answers, hands in, looks at the review."""

    def __init__(self, client: Client, sitting: int, desks: Iterator[tuple[str, str]]) -> None:
        self._client, self._sitting, self._desks = client, sitting, desks

    def sit(self) -> None:
        """One completed attempt of somebody who has not sat yet."""
        cookie, token = next(self._desks)
        headers = {"Cookie": cookie, "X-CSRFToken": token, "Referer": "http://127.0.0.1/"}
        call = self._client.call
        call("GET", f"/sittings/{self._sitting}", None, headers)
        path = self._client.follow("POST", f"/sittings/{self._sitting}/start", headers)
        page = call("GET", path, None, headers).decode()
        lease = json.loads(call("POST", f"{path}/lease", '{"holder": "tab", "force": true}', headers | _JSON))
        for slot in sorted(map(int, re.findall(r'data-slot="([0-9]+)"', page))):
            event = {"id": str(uuid.uuid4()), "seq": slot, "slot": slot, "value": "0", "mono": 1}
            body = json.dumps({"lease": lease["lease"], "events": [event]})
            call("POST", f"{path}/answers", body, headers | _JSON)
        call("POST", f"{path}/submit", '{"key": "once"}', headers | _JSON)
        call("GET", path.replace("/attempts/", "/results/"), None, headers)


def prepare_desks(app: Flask, count: int) -> tuple[list[tuple[str, str]], Desk, int]:
    """Set the database up: sessions of ``count`` people who may sit, a desk where one sits, the sitting."""
    with app.app_context():
        bring_up_to_date(now())
        first, *staff = hire(count + 1)
        with unit_of_work():
            add_paper(paper_of_20(), now())
        desk = sit(app, first, arrange(PAPER, [first]))
        sitting = arrange("benchmark-20", staff)
    signed = [sign_in(app, person) for person in staff]
    with app.app_context():
        db.engine.dispose()
    return signed, desk, sitting


def paper_of_20() -> PaperSpec:
    """Return a blueprint of 20 questions of the daily bank, marked and shown at once."""
    cells = [{"topics": [f"day-{day}"], "types": ["single_choice"], "count": 4} for day in range(1, 6)]
    return PaperSpec.model_validate(
        {
            "ref": "benchmark-20",
            "edition": 1,
            "effective_from": "2026-01-01",
            "source": "benchmark",
            "title": "20题",
            "kind": "exam",
            "bank": "daily",
            "minutes": 60,
            "difficulty_tolerance": 2,
            "sections": [{"title": "单选题", "marks": 5, "cells": cells}],
        }
    )


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def start_bare(where: str, port: int) -> subprocess.Popen[bytes]:
    """Start the bare application and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare", str(port), where],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the bare application did not start")


def run(url: str, folder: Path, saves: int, rounds: int) -> dict[str, Cost]:
    """Measure on the empty database at ``url``; returns the median round of each."""
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    attempts = max(3, saves // 20)
    staff, saver_desk, sitting = prepare_desks(app, 1 + (rounds + 1) * attempts)
    server = Server(settings, folder / "server.log")
    server.start()
    bare_url = url.replace("postgresql+psycopg:", "postgresql:")
    port = free_port()
    bare = start_bare(bare_url if bare_url.startswith("postgresql:") else str(folder / "bare.db"), port)
    plain = Client(port)
    saver, sitter = Saver(Client(server.port), saver_desk), Sitter(Client(server.port), sitting, iter(staff))
    acts = {
        BARE: (bare.pid, saves * _FINER, lambda: plain.call("GET", "/hello")),
        INSERT: (bare.pid, saves * _FINER, lambda: plain.call("POST", "/insert", "")),
        SAVE: (server.pid, saves, saver.save),
        ATTEMPT: (server.pid, attempts, sitter.sit),
    }
    found: dict[str, list[Cost]] = {name: [] for name in acts}
    try:
        for turn in range(rounds + 1):  # the first warms up and is not counted
            for name, (pid, times, act) in acts.items():
                cost = measure([pid], times, act)
                if turn:
                    found[name].append(cost)
    finally:
        bare.kill()
        server.end(signal.SIGTERM)
    return {name: sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2] for name, costs in found.items()}


def main() -> None:
    """Run from the shell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=400, help="requests of each kind in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-path-") as name:
        folder = Path(name)
        environment = {"CSTRAIN_DATABASE_URL": given.url or f"sqlite:///{folder / 'cstrain.db'}"}
        found = run(replace(from_environment(environment)).database_url, folder, given.saves, given.rounds)
    for kind, cost in found.items():
        print(f"{kind:24} {cost.cpu:7.2f} ms CPU  p50 {cost.p50:7.2f} ms  p95 {cost.p95:7.2f} ms")
    print(f"{SAVE}: {found[SAVE].cpu / found[INSERT].cpu:.2f} INSERT views")
    print(f"{ATTEMPT}: {found[ATTEMPT].cpu / found[BARE].cpu:.0f} bare views")


if __name__ == "__main__":
    main()
