"""The production server: one process, waitress's threads, and one thread for what time brings.

Stopping (Ctrl-C, SIGTERM) closes the door, lets running requests answer and ends within ten seconds.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel

from cstrain.config import Settings
from cstrain.extensions import db
from cstrain.operations import migrations
from cstrain.operations.answering import TogetherChannel
from cstrain.operations.errors import OperationError
from cstrain.operations.heart import Heart
from cstrain.operations.holding import holding_back
from cstrain.operations.job_runner import JobRunner
from cstrain.operations.lock import serving
from cstrain.operations.polling import turns
from cstrain.unit_of_work import check_durability

_DRAIN_SECONDS = 6.0
_AGAIN_SECONDS = 0.05
_TICK_SECONDS = 0.25
_YOUNG, _OLDER = 20_000, 20
_MOST_CONNECTIONS = 2000
_MOST_BODY = 16 * 1024 * 1024


def listen(host: str, port: int, *, or_another: bool = False) -> socket.socket:
    """Return a listening socket; ``or_another``: on a free port when ``port`` is taken.

    Raises ``OperationError`` when the port is taken (and no other will do) or the host is not this machine.
    """
    for each in (port, 0) if or_another else (port,):
        door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, each))
            door.listen(1024)
        except OSError as error:
            door.close()
            reason = error.strerror or str(error)
        else:
            return door
    raise OperationError(f"cannot listen on {host} port {port}: {reason}")


def address_of(door: socket.socket) -> str:
    """Return the address people type, such as ``http://127.0.0.1:8000``."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def demand_ready() -> None:
    """Refuse to serve on a database that is behind, or whose acknowledged writes a power cut can undo.

    Raises ``OperationError`` or ``WeakDurabilityError``; needs the application's context.
    """
    migrations.demand_current(db.engine)
    with db.engine.connect() as connection:
        check_durability(connection)


@dataclass(frozen=True, slots=True)
class Course:
    """What happens around serving.

    ``prepare`` runs once the database is held, ``said`` once requests are accepted; serving ends when
    ``go_on`` answers no (asked a few times a second).
    """

    prepare: Callable[[], None] = lambda: None
    said: Callable[[], None] = lambda: None
    go_on: Callable[[], bool] = lambda: True


def serve(app: Flask, door: socket.socket, settings: Settings, course: Course) -> None:
    """Serve until told to stop, holding the database's lock. Runs in the process's main thread (signals)."""
    stop = threading.Event()
    with app.app_context(), serving(db.engine, address_of(door)):
        with _stop_interrupts():
            course.prepare()
        demand_ready()
        with _told_to_stop(stop):
            _serve(app, door, settings, course, stop)


def _serve(
    app: Flask, door: socket.socket, settings: Settings, course: Course, stop: threading.Event
) -> None:
    _settle_memory()
    runner, heart = JobRunner(app, stop), Heart(app, stop)
    heart.beat()  # an outage is on record before the first request asks about it
    heart.start()
    runner.start()
    try:
        _serve_until(stop, app, door, _adjustments(settings), course)
    finally:
        stop.set()
        heart.join(timeout=2)
        runner.join(timeout=2)
        db.session.remove()


def _settle_memory() -> None:
    """Keep the collector from what is loaded for good: looking through it stopped everybody for 0.2 s.

    What a request leaves behind is looked through once every few requests, not several times in each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)


def _adjustments(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {
        "threads": settings.threads,
        "connection_limit": _MOST_CONNECTIONS,
        "max_request_body_size": _MOST_BODY,
        "asyncore_use_poll": True,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
    }
    if settings.trusted_proxy:
        found["trusted_proxy"] = settings.trusted_proxy
        found["trusted_proxy_headers"] = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return found


@contextmanager
def _stop_interrupts() -> Iterator[None]:
    """Make SIGTERM end what is being prepared the way Ctrl-C does; a shell's ``&`` ignored Ctrl-C."""
    with _handled_by(signal.default_int_handler), _heard_in_destructors():
        yield


@contextmanager
def _heard_in_destructors() -> Iterator[None]:
    """Send an interrupt again that fell into a destructor, where Python would report and forget it."""
    before = sys.unraisablehook

    def report(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            again = threading.Timer(_AGAIN_SECONDS, signal.raise_signal, (signal.SIGINT,))
            again.daemon = True
            again.start()
        else:
            before(lost)

    sys.unraisablehook = report
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def _told_to_stop(stop: threading.Event) -> Iterator[None]:
    def tell(_number: int, _frame: object) -> None:
        stop.set()

    with _handled_by(tell):
        yield


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Let ``handler`` hear both ways of being told to stop."""
    before = {each: signal.signal(each, handler) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, held in before.items():
            signal.signal(each, held)


def _serve_until(
    stop: threading.Event, app: Flask, door: socket.socket, settings: dict[str, Any], course: Course
) -> None:
    channels: dict[int, Any] = {}
    server = create_server(app, map=channels, sockets=[door], **settings)
    server.channel_class = TogetherChannel
    course.said()
    waiting = turns(channels)
    with holding_back(app, server, waiting):
        while not stop.is_set() and course.go_on():
            waiting.turn(_TICK_SECONDS)
    server.accepting = False
    door.close()
    server.del_channel()
    _drain(channels)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(channels, ignore_all=True)
    logging.getLogger("cstrain").info("stopped")


def _drain(channels: dict[int, Any]) -> None:
    """Let running requests end and their answers leave, for a few seconds at most."""
    end = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < end and any(
        isinstance(each, HTTPChannel) and (each.requests or each.total_outbufs_len)
        for each in list(channels.values())
    ):
        wasyncore.loop(timeout=_TICK_SECONDS, use_poll=True, map=channels, count=1)
