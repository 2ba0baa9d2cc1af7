"""All figures of the questions of a sheet, each with its n and its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from cstrain.grading.statistics import item
from cstrain.grading.statistics.distractors import OptionRow, table
from cstrain.grading.statistics.exact import variance
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure, Why, figure
from cstrain.grading.statistics.flags import flags
from cstrain.grading.statistics.intervals import fisher_z, wilson
from cstrain.grading.statistics.item import Spread
from cstrain.grading.statistics.sheet import Question


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """A question: figures by name, the table of its options (empty: withheld or none), what to look at.

    Names: facility, sd (marks), discrimination, efficiency, upper_lower, point_biserial; effective_weight
    where all people had the same questions or places.
    """

    id: str
    n: int
    most: Fraction | None
    figures: Mapping[str, Figure]
    options: tuple[OptionRow, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What people earned at one question (``marks``), elsewhere (``rests``) and in all (``totals``).

    All three of the people who have every mark; ``own``: of all who have a mark here. In 1/``scale`` marks,
    rests and totals in 1/``rest_scale``. ``spread`` is ``None`` below two people.
    """

    own: Sequence[int]
    marks: Sequence[int]
    rests: Sequence[int]
    totals: Sequence[int]
    scale: int
    rest_scale: int
    spread: Spread | None


def question_figures(
    question: Question, answers: Answers, picks: Sequence[frozenset[str]] | None
) -> QuestionFigures:
    """Return the figures of one question; withheld below ten answers."""
    own, n, complete = answers.own, len(answers.own), len(answers.marks)
    most = int(question.most * answers.scale) if question.most else 0
    spread = answers.spread
    of_all = partial(figure, n, ITEM_LEAST)
    of_complete = partial(figure, complete, ITEM_LEAST)
    found = {
        "facility": of_all(lambda: item.facility(own, most), lambda share: wilson(share, n), why=Why.UNKNOWN),
        "sd": of_all(lambda: float(variance(own)) ** 0.5 / answers.scale),
        "discrimination": of_all(
            lambda: item.discrimination(spread) if spread else None, lambda agrees: fisher_z(agrees, n)
        ),
        "efficiency": of_complete(lambda: item.efficiency(answers.marks, answers.rests)),
        "upper_lower": of_complete(
            lambda: item.upper_lower(answers.marks, answers.totals, most), why=Why.UNKNOWN
        ),
        "point_biserial": of_all(
            lambda: item.point_biserial(spread) if spread else None, lambda agrees: fisher_z(agrees, n)
        ),
    }
    rows: tuple[OptionRow, ...] = ()
    if picks is not None and n >= ITEM_LEAST:
        rows = table(picks, answers.rests, question.options, question.keys, answers.rest_scale)
    raised = flags(n, found["facility"].value, found["discrimination"].value, rows)
    return QuestionFigures(question.id, n, question.most, found, rows, raised)
