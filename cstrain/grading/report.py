"""An analysis in figures for a machine (JSON) and for the eye (aligned text). Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from cstrain.grading import words
from cstrain.grading.statistics.analysis import Analysis
from cstrain.grading.statistics.distractors import OptionRow
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST, Figure, Why
from cstrain.grading.statistics.question_figures import QuestionFigures


def as_json(found: Analysis) -> dict[str, Any]:
    """Return ``test`` and ``questions``; shares are 0-1, what is withheld is null (why: in ``withheld``)."""
    test = {
        "n": found.n,
        "complete": found.complete,
        "questions": len(found.questions),
        "max": None if found.most is None else float(found.most),
        "cut": None if found.cut is None else float(found.cut),
    }
    return {
        "test": test | _figures(found.figures.items()),
        "questions": [_question(question) for question in found.questions],
    }


def _figures(figures: Iterable[tuple[str, Figure]]) -> dict[str, Any]:
    """Return each figure by name, its bounds as ``name_low`` and ``name_high`` where it has some."""
    flat: dict[str, Any] = {}
    withheld: dict[str, str] = {}
    for name, figure in figures:
        flat[name] = figure.value
        if figure.low is not None:
            flat |= {f"{name}_low": figure.low, f"{name}_high": figure.high}
        if figure.why:
            withheld[name] = figure.why
    return flat | {"withheld": withheld}


def _question(question: QuestionFigures) -> dict[str, Any]:
    head = {
        "id": question.id,
        "n": question.n,
        "max": None if question.most is None else float(question.most),
    }
    rows = [_option(row) for row in question.options]
    return (
        head | _figures(question.figures.items()) | {"flags": list(question.flags), "options": rows or None}
    )


def _option(row: OptionRow) -> dict[str, Any]:
    return {
        "option": row.option or None,
        "key": row.key,
        "n": row.n,
        "share": row.share,
        "mean_rest": row.rest,
        "upper": row.upper,
        "middle": row.middle,
        "lower": row.lower,
    }


def as_text(found: Analysis) -> Iterator[str]:
    """Yield the lines of a report: the paper's figures, then a table of its questions."""
    yield f"人数 {found.n}，题数 {len(found.questions)}，满分 {_number(found.most)}"
    if found.complete < found.n:
        yield f"其中 {found.complete} 人每题都有分；其余缺分，按两两都有分的人计算。"
    yield from _aligned(
        [
            [
                words.FIGURE_WORDS[name],
                _number(figure.value),
                _bounds(figure),
                words.WHY_WORDS.get(figure.why, ""),
            ]
            for name, figure in found.figures.items()
        ]
    )
    yield ""
    head = ["题目", "人数", "得分率", "95%区间", "区分度", "95%区间", "效率", "权重", "要看"]
    yield from _aligned([head, *(_line(question) for question in found.questions)])
    if any(figure.why == Why.FEW for figure in found.figures.values()):
        yield ""
        yield f"不足{ITEM_LEAST}人不给题目的数字，不足{TEST_LEAST}人不给信度。"


def _line(question: QuestionFigures) -> list[str]:
    figures = question.figures
    facility, agrees = figures["facility"], figures["discrimination"]
    return [
        question.id,
        str(question.n),
        _number(facility.value),
        _bounds(facility),
        _number(agrees.value),
        _bounds(agrees),
        _number(figures["efficiency"].value),
        _number(figures["effective_weight"].value),
        "、".join(words.FLAG_WORDS[flag] for flag in question.flags),
    ]


def _number(value: float | Fraction | None) -> str:
    return "—" if value is None else f"{float(value):.3f}"


def _bounds(figure: Figure) -> str:
    return "" if figure.low is None else f"{_number(figure.low)}–{_number(figure.high)}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines whose columns stand under each other: names left, figures right."""
    widths = [max(map(_wide, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - _wide(cell)) if place in (0, len(row) - 1) else _right(cell, width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _right(cell: str, width: int) -> str:
    return " " * (width - _wide(cell)) + cell


def _wide(text: str) -> int:
    """Return how many places a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
