"""Plots of two values against each other: dots, and curves. Charts of one value are in ``charts``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from cstrain.ui.drawing import drawing, figure, percent, rect, row_line, text

Number = int | float | Decimal
_MARGIN = 6
_TOP = 44
_FLOOR = 250


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot: its place, its name, its values in words; ``bad``: to be looked at; ``named``: so drawn."""

    x: Number
    y: Number
    label: str
    shown: str = ""
    bad: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its name, its ends, the values written on it with their words."""

    label: str
    low: Number
    high: Number
    steps: Sequence[tuple[Number, str]] = ()

    def share(self, value: Number) -> float:
        """Return where a value lies between the ends, 0-1; what lies outside stays at the edge."""
        span = float(self.high) - float(self.low)
        return min(1.0, max(0.0, (float(value) - float(self.low)) / (span or 1.0)))


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points; ``kind`` is its class: ln (drawn) or thr (dashed)."""

    label: str
    points: Sequence[tuple[Number, Number]]
    kind: str = "ln"


class _Field:
    """Where values lie on the drawing: per cent across, pixels down."""

    def __init__(self, across: Axis, up: Axis) -> None:
        self.across, self.up = across, up

    def at(self, x: Number, y: Number) -> tuple[float, float]:
        """Return the place of a pair of values."""
        return (
            _MARGIN + self.across.share(x) * (100 - 2 * _MARGIN),
            _FLOOR - self.up.share(y) * (_FLOOR - _TOP),
        )

    def ground(self) -> Iterable[Markup]:
        """Yield the axes with their steps and names."""
        for value, words in self.up.steps:
            _x, y = self.at(self.across.low, value)
            yield row_line("axis", y) + text(0, y - 4, words)
        for value, words in self.across.steps:
            x, _y = self.at(value, self.up.low)
            yield text(percent(x), _FLOOR + 18, words, "", "middle")
        yield row_line("base", _FLOOR)
        yield text(0, 12, self.up.label)
        yield text("100%", _FLOOR + 38, self.across.label, "", "end")


def scatter(
    title: str, desc: str, dots: Sequence[Dot], across: Axis, up: Axis, good: tuple[Dot, Dot] | None = None
) -> Markup:
    """Draw dots by two values; those to be looked at are hollow, the named ones bear their names.

    ``good`` shades the field between two corners (lower left, upper right): where a dot does its work.
    """
    field = _Field(across, up)
    parts: list[Markup] = []
    if good:
        (left, bottom), (right, top) = (field.at(corner.x, corner.y) for corner in good)
        parts.append(rect("band", percent(left), top, percent(right - left), bottom - top))
    parts += field.ground()
    parts += [_dot(*field.at(dot.x, dot.y), dot) for dot in dots]
    return drawing(title, desc, _FLOOR + 44, parts)


def curves(
    title: str, desc: str, lines: Sequence[Curve], across: Axis, up: Axis, dots: Sequence[Dot] = ()
) -> Markup:
    """Draw lines over two axes, each with its name at its end, and named dots upon them."""
    field = _Field(across, up)
    parts = list(field.ground())
    for line in lines:
        places = [field.at(*point) for point in line.points]
        parts += [_step(line.kind, *pair) for pair in pairwise(places)]
        if places:
            x, y = places[-1]
            parts.append(text(percent(x), y - 9, line.label, "t-on", "end"))
    parts += [_dot(*field.at(dot.x, dot.y), dot) for dot in dots]
    return drawing(title, desc, _FLOOR + 44, parts)


def _step(kind: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    return Markup('<line class="{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>').format(
        kind, figure(start[0]), figure(start[1]), figure(end[0]), figure(end[1])
    )


def _dot(x: float, y: float, dot: Dot) -> Markup:
    circle = Markup('<circle class="{}" cx="{}%" cy="{}" r="5"><title>{}</title></circle>').format(
        "pt-out" if dot.bad else "pt", figure(x), figure(y), f"{dot.label} {dot.shown}".strip()
    )
    return circle + text(percent(x), y - 9, dot.label, "t-on", "middle") if dot.named else circle
