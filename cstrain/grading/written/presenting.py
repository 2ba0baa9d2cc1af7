"""How far markers agree, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from cstrain.grading.statistics.figure import Figure
from cstrain.grading.words import WHY_WORDS
from cstrain.grading.written.agreement import Pair, criteria, pairs
from cstrain.grading.written.facts import PartTitle, Twice
from cstrain.judgement.rubric import Rubric
from cstrain.ui.filters import percent


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure with its bounds as they are written; ``why`` says why it is withheld."""

    shown: str
    bounds: str
    why: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two markers over ``n`` answers."""

    markers: Pair
    n: int
    kappa: FigureWords
    icc: FigureWords
    within: FigureWords
    lead: FigureWords


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """Two markers at a criterion of a question."""

    markers: Pair
    stem: str
    number: int
    title: str
    n: int
    kappa: FigureWords


def pair_lines(rows: Sequence[Twice]) -> list[PairLine]:
    """Return the pairs of markers as lines of a table."""
    return [
        PairLine(
            one.markers,
            one.n,
            _plain(one.kappa),
            _plain(one.icc),
            _shares(one.within),
            _lead(one.lead),
        )
        for one in pairs(rows)
    ]


def criterion_lines(
    rows: Sequence[Twice], rubrics: Mapping[tuple[int, int], tuple[PartTitle, Rubric]]
) -> list[CriterionLine]:
    """Return the criteria as lines of a table; what is withheld is left out, for there is nothing to read."""
    found = criteria(rows, {key: rubric for key, (_title, rubric) in rubrics.items()})
    return [
        CriterionLine(
            one.markers,
            rubrics[one.version_id, one.part][0].stem,
            rubrics[one.version_id, one.part][0].number,
            one.title,
            one.kappa.n,
            _plain(one.kappa),
        )
        for one in found
        if one.kappa.value is not None
    ]


def _words(figure: Figure, shown: str, bounds: str = "") -> FigureWords:
    if figure.value is None:
        return FigureWords("", "", str(gettext(WHY_WORDS[figure.why])))
    return FigureWords(shown, bounds, "")


def _plain(figure: Figure) -> FigureWords:
    bounds = "" if figure.low is None or figure.high is None else f"{figure.low:.2f}–{figure.high:.2f}"
    return _words(figure, f"{figure.value:.2f}" if figure.value is not None else "", bounds)


def _shares(figure: Figure) -> FigureWords:
    low, high = figure.low, figure.high
    bounds = "" if low is None or high is None else f"{percent(low)}–{percent(high)}"
    return _words(figure, percent(figure.value), bounds)


def _lead(figure: Figure) -> FigureWords:
    if figure.low is None or figure.high is None:
        return _words(figure, _signed(figure.value))
    bounds = gettext("%(low)s到%(high)s", low=_signed(figure.low), high=_signed(figure.high))
    return _words(figure, _signed(figure.value), str(bounds))


def _signed(share: float | None) -> str:
    """Return a difference of shares in marks of a hundred, with its sign."""
    return f"{(share or 0.0) * 100:+.1f}".replace("-", "−")
