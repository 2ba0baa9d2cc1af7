"""Signals: a package announces, packages above listen (wired when their ``listeners`` room is imported)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

E = TypeVar("E")


class Signal(Generic[E]):
    """Announces facts of one kind to its listeners, in the order they connected, in the same transaction."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[E], None]] = []

    def connect(self, listener: Callable[[E], None]) -> Callable[[E], None]:
        """Add a listener once; usable as a decorator."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def send(self, event: E) -> None:
        """Tell every listener; an error in one ends the act."""
        for listener in self._listeners:
            listener(event)
