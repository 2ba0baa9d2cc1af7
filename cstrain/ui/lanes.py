"""A person's months on one axis in three lanes: grade, brand rank, deductions. Drawn like ``charts``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from cstrain.ui.drawing import drawing, figure, percent, rect, row_line, text

_LEFT = 9.0
_GRADE_TOP, _GRADE_STEP = 40, 22
_RANK_TOP, _RANK_HEIGHT = 200, 80
_LINE = 320
_BOTTOM = 330
_HEIGHT = 358


@dataclass(frozen=True, slots=True)
class LaneMonth:
    """A month: its name and what is known of it; ``None`` is missing and leaves its place empty.

    ``grade_met``, ``rank_met``: filled instead of hollow. ``counted`` frames the deductions, ``bad`` marks
    them. ``void``: the month is outside, shaded.
    """

    label: str
    grade: str | None = None
    rank: int | None = None
    deductions: int | None = None
    grade_met: bool = True
    rank_met: bool = True
    counted: bool = False
    bad: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True)
class Lanes:
    """Names of the lanes, the grades from the best, the line below the last grade that is enough, the last
    rank of the wanted zone, and why shaded months are."""

    grade: str
    rank: str
    deductions: str
    grades: Sequence[str] = ("S", "A", "B", "C", "D")
    enough: str | None = None
    zone: int | None = None
    void: str = ""


def months(title: str, desc: str, rows: Sequence[LaneMonth], lanes: Lanes) -> Markup:
    """Draw months from the left to the right, 9 % of the width left for the names of steps."""
    step = (100 - _LEFT) / max(1, len(rows))
    places = [_LEFT + (index + 0.5) * step for index in range(len(rows))]
    worst = max([row.rank for row in rows if row.rank is not None] + [3, lanes.zone or 0])
    parts = _shades(rows, places, step, lanes)
    parts += _steps(lanes, worst)
    for place, row in zip(places, rows, strict=True):
        parts += _badge(place, row, lanes.grades)
        parts += _count(place, row)
    parts += _ranks(rows, places, worst)
    for index, (place, row) in enumerate(zip(places, rows, strict=True)):
        parts.append(
            text(percent(place), _BOTTOM + 20, row.label, "every-other" if index % 2 else "", "middle")
        )
    return drawing(title, desc, _HEIGHT, parts)


def _shades(rows: Sequence[LaneMonth], places: Sequence[float], step: float, lanes: Lanes) -> list[Markup]:
    out = [place for place, row in zip(places, rows, strict=True) if row.void]
    parts = [rect("void", percent(place - step / 2), 24, percent(step), _BOTTOM - 26) for place in out]
    if out and lanes.void:
        parts.append(text(percent(sum(out) / len(out)), 156, lanes.void, "", "middle"))
    return parts


def _steps(lanes: Lanes, worst: int) -> list[Markup]:
    parts = [text(0, 14, lanes.grade, "t-strong"), text(0, 166, lanes.rank, "t-strong")]
    if lanes.zone is not None:
        bottom = _rank_at(lanes.zone, worst) + 8
        parts.append(
            rect("band", percent(_LEFT), _RANK_TOP - 8, percent(100 - _LEFT), bottom - _RANK_TOP + 8)
        )
    for index, grade in enumerate(lanes.grades):
        y = float(_GRADE_TOP + index * _GRADE_STEP)
        parts += [row_line("axis", y), text(0, y + 5, grade, "t-axis")]
        if grade == lanes.enough:
            parts.append(row_line("thr", y + _GRADE_STEP / 2))
    for rank in sorted({1, lanes.zone or 3, worst}):
        y = _rank_at(rank, worst)
        parts += [row_line("axis", y), text(0, y + 5, str(rank), "t-axis")]
    return [*parts, row_line("axis", _LINE - 18), text(0, _LINE, lanes.deductions, "t-strong")]


def _rank_at(rank: int, worst: int) -> float:
    return _RANK_TOP + (rank - 1) / max(1, worst - 1) * _RANK_HEIGHT


def _badge(place: float, row: LaneMonth, grades: Sequence[str]) -> list[Markup]:
    if row.grade is None or row.grade not in grades:
        return []
    y = _GRADE_TOP + grades.index(row.grade) * _GRADE_STEP
    kind, ink = ("bx", "t-in") if row.grade_met else ("bx-out", "")
    return [_circle(kind, place, y, 10), text(percent(place), y + 5, row.grade, ink, "middle")]


def _count(place: float, row: LaneMonth) -> list[Markup]:
    if row.deductions is None:
        return []
    ink = "t-bad" if row.bad else "t-strong" if row.counted else ""
    parts = [text(percent(place), _LINE, str(row.deductions), ink, "middle")]
    if row.bad or row.counted:
        parts.insert(0, _circle("dz" if row.bad else "bx-out", place, _LINE - 5, 11))
    return parts


def _ranks(rows: Sequence[LaneMonth], places: Sequence[float], worst: int) -> list[Markup]:
    parts: list[Markup] = []
    for (x1, one), (x2, other) in pairwise(zip(places, rows, strict=True)):
        if one.rank is not None and other.rank is not None:
            parts.append(
                Markup('<line class="ln" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
                    percent(x1),
                    figure(_rank_at(one.rank, worst)),
                    percent(x2),
                    figure(_rank_at(other.rank, worst)),
                )
            )
    for place, row in zip(places, rows, strict=True):
        if row.rank is not None:
            y = _rank_at(row.rank, worst)
            parts.append(_circle("pt" if row.rank_met else "pt-out", place, y, 5))
            parts.append(text(percent(place), y - 9, str(row.rank), "t-on", "middle"))
    return parts


def _circle(kind: str, x: float, y: float, radius: int) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, percent(x), figure(y), radius)
