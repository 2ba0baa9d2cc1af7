"""Variances of a table with missing marks: each pair of questions by the people who have both.

The way of R's ``cov(use = "pairwise")``, on which psych bases alpha. Without a missing mark it is the same as
working with whole marks, which is then done because it is much faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cstrain.grading.statistics.exact import covariance, variance
from cstrain.grading.statistics.item import Spread, within

Columns = Sequence[Sequence[int | None]]


def spreads(columns: Columns) -> list[Spread] | None:
    """Return the spread of each question; ``None`` when some two questions share fewer than two people."""
    full = [[mark for mark in column if mark is not None] for column in columns]
    if all(len(found) == len(column) for found, column in zip(full, columns, strict=True)):
        if not full or len(full[0]) < 2:
            return None
        totals = [sum(row) for row in zip(*full, strict=True)]
        whole = variance(totals)
        return [within(variance(column), covariance(column, totals), whole) for column in full]
    return _from_pairs(columns)


def _from_pairs(columns: Columns) -> list[Spread] | None:
    shared = [Fraction(0)] * len(columns)
    own = [Fraction(0)] * len(columns)
    for first, column in enumerate(columns):
        for second in range(first + 1):
            pairs = _both(column, columns[second])
            if len(pairs) < 2:
                return None
            found = covariance(*zip(*pairs, strict=True))
            shared[first] += found
            if first == second:
                own[first] = found
            else:
                shared[second] += found
    whole = sum(shared, Fraction(0))
    return [within(*pair, whole) for pair in zip(own, shared, strict=True)]


def _both(first: Sequence[int | None], second: Sequence[int | None]) -> list[tuple[int, int]]:
    return [(x, y) for x, y in zip(first, second, strict=True) if x is not None and y is not None]
