"""An analysis in the reader's words: lines of figures, charts' data, rows of an export."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext

from cstrain.documents.tables import Cell
from cstrain.grading.analysis.facts import PaperAnalysis, QuestionRow
from cstrain.grading.statistics.distractors import OptionRow
from cstrain.grading.statistics.figure import Figure
from cstrain.grading.statistics.flags import DOUBTFUL, EASY, HARD, REVIEW
from cstrain.grading.words import FIGURE_WORDS, FLAG_WORDS, WHY_WORDS
from cstrain.ui.charts import Bar
from cstrain.ui.filters import percent
from cstrain.ui.plots import Axis, Dot

PERCENT = frozenset({"facility", "effective_weight", "passing", "exposure", "overlap", "error_ratio"})
"""Figures that read best as a percentage; the others are written with two decimals."""
_WIDTH, _MOST = 10, 100


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure as a line of a table: its name, value, bounds and n; ``why`` says why it is withheld."""

    label: str
    shown: str
    bounds: str
    n: int
    why: str


def line(name: str, figure: Figure) -> FigureLine:
    """Return a figure as a line of a table."""
    return FigureLine(
        gettext(FIGURE_WORDS[name]),
        shown(name, figure.value),
        bounds(name, figure),
        figure.n,
        gettext(WHY_WORDS[figure.why]) if figure.why else "",
    )


def lines(figures: Mapping[str, Figure]) -> list[FigureLine]:
    """Return all figures as lines, in order."""
    return [line(name, figure) for name, figure in figures.items()]


def shown(name: str, value: float | None) -> str:
    """Return a figure's value as it is written; empty when withheld."""
    if value is None:
        return ""
    return percent(value) if name in PERCENT else f"{value:.2f}"


def bounds(name: str, figure: Figure) -> str:
    """Return a figure's bounds as they are written; empty when there are none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{shown(name, figure.low)}–{shown(name, figure.high)}"


def flag_words(flags: Iterable[str]) -> list[str]:
    """Return what to look at in words."""
    return [gettext(FLAG_WORDS[flag]) for flag in flags]


@dataclass(frozen=True, slots=True)
class Classes:
    """Marks in classes of ten whose borders lie so that the cut is one; ``split``: the first that passes."""

    bars: tuple[Bar, ...]
    split: int


def mark_classes(totals: Sequence[Fraction], cut: Decimal) -> Classes:
    """Return how many marks of 0-100 lie in each class; those below the cut are marked."""
    start = Fraction(cut) - _WIDTH * math.ceil(Fraction(cut) / _WIDTH)
    split = math.ceil(Fraction(cut) / _WIDTH)
    count = max(split + 1, math.ceil((_MOST - start) / _WIDTH))
    sizes = [0] * count
    for total in totals:
        sizes[min(count - 1, int((total - start) // _WIDTH))] += 1
    bars = []
    for place, size in enumerate(sizes):
        low = max(Fraction(0), start + place * _WIDTH)
        bars.append(Bar(f"{float(low):g}", size, bad=start + place * _WIDTH < cut))
    return Classes(tuple(bars), split)


def axes() -> tuple[Axis, Axis, tuple[Dot, Dot]]:
    """Return the axes of facility and discrimination and the field where a question does its work."""
    across = Axis(gettext("得分率"), 0, 1, [(share, percent(share)) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)])
    up = Axis(gettext("区分度"), -0.5, 1, [(value, f"{value:.1f}") for value in (-0.5, 0, 0.5, 1)])
    return across, up, (Dot(HARD, REVIEW, ""), Dot(EASY, 1, ""))


def dots(rows: Iterable[QuestionRow]) -> list[Dot]:
    """Return a dot for each question whose facility and discrimination are known."""
    found = []
    for row in rows:
        facility = row.figures.figures["facility"].value
        agrees = row.figures.figures["discrimination"].value
        if facility is not None and agrees is not None:
            words = f"{percent(facility)} {agrees:.2f}"
            flags = row.figures.flags
            grave = not DOUBTFUL.isdisjoint(flags)
            found.append(Dot(facility, agrees, row.line.ref, words, bad=bool(flags), named=grave))
    return found


def option_label(row: OptionRow, labels: Mapping[str, str]) -> str:
    """Return the words of an option."""
    own = {"": gettext("未作答"), "true": gettext("对"), "false": gettext("错")}
    return labels.get(row.option) or own.get(row.option, row.option)


def export_rows(found: PaperAnalysis) -> list[list[Cell]]:
    """Return every figure of a paper as a row of a table, with its bounds, n and reason."""
    head: list[Cell] = [
        gettext("对象"),
        gettext("名称"),
        gettext("指标"),
        gettext("数值"),
        gettext("下限"),
        gettext("上限"),
        gettext("人数"),
        gettext("说明"),
    ]
    edition = f"{found.paper.ref} {gettext('第%(n)s版', n=found.paper.edition)}"
    body = list(_rows(gettext("试卷"), edition, found.analysis.figures))
    body += _rows(gettext("试卷"), edition, {"overlap": found.overlap})
    for question in found.analysis.questions:
        body += _rows(gettext("题位"), question.id, question.figures, question.flags)
    for row in found.questions:
        name = f"{row.line.bank}/{row.line.ref} {gettext('第%(n)s版', n=row.line.number)}"
        figures = {**row.figures.figures, "exposure": row.exposure}
        body += _rows(gettext("题目"), name, figures, row.figures.flags)
    return [head, *body]


def _rows(
    what: str, name: str, figures: Mapping[str, Figure], flags: Sequence[str] = ()
) -> Iterator[list[Cell]]:
    for key, figure in figures.items():
        why = gettext(WHY_WORDS[figure.why]) if figure.why else ""
        yield [what, name, gettext(FIGURE_WORDS[key]), figure.value, figure.low, figure.high, figure.n, why]
    for flag in flags:
        yield [what, name, gettext("要看"), None, None, None, None, gettext(FLAG_WORDS[flag])]
