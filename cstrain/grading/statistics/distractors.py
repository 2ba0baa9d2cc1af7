"""Who chose which option: the table that tells whether wrong options do their work and the key is right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.statistics.groups import Group, best, weakest

_THIRD = Fraction(1, 3)
NOT_ANSWERED = ""
"""The option of those who chose none."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option: chosen by ``n`` people, a ``share`` of all, whose mean rest of the marks is ``rest``.

    ``upper``, ``middle``, ``lower``: its share in each third of the people by the rest of their marks.
    """

    option: str
    key: bool
    n: int
    share: float
    rest: float | None
    upper: float
    middle: float
    lower: float


def table(
    picks: Sequence[Collection[str]],
    rests: Sequence[int],
    options: Sequence[str],
    keys: Collection[str],
    scale: int = 1,
) -> tuple[OptionRow, ...]:
    """Return a row for each option in order, and one for no answer if anybody gave none.

    ``picks``: what each person chose; ``rests``: what they earned elsewhere, in 1/``scale`` marks.
    """
    upper, lower = best(rests, _THIRD), weakest(rests, _THIRD)
    chose: dict[str, list[int]] = {option: [] for option in options}
    for picked, rest in zip(picks, rests, strict=True):
        for option in picked or (NOT_ANSWERED,):
            chose.setdefault(option, []).append(rest)
    return tuple(
        _row(option, option in keys, found, len(picks), (upper, lower), scale)
        for option, found in chose.items()
    )


def _row(
    option: str, key: bool, rests: Sequence[int], n: int, thirds: tuple[Group, Group], scale: int
) -> OptionRow:
    upper, lower = (float(group.count(rests) / group.size) for group in thirds)
    share = len(rests) / n
    return OptionRow(
        option,
        key,
        len(rests),
        share,
        sum(rests) / len(rests) / scale if rests else None,
        upper,
        3 * share - upper - lower if rests else 0.0,
        lower,
    )


def misleading(rows: Sequence[OptionRow]) -> list[str]:
    """Return the wrong options that the best third chose more often than a right one."""
    right = [row.upper for row in rows if row.key]
    if not right:
        return []
    return [row.option for row in rows if not row.key and row.option and row.upper > min(right)]


def unchosen(rows: Sequence[OptionRow]) -> list[str]:
    """Return the wrong options that nobody chose."""
    return [row.option for row in rows if not row.key and row.n == 0]
