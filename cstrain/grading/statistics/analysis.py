"""A whole sheet analysed: the paper's figures and those of its questions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from cstrain.grading.statistics import moments
from cstrain.grading.statistics import reliability as rel
from cstrain.grading.statistics.cut_figures import Totals, cut_figures
from cstrain.grading.statistics.exact import mean, variance, whole
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST, Figure, Why, figure
from cstrain.grading.statistics.intervals import around, feldt, of_mean
from cstrain.grading.statistics.item import Spread, effective_weights
from cstrain.grading.statistics.pairwise import spreads
from cstrain.grading.statistics.question_figures import Answers, QuestionFigures, question_figures
from cstrain.grading.statistics.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Analysis:
    """A paper: ``n`` people, ``complete`` of them with every mark, figures by name, its questions in order.

    Names: mean, sd, median, skewness, kurtosis, alpha, kr20, kr21, error_ratio, sem, and with a cut those of
    ``cut_figures``. Marks of those with every mark are in ``totals``.
    """

    n: int
    complete: int
    most: Fraction | None
    cut: Fraction | None
    figures: Mapping[str, Figure]
    questions: tuple[QuestionFigures, ...]
    totals: tuple[Fraction, ...]


class _Table:
    """A sheet in whole numbers, with what its figures share."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.columns, self.scale = whole(sheet.marks)
        rows = list(zip(*self.columns, strict=True))
        self.rows = [tuple(mark for mark in row if mark is not None) for row in rows if None not in row]
        self.n = sum(any(mark is not None for mark in row) for row in rows)
        self.totals = [sum(row) for row in self.rows]
        self.spreads = spreads(self.columns) if self.n >= ITEM_LEAST else None

    @property
    def scores(self) -> tuple[Fraction, ...]:
        """The whole marks of those who have every mark."""
        return tuple(Fraction(total, self.scale) for total in self.totals)

    def right(self) -> list[int] | None:
        """Return how many each got right; ``None`` unless all are worth the same and right or wrong."""
        worth = {question.most for question in self.sheet.questions}
        unit = worth.pop() if len(worth) == 1 else None
        if not unit:
            return None
        one = int(unit * self.scale)
        if any(mark not in (0, one) for row in self.rows for mark in row):
            return None
        return [total // one for total in self.totals]


def analyse(sheet: Sheet, cut: Fraction | None = None) -> Analysis:
    """Analyse a sheet; ``cut`` (in marks, above 0 and at most what it can earn) adds pass and fail."""
    table = _Table(sheet)
    figures = _shape(table) | _reliability(table)
    if cut is not None:
        figures |= cut_figures(_totals(table, figures["alpha"].value), cut)
    return Analysis(
        table.n, len(table.rows), sheet.most, cut, figures, tuple(_questions(table)), table.scores
    )


def _totals(table: _Table, alpha: float | None) -> Totals:
    return Totals(table.scores, table.sheet.most, len(table.columns), alpha, table.right())


def _spread(table: _Table) -> float | None:
    """Return the standard deviation of the marks, with n - 1, in marks."""
    if not table.spreads:
        return None
    return math.sqrt(max(Fraction(0), table.spreads[0].whole)) / table.scale


def _shape(table: _Table) -> dict[str, Figure]:
    """Return mean and standard deviation of all, the rest of those who have every mark."""
    n, complete, scores = table.n, len(table.rows), table.scores
    sd = _spread(table)
    shape = moments.shape(scores) if complete >= TEST_LEAST else moments.Shape(None, None)
    middle = partial(figure, complete, TEST_LEAST)
    return {
        "mean": figure(
            n, ITEM_LEAST, lambda: _mean(table), lambda found: None if sd is None else of_mean(found, sd, n)
        ),
        "sd": figure(n, ITEM_LEAST, lambda: sd),
        "median": figure(complete, ITEM_LEAST, lambda: float(moments.median(scores))),
        "skewness": middle(
            lambda: shape.skewness, lambda found: around(found, moments.skewness_error(complete))
        ),
        "kurtosis": middle(
            lambda: shape.kurtosis, lambda found: around(found, moments.kurtosis_error(complete))
        ),
    }


def _mean(table: _Table) -> float:
    """Return the sum of the questions' means: the mean of the marks when none is missing."""
    known = ([mark for mark in column if mark is not None] for column in table.columns)
    return float(sum((mean(column) for column in known if column), Fraction(0)) / table.scale)


def _reliability(table: _Table) -> dict[str, Figure]:
    """Return alpha and what follows from it. Its bounds rest on the question with the fewest marks."""
    n, length = table.n, len(table.columns)
    fewest = min((sum(mark is not None for mark in column) for column in table.columns), default=0)
    alpha = figure(
        n,
        TEST_LEAST,
        lambda: _alpha(table.spreads),
        lambda found: feldt(found, fewest, length),
        why=Why.LENGTH if length < 2 else Why.SAME,
    )
    right = table.right()
    simple = partial(figure, len(table.rows), TEST_LEAST, why=Why.SCALE if right is None else alpha.why)
    return {
        "alpha": alpha,
        "kr20": simple(lambda: None if right is None else _kr20(table, right)),
        "kr21": simple(lambda: None if right is None else rel.kr21(length, mean(right), _with_n(right))),
        "error_ratio": _error(alpha, 1.0),
        "sem": _error(alpha, _spread(table) or 0.0),
    }


def _alpha(found: Sequence[Spread] | None) -> float | None:
    return rel.alpha([each.own for each in found], found[0].whole) if found else None


def _kr20(table: _Table, right: Sequence[int]) -> float | None:
    worth = max(max(row) for row in table.rows) or 1
    shares = [mean(column) / worth for column in zip(*table.rows, strict=True)]
    return rel.kr20(shares, _with_n(right))


def _with_n(marks: Sequence[int]) -> Fraction:
    """Return the variance with n in the denominator, as the formulas of Kuder and Richardson need it."""
    return variance(marks) * (len(marks) - 1) / len(marks)


def _error(alpha: Figure, unit: float) -> Figure:
    """Return the share of ``unit`` that is error at this alpha; the higher alpha, the lower the error."""
    if alpha.value is None:
        return alpha
    low, high = (
        None if end is None else unit * rel.error_ratio(min(1.0, end)) for end in (alpha.high, alpha.low)
    )
    return Figure(unit * rel.error_ratio(alpha.value), alpha.n, low, high)


def _questions(table: _Table) -> list[QuestionFigures]:
    """Return the figures of every question, in order."""
    marks = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    weights = effective_weights([each.shared for each in table.spreads or ()]) or [None] * len(marks)
    return [_question(table, place, marks[place], weight) for place, weight in enumerate(weights)]


def _question(table: _Table, place: int, marks: Sequence[int], weight: float | None) -> QuestionFigures:
    question = table.sheet.questions[place]
    rests = [total - mark for mark, total in zip(marks, table.totals, strict=True)]
    own = [mark for mark in table.columns[place] if mark is not None]
    spread = table.spreads[place] if table.spreads else None
    answers = Answers(own, marks, rests, table.totals, table.scale, table.scale, spread)
    picks = table.sheet.picks[place] if table.sheet.picks and question.keys else None
    found = question_figures(question, answers, picks)
    share = figure(len(own), ITEM_LEAST, lambda: weight, why=Why.WEIGHT)
    return replace(found, figures={**found.figures, "effective_weight": share})
