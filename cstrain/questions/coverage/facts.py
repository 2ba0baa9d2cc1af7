"""What of the lessons a bank asks, and what papers wish for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cstrain.questions.cells import Cell

SHADES = (0, 1, 3, 6, 12)
"""From how many questions on a place of the map is a shade darker."""


def shade(questions: int) -> int:
    """Return how dark a place is, 0 (none) to 4."""
    return sum(questions >= least for least in SHADES) - 1


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many questions of a bank have one topic, source (``page#heading`` or none) and difficulty."""

    topic: str
    source: str
    difficulty: int
    questions: int


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the map: what it is called, and how many questions there are at each difficulty."""

    name: str
    by_difficulty: tuple[int, int, int]

    @property
    def questions(self) -> int:
        """All questions of the place."""
        return sum(self.by_difficulty)


@dataclass(frozen=True, slots=True)
class LessonMap:
    """A lesson of which the bank asks: its headings in order, and how many of its questions name none."""

    page: str
    headings: tuple[Place, ...]
    elsewhere: Place

    @property
    def questions(self) -> int:
        """All questions on this lesson."""
        return sum(each.questions for each in self.headings) + self.elsewhere.questions

    @property
    def empty(self) -> tuple[str, ...]:
        """The headings without any question."""
        return tuple(each.name for each in self.headings if not each.questions)


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """A bank beside the lessons. ``untold``: questions without a source, ``lost``: by sources not found."""

    topics: tuple[Place, ...]
    lessons: tuple[LessonMap, ...]
    untold: Place
    lost: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AskingPaper:
    """A paper as the wishes need it: its cells (none overlaps another), and whether all its forms are new."""

    ref: str
    title: str
    disjoint: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Wanting:
    """A cell that stands in the way of one more form: ``lacks`` questions more of its kind are needed."""

    cell: Cell
    holds: int
    lacks: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What to write so that a paper allows one more disjoint form than the ``forms`` it allows now."""

    paper: AskingPaper
    forms: int
    wanting: tuple[Wanting, ...]

    @property
    def questions(self) -> int:
        """How many questions must be written."""
        return sum(each.lacks for each in self.wanting)

    @property
    def scarcest(self) -> Wanting:
        """The cell that lacks most."""
        return max(self.wanting, key=lambda each: each.lacks)
