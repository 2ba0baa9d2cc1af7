"""Editions: which of several dated versions is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with a first day of force."""

    @property
    def effective_from(self) -> date:
        """The first day on which the edition is in force."""


D = TypeVar("D", bound=Dated)


def in_force(editions: Iterable[D], on: date) -> D:
    """Return the latest edition whose first day is not after ``on``; ``LookupError`` when there is none."""
    candidates = [edition for edition in editions if edition.effective_from <= on]
    if not candidates:
        raise LookupError(f"no edition is in force on {on.isoformat()}")
    return max(candidates, key=lambda edition: edition.effective_from)
