"""What a question's figures ask of its author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cstrain.grading.statistics.distractors import OptionRow, misleading, unchosen
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST

HARD = 0.35
EASY = 0.85
REVIEW = 0.2
"""Bounds of facility and discrimination within which a question of a mastery test does its work
(docs/rules.md 6, rules of thumb)."""

DOUBTFUL = frozenset({"key", "distractor"})
"""Flags that speak against the key rather than the wording."""


def flags(
    n: int, facility: float | None, discrimination: float | None, rows: Sequence[OptionRow]
) -> tuple[str, ...]:
    """Return what should be looked at, the gravest first; nothing below ten answers.

    ``key``: the better candidates get it wrong. ``distractor``: the best third choose a wrong option more
    often than a right one. ``hard``, ``easy``: facility outside the bounds of a mastery test. ``vague``: it
    hardly tells good from weak. ``unchosen``: from thirty answers on, nobody chose some wrong option.
    """
    return tuple(_flags(n, facility, discrimination, rows)) if n >= ITEM_LEAST else ()


def _flags(
    n: int, facility: float | None, discrimination: float | None, rows: Sequence[OptionRow]
) -> Iterator[str]:
    if discrimination is not None and discrimination < 0:
        yield "key"
    if misleading(rows):
        yield "distractor"
    if facility is not None and facility < HARD:
        yield "hard"
    if discrimination is not None and 0 <= discrimination < REVIEW:
        yield "vague"
    if facility is not None and facility > EASY:
        yield "easy"
    if n >= TEST_LEAST and unchosen(rows):
        yield "unchosen"
