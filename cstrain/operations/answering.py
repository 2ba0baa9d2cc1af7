"""How the production server sends an answer: head and body together, in one call of the system, not two."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask


class _Parts:
    """Stands in for a connection while the first of an answer is put together."""

    def __init__(self, channel: Any) -> None:
        self.server = channel.server
        self.found: list[bytes] = []

    def write_soon(self, data: bytes) -> int:
        """Keep a part."""
        self.found.append(data)
        return len(data)


class TogetherTask(WSGITask):  # type: ignore[misc]
    """Waitress's task; with the head goes the first of the body."""

    channel: Any

    def write(self, data: bytes) -> None:
        """Send some of the answer, and its head before the first."""
        if self.wrote_header:
            super().write(data)
            return
        channel, parts = self.channel, _Parts(self.channel)
        self.channel = parts
        try:
            super().write(data)
        finally:
            self.channel = channel
        channel.write_soon(b"".join(parts.found))


class TogetherChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose answers are sent that way."""

    task_class = TogetherTask
