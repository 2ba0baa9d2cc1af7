"""Cells of a blueprint: which questions may fill a place of a form, and whether a bank holds enough. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cstrain.kernel.registry import Registry


class Drawable(Protocol):
    """What a cell asks of a question."""

    @property
    def bank(self) -> str:
        """The bank's name."""

    @property
    def ref(self) -> str:
        """The question's id within its bank."""

    @property
    def topic(self) -> str:
        """The topic's id."""

    @property
    def type(self) -> str:
        """The type's YAML name."""

    @property
    def difficulty(self) -> int:
        """The difficulty, 1 to 3."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A form takes ``count`` questions that fit; an empty set, or no bank, fits all.

    ``refs``: the questions that it names; then no other one fits.
    """

    count: int
    topics: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    difficulties: frozenset[int] = frozenset()
    bank: str = ""
    refs: frozenset[str] = frozenset()

    def matches(self, question: Drawable) -> bool:
        """Tell whether the question may fill a place of this cell."""
        return (
            (not self.bank or question.bank == self.bank)
            and (not self.topics or question.topic in self.topics)
            and (not self.types or question.type in self.types)
            and (not self.difficulties or question.difficulty in self.difficulties)
            and (not self.refs or question.ref in self.refs)
        )

    def __str__(self) -> str:
        parts = {
            "主题": sorted(self.topics),
            "题型": sorted(self.types),
            "难度": [str(each) for each in sorted(self.difficulties)],
            "指定试题": sorted(self.refs),
        }
        return "，".join(word + "、".join(part) for word, part in parts.items() if part) or "全部试题"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A cell for which the bank holds fewer questions than the forms need."""

    cell: Cell
    needs: int
    holds: int

    @property
    def missing(self) -> int:
        """How many questions are missing."""
        return self.needs - self.holds


class PaperCells(NamedTuple):
    """The cells of a paper and the bank it draws from."""

    name: str
    bank: str
    cells: Sequence[Cell]


PAPER_SOURCES: Registry[Callable[[], Iterable[PaperCells]]] = Registry("paper source")
"""Packages above register here what papers draw from which bank, for ``bank check``."""


def shortfalls(cells: Sequence[Cell], questions: Sequence[Drawable], forms: int = 1) -> tuple[Shortfall, ...]:
    """Return the cells that cannot fill ``forms`` forms without repeating a question.

    A cell needs its own questions and those of every cell that lies within it (Hall's condition, exact when
    any two cells are nested or apart).
    """
    sets = [frozenset(at for at, each in enumerate(questions) if cell.matches(each)) for cell in cells]
    found = []
    for cell, mine in zip(cells, sets, strict=True):
        within = sum(other.count for other, theirs in zip(cells, sets, strict=True) if theirs <= mine)
        if len(mine) < forms * within:
            found.append(Shortfall(cell, forms * within, len(mine)))
    return tuple(found)
