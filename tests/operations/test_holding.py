"""Requests for news wait without a thread, and are answered when there is some."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from waitress.server import create_server
from waitress.wasyncore import close_all

from cstrain.exams import service
from cstrain.exams.news import read_wish, signed
from cstrain.extensions import db
from cstrain.operations import holding
from cstrain.operations.polling import turns
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.web.page_client import PageClient

THREADS = 2


@dataclass
class Asker:
    """Somebody's browser on real connections to the server."""

    port: int
    cookie: str
    path: str

    def ask(self, mark: str, timeout: float = 10) -> tuple[float, int, dict[str, Any]]:
        """Ask for news; return how long that took, the status and what was told."""
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request("GET", f"{self.path}?than={mark}", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        told = json.loads(body) if answer.status == 200 else {}
        return time.monotonic() - begun, answer.status, told


@contextmanager
def serve(app: Any) -> Iterator[tuple[int, holding.Holding]]:
    channels: dict[int, Any] = {}
    server = create_server(app, map=channels, host="127.0.0.1", port=0, threads=THREADS)
    stop, ready, found = threading.Event(), threading.Event(), []

    def run() -> None:
        waiting = turns(channels)
        with holding.holding_back(app, server, waiting) as holder:
            found.append(holder)
            ready.set()
            while not stop.is_set():
                waiting.turn(0.05)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(5)
    yield int(server.effective_port), found[0]
    stop.set()
    thread.join(timeout=5)
    server.task_dispatcher.shutdown(timeout=5)
    close_all(channels, ignore_all=True)


@pytest.fixture
def seat(app) -> tuple[int, int]:
    with app.app_context():
        person = make_person("林晓雯")
        attempt = make.make_attempt(person)
        db.session.remove()
    return person, attempt


@pytest.fixture
def asker(app, seat) -> Iterator[Asker]:
    person, attempt = seat
    client = PageClient(app).log_in_as(person)
    cookie = client.raw.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with serve(app) as (port, _):
        yield Asker(port, f"{cookie.key}={cookie.value}", f"/attempts/{attempt}/news")


def take_over(app: Any, seat: tuple[int, int], holder: str) -> None:
    with app.app_context():
        with unit_of_work():
            service.take_lease(seat[0], seat[1], START, holder, force=True)
        db.session.remove()


@pytest.mark.both_databases
def test_who_knows_how_it_stands_hears_within_a_second_that_the_lease_was_taken(app, seat, asker) -> None:
    at_once, status, first = asker.ask("")
    assert status == 200 and at_once < 1
    taken: list[float] = []

    def later() -> None:
        time.sleep(1.5)
        take_over(app, seat, "another")
        taken.append(time.monotonic())

    thread = threading.Thread(target=later)
    thread.start()
    waited, status, told = asker.ask(first["mark"])
    late = time.monotonic() - taken[0]
    thread.join()
    assert status == 200 and waited > 1.4 and late < 1.5
    assert told["mark"] != first["mark"] and told["lease"] == first["lease"] + 1


def test_more_who_wait_than_there_are_threads_keep_nobody_from_being_served(asker) -> None:
    _, _, first = asker.ask("")
    waiting = []
    for _ in range(THREADS * 3):
        connection = http.client.HTTPConnection("127.0.0.1", asker.port, timeout=10)
        connection.request("GET", f"{asker.path}?than={first['mark']}", headers={"Cookie": asker.cookie})
        waiting.append(connection)
    time.sleep(0.3)
    took, status, _ = asker.ask("")
    assert status == 200 and took < 1
    for connection in waiting:  # some go before they are answered
        connection.close()


def test_without_news_the_answer_comes_in_the_end(asker, monkeypatch) -> None:
    monkeypatch.setattr(holding, "HELD_SECONDS", 1.0)
    _, _, first = asker.ask("")
    took, status, told = asker.ask(first["mark"])
    assert status == 200 and 0.9 < took < 3 and told == first


@pytest.mark.parametrize("mark", ["1-2-3-4", "1-2-3-4.AAAA", ".", "%C3%A9", "%ED%A0%80"])
def test_a_mark_that_was_not_given_here_is_answered_at_once(asker, mark) -> None:
    took, status, _ = asker.ask(mark)
    assert status == 200 and took < 1


def test_somebody_elses_attempt_and_a_stranger_are_refused(app, seat, asker) -> None:
    with app.app_context():
        other = make_person("别人")
        db.session.remove()
    assert PageClient(app).log_in_as(other).raw.get(asker.path).status_code == 404
    assert app.test_client().get(asker.path).status_code in (302, 401)


def test_who_waits_when_the_server_ends_is_answered(app, seat) -> None:
    person, attempt = seat
    cookie = PageClient(app).log_in_as(person).raw.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with serve(app) as (port, holder):
        asker = Asker(port, f"{cookie.key}={cookie.value}", f"/attempts/{attempt}/news")
        mark = asker.ask("")[2]["mark"]
        threading.Timer(0.7, holder.end).start()
        took, status, _ = asker.ask(mark)
        assert status == 200 and took < 3


def test_a_database_in_trouble_lets_everybody_wait_and_is_named_once(app, seat, asker, monkeypatch, caplog):
    _, _, first = asker.ask("")
    real, calls = holding.news_marks, []

    def fail(ids: Any) -> Any:
        calls.append(ids)
        if len(calls) < 3:
            raise RuntimeError("no database")
        return real(ids)

    monkeypatch.setattr(holding, "news_marks", fail)
    threading.Timer(0.2, take_over, (app, seat, "another")).start()
    took, status, told = asker.ask(first["mark"])
    assert status == 200 and took < 4 and told["mark"] != first["mark"]
    assert sum("could not look for news" in each.message for each in caplog.records) == 1


def test_only_a_signed_mark_of_this_very_attempt_is_a_wish() -> None:
    mark = signed("secret", 7, "1-x")
    wish = read_wish("secret", "GET", "/attempts/7/news", f"than={mark}")
    assert wish is not None and (wish.attempt_id, wish.mark) == (7, "1-x")
    assert read_wish("secret", "GET", "/attempts/8/news", f"than={mark}") is None
    assert read_wish("other", "GET", "/attempts/7/news", f"than={mark}") is None
    assert read_wish("secret", "POST", "/attempts/7/news", f"than={mark}") is None
    assert read_wish("secret", "GET", "/attempts/7/state", f"than={mark}") is None
    assert read_wish("secret", "GET", "/attempts/7/news", "") is None
