"""The stage: plays roads in the order of time, each step in its own unit of work on the settable clock.

A road is a generator of instants: it says when it wants to act next, is woken then, acts through services,
and says the next instant. All it does between two instants is one unit of work.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TypeAlias
from zoneinfo import ZoneInfo

from flask import Flask

from cstrain.kernel.clock import SettableClock
from cstrain.unit_of_work import unit_of_work

Road: TypeAlias = Iterator[datetime]


class Stage:
    """Wakes roads in order; two that want the same instant act in the order in which they entered."""

    def __init__(self, app: Flask, clock: SettableClock, zone: ZoneInfo) -> None:
        self._app = app
        self._clock = clock
        self._zone = zone
        self._waiting: list[tuple[datetime, int, Road]] = []
        self._entered = 0

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return the instant of a time of day of the company."""
        return datetime.combine(day, time(hour, minute), tzinfo=self._zone)

    def enter(self, road: Road) -> None:
        """Let a road begin; it may only say its first instant now."""
        self._entered += 1
        self._wait(road, self._entered)

    def play(self, until: datetime) -> None:
        """Play every step up to ``until``; what lies after it does not happen."""
        while self._waiting and self._waiting[0][0] <= until:
            at, place, road = heapq.heappop(self._waiting)
            self._clock.set(at)
            self._wait(road, place)
        self._clock.set(until)

    def _wait(self, road: Road, place: int) -> None:
        with self._app.app_context(), unit_of_work():
            wanted = next(road, None)
        if wanted is not None:
            heapq.heappush(self._waiting, (max(wanted, self._clock.now()), place, road))
