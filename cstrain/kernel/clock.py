"""The one clock. The application factory is the only place that chooses which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's instant in UTC."""
        return datetime.now(UTC)


class SettableClock:
    """A clock for tests and the demo's past: stands still until it is set or moved."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set the clock; a naive datetime is refused."""
        if at.tzinfo is None:
            raise ValueError("the clock needs a timezone-aware datetime")
        self._at = at.astimezone(UTC)

    def move(self, step: timedelta) -> None:
        """Move the clock by ``step``."""
        self._at += step
