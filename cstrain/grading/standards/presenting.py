"""A panel's finding as data of charts, in the reader's words."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext

from cstrain.grading.standards import rules
from cstrain.grading.standards.facts import Given
from cstrain.grading.statistics.standards import Angoff, failing, hofstee, most_failing
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.ui.charts import Bar
from cstrain.ui.filters import percent
from cstrain.ui.plots import Axis, Curve, Dot

_STEP = 10
"""Marks between two numbers on the axis."""


def judge_bars(found: Angoff, names: Mapping[PersonId, PersonFacts]) -> list[Bar]:
    """Return each judge's cut, the lowest first."""
    return [
        Bar(names[PersonId(judge)].name, float(cut), f"{float(cut):.1f}")
        for judge, cut in sorted(found.cuts.items(), key=lambda each: (each[1], each[0]))
    ]


@dataclass(frozen=True, slots=True)
class HofsteeChart:
    """The marks' curve and the panel's line, with the same numbers for a table (cut, failing, line)."""

    lines: tuple[Curve, ...]
    across: Axis
    up: Axis
    dots: tuple[Dot, ...]
    rows: tuple[tuple[str, str, str], ...]


def hofstee_curves(said: Mapping[PersonId, Given], marks: Sequence[Fraction]) -> HofsteeChart:
    """Return how many would fail at each whole cut, and how many the panel would have."""
    ordered = sorted(marks)
    found = hofstee([rules.bounds_of(given) for given in said.values()], marks)
    bounds = found.bounds
    low = max(0, math.floor(bounds.cut_low / _STEP) * _STEP - _STEP)
    high = min(100, math.ceil(bounds.cut_high / _STEP) * _STEP + _STEP)
    curve = _steps(ordered, low, high)
    line = [(float(cut), float(most_failing(bounds, cut))) for cut in (bounds.cut_low, bounds.cut_high)]
    dots = []
    if found.cut is not None and found.failing is not None:
        dots.append(
            Dot(float(found.cut), float(found.failing), f"{float(found.cut):.1f}", bad=True, named=True)
        )
    cuts = map(Fraction, range(low, high + 1))
    inside = [cut for cut in cuts if bounds.cut_low <= cut <= bounds.cut_high]
    return HofsteeChart(
        lines=(Curve(gettext("不过线的人"), curve), Curve(gettext("评委的线"), line, "thr")),
        across=Axis(gettext("及格线"), low, high, [(cut, str(cut)) for cut in range(low, high + 1, _STEP)]),
        up=Axis(gettext("不过线"), 0, 1, [(share, percent(share)) for share in (0, 0.25, 0.5, 0.75, 1)]),
        dots=tuple(dots),
        rows=tuple(
            (str(cut), percent(float(failing(ordered, cut))), percent(float(most_failing(bounds, cut))))
            for cut in inside
        ),
    )


def _steps(ordered: Sequence[Fraction], low: int, high: int) -> list[tuple[float, float]]:
    """Return the corners of the curve: it rises just above each mark that somebody got."""
    corners = [(float(low), float(failing(ordered, Fraction(low))))]
    for mark in sorted({mark for mark in ordered if low <= mark < high}):
        share = float(Fraction(bisect_right(ordered, mark), len(ordered)))
        corners += [(float(mark), corners[-1][1]), (float(mark), share)]
    return [*corners, (float(high), float(failing(ordered, Fraction(high))))]
