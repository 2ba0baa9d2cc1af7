"""How often one address may look something up: a count in memory, for a process that serves alone."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

_MOST_ADDRESSES = 10_000


class Limiter:
    """Counts look-ups by address in a sliding window. The oldest address is forgotten when there are many."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def allows(self, address: str, now: datetime, most: int, window: timedelta) -> bool:
        """Count a look-up and tell whether it may go on: at most ``most`` of an address in ``window``.

        What is refused is not counted, so that an address is free again when its window has passed.
        """
        with self._lock:
            times = self._seen.pop(address, deque())
            self._seen[address] = times  # the newest stands last
            while times and times[0] <= now - window:
                times.popleft()
            if len(self._seen) > _MOST_ADDRESSES:
                del self._seen[next(iter(self._seen))]
            if len(times) >= most:
                return False
            times.append(now)
            return True
