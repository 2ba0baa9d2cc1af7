"""How wide the review band is, and who lies in it (docs/rules.md 6). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from cstrain.grading.band.facts import BandError
from cstrain.grading.statistics.figure import Figure

_THOUSANDTH = Decimal("0.001")


def form_error(marks: Sequence[Decimal], cut: Decimal) -> float:
    """Return the standard error at ``cut`` from the marks of the questions alone, in marks.

    Binomial errors of independent questions that are right or wrong, each right with the share p of the cut:
    sqrt(p (1 - p) S / (1 - S / T²)) with S the sum of the squared marks and T their sum. With equal marks it
    is Lord's sqrt(x (k - x) / (k - 1)). Partial credit makes the error smaller, never larger.
    """
    total = sum(map(Fraction, marks), Fraction(0))
    squares = sum((Fraction(mark) ** 2 for mark in marks), Fraction(0))
    share = Fraction(cut) / total
    rest = 1 - squares / total**2
    if rest == 0:  # one question: nothing but its whole marks can be told apart
        return float(total)
    return math.sqrt(share * (1 - share) * squares / rest)


def band_error(figures: Mapping[str, Figure], marks: Sequence[Decimal], cut: Decimal) -> BandError:
    """Return the error that makes the band.

    Keats' where all questions are right or wrong (it fits the paper's own alpha), else the one of the
    effective length; of the form alone where neither is known yet (below thirty people, or no alpha).
    """
    for kind in ("keats", "effective"):
        found = figures.get(f"csem_{kind}")
        if found is not None and found.value is not None:
            return BandError(kind, _up(found.value), found.n)
    n = figures["csem_effective"].n if "csem_effective" in figures else 0
    return BandError("form", _up(form_error(marks, cut)), n)


def _up(error: float) -> Decimal:
    """Return an error rounded up to a thousandth of a mark: nobody falls out of the band by rounding."""
    return Decimal(str(error)).quantize(_THOUSANDTH, ROUND_CEILING)


def in_band(raw: Decimal, cut: Decimal, error: Decimal) -> bool:
    """Tell whether a raw mark lies within one standard error of the cut, both ends included."""
    return abs(raw - cut) <= error
