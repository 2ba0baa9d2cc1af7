"""What other rooms put up on the board of public notices beside those of applications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from cstrain.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A notice that is up: who, of which department, for which post, until when, and its page."""

    name: str
    department: str
    post: str
    last_day: date
    url: str


boards: Registry[Callable[[date], Sequence[BoardLine]]] = Registry("board of notices")
"""Rooms register what is up on a day under their name."""
