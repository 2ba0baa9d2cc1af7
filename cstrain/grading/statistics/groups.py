"""The best and the weakest by a mark, with people of equal marks shared out fairly between the groups.

Who stands on the border of a group counts in part, as much as all who have the same mark: the figures do not
depend on the order of the list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat


@dataclass(frozen=True, slots=True)
class Group:
    """The people above a border (or below it, when ``sign`` is -1); those on it count ``share``."""

    border: int
    share: Fraction
    sign: int
    size: Fraction

    def total(self, marks: Iterable[int], amounts: Iterable[int]) -> Fraction:
        """Return the sum of the amounts of the people in the group, given everybody's mark."""
        inside = on_border = 0
        for mark, amount in zip(marks, amounts, strict=True):
            if mark == self.border:
                on_border += amount
            elif (mark > self.border) == (self.sign > 0):
                inside += amount
        return inside + self.share * on_border

    def count(self, marks: Collection[int]) -> Fraction:
        """Return how many of these people are in the group."""
        return self.total(marks, repeat(1, len(marks)))


def best(marks: Sequence[int], part: Fraction) -> Group:
    """Return the best ``part`` (0-1) of a non-empty list of marks."""
    return _group(marks, part, 1)


def weakest(marks: Sequence[int], part: Fraction) -> Group:
    """Return the weakest ``part`` (0-1) of a non-empty list of marks."""
    return _group(marks, part, -1)


def _group(marks: Sequence[int], part: Fraction, sign: int) -> Group:
    ordered = sorted(marks, reverse=sign > 0)
    size = len(ordered) * part
    border = ordered[max(0, -(-size.numerator // size.denominator) - 1)]
    inside = next(place for place, mark in enumerate(ordered) if mark == border)
    return Group(border, (size - inside) / ordered.count(border), sign, size)
