"""What the review band covers: simulated cohorts sit a paper, and their true marks are known.

``python -m benchmarks.review_band [--cohorts 1000] [--people 40] [--length 50] [--cut 80]``. Abilities are
normal, questions differ in difficulty, answers are right or wrong with the chance of the logistic model. The
band is the product's own: worked out from each cohort's marks as the release desk does it.
"""

from __future__ import annotations

import argparse
import math
import random
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cstrain.grading.analysis.facts import Released, SlotScore
from cstrain.grading.analysis.rules import THOUSAND, paper_figures
from cstrain.grading.band.rules import band_error, in_band
from cstrain.kernel.ids import AttemptId

_ABILITY, _SPREAD, _DIFFICULTY = 1.6, 0.7, 0.8
_NEAR = 1.0
"""Who counts as standing at the cut: a true mark within so many marks of it."""


@dataclass(slots=True)
class Coverage:
    """Counts over all cohorts; shares are 0-1, nan where nobody was there."""

    cohorts: int = 0
    people: int = 0
    near: int = 0
    near_in_band: int = 0
    wrong: int = 0
    wrong_in_band: int = 0
    inside: int = 0
    by_form: int = 0

    @property
    def at_cut(self) -> float:
        """Of those whose true mark is the cut: how many fall into the band."""
        return _share(self.near_in_band, self.near)

    @property
    def caught(self) -> float:
        """Of those whom the paper puts on the wrong side: how many are in the band."""
        return _share(self.wrong_in_band, self.wrong)

    @property
    def right_outside(self) -> float:
        """How many outside the band are on their true side."""
        return 1 - _share(self.wrong - self.wrong_in_band, self.people - self.inside)

    @property
    def right_inside(self) -> float:
        """How many inside the band are on their true side."""
        return 1 - _share(self.wrong_in_band, self.inside)

    @property
    def in_band(self) -> float:
        """How many people somebody has to look at."""
        return _share(self.inside, self.people)

    @property
    def right(self) -> float:
        """How many of all are on their true side: the accuracy of the paper."""
        return 1 - _share(self.wrong, self.people)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def simulate(*, cohorts: int, people: int, length: int, cut: Decimal, seed: int) -> Coverage:
    """Return what the band covers in so many cohorts."""
    chance, found = random.Random(seed), Coverage()
    for _ in range(cohorts):
        _cohort(chance, found, people, length, cut)
        found.cohorts += 1
    return found


def _cohort(chance: random.Random, found: Coverage, people: int, length: int, cut: Decimal) -> None:
    questions = [chance.gauss(0, _DIFFICULTY) for _ in range(length)]
    each = Decimal(100) / length
    of = int(each * THOUSAND)
    true, results = [], []
    for number in range(people):
        ability = chance.gauss(_ABILITY, _SPREAD)
        odds = [1 / (1 + math.exp(hard - ability)) for hard in questions]
        slots = {slot: SlotScore(of if chance.random() < p else 0, of) for slot, p in enumerate(odds, 1)}
        true.append(100 * sum(odds) / length)
        results.append(Released(AttemptId(number), sum(one.earned for one in slots.values()), slots))
    error = band_error(paper_figures(results, Fraction(cut)).figures, [each] * length, cut)
    found.by_form += error.kind == "form"
    for mark, result in zip(true, results, strict=True):
        _count(found, mark, Decimal(result.raw) / THOUSAND, cut, error.marks)


def _count(found: Coverage, true: float, raw: Decimal, cut: Decimal, error: Decimal) -> None:
    inside, wrong = in_band(raw, cut, error), (raw >= cut) != (true >= float(cut))
    near = abs(true - float(cut)) <= _NEAR
    found.people += 1
    found.inside += inside
    found.wrong += wrong
    found.wrong_in_band += wrong and inside
    found.near += near
    found.near_in_band += near and inside


def main() -> None:
    """Print what the band covers."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("cohorts", 1000), ("people", 40), ("length", 50), ("cut", 80), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    found = simulate(
        cohorts=asked.cohorts,
        people=asked.people,
        length=asked.length,
        cut=Decimal(asked.cut),
        seed=asked.seed,
    )
    print(f"cohorts {found.cohorts}, people {found.people}, of the form alone {found.by_form}")
    print(f"true mark at the cut: in the band {found.at_cut:.3f} ({found.near} people)")
    print(f"on the wrong side: {found.wrong}, of them in the band {found.caught:.3f}")
    print(f"in the band {found.in_band:.3f}, on their true side there {found.right_inside:.3f}")
    print(f"outside it on their true side {found.right_outside:.3f}; all {found.right:.3f}")


if __name__ == "__main__":
    main()
