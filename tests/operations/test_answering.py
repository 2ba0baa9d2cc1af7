"""An answer leaves in one piece: head and body in one call of the system, whatever the body is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from waitress.server import create_server
from waitress.wasyncore import close_all

from cstrain.operations.answering import TogetherChannel
from cstrain.operations.polling import turns

BODIES = {
    "/": [b"hello"],
    "/pieces": [b"hello ", b"", b"world"],
    "/empty": [],
    "/unknown": [b"how ", b"long"],
}


def _application(environ: Any, start: Any) -> list[bytes]:
    body = BODIES[environ["PATH_INFO"]]
    known = environ["PATH_INFO"] != "/unknown"
    start("200 OK", [("Content-Length", str(len(b"".join(body))))] if known else [])
    return body if known else iter(body)


class _Counted(TogetherChannel):
    sent: list[bytes] = []

    def send(self, data: bytes, do_close: bool = True) -> int:
        self.sent.append(bytes(data))
        return super().send(data, do_close)


@pytest.fixture
def port() -> Iterator[int]:
    _Counted.sent = []
    channels: dict[int, Any] = {}
    server = create_server(_application, map=channels, host="127.0.0.1", port=0, threads=2)
    server.channel_class = _Counted
    stop, waiting = threading.Event(), turns(channels)

    def serve() -> None:
        while not stop.is_set():
            waiting.turn(0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(server.effective_port)
    stop.set()
    thread.join(timeout=5)
    server.task_dispatcher.shutdown(timeout=1)
    close_all(channels, ignore_all=True)


def answer(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_head_and_body_are_sent_together(port) -> None:
    said = answer(port, "/")
    assert said.startswith(b"HTTP/1.1 200 OK\r\n") and said.endswith(b"\r\n\r\nhello")
    assert len(_Counted.sent) == 1


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/pieces", b"\r\n\r\nhello world"),
        ("/empty", b"\r\n\r\n"),
        ("/unknown", b"4\r\nhow \r\n4\r\nlong\r\n0\r\n\r\n"),
    ],
)
def test_every_kind_of_body_arrives_whole(port, path, end) -> None:
    said = answer(port, path)
    assert said.startswith(b"HTTP/1.1 200 OK\r\n") and said.endswith(end)
