"""Whether a question is harder for one group than for another of the same ability: Mantel-Haenszel.

Formulas as in R's ``mantelhaen.test`` and difR: people are matched by their whole mark, this question
included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """``chi2`` with continuity correction, the common odds ratio ``alpha``, the same on the ETS scale.

    ``alpha`` above 1 and ``delta`` below 0: easier for the reference group.
    """

    chi2: float
    alpha: float
    delta: float


def mantel_haenszel(
    right: Sequence[bool], totals: Sequence[int], focal: Sequence[bool]
) -> MantelHaenszel | None:
    """Compare who got a question right in the focal group and in the other, mark by mark.

    ``None`` when no mark has people of both groups who differ.
    """
    cells: dict[int, list[int]] = {}
    for good, total, mine in zip(right, totals, focal, strict=True):
        cells.setdefault(total, [0, 0, 0, 0])[2 * mine + (not good)] += 1
    over = under = excess = spread = Fraction(0)
    for a, b, c, d in cells.values():
        size = a + b + c + d
        if size < 2:
            continue
        over += Fraction(a * d, size)
        under += Fraction(b * c, size)
        excess += a - Fraction((a + b) * (a + c), size)
        spread += Fraction((a + b) * (c + d) * (a + c) * (b + d), size * size * (size - 1))
    if not (over and under and spread):
        return None
    alpha = float(over / under)
    chi2 = float(max(Fraction(0), abs(excess) - Fraction(1, 2)) ** 2 / spread)
    return MantelHaenszel(chi2, alpha, -2.35 * math.log(alpha))
