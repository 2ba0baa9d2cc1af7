"""Sealed calculations of the other roads, looked at again: competition, rating, Eaglet plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from cstrain.judgement.recounting import Recounted
from cstrain.promotion.competition import queries as competition
from cstrain.promotion.eaglet import queries as eaglet
from cstrain.promotion.rating import queries as rating

_BATCH = 100
PAGE = 20


class _Room(Protocol):
    """What a room with sealed calculations answers."""

    def recounted_number(self) -> int:
        """Return how many there are."""

    def recounted(self, start: int, most: int, *, newest: bool = False) -> list[Recounted]:
        """Return some, each looked at again."""


_ROOMS: dict[str, _Room] = {"competition": competition, "rating": rating, "eaglet": eaglet}
ROOMS = tuple(_ROOMS)
"""Where calculations are sealed, as pages and commands name it."""


def recount_all() -> Iterator[Recounted]:
    """Look at every sealed calculation of every room again; little is held at a time."""
    for room in _ROOMS.values():
        start = 0
        while batch := room.recounted(start, _BATCH):
            yield from batch
            start += len(batch)


def recounted_numbers() -> dict[str, int]:
    """Return how many sealed calculations there are, by room."""
    return {name: room.recounted_number() for name, room in _ROOMS.items()}


def recounted_page(room: str, page: int) -> list[Recounted]:
    """Return a page of a room's sealed calculations, looked at again; the newest first."""
    return _ROOMS[room].recounted((max(page, 1) - 1) * PAGE, PAGE, newest=True)
