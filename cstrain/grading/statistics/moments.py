"""The shape of the distribution of marks: k-statistics as Moodle reports them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.statistics.exact import Column, mean


@dataclass(frozen=True, slots=True)
class Shape:
    """Skewness and excess kurtosis; ``None`` when too few people (3 and 4) or nothing varies."""

    skewness: float | None
    kurtosis: float | None


def central(marks: Column, order: int) -> Fraction:
    """Return the central moment of an order, with n in the denominator."""
    middle = mean(marks)
    return sum(((mark - middle) ** order for mark in marks), Fraction(0)) / len(marks)


def shape(marks: Column) -> Shape:
    """Return k3 / k2^1.5 and k4 / k2^2, the k-statistics of Fisher as in Moodle's quiz statistics."""
    n = len(marks)
    if n < 2 or (m2 := central(marks, 2)) == 0:
        return Shape(None, None)
    m3, m4 = central(marks, 3), central(marks, 4)
    k2 = n * m2 / (n - 1)
    skewness = kurtosis = None
    if n > 2:
        skewness = float(Fraction(n * n, (n - 1) * (n - 2)) * m3) / float(k2) ** 1.5
    if n > 3:
        k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
        kurtosis = float(k4 / (k2 * k2))
    return Shape(skewness, kurtosis)


def skewness_error(n: int) -> float:
    """Return the standard error of the skewness of n > 2 marks that are distributed normally."""
    return math.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))


def kurtosis_error(n: int) -> float:
    """Return the standard error of the excess kurtosis of n > 3 marks that are distributed normally."""
    return 2 * skewness_error(n) * math.sqrt((n * n - 1) / ((n - 3) * (n + 5)))


def median(marks: Sequence[Fraction | int]) -> Fraction:
    """Return the middle mark, or the mean of the two middle ones."""
    ordered = sorted(marks)
    half, odd = divmod(len(ordered), 2)
    return Fraction(ordered[half]) if odd else Fraction(ordered[half - 1] + ordered[half]) / 2
