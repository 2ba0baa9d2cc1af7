"""How sure pass and fail are: the accuracy and the consistency of a cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.statistics.exact import Exact
from cstrain.grading.statistics.special import binomial_tail, nodes
from cstrain.grading.statistics.true_scores import TrueScores

ACCURACY_WANTED = 0.90
CONSISTENCY_WANTED = 0.85
"""Below either, a paper's results should not decide pay alone (docs/rules.md 6)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a cut is worth, all 0-1 but ``kappa``.

    ``accuracy``: how many are on the side of the cut where their true score lies. ``consistency``: how many
    two equal papers would put on the same side; ``chance``: by chance alone; ``kappa``: beyond chance.
    """

    accuracy: float
    consistency: float
    chance: float
    kappa: float | None


def decision(scores: TrueScores, length: float, cut: float) -> Decision:
    """Return accuracy and consistency by Livingston and Lewis 1995 in the form of Hanson 1991.

    ``cut`` is a share of the marks, 0-1. The effective length and the cut on its scale are rounded to the
    nearest whole number, as the authors do; errors are binomial.
    """
    trials = max(1, round(length))
    return decision_of(scores, trials, round(cut * trials), cut)


def decision_of(scores: TrueScores, trials: int, least: int, cut: float) -> Decision:
    """Return the decision for ``least`` right answers of ``trials`` and a true cut (share of the marks)."""
    place = scores.place(cut)
    below = _sums(scores, trials, least, 0.0, place)
    above = _sums(scores, trials, least, place, 1.0)
    mass, passing, both = (first + second for first, second in zip(below, above, strict=True))
    share = passing / mass
    accuracy = (below[0] - below[1] + above[1]) / mass
    consistency = 1 - 2 * (passing - both) / mass
    chance = share**2 + (1 - share) ** 2
    kappa = (consistency - chance) / (1 - chance) if chance < 1 else None
    return Decision(accuracy, consistency, chance, kappa)


def _sums(
    scores: TrueScores, trials: int, least: int, start: float, end: float
) -> tuple[float, float, float]:
    """Return how many have their true score between two places, how many of them pass once, and twice."""
    width = end - start
    mass, once, twice = [], [], []
    for near, far, weight in nodes() if width > 0 else ():
        place = start + width * near
        people = weight * width * scores.density(place, (1 - end) + width * far)
        passes = binomial_tail(least, trials, scores.low + (scores.high - scores.low) * place)
        mass.append(people)
        once.append(people * passes)
        twice.append(people * passes * passes)
    return math.fsum(mass), math.fsum(once), math.fsum(twice)


def subkoviak(marks: Sequence[Exact], length: int, reliability: float, cut: Exact) -> Decision | None:
    """Return the consistency of a cut on right-or-wrong questions from one sitting (Subkoviak 1976).

    Each person's true share is regressed to the mean; ``accuracy`` is not part of the method and is nan.
    ``None`` when the reliability is not between 0 and 1.
    """
    if not 0 <= reliability <= 1 or not marks or length < 1:
        return None
    mean = float(Fraction(sum(marks)) / len(marks))
    least = math.ceil(cut)
    passing = [
        binomial_tail(least, length, (reliability * float(mark) + (1 - reliability) * mean) / length)
        for mark in marks
    ]
    consistency = math.fsum(p * p + (1 - p) * (1 - p) for p in passing) / len(passing)
    share = math.fsum(passing) / len(passing)
    chance = share * share + (1 - share) * (1 - share)
    kappa = (consistency - chance) / (1 - chance) if chance < 1 else None
    return Decision(math.nan, consistency, chance, kappa)
