"""What charts are drawn with: SVG parts from plain data, colours by class, positions across in per cent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from markupsafe import Markup


def drawing(title: str, desc: str, height: float, parts: Iterable[Markup]) -> Markup:
    """Wrap parts into a drawing that tells its finding; its ids are made of its words."""
    ident = "c" + hashlib.sha256(f"{title}\n{desc}".encode()).hexdigest()[:10]
    return Markup(
        '<svg class="chart" width="100%" height="{1}" role="img" aria-labelledby="{0}t {0}d">'
        '<title id="{0}t">{2}</title><desc id="{0}d">{3}</desc>{4}</svg>'
    ).format(ident, figure(height), title, desc, Markup("").join(parts))


def figure(value: float) -> str:
    """Write a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(value: float) -> str:
    """Write a share of the width, 0-100."""
    return f"{figure(value)}%"


def text(x: str | float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Write words; ``x`` in pixels, or in per cent with its sign."""
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        x,
        figure(y),
        Markup(' class="{}"').format(kind) if kind else "",
        Markup(' text-anchor="{}"').format(anchor) if anchor != "start" else "",
        words,
    )


def rect(kind: str, x: str | float, y: float, width: str, height: float) -> Markup:
    """Draw a rectangle; ``x`` and ``width`` in pixels, or in per cent with their sign."""
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, x, figure(y), width, figure(height)
    )


def row_line(kind: str, y: float) -> Markup:
    """Draw a line over the whole width."""
    return Markup('<line class="{0}" x1="0" x2="100%" y1="{1}" y2="{1}"/>').format(kind, figure(y))
