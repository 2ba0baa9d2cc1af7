"""Krippendorff's alpha: how far raters agree, whatever their number, with ratings missing (2004, 2011)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from cstrain.grading.statistics.exact import Exact

Apart = Callable[[Exact, Exact], Fraction]
"""The squared distance of two grades."""


def krippendorff(rows: Sequence[Sequence[Exact | None]], scale: str) -> float | None:
    """Return alpha; a row for each thing rated, ``None`` where a rater gave nothing.

    ``scale``: nominal, ordinal, interval or ratio. ``None`` when all grades are the same or no thing was
    rated twice. Raises ``ValueError`` for another scale.
    """
    rated = [[grade for grade in row if grade is not None] for row in rows]
    pairs = [row for row in rated if len(row) > 1]
    counts = Counter(grade for row in pairs for grade in row)
    apart = _apart(scale, counts)
    total = sum(counts.values())
    seen = sum((_within(row, apart) / (len(row) - 1) for row in pairs), Fraction(0)) / max(1, total)
    chance = _among(counts, apart) / max(1, total * (total - 1))
    return None if chance == 0 else float(1 - seen / chance)


def _within(row: Iterable[Exact], apart: Apart) -> Fraction:
    """Return the distances of all ordered pairs of ratings of one thing."""
    return _among(Counter(row), apart)


def _among(counts: Mapping[Exact, int], apart: Apart) -> Fraction:
    return sum(
        (
            many * others * apart(one, other)
            for one, many in counts.items()
            for other, others in counts.items()
        ),
        Fraction(0),
    )


def _apart(scale: str, counts: Mapping[Exact, int]) -> Apart:
    """Return the distance of a scale; that of an ordinal one depends on how often the grades occur."""
    below: dict[Exact, Fraction] = {}
    before = 0
    for grade in sorted(counts):
        below[grade] = before + Fraction(counts[grade], 2)
        before += counts[grade]
    scales: dict[str, Apart] = {
        "nominal": lambda one, other: Fraction(one != other),
        "ordinal": lambda one, other: (below[one] - below[other]) ** 2,
        "interval": lambda one, other: Fraction(one - other) ** 2,
        "ratio": lambda one, other: (
            (Fraction(one - other) / (one + other)) ** 2 if one != other else Fraction(0)
        ),
    }
    if scale not in scales:
        raise ValueError(f"no scale {scale!r}: {', '.join(scales)}")
    return scales[scale]
