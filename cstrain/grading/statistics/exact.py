"""Sums over marks without rounding: variances, covariances and correlations of whole numbers or fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul

Exact = int | Fraction
"""A mark, or a sum of marks."""

Column = Sequence[Exact]
"""What each person earned, in a fixed order of persons."""


def mean(xs: Column) -> Fraction:
    """Return the mean of a non-empty column."""
    return Fraction(sum(xs)) / len(xs)


def covariance(xs: Column, ys: Column) -> Fraction:
    """Return the covariance with n - 1 of two columns of at least two persons."""
    n = len(xs)
    return Fraction(n * sum(map(mul, xs, ys)) - sum(xs) * sum(ys)) / (n * (n - 1))


def variance(xs: Column) -> Fraction:
    """Return the variance with n - 1 of a column of at least two persons."""
    return covariance(xs, xs)


def correlation(shared: Fraction, first: Fraction, second: Fraction) -> float | None:
    """Return covariance / sqrt(variance x variance); ``None`` when one of the two does not vary."""
    if first <= 0 or second <= 0:
        return None
    return math.copysign(math.sqrt(shared * shared / (first * second)), shared)


def whole(columns: Sequence[Sequence[Fraction | None]]) -> tuple[list[list[int | None]], int]:
    """Return columns as whole numbers and what one mark is worth there, so that sums are fast and exact."""
    scale = math.lcm(1, *(mark.denominator for column in columns for mark in column if mark is not None))
    return (
        [[None if mark is None else int(mark * scale) for mark in column] for column in columns],
        scale,
    )
