"""How far marks can be relied on: alpha, KR-20, KR-21, and the error of a mark, overall and at a mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from cstrain.grading.statistics.exact import Exact


def alpha(variances: Sequence[Fraction], total: Fraction) -> float | None:
    """Return Cronbach's alpha from the variances of questions and of whole marks, with one denominator.

    Equals Moodle's coefficient of internal consistency (over 100) and, for right and wrong, KR-20. Questions
    that nobody or everybody got right count. ``None`` below two questions or when the marks do not vary.
    """
    length = len(variances)
    if length < 2 or total == 0:
        return None
    return float(Fraction(length, length - 1) * (1 - sum(variances, Fraction(0)) / total))


def kr20(shares: Sequence[Fraction], total: Fraction) -> float | None:
    """Return Kuder-Richardson 20 from the shares of right answers; ``total`` has n in the denominator.

    Kuder and Richardson 1937. A total with n - 1 would mix denominators and give too much.
    """
    return alpha([share * (1 - share) for share in shares], total)


def kr21(length: int, mean: Fraction, total: Fraction) -> float | None:
    """Return Kuder-Richardson 21 of right-or-wrong questions; ``total`` has n in the denominator."""
    if length < 2 or total == 0:
        return None
    return float(Fraction(length, length - 1) * (1 - mean * (length - mean) / (length * total)))


def error_ratio(reliability: float) -> float:
    """Return the share of the standard deviation that is error; above 1 when the reliability is negative."""
    return math.sqrt(1 - reliability)


def standard_error(sd: float, reliability: float) -> float:
    """Return the standard error of measurement, in marks."""
    return sd * error_ratio(reliability)


def lord(mark: Exact, length: int) -> float | None:
    """Return the conditional standard error at a number of right answers (Lord 1955, binomial errors)."""
    if length < 2 or not 0 <= mark <= length:
        return None
    return math.sqrt(mark * (length - mark) / (length - 1))


def keats(mark: Exact, length: int, reliability: float, kr21_value: float) -> float | None:
    """Return Lord's error made to fit a reliability: times sqrt((1 - r) / (1 - KR-21)) (Keats 1957)."""
    binomial = lord(mark, length)
    if binomial is None or kr21_value >= 1:
        return None
    return binomial * math.sqrt((1 - reliability) / (1 - kr21_value))


def effective_error(share: float, most: float, effective_length: float) -> float:
    """Return the conditional standard error, in marks, at a share of the marks, for any kind of marks.

    Binomial errors of a test of Livingston and Lewis' effective length: their mean over all people is the
    standard error of measurement. For papers whose questions are not just right or wrong.
    """
    return most * math.sqrt(share * (1 - share) / effective_length)


def regressed(mark: float, mean: float, reliability: float) -> float:
    """Return the estimate of the true mark: r X + (1 - r) M (Kelley)."""
    return reliability * mark + (1 - reliability) * mean
