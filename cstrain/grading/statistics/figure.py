"""A figure with the number of people it rests on and its confidence, or the reason why it is withheld."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ITEM_LEAST = 10
"""Below this many answers nothing is shown of a question (docs/rules.md 6)."""
TEST_LEAST = 30
"""Below this many people nothing is shown that says how reliable a paper is (docs/rules.md 6)."""


class Why(StrEnum):
    """Why a figure is withheld; empty: it is there."""

    NOT = ""
    FEW = "few"
    SAME = "same"
    SCALE = "scale"
    LENGTH = "length"
    RELIABILITY = "reliability"
    UNKNOWN = "unknown"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic of ``n`` people with its 95 % bounds where there are any; ``None`` when withheld.

    ``why``: ``few`` people; all earned the ``same``; the ``scale`` or the ``length`` of the paper does not
    allow it; the ``reliability`` is not above 0; the maximum is ``unknown``; a negative ``weight``.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    why: Why = Why.NOT


Bounds = tuple[float, float] | None


def figure(
    n: int,
    least: int,
    value: Callable[[], float | None],
    bounds: Callable[[float], Bounds] | None = None,
    *,
    why: Why = Why.SAME,
) -> Figure:
    """Return a figure of ``n`` people, withheld below ``least``; ``why`` is what an undefined value means.

    Neither ``value`` nor ``bounds`` (of the value) is worked out when the figure is withheld.
    """
    if n < least:
        return Figure(None, n, why=Why.FEW)
    found = value()
    if found is None:
        return Figure(None, n, why=why)
    low, high = (bounds(found) if bounds else None) or (None, None)
    return Figure(found, n, low, high)
