"""Several people act at the same moment, each in a thread with a session of its own.

``all_at_once`` only starts them together. ``race`` also holds every commit back until each of the others has
come that far, has been refused, or waits for a lock: what each has read is then the state before the others.
(SQLite needs no holding: its writers come one after the other.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa

from cstrain import unit_of_work
from cstrain.extensions import db
from cstrain.kernel.errors import DomainError
from tests.web.page_client import PageClient

Act = Callable[[], Any]
_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_HELD_SECONDS = 10.0


class _Race:
    """How far the acts have come."""

    def __init__(self, engine: sa.Engine, acts: int) -> None:
        self._acts = acts
        self._engine = engine
        self._count = threading.Lock()
        self._arrived: set[int] = set()

    def arrive(self, *_: object) -> None:
        """Count the running thread in: it is about to commit, or it has ended."""
        with self._count:
            self._arrived.add(threading.get_ident())

    def hold(self, _session: object) -> None:
        """Wait for the others (called before a commit)."""
        self.arrive()
        end = time.monotonic() + _HELD_SECONDS
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while len(self._arrived) + connection.scalar(_WAITING) < self._acts and time.monotonic() < end:
                time.sleep(0.005)


@contextmanager
def _held_commits(engine: sa.Engine, acts: int) -> Iterator[Callable[[], None]]:
    """Hold commits on PostgreSQL; gives what a thread calls when it has ended."""
    race = _Race(engine, acts)
    if engine.dialect.name != "postgresql":
        yield race.arrive
        return
    unit_of_work.before_commit_hooks.insert(0, race.hold)
    try:
        yield race.arrive
    finally:
        unit_of_work.before_commit_hooks.remove(race.hold)


def _run(app, acts: Sequence[Act], call: Callable[[Act], Any], ended: Callable[[], None]) -> list[Any]:
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def one(index: int, act: Act) -> None:
        with app.app_context():
            barrier.wait()
            try:
                found[index] = call(act)
            except Exception as error:  # kept for the assertion
                found[index] = error
            finally:
                db.session.remove()
                ended()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def _in_unit(act: Act) -> Any:
    with unit_of_work.unit_of_work():
        return act()


def all_at_once(app, acts: Sequence[Act]) -> list[Any]:
    """Run each act in a unit of work; return what they returned or raised, in order."""
    return _run(app, acts, _in_unit, lambda: None)


def race(app, *acts: Act) -> tuple[list[Any], list[DomainError]]:
    """Run the acts against each other; return what the winners returned and how the others were refused.

    Within an application context. Anything but a refusal in words fails here.
    """
    db.session.rollback()
    with _held_commits(db.engine, len(acts)) as ended:
        found = _run(app, acts, _in_unit, ended)
    db.session.rollback()  # what the test read before is past
    won = [one for one in found if not isinstance(one, Exception)]
    refused = [one for one in found if isinstance(one, DomainError)]
    others = [one for one in found if isinstance(one, Exception) and not isinstance(one, DomainError)]
    if others:
        raise AssertionError(f"not refused in words: {others!r}") from others[0]
    return won, refused


def post_twice(app, person: int, url: str, **form: str) -> tuple[list[int], str]:
    """Send a form from two tabs of a person at the same moment.

    Without an application context. Returns both statuses, sorted, and what the refused tab reads.
    """
    tabs = [PageClient(app).log_in_as(person) for _ in range(2)]
    forms = [{"csrf_token": tab.csrf(), **form} for tab in tabs]
    with app.app_context():
        engine = db.engine
    with _held_commits(engine, len(tabs)) as ended:
        posts = [partial(tab.raw.post, url, data=sent) for tab, sent in zip(tabs, forms, strict=True)]
        found = _run(app, posts, lambda post: post(), ended)
    for one in found:
        if isinstance(one, Exception):
            raise AssertionError(f"not answered: {one!r}") from one
    kept, refused = sorted(found, key=lambda response: response.status_code)
    return [kept.status_code, refused.status_code], refused.text
