"""Whole processes: killed around a commit, restarted, backed up, upgraded; a full disk; a dead database."""

from __future__ import annotations

import http.client
import json
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.kill import PAPER as PAPER_REF
from benchmarks.kill import Candidate, Desk, Server, arrange, hire, kill_something, sit
from benchmarks.postmaster import postmaster
from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.extensions import db, now
from cstrain.kernel.ids import new_token
from cstrain.operations.init import bring_up_to_date
from tests.needs import skip_without
from tests.postgres import NoServerError

pytestmark = pytest.mark.slow
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
CANDIDATES = 3


@dataclass
class House:
    """A database with a sitting under way, and the server on it."""

    settings: Settings
    desks: list[Desk]
    server: Server
    folder: Path

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``cstrain`` beside the server."""
        return subprocess.run(
            [sys.executable, "-m", "cstrain", *words],
            env=self.server.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def logged(self, url: str = "") -> list[str]:
        """Return the ids of the events in the log of this database or of another one."""
        engine = sa.create_engine(url or self.settings.database_url)
        with engine.connect() as connection:
            found = list(connection.scalars(sa.text("SELECT event_id FROM answer_event ORDER BY id")))
        engine.dispose()
        return found


def make_house(url: str, folder: Path) -> House:
    """Set the empty database at ``url`` up with a few running attempts."""
    settings = Settings(url, new_token(), data_dir=str(folder), secure_cookies=False)
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(now())
        staff = hire(CANDIDATES)
        sitting = arrange(PAPER_REF, staff)
    desks = [sit(app, person, sitting) for person in staff]
    with app.app_context():
        db.engine.dispose()
    return House(settings, desks, Server(settings, folder / "server.log"), folder)


@pytest.fixture
def house(request, tmp_path) -> Iterator[House]:
    """A house on the kind of database the test is given."""
    databases = request.getfixturevalue("postgres_databases") if request.param == "postgresql" else None
    made = databases.create() if databases else sa.make_url(f"sqlite:///{tmp_path / 'cstrain.db'}")
    house = make_house(made.render_as_string(hide_password=False), tmp_path)
    yield house
    with suppress(subprocess.TimeoutExpired):
        house.server.end(signal.SIGKILL)
    if databases:
        databases.drop(made)


both = pytest.mark.parametrize("house", KINDS, indirect=True)


def post(house: House, desk: Desk, event: dict[str, Any]) -> dict[str, Any]:
    """Send one event; ``OSError`` or ``HTTPException`` when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=10)
    headers = {"Cookie": desk.cookie, "X-CSRFToken": desk.token, "Content-Type": "application/json"}
    body = json.dumps({"lease": 1, "events": [event]})
    try:
        connection.request("POST", f"/attempts/{desk.attempt}/answers", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
    finally:
        connection.close()
    assert isinstance(told, dict)
    return told | {"status": answer.status}


def event_of(desk: Desk, number: int) -> dict[str, Any]:
    made = str(uuid.UUID(int=random.Random(number).getrandbits(128), version=4))
    return {"id": made, "seq": number, "slot": desk.slots[0], "value": str(number % 4), "mono": number}


class Writers:
    """Candidates who save until told to stop."""

    def __init__(self, house: House) -> None:
        self._stop = threading.Event()
        self.candidates = [
            Candidate(desk, house.server.port, house.folder / f"told-{desk.attempt}.txt", self._stop, seed)
            for seed, desk in enumerate(house.desks)
        ]

    def __enter__(self) -> Writers:
        for candidate in self.candidates:
            candidate.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for candidate in self.candidates:
            candidate.join(timeout=30)
        assert not [each for candidate in self.candidates for each in candidate.surprises]

    def told(self, folder: Path) -> set[str]:
        """Return the ids of what was acknowledged so far."""
        return {line for path in folder.glob("told-*.txt") for line in path.read_text().split()}


@both
@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_killed_around_the_commit_an_answer_is_in_once_when_it_is_sent_again(house, when, kept) -> None:
    desk = house.desks[0]
    event = event_of(desk, 1)
    words = [sys.executable, "-m", "tests.faults.serve_and_die", when, "1", str(house.server.port)]
    house.server.start(words)
    with pytest.raises((OSError, http.client.HTTPException)):
        post(house, desk, event)
    assert house.server.wait() == -signal.SIGKILL
    assert house.logged() == [event["id"]] * kept
    house.server.start()
    told = post(house, desk, event)
    assert told["status"] == 200 and told["dispositions"] == {event["id"]: "accepted"}
    assert house.logged() == [event["id"]]


@both
def test_a_restart_during_the_exam_loses_nothing_and_is_over_in_seconds(house) -> None:
    house.server.start()
    with Writers(house) as writers:
        time.sleep(1)
        before = time.monotonic()
        house.server.end(signal.SIGTERM)
        house.server.start()
        post(house, house.desks[0], event_of(house.desks[0], 10**6))
        away = time.monotonic() - before
        time.sleep(1)
    assert writers.told(house.folder) <= set(house.logged())
    assert away < 20  # a busy machine; ``benchmarks`` measure the real figure


@both
def test_a_backup_during_the_exam_holds_everything_acknowledged_before_it(house, tmp_path) -> None:
    house.server.start()
    target = tmp_path / "copy.bak"
    with Writers(house) as writers:
        time.sleep(1.5)
        before = writers.told(house.folder)
        done = house.command("backup", str(target))
        assert done.returncode == 0, done.stderr
        time.sleep(0.5)
    assert before and writers.told(house.folder) <= set(house.logged())
    house.server.end(signal.SIGTERM)
    restored = house.command("restore", str(target))
    assert restored.returncode == 0, restored.stderr
    assert before <= set(house.logged())


@both
def test_an_upgrade_during_the_exam_is_refused_or_harmless(house) -> None:
    house.server.start()
    with Writers(house) as writers:
        time.sleep(0.5)
        house.command("upgrade")
        time.sleep(0.5)
    assert writers.told(house.folder) <= set(house.logged())
    house.server.end(signal.SIGTERM)
    assert house.command("upgrade").returncode == 0
    house.server.start()
    told = post(house, house.desks[0], event_of(house.desks[0], 10**6))
    assert told["dispositions"].popitem()[1] == "accepted"


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_full_disk_acknowledges_nothing_and_breaks_nothing(house) -> None:
    """As far as the file may grow: SQLite then answers as it does when the disk is full.

    (PostgreSQL writes its log ahead and stops as a whole when that disk is full: nothing is acknowledged
    then, which is the case of the killed server.)
    """
    house.server.start([sys.executable, "-m", "tests.faults.serve_on_a_full_disk", str(house.server.port)])
    desk, acknowledged, refused = house.desks[0], [], 0
    for number in range(1, 400):
        event = event_of(desk, number) | {"value": "答" * 2000}
        told = post(house, desk, event)
        if told["status"] == 200:
            acknowledged.append(event["id"])
        else:
            assert told["status"] >= 500
            refused += 1
    assert acknowledged and refused > 10
    assert set(house.logged()) == set(acknowledged)
    house.server.end(signal.SIGTERM)
    engine = sa.create_engine(house.settings.database_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    engine.dispose()
    house.server.start()  # somebody made room
    told = post(house, desk, event_of(desk, 10**6))
    assert told["dispositions"].popitem()[1] == "accepted"


@pytest.mark.postgres
def test_a_killed_postmaster_and_a_killed_backend_lose_nothing(tmp_path) -> None:
    try:
        with postmaster() as database:
            house = make_house(database.url, tmp_path)
            house.server.start()
            chance = random.Random(3)
            try:
                with Writers(house) as writers:
                    for _ in range(3):
                        time.sleep(1)
                        database.kill()
                        time.sleep(1)
                        database.kill_backend(chance)
                    time.sleep(1)
                    kill_something(house.server, None, chance)
                    time.sleep(1)
                told = writers.told(tmp_path)
                logged = house.logged()
                assert len(told) > 20 and told <= set(logged) and len(logged) == len(set(logged))
            finally:
                house.server.end(signal.SIGKILL)
    except NoServerError as error:
        skip_without("postgres", str(error))
