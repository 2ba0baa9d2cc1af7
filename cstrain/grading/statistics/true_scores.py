"""The distribution of true scores behind observed marks: a beta distribution fitted by moments.

Livingston and Lewis 1995; the four-parameter fit is Hanson 1991. True scores are shares of the marks, 0-1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cstrain.grading.statistics.special import beta_cdf, ln_beta


@dataclass(frozen=True, slots=True)
class TrueScores:
    """A beta distribution with shapes ``alpha`` and ``beta`` between ``low`` and ``high``."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    @property
    def parameters(self) -> int:
        """Four when its ends were fitted, two when they are 0 and 1."""
        return 2 if (self.low, self.high) == (0.0, 1.0) else 4

    def place(self, share: float) -> float:
        """Return where a share lies between the ends: 0 below the lower, 1 above the upper."""
        return min(1.0, max(0.0, (share - self.low) / (self.high - self.low)))

    def below(self, share: float) -> float:
        """Return how many true scores lie below a share, 0-1."""
        return beta_cdf(self.place(share), self.alpha, self.beta)

    def density(self, near: float, far: float) -> float:
        """Return the density at a place given as its distances from both ends (which add up to 1)."""
        if near <= 0 or far <= 0:
            return 0.0
        power = (self.alpha - 1) * math.log(near) + (self.beta - 1) * math.log(far)
        return math.exp(power - ln_beta(self.alpha, self.beta))


def effective_length(mean: float, variance: float, most: float, reliability: float) -> float | None:
    """Return how many equal right-or-wrong questions would be as reliable (Livingston and Lewis 1995).

    ``mean`` and ``variance`` (n - 1) of marks between 0 and ``most``. ``None`` unless the reliability is
    between 0 and 1 and the marks leave room for a length above 1.
    """
    if not 0 < reliability < 1 or variance <= 0:
        return None
    length = (mean * (most - mean) - reliability * variance) / (variance * (1 - reliability))
    return length if length > 1 else None


def fit(marks: Sequence[float], most: float, length: float, *, four: bool = True) -> TrueScores | None:
    """Return the true scores behind marks between 0 and ``most`` for an effective length.

    The four-parameter fit is used if its ends lie inside 0-1, else the fail-safe with two parameters.
    ``None`` when not even that exists: the errors explain more than the marks vary.
    """
    moments = true_moments(marks, most, length)
    middle, spread = moments[0], moments[1] - moments[0] ** 2
    if not (0 < middle < 1 and 0 < spread < middle * (1 - middle)):
        return None
    found = _four(moments, spread) if four else None
    return found or _two(middle, spread)


def true_moments(marks: Sequence[float], most: float, length: float) -> tuple[float, float, float, float]:
    """Return the first four raw moments of the true scores from factorial moments (Lord 1965, equation 37).

    Marks are put on the scale of the effective length; a falling factorial longer than the mark is 0.
    """
    scaled = [mark / most * length for mark in marks]
    first, second, third, fourth = (
        math.fsum(_falling(mark, order) for mark in scaled) / len(scaled) / _falling(length, order)
        if length >= order
        else math.nan
        for order in (1, 2, 3, 4)
    )
    return first, second, third, fourth


def _falling(value: float, order: int) -> float:
    return math.prod(value - step for step in range(order)) if value >= order else order == 1 and value


def _four(moments: tuple[float, float, float, float], spread: float) -> TrueScores | None:
    """Return Hanson's solution; ``None`` when there is none or its ends lie outside 0-1."""
    first, second, third, fourth = moments
    skewness = (third - 3 * first * second + 2 * first**3) / spread**1.5
    kurtosis = (fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4) / spread**2
    shapes = _shapes(skewness, kurtosis)
    if shapes is None:
        return None
    alpha, beta = shapes
    unit = math.sqrt(spread * (alpha + beta + 1) / (alpha * beta))
    low, high = first - alpha * unit, first + beta * unit
    return TrueScores(alpha, beta, low, high) if 0 <= low < high <= 1 else None


def _shapes(skewness: float, kurtosis: float) -> tuple[float, float] | None:
    """Return the shapes of the beta distribution with this skewness and kurtosis; both are above 0."""
    room = 6 + 3 * skewness**2 - 2 * kurtosis
    if not math.isfinite(room) or room == 0:
        return None
    total = 6 * (kurtosis - skewness**2 - 1) / room
    divisor = (total + 2) * (total + 3) * kurtosis - 3 * (total - 6) * (total + 1)
    under = 1 - 24 * (total + 1) / divisor if divisor else -1.0
    if total <= 0 or not 0 <= under < 1:
        return None
    small, large = total / 2 * (1 - math.sqrt(under)), total / 2 * (1 + math.sqrt(under))
    return (large, small) if skewness < 0 else (small, large)


def _two(middle: float, spread: float) -> TrueScores:
    total = middle * (1 - middle) / spread - 1
    return TrueScores(middle * total, (1 - middle) * total)
