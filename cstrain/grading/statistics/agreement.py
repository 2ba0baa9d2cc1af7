"""How far raters agree: Cohen's kappas, Fleiss' kappa, intraclass correlations, Kendall's W.

Sources: Cohen 1960 and 1968; Fleiss 1971; McGraw and Wong 1996 (whose names the intraclass correlations
bear); Kendall and Babington Smith 1939. A table has a row for each thing rated and a column for each rater;
nothing is missing. Everything is worked out exactly and rounded once, at the end.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

from cstrain.grading.statistics.exact import Exact

Grade = TypeVar("Grade", bound=Hashable)
Table = Sequence[Sequence[Exact]]


def cohen(first: Sequence[Grade], second: Sequence[Grade]) -> float | None:
    """Return Cohen's kappa of two raters; ``None`` when chance alone would always agree."""
    return _kappa(first, second, lambda mine, theirs: Fraction(mine != theirs))


def weighted(
    first: Sequence[Exact], second: Sequence[Exact], *, power: int, grades: Sequence[Exact] = ()
) -> float | None:
    """Return Cohen's weighted kappa of two raters: ``power`` 1 is linear, 2 is quadratic.

    Two grades are as far apart as their places among ``grades``, lowest first (else those that occur).
    """
    scale = grades or sorted({*first, *second})
    places = {grade: place for place, grade in enumerate(scale)}
    return _kappa(first, second, lambda mine, theirs: Fraction(abs(places[mine] - places[theirs]) ** power))


def _kappa(
    first: Sequence[Grade], second: Sequence[Grade], apart: Callable[[Grade, Grade], Fraction]
) -> float | None:
    """Return 1 - (disagreement seen) / (disagreement by chance)."""
    mine, theirs = Counter(first), Counter(second)
    seen = sum(map(apart, first, second), Fraction(0)) / len(first)
    pairs = (mine[one] * theirs[other] * apart(one, other) for one in mine for other in theirs)
    chance = sum(pairs, Fraction(0)) / len(first) ** 2
    return None if chance == 0 else float(1 - seen / chance)


def fleiss(rows: Sequence[Sequence[Grade]]) -> float | None:
    """Return Fleiss' kappa of things each rated by the same number of raters (at least two)."""
    raters = len(rows[0])
    whole: Counter[Grade] = Counter()
    agreeing = 0
    for row in rows:
        counts = Counter(row)
        whole.update(counts)
        agreeing += sum(count * count for count in counts.values()) - raters
    seen = Fraction(agreeing, len(rows) * raters * (raters - 1))
    chance = sum((Fraction(count, len(rows) * raters) ** 2 for count in whole.values()), Fraction(0))
    return None if chance == 1 else float((seen - chance) / (1 - chance))


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Of a table of ratings: between things, between raters, what is left, and within things."""

    things: int
    raters: int
    between_things: Fraction
    between_raters: Fraction
    left: Fraction
    within: Fraction


def mean_squares(table: Table) -> MeanSquares:
    """Return the mean squares of a table with at least two rows and two columns."""
    n, k = len(table), len(table[0])
    total = sum(map(sum, table), Fraction(0))
    level = Fraction(total * total) / (n * k)
    everything = _squares(mark for row in table for mark in row) - level
    things = _squares(sum(row) for row in table) / k - level
    raters = _squares(sum(column) for column in zip(*table, strict=True)) / n - level
    return MeanSquares(
        n,
        k,
        things / (n - 1),
        raters / (k - 1),
        (everything - things - raters) / ((n - 1) * (k - 1)),
        (everything - things) / (n * (k - 1)),
    )


def _squares(values: Iterable[Exact]) -> Fraction:
    return sum((Fraction(value) * Fraction(value) for value in values), Fraction(0))


def icc_agreement(table: Table, *, mean: bool = False) -> float | None:
    """Return ICC(A,1): two-way, absolute agreement of one rater; with ``mean`` ICC(A,k), of their mean."""
    squares = mean_squares(table)
    signal = squares.between_things - squares.left
    severity = (squares.between_raters - squares.left) / squares.things
    if mean:
        return _ratio(signal, squares.between_things + severity)
    k = squares.raters
    return _ratio(signal, squares.between_things + (k - 1) * squares.left + k * severity)


def icc_consistency(table: Table) -> float | None:
    """Return ICC(C,1): two-way, consistency of one rater; a severe rater costs nothing."""
    squares = mean_squares(table)
    signal = squares.between_things - squares.left
    return _ratio(signal, squares.between_things + (squares.raters - 1) * squares.left)


def icc_one_way(table: Table) -> float | None:
    """Return ICC(1): one-way, each thing rated by raters of its own."""
    squares = mean_squares(table)
    signal = squares.between_things - squares.within
    return _ratio(signal, squares.between_things + (squares.raters - 1) * squares.within)


def _ratio(part: Fraction, whole: Fraction) -> float | None:
    return None if whole == 0 else float(part / whole)


def kendall_w(table: Table) -> float | None:
    """Return Kendall's W, corrected for ties: how alike the raters rank the things."""
    n, k = len(table), len(table[0])
    ranked = [_ranks(column) for column in zip(*table, strict=True)]
    sums = [sum(ranks, Fraction(0)) for ranks in zip(*ranked, strict=True)]
    middle = sum(sums, Fraction(0)) / n
    spread = sum(((each - middle) ** 2 for each in sums), Fraction(0))
    ties = sum(count**3 - count for column in zip(*table, strict=True) for count in Counter(column).values())
    return _ratio(12 * spread, Fraction(k * k * (n**3 - n) - k * ties))


def _ranks(marks: Sequence[Exact]) -> list[Fraction]:
    """Return the rank of each mark from 1 up; equal marks share the mean of their ranks."""
    counts = Counter(marks)
    below = 0
    rank = {}
    for mark in sorted(counts):
        rank[mark] = Fraction(2 * below + counts[mark] + 1, 2)
        below += counts[mark]
    return [rank[mark] for mark in marks]


def light(rows: Sequence[Sequence[Grade]]) -> float | None:
    """Return the mean of Cohen's kappas of all pairs of raters (Light 1971)."""
    columns = list(zip(*rows, strict=True))
    found = [cohen(*pair) for pair in combinations(columns, 2)]
    known = [kappa for kappa in found if kappa is not None]
    return sum(known) / len(known) if found and len(known) == len(found) else None


def fleiss_by_grade(rows: Sequence[Sequence[Grade]]) -> dict[Grade, float | None]:
    """Return Fleiss' kappa of each grade against all others."""
    n, raters = len(rows), len(rows[0])
    apart: Counter[Grade] = Counter()
    whole: Counter[Grade] = Counter()
    for row in rows:
        for grade, count in Counter(row).items():
            whole[grade] += count
            apart[grade] += count * (raters - count)
    found: dict[Grade, float | None] = {}
    for grade, count in whole.items():
        chance = Fraction(count * (n * raters - count) * (raters - 1), n * raters)
        found[grade] = None if chance == 0 else float(1 - apart[grade] / chance)
    return found


def fleiss_z(rows: Sequence[Sequence[Grade]]) -> float | None:
    """Return how many standard errors Fleiss' kappa lies above what chance gives (Fleiss 1971)."""
    kappa = fleiss(rows)
    if kappa is None:
        return None
    n, raters = len(rows), len(rows[0])
    counts = Counter(grade for row in rows for grade in row)
    shares = [Fraction(count, n * raters) for count in counts.values()]
    spread = sum((share * (1 - share) for share in shares), Fraction(0))
    skew = sum((share * (1 - share) * (1 - 2 * share) for share in shares), Fraction(0))
    error = Fraction(2, n * raters * (raters - 1)) * (spread * spread - skew) / (spread * spread)
    return kappa / math.sqrt(error) if error > 0 else None
