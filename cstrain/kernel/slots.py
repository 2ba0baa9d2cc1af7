"""A place that a package above fills, so that one below can ask without knowing it."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """A place that one package above fills, once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._filling: T | None = None

    def fill(self, filling: T) -> T:
        """Fill the slot; raises ``ValueError`` when another filling is there already."""
        if self._filling is not None and self._filling is not filling:
            raise ValueError(f"the slot {self._what!r} is filled twice")
        self._filling = filling
        return filling

    @property
    def filling(self) -> T | None:
        """What fills the slot, if anything does."""
        return self._filling
