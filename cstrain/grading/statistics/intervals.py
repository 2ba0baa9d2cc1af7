"""Confidence: how far a figure of n people may lie from what all people would give. All bounds are 95 %."""

from __future__ import annotations

import math

from cstrain.grading.statistics.figure import Bounds
from cstrain.grading.statistics.special import f_quantile, normal_quantile, t_quantile

LEVEL = 0.95
_UPPER = (1 + LEVEL) / 2


def wilson(share: float, n: int) -> Bounds:
    """Return the interval of Wilson (1927) for a share of n people; ``None`` for a share outside 0-1.

    For shares of marks (partial credit) it is on the safe side: they vary less than right and wrong.
    """
    if not 0 <= share <= 1 or n < 1:
        return None
    z = normal_quantile(_UPPER)
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def fisher_z(agrees: float, n: int) -> Bounds:
    """Return the interval of a correlation by Fisher's z (1921); ``None`` below 4 people or at +-1."""
    if n < 4 or abs(agrees) >= 1:
        return None
    half = normal_quantile(_UPPER) / math.sqrt(n - 3)
    return math.tanh(math.atanh(agrees) - half), math.tanh(math.atanh(agrees) + half)


def feldt(alpha: float, n: int, length: int) -> Bounds:
    """Return the interval of alpha by Feldt (1965): 1 - (1 - alpha) F with n - 1 and (n - 1)(length - 1)."""
    if n < 2 or length < 2:
        return None
    first, second = n - 1, (n - 1) * (length - 1)
    low, high = (1 - (1 - alpha) * f_quantile(tail, first, second) for tail in (_UPPER, 1 - _UPPER))
    return low, high


def of_mean(mean: float, sd: float, n: int) -> Bounds:
    """Return the interval of a mean by Student's t; ``None`` below 2 people."""
    if n < 2:
        return None
    half = t_quantile(_UPPER, n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


def around(value: float, error: float) -> Bounds:
    """Return the interval of a value whose standard error is known, by the normal distribution."""
    half = normal_quantile(_UPPER) * error
    return value - half, value + half
