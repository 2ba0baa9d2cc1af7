"""A real server that is stopped (SIGSTOP) or killed while people sit: what it knows of its own silence."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from benchmarks.kill import PAPER, Server, arrange, hire, sit
from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.exams import queries
from cstrain.exams.invigilation import queries as seen
from cstrain.exams.invigilation.models import Outage, Uptime
from cstrain.exams.models import Attempt
from cstrain.extensions import db, now, session
from cstrain.kernel.ids import new_token
from cstrain.operations.init import bring_up_to_date
from cstrain.unit_of_work import unit_of_work

pytestmark = pytest.mark.slow
STOPPED = 9.0
BEATS_APART = 2.0
SLACK = 3.0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cstrain.db'}"
        return
    databases = request.getfixturevalue("postgres_databases")
    made = databases.create()
    yield made.render_as_string(hide_password=False)
    databases.drop(made)


@pytest.fixture
def exam(url, tmp_path):
    """A served database with two running attempts; its application here, the server and the desks."""
    settings = Settings(url, new_token(), data_dir=str(tmp_path), secure_cookies=False)
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(now())
        staff = hire(2)
        sitting = arrange(PAPER, staff)
    desks = [sit(app, person, sitting) for person in staff]
    server = Server(settings, tmp_path / "server.log")
    server.start()
    yield app, server, desks
    server.end(signal.SIGTERM)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def until(app, ask, seconds: float = 15.0):
    """Ask, in a context of its own, until something is answered."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with app.app_context():
            found = ask()
            db.session.rollback()
            if found:
                return found
        time.sleep(0.1)
    raise AssertionError("nothing came of it")


def outages():
    return [(one.ended - one.began).total_seconds() for one in session().scalars(sa.select(Outage))]


def stop(server: Server, seconds: float) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(server.pid, signal.SIGCONT)


def test_a_stopped_server_offers_the_time_it_was_silent_once(exam) -> None:
    app, server, desks = exam
    until(app, lambda: session().scalar(sa.select(Uptime.id)))
    stop(server, STOPPED)
    (seconds,) = until(app, outages)
    assert STOPPED - 0.1 <= seconds <= STOPPED + BEATS_APART + SLACK
    with app.app_context():
        offers = seen.offers([desk.attempt for desk in desks], now())
    assert [one.attempt_id for one in offers] == [desk.attempt for desk in desks]
    assert all(abs(one.seconds - seconds) <= 1 and one.seconds >= seconds for one in offers)
    time.sleep(2 * BEATS_APART)
    with app.app_context():
        assert len(outages()) == 1


def test_a_killed_server_knows_of_it_before_it_answers_again(exam) -> None:
    app, server, _desks = exam
    until(app, lambda: session().scalar(sa.select(Uptime.id)))
    server.end(signal.SIGKILL)
    time.sleep(STOPPED)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()
    with app.app_context():
        (seconds,) = outages()
    assert seconds >= STOPPED - 0.1


def test_whose_time_runs_out_meanwhile_is_held_and_what_they_typed_counts(exam) -> None:
    app, server, (desk, _other) = exam
    until(app, lambda: session().scalar(sa.select(Uptime.id)))
    with app.app_context(), unit_of_work() as current:
        current.get_one(Attempt, desk.attempt).deadline = now() + timedelta(seconds=4)
    stop(server, STOPPED)
    event = {"id": "00000000-0000-4000-8000-000000000001", "seq": 1}
    event |= {"slot": desk.slots[0], "value": "1", "mono": 1}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"Cookie": desk.cookie, "X-CSRFToken": desk.token, "Content-Type": "application/json"}
    body = json.dumps({"lease": 1, "events": [event]})
    connection.request("POST", f"/attempts/{desk.attempt}/answers", body, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    assert answer["dispositions"] == {event["id"]: "accepted"}
    assert answer["paused"] and answer["remaining_ms"] == 0 and not answer["over"]
    until(app, outages)
    with app.app_context():
        assert queries.attempt(desk.attempt, now()).state == "open"
        offers = seen.offers([desk.attempt], now())
        assert sum(one.seconds for one in offers) in range(2, 8)
