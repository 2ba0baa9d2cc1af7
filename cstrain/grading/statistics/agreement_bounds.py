"""How far kappas and intraclass correlations of a sample may lie from those of all that could be rated.

All bounds are 95 %, from formulas for large samples: below 30 they are rough.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from cstrain.grading.statistics.agreement import MeanSquares, Table, icc_agreement, mean_squares
from cstrain.grading.statistics.exact import Exact
from cstrain.grading.statistics.figure import Bounds
from cstrain.grading.statistics.intervals import LEVEL, around
from cstrain.grading.statistics.special import f_quantile

_UPPER = (1 + LEVEL) / 2


def weighted_error(
    first: Sequence[Exact], second: Sequence[Exact], *, power: int, grades: Sequence[Exact] = ()
) -> float | None:
    """Return the standard error of Cohen's weighted kappa; ``None`` when the kappa is undefined.

    Fleiss, Cohen and Everitt (1969), formula 13, for a kappa that need not be 0; n in the denominator, as
    psych (R) and statsmodels (Python) have it. Weights are 1 - (places apart / most places apart) ** power.
    """
    scale = grades or sorted({*first, *second})
    places = {grade: Fraction(place) for place, grade in enumerate(scale)}
    most, n = Fraction(max(1, len(scale) - 1)), len(first)
    mine, theirs, both = Counter(first), Counter(second), Counter(zip(first, second, strict=True))

    def weight(one: Exact, other: Exact) -> Fraction:
        return 1 - (abs(places[one] - places[other]) / most) ** power

    rows = {one: sum((theirs[to] * weight(one, to) for to in theirs), Fraction(0)) / n for one in mine}
    columns = {to: sum((mine[one] * weight(one, to) for one in mine), Fraction(0)) / n for to in theirs}
    seen = sum((times * weight(*pair) for pair, times in both.items()), Fraction(0)) / n
    chance = sum((mine[one] * rows[one] for one in mine), Fraction(0)) / n
    if chance == 1:
        return None
    spread = sum(
        times * (weight(one, to) * (1 - chance) - (rows[one] + columns[to]) * (1 - seen)) ** 2
        for (one, to), times in both.items()
    )
    level = (seen * chance - 2 * chance + seen) ** 2
    return math.sqrt(max(Fraction(0), spread / n - level) / n) / float((1 - chance) ** 2)


def kappa_bounds(kappa: float, error: float | None) -> Bounds:
    """Return the interval of a kappa from its standard error, within -1 to 1.

    ``None`` without an error, or one of 0: complete agreement of a few says nothing of how sure it is.
    """
    if not error:
        return None
    low, high = around(kappa, error) or (-1.0, 1.0)
    return max(-1.0, low), min(1.0, high)


def icc_agreement_bounds(table: Table) -> Bounds:
    """Return the interval of ICC(A,1) by McGraw and Wong (1996, table 7, case 2A) from quantiles of F.

    The degrees of freedom of the raters' part are Satterthwaite's. ``None`` where nothing varies or nobody
    differs.
    """
    squares, agrees = mean_squares(table), icc_agreement(table)
    if agrees is None or agrees >= 1 or squares.between_things == 0:
        return None
    freedom = _satterthwaite(squares, Fraction(agrees))
    if freedom <= 0:
        return None
    n, k = squares.things, squares.raters
    things, left = float(squares.between_things), float(squares.left)
    noise = float(k * squares.between_raters + (k * n - k - n) * squares.left)
    lower, upper = f_quantile(_UPPER, n - 1, freedom), f_quantile(_UPPER, freedom, n - 1)
    return (
        n * (things - lower * left) / (lower * noise + n * things),
        n * (upper * things - left) / (noise + n * upper * things),
    )


def _satterthwaite(squares: MeanSquares, agrees: Fraction) -> float:
    n, k = squares.things, squares.raters
    raters = k * agrees / (n * (1 - agrees)) * squares.between_raters
    left = (1 + k * agrees * (n - 1) / (n * (1 - agrees))) * squares.left
    parts = raters**2 / (k - 1) + left**2 / ((n - 1) * (k - 1))
    return float((raters + left) ** 2 / parts) if parts else 0.0
