"""How far two markers agree, from what both marked without knowing of each other. Pure.

Over whole parts: the quadratic weighted kappa of shares in tenths (eleven grades) and ICC(A,1) of the shares
as they are; by criterion: the quadratic weighted kappa of points in halves (assessment science A10, 3.8).
Bounds: see ``statistics.agreement_bounds``. Below ``ITEM_LEAST`` answers nothing is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, stdev

from cstrain.grading.statistics.agreement import icc_agreement, weighted
from cstrain.grading.statistics.agreement_bounds import icc_agreement_bounds, kappa_bounds, weighted_error
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure, figure
from cstrain.grading.statistics.intervals import of_mean, wilson
from cstrain.grading.written.facts import Twice
from cstrain.judgement.rubric import Rubric
from cstrain.kernel.ids import PersonId

Pair = tuple[PersonId, PersonId]
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Two markers over ``n`` parts: kappa, ICC, how often within the tolerance, the lead of the first.

    ``lead`` is the first's share less the second's: above 0 the first gives more.
    """

    markers: Pair
    n: int
    kappa: Figure
    icc: Figure
    within: Figure
    lead: Figure


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    """Two markers at one criterion of one part."""

    markers: Pair
    version_id: int
    part: int
    title: str
    kappa: Figure


def pairs(rows: Iterable[Twice]) -> list[PairFigures]:
    """Return the figures of each pair of markers, those with most answers first."""
    groups: dict[Pair, list[Twice]] = {}
    for row in rows:
        groups.setdefault(row.markers, []).append(row)
    found = [_pair(markers, group) for markers, group in groups.items()]
    return sorted(found, key=lambda one: (-one.n, one.markers))


def _pair(markers: Pair, rows: Sequence[Twice]) -> PairFigures:
    n = len(rows)
    first, second = ([row.shares[place] for row in rows] for place in (0, 1))
    near = sum(abs(row.shares[0] - row.shares[1]) <= row.tolerance for row in rows)
    leads = [float(mine - theirs) for mine, theirs in zip(first, second, strict=True)]
    table = list(zip(first, second, strict=True))
    return PairFigures(
        markers,
        n,
        _kappa(_tenths(first), _tenths(second), range(_TENTHS + 1)),
        figure(n, ITEM_LEAST, lambda: icc_agreement(table), lambda _value: icc_agreement_bounds(table)),
        figure(n, ITEM_LEAST, lambda: near / n, lambda share: wilson(share, n)),
        figure(n, ITEM_LEAST, lambda: fmean(leads), lambda mean: of_mean(mean, stdev(leads), n)),
    )


def _kappa(first: Sequence[int], second: Sequence[int], grades: Sequence[int]) -> Figure:
    """Return the quadratic weighted kappa of two markers with its bounds."""
    return figure(
        len(first),
        ITEM_LEAST,
        lambda: weighted(first, second, power=2, grades=grades),
        lambda kappa: kappa_bounds(kappa, weighted_error(first, second, power=2, grades=grades)),
    )


def _tenths(shares: Sequence[Fraction]) -> list[int]:
    """Return shares as grades 0 to 10, halves rounded up."""
    return [math.floor(share * _TENTHS + Fraction(1, 2)) for share in shares]


def criteria(rows: Iterable[Twice], rubrics: Mapping[tuple[int, int], Rubric]) -> list[CriterionFigures]:
    """Return the kappa of each pair at each criterion, most answers first; ``rubrics`` by version, part."""
    groups: dict[tuple[Pair, int, int], list[Twice]] = {}
    for row in rows:
        groups.setdefault((row.markers, row.version_id, row.part), []).append(row)
    found = [
        CriterionFigures(markers, version, part, each.title, _criterion(group, each.id, each.of))
        for (markers, version, part), group in groups.items()
        if (version, part) in rubrics
        for each in rubrics[version, part].criteria
    ]
    return sorted(found, key=lambda one: -one.kappa.n)


def _criterion(rows: Sequence[Twice], name: str, most: int) -> Figure:
    both = [row.points for row in rows if all(name in points for points in row.points)]
    first, second = ([_halves(points[place][name]) for points in both] for place in (0, 1))
    return _kappa(first, second, range(2 * most + 1))


def _halves(points: Decimal) -> int:
    """Return points as the number of halves in them."""
    return int(points * 2)
