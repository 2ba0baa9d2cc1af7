"""Figures of one question from what each person earned there and in all. Shares and correlations, 0-1.

Moodle reports the same times 100 (its quiz statistics); covariances have n - 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.statistics.exact import correlation, covariance, mean, variance
from cstrain.grading.statistics.groups import best, weakest

TOP = Fraction(27, 100)
"""The part of the people compared by the upper-lower index (Kelley 1939)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one question: its variance; covariance with the whole marks, their variance; the same of the rest.

    The rest are the marks of all other questions.
    """

    own: Fraction
    shared: Fraction
    whole: Fraction
    with_rest: Fraction
    rest: Fraction


def within(own: Fraction, shared: Fraction, whole: Fraction) -> Spread:
    """Return the spread of a question that is a part of the whole marks, on their scale."""
    return Spread(own, shared, whole, shared - own, whole - 2 * shared + own)


def beside(marks: Sequence[int], rests: Sequence[int], totals: Sequence[int]) -> Spread:
    """Return the spread of a question on a scale of its own; ``rests`` say what was earned elsewhere."""
    return Spread(
        variance(marks),
        covariance(marks, totals),
        variance(totals),
        covariance(marks, rests),
        variance(rests),
    )


def facility(marks: Sequence[int], most: int) -> float | None:
    """Return the mean share of the marks; ``None`` when there is nothing to earn."""
    return float(mean(marks) / most) if most else None


def discrimination(spread: Spread) -> float | None:
    """Return the correlation with the rest of the marks; ``None`` when one of the two does not vary."""
    return correlation(spread.with_rest, spread.own, spread.rest)


def point_biserial(spread: Spread) -> float | None:
    """Return the correlation with the whole marks, the question itself included."""
    return correlation(spread.shared, spread.own, spread.whole)


def efficiency(marks: Sequence[int], rests: Sequence[int]) -> float | None:
    """Return the discriminative efficiency: covariance with the rest over the largest the marks allow.

    The largest is reached when the better always earn the more. ``None`` when it is 0.
    """
    largest = covariance(sorted(marks), sorted(rests))
    return float(covariance(marks, rests) / largest) if largest else None


def effective_weights(shared: Sequence[Fraction]) -> list[float | None]:
    """Return each question's share in the spread of the marks from its covariance with them.

    Proportional to the root of the covariance; ``None`` where it is negative, which counts for nothing.
    """
    roots = [None if each < 0 else float(each) ** 0.5 for each in shared]
    whole = sum(root for root in roots if root is not None)
    return [None if root is None or not whole else root / whole for root in roots]


def upper_lower(marks: Sequence[int], totals: Sequence[int], most: int) -> float | None:
    """Return the difference of the facilities of the best and the weakest 27 % by whole marks."""
    if not most or not marks:
        return None
    upper, lower = best(totals, TOP), weakest(totals, TOP)
    difference = upper.total(totals, marks) - lower.total(totals, marks)
    return float(difference / upper.size / most)
