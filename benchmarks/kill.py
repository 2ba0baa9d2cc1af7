"""Kills the server at random moments while candidates save answers; counts answers lost after their receipt.

``python -m benchmarks.kill --kills 200 --writes 100000`` (embedded SQLite), ``--url postgresql://…`` (an
empty database), ``--postmaster`` (a PostgreSQL server of its own, whose postmaster and backends are
killed as well).

Each candidate saves answers through the player's own call and, like the player, sends an event again
until it is answered. What the server acknowledged is written to a file of the candidate's and synced
before the next event. After the last kill every acknowledged event must be in the answer log, once, and
each slot's answer must be the newest accepted one. What is killed is the process of ``cstrain serve``
(and the database); the machine stays up. A run goes on until there were so many kills and so many
acknowledged writes; by the rule of three, none lost of n says with 95 % that fewer than 3/n are.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from benchmarks.postmaster import Postmaster, postmaster
from cstrain.app import create_app
from cstrain.config import Settings, from_environment
from cstrain.exams import queries as exams
from cstrain.exams import service as sittings
from cstrain.extensions import db, local_date, now
from cstrain.kernel.ids import PersonId, SittingId, new_token
from cstrain.operations.init import bring_up_to_date
from cstrain.people import service as people
from cstrain.people.accounts import sign_in_for_tests
from cstrain.people.facts import Status
from cstrain.unit_of_work import unit_of_work

PAPER = "conversion-oa"
CANDIDATES = 30
MOST_BATCH = 10
UP_SECONDS = (0.5, 3.0)
PAUSE_SECONDS = (0.0, 0.08)
START_SECONDS = 30.0
RULE_OF_THREE = 3.0
_AWAY = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """A candidate at their attempt: the signed session, its CSRF token, the slots of the form."""

    attempt: int
    cookie: str
    token: str
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found. ``lost``: acknowledged, not in the log; ``stale``: slots with an older answer."""

    kills: int
    acknowledged: int
    logged: int
    lost: int
    stale: int
    seconds: float

    @property
    def bound(self) -> float:
        """The largest share of lost writes that seeing none still allows, with 95 % confidence."""
        return RULE_OF_THREE / max(1, self.acknowledged)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.seconds:.0f} s: {self.acknowledged} acknowledged writes, "
            f"{self.lost} lost (bound {self.bound:.1e} each), {self.stale} slots with an older answer, "
            f"{self.logged} events in the log"
        )


def prepare(app: Flask) -> list[Desk]:
    """Set a database up with one sitting and as many running attempts as there are candidates."""
    with app.app_context():
        bring_up_to_date(now())
        staff = hire(CANDIDATES)
        sitting = arrange(PAPER, staff)
    desks = [sit(app, person, sitting) for person in staff]
    with app.app_context():
        db.engine.dispose()
    return desks


def hire(count: int) -> list[PersonId]:
    """Hire so many candidates."""
    at = now()
    with unit_of_work():
        department = people.add_department(None, "KILL", "售前客服一部")
        return [
            people.hire(
                None,
                at,
                people.NewPerson(
                    staff_no=f"K{number:04d}",
                    name="林晓雯",
                    department_id=department,
                    hire_date=local_date(at),
                    status=Status.PROBATION,
                ),
            )
            for number in range(count)
        ]


def arrange(paper: str, staff: Sequence[PersonId]) -> SittingId:
    """Set a paper for these people, open now."""
    at = now()
    with unit_of_work():
        return sittings.schedule(
            None,
            at,
            paper_ref=paper,
            kind="exam",
            subject="benchmark:kill",
            people=staff,
            opens_at=at - timedelta(minutes=1),
            closes_at=at + timedelta(hours=12),
        )


def sit(app: Flask, person: PersonId, sitting: SittingId) -> Desk:
    """Start a person's attempt and sign them in."""
    with app.test_request_context():
        with unit_of_work():
            attempt = sittings.start(person, sitting, now(), "kill")
        slots = tuple(slot.slot for slot in exams.markable_slots(attempt))
    return Desk(attempt, *sign_in(app, person), slots)


def sign_in(app: Flask, person: PersonId) -> tuple[str, str]:
    """Return the cookie and the form token of a signed-in person.

    In a context of its own, for it remembers the token.
    """
    with app.test_request_context():
        cookie.update(sign_in_for_tests(person))
        token = generate_csrf()
        signed = app.session_interface.get_signing_serializer(app).dumps(dict(cookie))
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}", token


class Candidate(threading.Thread):
    """Saves one answer after another and keeps, synced, the ids of those that were acknowledged."""

    def __init__(
        self, desk: Desk, port: int, record: Path, stop: threading.Event, seed: int, *, hurry: bool = False
    ) -> None:
        """``hurry``: batches of up to ten as after a break of the network, and no pause between them."""
        super().__init__(daemon=True)
        self._most, self._pause = (MOST_BATCH, (0.0, 0.0)) if hurry else (1, PAUSE_SECONDS)
        self._desk, self._port, self._record = desk, port, record
        self._told, self._random = stop, random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None
        self.acknowledged = 0
        self.surprises: list[str] = []

    def run(self) -> None:
        with self._record.open("a", encoding="ascii") as record:
            number = 0
            while not self._told.is_set():
                batch = [
                    self._event(number + each) for each in range(1, self._random.randint(1, self._most) + 1)
                ]
                number += len(batch)
                if not self._deliver(batch):
                    break
                record.write("".join(f"{event['id']}\n" for event in batch))
                record.flush()
                os.fsync(record.fileno())
                self.acknowledged += len(batch)
                time.sleep(self._random.uniform(*self._pause))
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _event(self, number: int) -> dict[str, object]:
        slot = self._random.choice(self._desk.slots)
        made = uuid.UUID(int=self._random.getrandbits(128), version=4)
        return {"id": str(made), "seq": number, "slot": slot, "value": str(number), "mono": number}

    def _deliver(self, batch: Sequence[dict[str, object]]) -> bool:
        """Send events until they are answered; ``False`` when told to stop before that."""
        while not self._told.is_set():
            try:
                status, body = self._post({"lease": 1, "events": batch})
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(0.05)
                continue
            if status >= _AWAY:  # the database is away: nothing was acknowledged
                time.sleep(0.05)
                continue
            fates = json.loads(body)["dispositions"] if status == 200 else {}
            if all(fates.get(event["id"]) == "accepted" for event in batch):
                return True
            self.surprises.append(f"{status} {body[:200]!r}")
            return False
        return False

    def _post(self, body: dict[str, object]) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        headers = {"Cookie": self._desk.cookie, "X-CSRFToken": self._desk.token}
        headers["Content-Type"] = "application/json"
        self._connection.request("POST", f"/attempts/{self._desk.attempt}/answers", json.dumps(body), headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()


class Server:
    """``cstrain serve`` as a process that is killed and started again on the same port."""

    def __init__(self, settings: Settings, log: Path) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = int(door.getsockname()[1])
        self._log = log
        self.environment = os.environ | {
            "CSTRAIN_DATABASE_URL": settings.database_url,
            "CSTRAIN_SECRET_KEY": settings.secret_key,
            "CSTRAIN_DATA_DIR": settings.data_dir,
            "CSTRAIN_SECURE_COOKIES": "no",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str] = ()) -> None:
        """Start it and wait until it answers; ``command`` instead of the usual one."""
        command = command or [sys.executable, "-m", "cstrain", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the server did not start:\n{self._log.read_text(errors='replace')[-3000:]}")

    @property
    def pid(self) -> int:
        """The process that serves now."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def wait(self) -> int:
        """Wait until the process has ended by itself; return how (a signal is negative)."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.wait(timeout=20)

    def end(self, how: int) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)


def run(
    url: str,
    kills: int,
    folder: Path,
    seed: int = 1,
    *,
    writes: int = 0,
    database: Postmaster | None = None,
) -> Outcome:
    """Kill ``kills`` times on the empty database at ``url`` and go on to ``writes``; return what was found.

    ``database``: the server to kill as well, in turn with ours.
    """
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    desks = prepare(app)
    chance, stop = random.Random(seed), threading.Event()
    server = Server(settings, folder / "server.log")
    candidates = [
        Candidate(
            desk,
            server.port,
            folder / f"acknowledged-{desk.attempt}.txt",
            stop,
            seed + number,
            hurry=writes > 0,
        )
        for number, desk in enumerate(desks)
    ]
    begun = time.monotonic()
    server.start()
    for candidate in candidates:
        candidate.start()
    for _ in range(kills):
        time.sleep(chance.uniform(*UP_SECONDS))
        kill_something(server, database, chance)
    while sum(each.acknowledged for each in candidates) < writes and any(map(alive, candidates)):
        time.sleep(0.5)
    time.sleep(UP_SECONDS[1])
    stop.set()
    for candidate in candidates:
        candidate.join(timeout=30)
    server.end(signal.SIGTERM)
    surprises = [each for candidate in candidates for each in candidate.surprises]
    if surprises:
        raise RuntimeError(f"{len(surprises)} unexpected answers, such as {surprises[0]}")
    return _compare(url, folder, kills, time.monotonic() - begun)


def alive(candidate: Candidate) -> bool:
    """Tell whether a candidate still saves."""
    return candidate.is_alive()


def kill_something(server: Server, database: Postmaster | None, chance: random.Random) -> None:
    """Kill our server, or the database's postmaster or one of its backends, and start it again."""
    what = chance.choice(["server", "postmaster", "backend"]) if database is not None else "server"
    if database is not None and what == "postmaster":
        database.kill()
    elif database is None or what == "server" or not database.kill_backend(chance):
        server.end(signal.SIGKILL)
        server.start()


def _compare(url: str, folder: Path, kills: int, seconds: float) -> Outcome:
    acknowledged = [
        line for path in folder.glob("acknowledged-*.txt") for line in path.read_text().splitlines()
    ]
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        logged = list(connection.scalars(sa.text("SELECT event_id FROM answer_event")))
        newest = connection.execute(
            sa.text(
                "SELECT attempt_id, slot, client_seq, value FROM answer_event "
                "WHERE disposition = 'accepted' ORDER BY lease_epoch, client_seq"
            )
        ).all()
        shown = connection.execute(sa.text("SELECT attempt_id, slot, value FROM answer")).all()
    engine.dispose()
    expected = {(row.attempt_id, row.slot): row.value for row in newest}
    held = {(row.attempt_id, row.slot): row.value for row in shown}
    stale = sum(held.get(place) != value for place, value in expected.items())
    lost = len(set(acknowledged) - set(logged)) + len(logged) - len(set(logged))
    return Outcome(kills, len(acknowledged), len(logged), lost, stale, seconds)


def main() -> None:
    """Run from the shell; ends with 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--writes", type=int, default=0, help="go on until so many writes are acknowledged")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    parser.add_argument("--postmaster", action="store_true", help="kill a PostgreSQL server of its own too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cstrain-kill-") as name, ExitStack() as stack:
        folder = Path(name)
        database = stack.enter_context(postmaster()) if given.postmaster else None
        address = database.url if database is not None else given.url
        environment = {"CSTRAIN_DATABASE_URL": address or f"sqlite:///{folder / 'cstrain.db'}"}
        url = replace(from_environment(environment)).database_url
        outcome = run(url, given.kills, folder, given.seed, writes=given.writes, database=database)
    print(f"seed {given.seed}: {outcome}")
    missed = outcome.kills < given.kills or outcome.acknowledged < given.writes
    sys.exit(1 if outcome.lost or outcome.stale or missed else 0)


if __name__ == "__main__":
    main()
