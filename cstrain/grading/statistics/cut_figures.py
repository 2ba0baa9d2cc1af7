"""What a cut on the marks is worth: errors at the cut, accuracy and consistency of pass and fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.statistics import reliability as rel
from cstrain.grading.statistics.consistency import Decision, decision, subkoviak
from cstrain.grading.statistics.exact import mean, variance
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST, Figure, Why, figure
from cstrain.grading.statistics.intervals import feldt, wilson
from cstrain.grading.statistics.true_scores import effective_length, fit


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole marks of people who have every mark, between 0 and ``most``, of ``length`` questions.

    ``right``: how many they got right, where questions are only right or wrong; else ``None``.
    """

    marks: Sequence[Fraction]
    most: Fraction | None
    length: int
    alpha: float | None
    right: Sequence[int] | None


def cut_figures(totals: Totals, cut: Fraction) -> dict[str, Figure]:
    """Return the figures of a cut (in marks), withheld below thirty people (who pass: below ten).

    Names: passing, csem_lord, csem_keats, csem_effective, accuracy, consistency, kappa,
    subkoviak_consistency, subkoviak_kappa. Bounds of accuracy, consistency and kappa span what they would be
    at the bounds of alpha (Feldt): no others are published.
    """
    n = len(totals.marks)
    passing = sum(mark >= cut for mark in totals.marks)
    found = {"passing": figure(n, ITEM_LEAST, lambda: passing / n, lambda share: wilson(share, n))}
    found |= _errors(totals, cut)
    found |= _decisions(totals, cut)
    return found | _one_sitting(totals, cut)


def _errors(totals: Totals, cut: Fraction) -> dict[str, Figure]:
    """Return the conditional standard errors at the cut, in marks."""
    n, length = len(totals.marks), totals.length
    unit = totals.most / length if totals.most and length else Fraction(1)
    reliability = _usable(totals.alpha)
    binomial = totals.right is not None

    def lord() -> float | None:
        error = rel.lord(cut / unit, length) if binomial else None
        return None if error is None else error * float(unit)

    def keats() -> float | None:
        right = totals.right
        if right is None or reliability is None:
            return None
        simple = rel.kr21(length, mean(right), variance(right) * (n - 1) / n)
        error = None if simple is None else rel.keats(cut / unit, length, reliability, simple)
        return None if error is None else error * float(unit)

    def effective() -> float | None:
        trials = _trials(totals, reliability)
        if trials is None or totals.most is None:
            return None
        return rel.effective_error(float(cut / totals.most), float(totals.most), trials)

    why = Why.RELIABILITY if binomial else Why.SCALE
    return {
        "csem_lord": figure(n, TEST_LEAST, lord, why=Why.LENGTH if binomial else Why.SCALE),
        "csem_keats": figure(n, TEST_LEAST, keats, why=why),
        "csem_effective": figure(n, TEST_LEAST, effective, why=Why.RELIABILITY),
    }


def _usable(alpha: float | None) -> float | None:
    """Return a reliability that formulas can work with: between 0 and 1."""
    return alpha if alpha is not None and 0 < alpha < 1 else None


def _trials(totals: Totals, reliability: float | None) -> float | None:
    if reliability is None or not totals.most or len(totals.marks) < 2:
        return None
    return effective_length(
        float(mean(totals.marks)), float(variance(totals.marks)), float(totals.most), reliability
    )


def _decisions(totals: Totals, cut: Fraction) -> dict[str, Figure]:
    """Return accuracy, consistency and kappa by Livingston and Lewis."""
    n = len(totals.marks)
    enough = n >= TEST_LEAST
    middle = _decision(totals, totals.alpha, cut) if enough else None
    ends = [_decision(totals, end, cut) for end in _ends(totals, n)] if middle else []

    def of(part: Callable[[Decision], float | None]) -> Figure:
        value = part(middle) if middle else None
        known = [found for each in (*ends, middle) if each and (found := part(each)) is not None]
        bounds = (min(known), max(known)) if len(known) == 3 else None
        return figure(n, TEST_LEAST, lambda: value, lambda _: bounds, why=Why.RELIABILITY)

    return {
        "accuracy": of(lambda found: found.accuracy),
        "consistency": of(lambda found: found.consistency),
        "kappa": of(lambda found: found.kappa),
    }


def _ends(totals: Totals, n: int) -> tuple[float, ...]:
    return (feldt(totals.alpha, n, totals.length) or ()) if totals.alpha is not None else ()


def _decision(totals: Totals, alpha: float | None, cut: Fraction) -> Decision | None:
    trials = _trials(totals, _usable(alpha))
    if trials is None or not totals.most:
        return None
    scores = fit([float(mark) for mark in totals.marks], float(totals.most), trials)
    return decision(scores, trials, float(cut / totals.most)) if scores else None


def _one_sitting(totals: Totals, cut: Fraction) -> dict[str, Figure]:
    """Return the consistency and kappa of Subkoviak, for questions that are only right or wrong."""
    n, right = len(totals.marks), totals.right
    reliability = _usable(totals.alpha)
    found = None
    if right is not None and reliability is not None and totals.most and n >= TEST_LEAST:
        found = subkoviak(right, totals.length, reliability, cut * totals.length / totals.most)
    why = Why.SCALE if right is None else Why.RELIABILITY
    return {
        "subkoviak_consistency": figure(n, TEST_LEAST, lambda: found.consistency if found else None, why=why),
        "subkoviak_kappa": figure(n, TEST_LEAST, lambda: found.kappa if found else None, why=why),
    }
