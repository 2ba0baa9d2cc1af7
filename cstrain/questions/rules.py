"""What a bank pays to those who guess: positions of right options, their lengths, true and false. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.questions.bank_facts import SourceQuestion


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the right option stands, over the single-choice questions with so many options."""

    options: int
    counts: tuple[int, ...]
    p: float | None


@dataclass(frozen=True, slots=True)
class Guessing:
    """What a bank pays to somebody who reads nothing; ``None`` where there are too few questions to say.

    Shares are of the marks of the bank's single-choice (``chance``, ``longest``, ``shortest``) or true/false
    (``always_true``) questions.
    """

    single_choice: int
    true_false: int
    chance: Fraction | None
    longest: Fraction | None
    shortest: Fraction | None
    always_true: Fraction | None
    positions: tuple[Positions, ...]


def chi_square_tail(x: float, freedom: int) -> float:
    """Return the probability that chi-square with ``freedom`` degrees (>= 1) exceeds ``x`` (>= 0).

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 (odd) and 26.4.5 (even); the
    closed form for three degrees is erfc(sqrt(x/2)) + sqrt(2x/pi) exp(-x/2).
    """
    if freedom % 2 == 0:
        total = term = 1.0
        for step in range(2, freedom, 2):
            term *= x / step
            total += term
        return math.exp(-x / 2) * total
    total, term = 0.0, math.sqrt(x)
    for step in range(1, freedom, 2):
        total += term
        term *= x / (step + 2)
    return math.erfc(math.sqrt(x / 2)) + math.sqrt(2 / math.pi) * math.exp(-x / 2) * total


def uniform_p(counts: Sequence[int]) -> float:
    """Return Pearson's chi-square p that the counts (two or more, not all 0) come from equal chances."""
    expected = sum(counts) / len(counts)
    return chi_square_tail(sum((count - expected) ** 2 for count in counts) / expected, len(counts) - 1)


def guessing(questions: Iterable[SourceQuestion], least_choice: int, least_true_false: int) -> Guessing:
    """Return what guessing strategies earn; withheld below the least numbers of questions."""
    asked = list(questions)
    choice = [each for each in asked if each.type == "single_choice"]
    judged = [each for each in asked if each.type == "true_false"]
    enough = len(choice) >= max(least_choice, 1)
    trues = sum(each.key["right"] is True for each in judged)
    return Guessing(
        single_choice=len(choice),
        true_false=len(judged),
        chance=_mean([Fraction(1, len(_lengths(each))) for each in choice]) if enough else None,
        longest=_mean([_earned(each, max) for each in choice]) if enough else None,
        shortest=_mean([_earned(each, min) for each in choice]) if enough else None,
        always_true=Fraction(trues, len(judged)) if len(judged) >= max(least_true_false, 1) else None,
        positions=_positions(choice, least_choice),
    )


def _lengths(question: SourceQuestion) -> list[int]:
    return [len(option["text"].strip()) for option in question.content["options"]]


def _right(question: SourceQuestion) -> int:
    return int(question.key["right"][0])


def _earned(question: SourceQuestion, extreme: Callable[[list[int]], int]) -> Fraction:
    """Return what choosing the longest (or shortest) option earns; a tie is split."""
    lengths = _lengths(question)
    picked = extreme(lengths)
    return Fraction(int(lengths[_right(question)] == picked), lengths.count(picked))


def _mean(shares: list[Fraction]) -> Fraction:
    return sum(shares, Fraction(0)) / len(shares)


def _positions(choice: list[SourceQuestion], least: int) -> tuple[Positions, ...]:
    """Count the right positions in each group of equally many options; p needs five expected in each."""
    groups: dict[int, Counter[int]] = {}
    for question in choice:
        groups.setdefault(len(_lengths(question)), Counter())[_right(question)] += 1
    found = []
    for options, counter in sorted(groups.items()):
        counts = tuple(counter[at] for at in range(options))
        enough = sum(counts) >= max(least, 5 * options)
        found.append(Positions(options, counts, uniform_p(counts) if enough else None))
    return tuple(found)
