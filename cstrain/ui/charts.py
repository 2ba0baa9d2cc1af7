"""Charts as SVG from plain data: pure functions, colours by class, no style, no script.

Positions across are percentages of the drawing's width and type has its true size: one drawing fits a phone
and a board. Every chart says its finding in ``<title>`` and ``<desc>``; :func:`table` gives the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from markupsafe import Markup

from cstrain.ui.drawing import drawing as _drawing
from cstrain.ui.drawing import figure as _figure
from cstrain.ui.drawing import percent as _percent
from cstrain.ui.drawing import rect as _rect
from cstrain.ui.drawing import row_line as _row_line
from cstrain.ui.drawing import text as _text
from cstrain.ui.lanes import months as months
from cstrain.ui.plots import curves as curves
from cstrain.ui.plots import scatter as scatter

Number = int | float | Decimal

_TICK = 5
_TICK_CLASSES = {"done": "k-done", "late": "k-late", "today": "k-now", "wait": "k-wait"}
_ROW = 48
_BAR = 12
_PLOT_TOP = 26
_PLOT_HEIGHT = 132
_BASE = _PLOT_TOP + _PLOT_HEIGHT
_LABELS = 24
_SAMPLE = 22
_CROWDED, _SHORT = 8, 3
"""Points on a phone's width, and characters of their words, that fit side by side."""
_STRUCK = 20
"""Pixels of room that words above a point need."""
_FIGURES = re.compile(r"[-−+±≤≥¥]?[\d,]+(\.\d+)?%?|—?")


class Day(Protocol):
    """A day of a programme as the strip knows it."""

    @property
    def state(self) -> str:
        """One of done, late, wait, today, exam, locked, skipped."""

    @property
    def exam(self) -> bool:
        """Whether an exam falls on the day."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or one class of a histogram: its name, its size, how that is written, whether it is bad."""

    label: str
    value: Number
    shown: str = ""
    bad: bool = False

    @property
    def words(self) -> str:
        """The size as written."""
        return self.shown or str(self.value)


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a line: its name, its value (``None``: missing), its words, whether it is enough."""

    label: str
    value: Number | None
    shown: str = ""
    met: bool = True

    @property
    def words(self) -> str:
        """The value as written, a dash when it is missing."""
        return self.shown or ("—" if self.value is None else str(self.value))


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold: where it lies on the chart's scale and what it is called."""

    at: Number
    label: str


def score_bar(value: Number | None, line: Number = 80, passed: bool | None = None) -> Markup:
    """Draw one score of 0-100 with the pass line; a missing score is an empty track.

    For a table cell whose row says the same in words, hence hidden from screen readers.
    """
    parts = [Markup('<rect class="b-track" x="0" y="6" width="100" height="8"/>')]
    if value is not None:
        parts.append(_rect("b-low" if passed is False else "b-val", 0, 6, _figure(_within(float(value))), 8))
    parts.append(
        Markup('<line class="b-line" x1="{0}" y1="1" x2="{0}" y2="19"/>').format(_figure(float(line)))
    )
    head = Markup('<svg class="bar-svg" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">')
    return head + Markup("").join(parts) + Markup("</svg>")


def ticks(days: Iterable[Day]) -> Markup:
    """Draw a programme in the width of a table cell.

    Exam days are tall, late ones have a dash below, today a triangle. The cell says the numbers in words,
    hence hidden from screen readers.
    """
    drawn = [_tick(index * _TICK, day) for index, day in enumerate(days)]
    return Markup(
        '<svg class="ticks" width="{0}" height="20" viewBox="-1 0 {0} 20" aria-hidden="true">{1}</svg>'
    ).format(len(drawn) * _TICK + 2, Markup("").join(drawn))


def _tick(x: int, day: Day) -> Markup:
    kind = _TICK_CLASSES.get(day.state, "k-none")
    top, height = (0, 14) if day.exam else (6, 8)
    tick = Markup('<rect class="{}" x="{}" y="{}" width="4" height="{}"/>').format(kind, x, top, height)
    if day.state == "late":
        return tick + Markup('<rect class="k-late" x="{}" y="16" width="4" height="2"/>').format(x)
    if day.state == "today":
        return tick + Markup('<path class="k-now" d="M{} 20h6l-3-4.5z"/>').format(x - 1)
    return tick


def bars(title: str, desc: str, rows: Sequence[Bar], top: Number = 100, line: Line | None = None) -> Markup:
    """Draw horizontal bars on a scale from 0 to ``top``, each with its name and its size above it."""
    scale = 100 / (float(top) or 1.0)
    start = _LABELS if line else 4
    parts: list[Markup] = []
    for index, row in enumerate(rows):
        y = start + index * _ROW
        parts.append(_text(0, y + 14, row.label, "t-strong"))
        parts.append(_text("100%", y + 14, row.words, "t-bad" if row.bad else "", "end"))
        parts.append(_rect("b-track", 0, y + 22, "100%", _BAR))
        parts.append(
            _rect(
                "dz" if row.bad else "bx-soft", 0, y + 22, _percent(_within(float(row.value) * scale)), _BAR
            )
        )
    height = start + len(rows) * _ROW
    if line:
        x = float(line.at) * scale
        parts.append(_threshold(x, _LABELS - 6, height - 8))
        parts.append(_text(_percent(x), 13, line.label, "", _side(x)))
    return _drawing(title, desc, height, parts)


def line(
    title: str, desc: str, points: Sequence[Point], low: Number, high: Number, mark: Line | None = None
) -> Markup:
    """Draw values over months on a scale from ``low`` (bottom) to ``high`` (top).

    ``low`` may be the greater one: rank 1 is on top when ``low=10, high=1``. The line breaks where a value is
    missing; a value that meets what is asked is filled, one that does not is hollow; each is written out.
    """
    step = 100 / max(1, len(points))
    places = [(index + 0.5) * step for index in range(len(points))]
    heights = [_height(point, float(low), float(high)) for point in points]
    parts = [_void(place, step) for place, y in zip(places, heights, strict=True) if y is None]
    parts.append(_row_line("base", _BASE))
    level = _level(float(mark.at), float(low), float(high)) if mark else None
    if mark and level is not None:
        parts += [_row_line("thr", level), _sample(), _text(_SAMPLE + 8, 13, mark.label)]
    for index in range(1, len(points)):
        parts.append(_segment(places[index - 1], heights[index - 1], places[index], heights[index]))
    crowded = len(points) > _CROWDED and any(len(point.words) > _SHORT for point in points)
    for index, (place, y, point) in enumerate(zip(places, heights, points, strict=True)):
        thin = crowded and index % 2 == 1
        parts += [_point(place, y, point, level, thin), _under(place, index, point.label)]
    return _drawing(title, desc, _BASE + _LABELS, parts)


def histogram(
    title: str, desc: str, classes: Sequence[Bar], split: int | None = None, split_label: str = ""
) -> Markup:
    """Draw how many fell into each class, the count above each; ``split`` draws a line before that class."""
    most = max((float(item.value) for item in classes), default=0.0) or 1.0
    step = 100 / max(1, len(classes))
    parts: list[Markup] = []
    for index, item in enumerate(classes):
        height = float(item.value) / most * (_PLOT_HEIGHT - 22)
        middle = (index + 0.5) * step
        kind = "dz" if item.bad else "bx-soft"
        left, width = _percent(middle - 0.42 * step), _percent(0.84 * step)
        parts.append(_rect(kind, left, _BASE - height, width, height))
        parts.append(_text(_percent(middle), _BASE - height - 6, item.words, "t-strong", "middle"))
        parts.append(_under(middle, index, item.label))
    parts.append(_row_line("base", _BASE))
    if split is not None:
        x = split * step
        parts += [_threshold(x, 18, _BASE), _text(_percent(x), 12, split_label, "", _side(x))]
    return _drawing(title, desc, _BASE + _LABELS, parts)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """Return the numbers of a chart as a table; the first cell of each row is its head, ``None`` is a dash.

    Columns of figures alone are set to the right.
    """
    lines = [["—" if value is None else str(value) for value in row] for row in rows]
    right = [all(_FIGURES.fullmatch(cells[column]) for cells in lines) for column in range(1, len(head))]
    kinds = [Markup(' class="num"') if figures else Markup("") for figures in (False, *right)]
    heads = [Markup('<th scope="col"{}>{}</th>').format(*pair) for pair in zip(kinds, head, strict=True)]
    return Markup(
        '<table class="plain-table ruled"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(caption, Markup("").join(heads), Markup("").join(_table_row(cells, kinds) for cells in lines))


def _table_row(cells: Sequence[str], kinds: Sequence[Markup]) -> Markup:
    others = [Markup("<td{}>{}</td>").format(*pair) for pair in zip(kinds[1:], cells[1:], strict=True)]
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(cells[0], Markup("").join(others))


def _within(value: float) -> float:
    """Keep a share inside 0-100."""
    return min(100.0, max(0.0, value))


def _height(point: Point, low: float, high: float) -> float | None:
    return None if point.value is None else _level(float(point.value), low, high)


def _level(value: float, low: float, high: float) -> float:
    """Return the height of a value on the plot; outside the scale it stays at the edge."""
    share = (value - low) / ((high - low) or 1.0)
    return _BASE - min(1.0, max(0.0, share)) * (_PLOT_HEIGHT - 24) - 12


def _threshold(x: float, top: float, bottom: float) -> Markup:
    return Markup('<line class="thr" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(_figure(x), top, bottom)


def _sample() -> Markup:
    """Draw the threshold's dashes beside its name."""
    return Markup('<line class="thr" x1="0" x2="{}" y1="9" y2="9"/>').format(_SAMPLE)


def _segment(x1: float, y1: float | None, x2: float, y2: float | None) -> Markup:
    """Join two neighbours; where one is missing the line breaks."""
    if y1 is None or y2 is None:
        return Markup("")
    return Markup('<line class="ln" x1="{}%" y1="{}" x2="{}%" y2="{}"/>').format(
        _figure(x1), _figure(y1), _figure(x2), _figure(y2)
    )


def _point(x: float, y: float | None, point: Point, level: float | None, thin: bool) -> Markup:
    """Draw a value with its words above it, or below it where the dashed line would run through them.

    ``thin``: its words give way on a phone, where those of its neighbours would touch them.
    """
    if y is None:
        return Markup("")
    circle = Markup('<circle class="{}" cx="{}%" cy="{}" r="5"/>').format(
        "pt" if point.met else "pt-out", _figure(x), _figure(y)
    )
    struck = level is not None and y - _STRUCK < level < y and y + _STRUCK < _BASE
    at = y + _STRUCK if struck else y - 10
    return circle + _text(_percent(x), at, point.words, "t-on every-other" if thin else "t-on", "middle")


def _under(x: float, index: int, label: str) -> Markup:
    """Write the name under a column; every other one gives way on a phone."""
    return _text(_percent(x), _BASE + 18, label, "every-other" if index % 2 else "", "middle")


def _void(middle: float, width: float) -> Markup:
    """Shade a column without a value."""
    return _rect("void", _percent(middle - width / 2), _PLOT_TOP, _percent(width), _PLOT_HEIGHT)


def _side(x: float) -> str:
    """Keep a label inside the drawing: to the left of its line on the right half."""
    return "end" if x > 50 else "start"
