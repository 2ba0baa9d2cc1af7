"""The ports through which the audit pages learn names; the log itself keeps ids. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cstrain.kernel.ids import PersonId


class Names(Protocol):
    """Knows the names of people."""

    def __call__(self, persons: Iterable[int]) -> dict[int, str]:
        """Return names by id; unknown ids are left out."""


class ViewLog(Protocol):
    """Keeps who read what."""

    def __call__(self, viewer: PersonId, what: str) -> None:
        """Note one reading."""
