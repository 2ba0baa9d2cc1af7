"""From what judges said to a recommendation. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cstrain.grading.standards.facts import BOUND_NAMES, Given, StudyItem
from cstrain.grading.statistics.standards import Angoff, Bounds, Hofstee, angoff, hofstee, mean_bounds
from cstrain.kernel.ids import PersonId

_HUNDRED = 100


def missing(given: Given, items: Sequence[StudyItem], *, by_question: bool) -> list[str]:
    """Return what a judge has not said yet: slots, or names of the four numbers."""
    wanted = [str(item.slot) for item in items] if by_question else list(BOUND_NAMES)
    return [name for name in wanted if name not in given]


def contradicts(given: Given) -> bool:
    """Tell whether a judge's four numbers are not in order or outside 0-100."""
    if not all(0 <= given[name] <= _HUNDRED for name in BOUND_NAMES):
        return True
    return given["cut_low"] > given["cut_high"] or given["fail_low"] > given["fail_high"]


def shares(given: Given, items: Sequence[StudyItem]) -> list[Fraction]:
    """Return a judge's ratings as shares, in the order of the questions."""
    return [Fraction(given[str(item.slot)]) / _HUNDRED for item in items]


def panel(ratings: Mapping[PersonId, Given], items: Sequence[StudyItem]) -> Angoff:
    """Return what judges of single questions found."""
    return angoff(
        {int(judge): shares(given, items) for judge, given in ratings.items()},
        [Fraction(item.marks) for item in items],
    )


def bounds_of(given: Given) -> Bounds:
    """Return a judge's four numbers; shares that fail are 0-1 there."""
    low, high, fewest, most = (Fraction(given[name]) for name in BOUND_NAMES)
    return Bounds(low, high, fewest / _HUNDRED, most / _HUNDRED)


def compromise(ratings: Mapping[PersonId, Given], marks: Sequence[Fraction]) -> Hofstee:
    """Return what judges of the whole found, beside the marks people got."""
    return hofstee([bounds_of(given) for given in ratings.values()], marks)


def panel_bounds(ratings: Mapping[PersonId, Given]) -> Bounds:
    """Return the mean of the judges' four numbers."""
    return mean_bounds([bounds_of(given) for given in ratings.values()])


def angoff_record(found: Angoff, first: Angoff | None) -> dict[str, Any]:
    """Return what is kept of a closed panel of single questions; ``first``: round one, if there were two."""
    return {
        "cut": text(found.cut),
        "error": found.error,
        "icc": found.icc,
        "judges": found.judges,
        "first_cut": None if first is None else text(first.cut),
        "first_error": None if first is None else first.error,
    }


def hofstee_record(found: Hofstee, judges: int) -> dict[str, Any]:
    """Return what is kept of a closed panel of four numbers."""
    bounds = found.bounds
    return {
        "cut": None if found.cut is None else text(found.cut),
        "failing": None if found.failing is None else float(found.failing),
        "crossing": str(found.crossing),
        "people": found.people,
        "judges": judges,
        "bounds": [
            text(bounds.cut_low),
            text(bounds.cut_high),
            float(bounds.fail_low),
            float(bounds.fail_high),
        ],
    }


def text(mark: Fraction) -> str:
    """Return a mark with two decimals, for the record."""
    return str((Decimal(mark.numerator) / Decimal(mark.denominator)).quantize(Decimal("0.01")))
