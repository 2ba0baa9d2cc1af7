"""Where a cut should lie, by a panel's judgement: Angoff and Hofstee. Marks run from 0 to 100.

Sources: Angoff 1971 (yes/no variant: Impara and Plake 1997); Hofstee 1983. What a panel finds is a
recommendation; it changes no pass mark.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cstrain.grading.statistics.agreement import icc_agreement
from cstrain.grading.statistics.exact import mean, variance

STEP = Fraction(1, 10)
"""Cuts are looked for in tenths of a mark, as marks are shown; between two tenths nothing is interpolated."""


@dataclass(frozen=True, slots=True)
class Angoff:
    """What judges found: ``cuts`` by judge, their mean ``cut``, its standard error, their agreement ICC(2,J).

    ``apart``: by question, the standard deviation of the judges' ratings (0-1): what to talk about.
    """

    cuts: Mapping[int, Fraction]
    cut: Fraction
    error: float | None
    icc: float | None
    means: tuple[Fraction, ...]
    apart: tuple[float | None, ...]

    @property
    def judges(self) -> int:
        """How many judges."""
        return len(self.cuts)


def angoff(ratings: Mapping[int, Sequence[Fraction]], marks: Sequence[Fraction]) -> Angoff:
    """Return the cut of judges who said, by question, what share of borderline people get it right (0-1).

    A judge's cut is the sum of share times marks; the panel's cut is their mean; its standard error is their
    standard deviation over the root of their number. Yes/no ratings are shares of 1 and 0.
    """
    cuts = {
        judge: sum((share * mark for share, mark in zip(shares, marks, strict=True)), Fraction(0))
        for judge, shares in ratings.items()
    }
    columns = list(zip(*ratings.values(), strict=True))
    several = len(cuts) > 1
    return Angoff(
        cuts=cuts,
        cut=mean(list(cuts.values())),
        error=math.sqrt(variance(list(cuts.values())) / len(cuts)) if several else None,
        icc=icc_agreement(columns, mean=True) if several and len(columns) > 1 else None,
        means=tuple(mean(column) for column in columns),
        apart=tuple(math.sqrt(variance(column)) if several else None for column in columns),
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """A judge's four numbers: the lowest and highest cut (marks), the least and most that may fail (0-1)."""

    cut_low: Fraction
    cut_high: Fraction
    fail_low: Fraction
    fail_high: Fraction


class Crossing(StrEnum):
    """Whether the marks meet the panel's line; if not, the panel must be told and decide anew."""

    MET = "met"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Hofstee:
    """What judges found: their mean ``bounds``, the ``cut``, the share ``failing`` there.

    Without a crossing there is no cut: ``above``: even at the lowest cut more fail than the panel would have;
    ``below``: even at the highest cut fewer fail.
    """

    bounds: Bounds
    cut: Fraction | None
    failing: Fraction | None
    crossing: Crossing
    people: int


def mean_bounds(given: Sequence[Bounds]) -> Bounds:
    """Return the mean of judges' numbers."""
    return Bounds(
        mean([each.cut_low for each in given]),
        mean([each.cut_high for each in given]),
        mean([each.fail_low for each in given]),
        mean([each.fail_high for each in given]),
    )


def failing(ordered: Sequence[Fraction], cut: Fraction) -> Fraction:
    """Return the share of marks, given in order, that lie below a cut."""
    return Fraction(bisect_left(ordered, cut), len(ordered))


def most_failing(bounds: Bounds, cut: Fraction) -> Fraction:
    """Return the height of the panel's line at a cut: from the highest share at the lowest cut downwards."""
    width = bounds.cut_high - bounds.cut_low
    if not width:
        return bounds.fail_low
    return bounds.fail_high - (bounds.fail_high - bounds.fail_low) * (cut - bounds.cut_low) / width


def hofstee(given: Sequence[Bounds], marks: Sequence[Fraction]) -> Hofstee:
    """Return the smallest cut, in tenths, at which as many fail as the panel's line says or more.

    ``marks`` are those of all people, at least one.
    """
    bounds, ordered = mean_bounds(given), sorted(marks)
    if failing(ordered, bounds.cut_low) > bounds.fail_high:
        return Hofstee(bounds, None, None, Crossing.ABOVE, len(ordered))
    cut = math.ceil(bounds.cut_low / STEP) * STEP
    while cut <= bounds.cut_high:
        share = failing(ordered, cut)
        if share >= most_failing(bounds, cut):
            return Hofstee(bounds, cut, share, Crossing.MET, len(ordered))
        cut += STEP
    return Hofstee(bounds, None, None, Crossing.BELOW, len(ordered))
