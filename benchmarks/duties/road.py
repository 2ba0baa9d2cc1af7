"""What a road gives: acts to try on one workflow, and what may never stand in its tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    from benchmarks.duties.world import World


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody may try; ``right``: who should do it (the others are tried too)."""

    name: str
    call: Callable[[int], object]
    right: Sequence[int] = ()


@dataclass(slots=True)
class Flow:
    """One workflow: about whom it is, what it has made so far, who acted in it."""

    road: Road
    subject: int
    chance: random.Random
    most: int
    made: dict[str, Any] = field(default_factory=dict)
    actors: list[int] = field(default_factory=list)
    steps: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What may never be found. ``sql`` returns the ids of rows that break it."""

    name: str
    sql: str


Check = Callable[["World", sa.Connection], Iterable[str]]
"""What SQL alone cannot say: yields a sentence for each breach it reads in the tables."""


@dataclass(frozen=True, slots=True)
class Guide:
    """An honest way to later states of a road. ``lead`` yields what comes next, up to the goal it is given.

    Each act is done by one of ``right`` before the next is asked for; where nobody of them can, the way ends
    there. Between two acts ``lead`` may move the clock.
    """

    goals: Sequence[str]
    lead: Callable[[World, Flow, str], Iterator[Act]]


class Road(Protocol):
    """A kind of workflow. A file of ``roads`` holds one as ``ROAD``."""

    name: str
    steps: int
    rules: Sequence[Rule]
    checks: Sequence[Check]

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """Choose about whom a new workflow is; ``None`` when nobody is left."""

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Return what may be tried now, what should come next first; sets ``flow.over`` at the end."""
