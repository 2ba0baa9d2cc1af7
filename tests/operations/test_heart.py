"""The server's heart: it beats for every package that asked, and one failing beat is told once."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from cstrain.operations import heart
from tests.conftest import START


@pytest.fixture
def beats(app, monkeypatch):
    heard: list[tuple[str, object]] = []
    monkeypatch.setitem(app.extensions, "cstrain.beats", [lambda run, at: heard.append((run, at))])
    return heard


def test_each_beat_names_the_process_and_the_time(app, beats) -> None:
    stop = threading.Event()
    one, other = heart.Heart(app, stop), heart.Heart(app, stop)
    for each in (one, one, other):
        each.beat()
    first, second, third = beats
    assert first == second and first[1] == START
    assert third[0] != first[0]


def test_it_beats_until_it_is_told_to_stop(app, beats, monkeypatch) -> None:
    monkeypatch.setattr(heart, "EVERY_SECONDS", 0.01)
    stop = threading.Event()
    beating = heart.Heart(app, stop)
    beating.start()
    for _ in range(200):
        if len(beats) > 2:
            break
        stop.wait(0.02)
    stop.set()
    beating.join(timeout=5)
    assert not beating.is_alive() and len(beats) > 2


def test_a_beat_that_fails_is_told_once_until_one_succeeds(app, monkeypatch, caplog) -> None:
    broken = [True]

    def beat(_run, _at):
        if broken:
            raise RuntimeError("no database")

    monkeypatch.setitem(app.extensions, "cstrain.beats", [beat])
    beating = heart.Heart(app, threading.Event())
    with caplog.at_level(logging.ERROR):
        noted = [beating.beat(), beating.beat()]
        broken.clear()
        noted.append(beating.beat())
        broken.append(True)
        noted.append(beating.beat())
    assert noted == [False, False, True, False]
    assert [record.message for record in caplog.records] == ["the server could not note that it lives"] * 2


class Waits:
    """An event that is set after so many waits; it remembers how long each was to last."""

    def __init__(self, most: int) -> None:
        self.asked: list[float] = []
        self._most = most

    def wait(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) > self._most


def test_beats_keep_their_rhythm_however_long_one_takes(app, monkeypatch) -> None:
    monkeypatch.setattr(heart, "EVERY_SECONDS", 0.2)
    slow = [0.0, 0.1, 0.3]
    monkeypatch.setitem(app.extensions, "cstrain.beats", [lambda _run, _at: time.sleep(slow.pop(0))])
    waits = Waits(3)
    heart.Heart(app, waits).run()
    first, quick, late, over = waits.asked
    assert (first, over) == (0.2, 0.0)
    assert 0.1 < quick <= 0.2 and late <= 0.1


def test_a_beat_that_fails_is_tried_again_soon(app, monkeypatch) -> None:
    fails = [True, True, False]

    def beat(_run, _at):
        if fails.pop(0):
            raise RuntimeError("the connection was lost")

    monkeypatch.setitem(app.extensions, "cstrain.beats", [beat])
    waits = Waits(3)
    heart.Heart(app, waits).run()
    assert waits.asked[:3] == [heart.EVERY_SECONDS, 0.25, 0.25] and 1.5 < waits.asked[3] <= 2.0


def test_exams_ask_for_beats(app) -> None:
    from cstrain.exams import jobs

    assert jobs.beat in app.extensions["cstrain.beats"]
