"""What an analysis starts from: questions, and what each person earned and chose at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Question:
    """A column: its name, the most it can earn (``None``: not known), the right options where it has some.

    ``options``: all options in order, as far as they are known beforehand.
    """

    id: str
    most: Fraction | None
    keys: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()


Marks = Sequence[Sequence[Fraction | None]]
"""A column for each question, a mark for each person; ``None``: there is no mark."""

Picks = Sequence[Sequence[frozenset[str]]]
"""A column for each question, what each person chose; an empty set: not answered."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as it was answered by the same people throughout. ``picks`` only where options are known."""

    questions: tuple[Question, ...]
    marks: Marks
    picks: Picks | None = None

    @property
    def people(self) -> int:
        """How many people."""
        return len(self.marks[0]) if self.marks else 0

    @property
    def most(self) -> Fraction | None:
        """The most the paper can earn; ``None`` when it is not known of some question."""
        known = [question.most for question in self.questions if question.most is not None]
        return sum(known, Fraction(0)) if len(known) == len(self.questions) else None
