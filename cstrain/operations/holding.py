"""Requests that wait for news of an attempt are held back without a thread each, until there is some.

A page that is looked at learns within a second that another device took the lease, that time was given or
that the attempt was paused, and yet asks twice a minute only. One thread asks the database for all of them
together, so that news made by another process is news here too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from cstrain.exams.news import Wish, read_wish
from cstrain.exams.queries import news_marks
from cstrain.extensions import db
from cstrain.operations.polling import HELD_BACK, EveryTurn, Turns

EVERY_SECONDS = 0.5
HELD_SECONDS = 25.0
"""Shorter than proxies wait for an answer (60 s by default)."""

log = logging.getLogger("cstrain.holding")


@dataclass(frozen=True, slots=True)
class Held:
    """A connection whose request waits."""

    channel: Any
    wish: Wish
    until: float


class Holding(threading.Thread):
    """Stands between waitress's connections and its threads; ``work`` hands a connection to a thread."""

    def __init__(self, app: Flask, work: Callable[[Any], None], stir: Callable[[int], None]) -> None:
        super().__init__(name="cstrain-holding", daemon=True)
        self._app, self._work, self._stir = app, work, stir
        self._lock, self._some, self._ended = threading.Lock(), threading.Event(), threading.Event()
        self._held: list[Held] = []
        self._failing = False

    def add_task(self, channel: Any) -> None:
        """Take over a connection with a complete request: to a thread at once, unless it may be held back."""
        wish = self._wish(channel.requests[0])
        if wish is None or self._ended.is_set():
            self._work(channel)
            return
        setattr(channel, HELD_BACK, True)
        with self._lock:
            self._held.append(Held(channel, wish, time.monotonic() + HELD_SECONDS))
        self._some.set()

    def _wish(self, request: Any) -> Wish | None:
        if request.error or not request.path.endswith("/news"):
            return None
        return read_wish(str(self._app.secret_key), request.command, request.path, request.query)

    def run(self) -> None:
        """Look for news twice a second while anybody waits for some, until told to end."""
        while self._some.wait() and not self._ended.wait(EVERY_SECONDS):
            self._let_go(self._with_news())

    def _with_news(self) -> Callable[[Held], bool]:
        with self._lock:
            waiting = {held.wish.attempt_id for held in self._held}
        found = self._marks(waiting)
        at = time.monotonic()
        return lambda held: (
            at >= held.until
            or not held.channel.connected
            or found.get(held.wish.attempt_id, held.wish.mark) != held.wish.mark
        )

    def _marks(self, attempts: set[int]) -> dict[int, str]:
        """Return how these attempts stand; nothing while the database does not answer."""
        with self._app.app_context():
            try:
                found = news_marks(attempts)
                self._failing = False
            except Exception:
                if not self._failing:
                    log.exception("the server could not look for news of attempts")
                self._failing = True
                return {}
            finally:
                db.session.rollback()
                db.session.remove()
        return found

    def _let_go(self, chosen: Callable[[Held], bool]) -> None:
        with self._lock:
            free: list[Held] = []
            still: list[Held] = []
            for held in self._held:
                (free if chosen(held) else still).append(held)
            self._held = still
            if not still:
                self._some.clear()
        for held in free:
            setattr(held.channel, HELD_BACK, False)
            self._stir(held.channel.socket.fileno())
            self._work(held.channel)

    def end(self) -> None:
        """Let everybody go, and hold nobody back any more."""
        self._ended.set()
        self._let_go(lambda _: True)
        self._some.set()
        self.join(timeout=2)


@contextmanager
def holding_back(app: Flask, server: Any, waiting: Turns | EveryTurn) -> Iterator[Holding]:
    """Hold back what asks for news at a waitress server with one door, until the end."""
    holding = Holding(app, server.add_task, waiting.stir)
    server.add_task = holding.add_task
    holding.start()
    try:
        yield holding
    finally:
        holding.end()
