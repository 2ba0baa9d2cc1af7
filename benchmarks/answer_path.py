"""What a saved answer and a whole attempt cost the server, beside bare Flask views, in the same run.

``python -m benchmarks.answer_path --saves 400 --rounds 5`` (embedded SQLite), ``--url postgresql://…`` (an
empty database). ``--at-once 6``: so many people sit at the same time afterwards, and completed attempts a
second are told. Server CPU (user + system) is counted by the operating system, so that other load on the
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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
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
_EACH_SEAT = 40
_FINER = 10
"""So many more requests to the bare views: the operating system counts CPU in hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of the server in milliseconds a request; latencies in milliseconds."""

    cpu: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Act:
    """Something done so often in a round (its number is given) to the server with this process id."""

    pid: int
    times: int
    do: Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Throughput:
    """Completed attempts a second, the server's CPU for each in milliseconds, how many cores it kept busy."""

    a_second: float
    cpu: float
    cores: float


def cpu_seconds(pid: int) -> float:
    """Return the CPU time (user and system) a process and its waited-for children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(fields[at]) for at in (11, 12)) / _TICKS


def measure(pids: list[int], times: int, act: Callable[[], object]) -> Cost:
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


def prepare_desks(app: Flask, count: int, sitting_down: int) -> tuple[list[tuple[str, str]], list[Desk], int]:
    """Set the database up: sessions of ``count`` people who may sit, desks of those who do, the sitting."""
    with app.app_context():
        bring_up_to_date(now())
        hired = hire(count + sitting_down)
        staff, first = hired[:count], hired[count:]
        with unit_of_work():
            add_paper(paper_of_20(), now())
        hall = arrange(PAPER, first)
        sitting = arrange("benchmark-20", staff)
    desks = []
    for person in first:  # each in a context of its own: a page's token is kept there
        with app.app_context():
            desks.append(sit(app, person, hall))
    signed = [sign_in(app, person) for person in staff]
    with app.app_context():
        db.engine.dispose()
    return signed, desks, sitting


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


def throughput(port: int, sitting: int, desks: list[list[tuple[str, str]]], pid: int) -> Throughput:
    """Let people sit at the same time, one after another at each of ``len(desks)`` seats."""
    sitters = [Sitter(Client(port), sitting, iter(seat)) for seat in desks]
    before, begun = cpu_seconds(pid), time.perf_counter()
    with ThreadPoolExecutor(len(desks)) as seats:
        list(seats.map(lambda pair: [pair[0].sit() for _ in pair[1]], zip(sitters, desks, strict=True)))
    took, spent = time.perf_counter() - begun, cpu_seconds(pid) - before
    number = sum(map(len, desks))
    return Throughput(number / took, spent * 1000 / number, spent / took)


def run(
    url: str, folder: Path, saves: int, rounds: int, at_once: int
) -> tuple[dict[str, Cost], Throughput | None]:
    """Measure on the empty database at ``url``; returns the median round of each, and attempts at once."""
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    attempts = max(3, saves // 20)
    alone = 1 + (rounds + 1) * attempts
    staff, desks, sitting = prepare_desks(app, alone + at_once * _EACH_SEAT, rounds + 1)
    together = [staff[alone + seat * _EACH_SEAT :][:_EACH_SEAT] for seat in range(at_once)]
    server = Server(settings, folder / "server.log")
    server.start()
    bare_url = url.replace("postgresql+psycopg:", "postgresql:")
    port = free_port()
    bare = start_bare(bare_url if bare_url.startswith("postgresql:") else str(folder / "bare.db"), port)
    plain, client = Client(port), Client(server.port)
    savers = [Saver(client, desk) for desk in desks]  # one a round: nobody saves thousands of answers
    sitter = Sitter(client, sitting, iter(staff))
    acts: dict[str, Act] = {
        BARE: Act(bare.pid, saves * _FINER, lambda _: plain.call("GET", "/hello")),
        INSERT: Act(bare.pid, saves * _FINER, lambda _: plain.call("POST", "/insert", "")),
        SAVE: Act(server.pid, saves, lambda turn: savers[turn].save()),
        ATTEMPT: Act(server.pid, attempts, lambda _: sitter.sit()),
    }
    try:
        found = in_turn(acts, rounds)
        many = throughput(server.port, sitting, together, server.pid) if at_once else None
    finally:
        bare.kill()
        server.end(signal.SIGTERM)
    return found, many


def in_turn(acts: dict[str, Act], rounds: int) -> dict[str, Cost]:
    """Do each act in every round and return its median round; the first warms up and is not counted."""
    costs: dict[str, list[Cost]] = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for name, act in acts.items():
            costs[name].append(measure([act.pid], act.times, partial(act.do, turn)))
    return {name: sorted(found[1:], key=lambda cost: cost.cpu)[rounds // 2] for name, found in costs.items()}


def main() -> None:
    """Run from the shell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=400, help="requests of each kind in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=0, help="people who sit at the same time")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-path-") as name:
        folder = Path(name)
        environment = {"CSTRAIN_DATABASE_URL": given.url or f"sqlite:///{folder / 'cstrain.db'}"}
        url = replace(from_environment(environment)).database_url
        found, many = run(url, folder, given.saves, given.rounds, given.at_once)
    for kind, cost in found.items():
        print(f"{kind:24} {cost.cpu:7.2f} ms CPU  p50 {cost.p50:7.2f} ms  p95 {cost.p95:7.2f} ms")
    print(f"{SAVE}: {found[SAVE].cpu / found[INSERT].cpu:.2f} INSERT views")
    print(f"{ATTEMPT}: {found[ATTEMPT].cpu / found[BARE].cpu:.0f} bare views")
    if many is not None:
        print(
            f"{given.at_once} at once: {many.a_second:.1f} attempts a second, {many.cpu:.1f} ms CPU each, "
            f"{many.cores:.2f} cores busy"
        )


if __name__ == "__main__":
    main()
