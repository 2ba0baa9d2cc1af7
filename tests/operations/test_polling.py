"""Taking turns over connections: who is idle is left alone, and nobody is forgotten."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from waitress.server import create_server
from waitress.wasyncore import close_all

from cstrain.operations.polling import turns

_REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _hello(_environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def port() -> Iterator[int]:
    """A server that closes connections after two silent seconds."""
    channels: dict[int, Any] = {}
    server = create_server(
        _hello, map=channels, host="127.0.0.1", port=0, threads=2, channel_timeout=2, cleanup_interval=1
    )
    stop = threading.Event()

    def serve() -> None:
        waiting = turns(channels)
        while not stop.is_set():
            waiting.turn(0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(server.effective_port)
    stop.set()
    thread.join(timeout=5)
    server.task_dispatcher.shutdown(timeout=5)
    close_all(channels, ignore_all=True)


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def _asks(connection: socket.socket) -> bool:
    connection.sendall(_REQUEST)
    heard = b""
    while not heard.endswith(b"hello"):
        more = connection.recv(4096)
        if not more:
            return False
        heard += more
    return True


def test_every_connection_is_served_however_long_it_was_idle_and_whoever_had_its_number(port) -> None:
    crowd = [_connect(port) for _ in range(30)]
    assert all(_asks(one) for one in crowd)
    assert all(_asks(one) for one in reversed(crowd))
    for one in crowd[::2]:
        one.close()
    again = [_connect(port) for _ in range(15)]  # they get the numbers of those that went
    assert all(_asks(one) for one in (*again, *crowd[1::2]))
    for one in (*again, *crowd):
        one.close()


def test_a_silent_connection_is_closed_although_it_never_stirs(port) -> None:
    with _connect(port) as silent:
        assert _asks(silent)
        assert silent.recv(1) == b""
