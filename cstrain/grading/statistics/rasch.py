"""Difficulties on the scale of Rasch (1960) by conditional maximum likelihood (Andersen 1972)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_CLOSE = 1e-13
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class RaschFit:
    """Difficulties in logits, which add up to 0, and the conditional log-likelihood."""

    difficulties: tuple[float, ...]
    likelihood: float


def rasch(rows: Sequence[Sequence[int]]) -> RaschFit | None:
    """Fit right-or-wrong answers, a row a person. Who got all or nothing right tells nothing and is left out.

    ``None`` when some question was got right by all of the others or by none: it has no difficulty then.
    Each round gives every question the easiness that would explain its right answers (scaling to margins).
    """
    length = len(rows[0])
    told = [row for row in rows if 0 < sum(row) < length]
    wins = [sum(column) for column in zip(*told, strict=True)]
    if not told or not all(0 < each < len(told) for each in wins):
        return None
    scores = Counter(map(sum, told))
    easiness = [each / (len(told) - each) for each in wins]
    for _ in range(_MOST_ROUNDS):
        nearer = _scaled([_explained(easiness, place, scores, won) for place, won in enumerate(wins)])
        done = max(abs(new / old - 1) for new, old in zip(nearer, easiness, strict=True)) < _CLOSE
        easiness = nearer
        if done:
            break
    whole = _sums(easiness)
    likelihood = math.fsum(won * math.log(each) for won, each in zip(wins, easiness, strict=True))
    likelihood -= math.fsum(count * math.log(whole[score]) for score, count in scores.items())
    return RaschFit(tuple(-math.log(each) for each in easiness), likelihood)


def _sums(values: Sequence[float]) -> list[float]:
    """Return the elementary symmetric functions: the sum of all products of r of the values, r from 0."""
    found = [1.0]
    for value in values:
        found = [own + value * less for own, less in zip([*found, 0.0], [0.0, *found], strict=True)]
    return found


def _explained(easiness: Sequence[float], place: int, scores: Counter[int], won: int) -> float:
    whole = _sums(easiness)
    others = _sums([*easiness[:place], *easiness[place + 1 :]])
    return won / math.fsum(count * others[score - 1] / whole[score] for score, count in scores.items())


def _scaled(values: Sequence[float]) -> list[float]:
    middle = math.exp(math.fsum(map(math.log, values)) / len(values))
    return [value / middle for value in values]
