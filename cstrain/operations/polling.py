"""Waits for the connections of the production server; asks only those where something may have changed.

Waitress asks every connection at every turn what it waits for. Candidates keep theirs open for an hour and
are idle nearly all of it: with 300 of them the asking cost more than the requests.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterable
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

_ALL_SECONDS = 1.0
"""How often every connection is asked all the same: waitress closes those that were silent for too long."""
HELD_BACK = "held_back"
"""The attribute of a channel whose request waits without a thread."""


class Turns:
    """One turn after another over waitress's connections, by file descriptor, in one thread."""

    def __init__(self, channels: dict[int, Any]) -> None:
        self._channels = channels
        self._poll = select.poll()
        self._waits: dict[int, int] = {}
        self._restless: set[int] = set()
        self._all_due = 0.0

    def turn(self, seconds: float) -> None:
        """Wait at most so long for something to happen, and deal with it."""
        self._ask(self._due())
        for descriptor, events in self._poll.poll(int(seconds * 1000)):
            self._restless.add(descriptor)
            channel = self._channels.get(descriptor)
            if channel is not None:
                wasyncore.readwrite(channel, events)

    def stir(self, descriptor: int) -> None:
        """Let a connection be asked at the next turn; any thread may say so."""
        self._restless.add(descriptor)

    def _due(self) -> Iterable[int]:
        """Return whom to ask: all once a second; else who is new, gone, at work, or no connection itself."""
        now = time.monotonic()
        if now >= self._all_due:
            self._all_due = now + _ALL_SECONDS
            return self._channels.keys() | self._waits.keys()
        return self._restless | (self._channels.keys() ^ self._waits.keys())

    def _ask(self, descriptors: Iterable[int]) -> None:
        for descriptor in descriptors:
            channel = self._channels.get(descriptor)
            if channel is None:
                self._forget(descriptor)
                continue
            wanted = _wanted(channel)
            if self._waits.get(descriptor) != wanted:
                self._poll.register(descriptor, wanted)
                self._waits[descriptor] = wanted
            if _may_change_by_itself(channel, wanted):
                self._restless.add(descriptor)
            else:
                self._restless.discard(descriptor)

    def _forget(self, descriptor: int) -> None:
        self._restless.discard(descriptor)
        if self._waits.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)


def _wanted(channel: Any) -> int:
    """Return the events a channel waits for."""
    wanted = 0
    if channel.readable():
        wanted |= select.POLLIN | select.POLLPRI
    if channel.writable() and not channel.accepting:
        wanted |= select.POLLOUT
    return wanted


def _may_change_by_itself(channel: Any, wanted: int) -> bool:
    """Tell whether what a channel waits for may change without an event: a thread works for it, or it writes.

    One that is held back (``holding.py``) changes when it is stirred.
    What is no connection (the door, the wake-up pipe) does its own bookkeeping when it is asked.
    """
    if not isinstance(channel, HTTPChannel):
        return True
    at_work = bool(channel.requests) and not getattr(channel, HELD_BACK, False)
    return at_work or wanted != select.POLLIN | select.POLLPRI


class EveryTurn:
    """Waitress's own way, for systems without ``poll`` (Windows)."""

    def __init__(self, channels: dict[int, Any]) -> None:
        self._channels = channels

    def turn(self, seconds: float) -> None:
        """Wait at most so long for something to happen, and deal with it."""
        wasyncore.loop(timeout=seconds, map=self._channels, count=1)

    def stir(self, descriptor: int) -> None:
        """Do nothing: everybody is asked at every turn."""


def turns(channels: dict[int, Any]) -> Turns | EveryTurn:
    """Return the best way this system has."""
    return Turns(channels) if hasattr(select, "poll") else EveryTurn(channels)
