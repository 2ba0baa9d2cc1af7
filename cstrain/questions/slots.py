"""Slots on the bank pages that packages above fill: papers that draw from a bank, what answers tell.

``exams`` hands a paper desk, ``grading`` the statistics. A slot nobody fills leaves its part of the page out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

import sqlalchemy as sa

from cstrain.kernel.slots import Slot
from cstrain.questions.cells import Cell
from cstrain.questions.facts import PoolQuestion


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in force: what it draws from, and how many disjoint forms its bank holds for somebody new.

    ``lacking``: by topics, how many questions even one form is short of. ``kind``: quiz, exam, conversion.
    ``withdrawn``: no sitting is made for it any more.
    """

    ref: str
    edition: int
    title: str
    kind: str
    bank: str
    minutes: int
    pass_mark: Decimal
    questions: int
    disjoint: bool
    consequences: bool
    forms: int
    lacking: Mapping[str, int]
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell of a blueprint: a form takes ``count`` of the ``holds`` questions that fit.

    ``refs``: the questions it names, if it names any; then no other fits.
    """

    topics: tuple[str, ...]
    types: tuple[str, ...]
    difficulties: tuple[int, ...]
    count: int
    holds: int
    bank: str = ""
    refs: tuple[str, ...] = ()

    @property
    def forms(self) -> int:
        """How many forms without a common question the cell allows."""
        return self.holds // self.count


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of a blueprint: each of its questions earns ``marks``."""

    title: str
    marks: Decimal
    cells: tuple[CellLine, ...]

    @property
    def count(self) -> int:
        """Number of questions."""
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A paper with its blueprint. ``tolerance`` bounds the difference of two forms' mean difficulty (1–3)."""

    line: PaperLine
    tolerance: Decimal
    partial: bool
    sections: tuple[SectionLine, ...]


@dataclass(frozen=True, slots=True)
class DrawnSlot:
    """A place of a drawn form."""

    slot: int
    section: str
    marks: Decimal
    question: PoolQuestion


class PaperUse(NamedTuple):
    """A paper in force with its cells, each with the bank it draws from."""

    ref: str
    title: str
    cells: Sequence[Cell]


class PaperDesk(Protocol):
    """What ``exams`` tells about papers."""

    def lines(self, at: datetime) -> Sequence[PaperLine]:
        """Return the papers in force: conversion papers first, then exams, then quizzes."""

    def sheet(self, ref: str, at: datetime) -> PaperSheet:
        """Return one paper in force; raises ``NotFoundError``."""

    def form(self, ref: str, seed: int, at: datetime) -> Sequence[DrawnSlot]:
        """Draw a form for nobody; raises ``DomainError`` when the bank cannot give one."""

    def usage(self, question_ids: Collection[int]) -> Mapping[int, int]:
        """Return in how many attempts each question has stood; questions never used are left out."""

    def ever_asked(self) -> sa.Select[int]:
        """Select the ids of questions that stood in attempts, once for each."""

    def asked(self, question_ids: Collection[int] | None = None) -> sa.Select[int, int, datetime]:
        """Select the questions that stood in attempts (of these, if given), in how many (``times``) and when
        the latest was begun (``last``); for lists to join with."""

    def cells(self, at: datetime) -> Sequence[PaperUse]:
        """Return what the papers in force draw, in the order of ``lines``."""


FLAGS = ("key", "distractor", "hard", "vague", "easy", "unchosen")
"""Why a question should be looked at, the gravest first."""


@dataclass(frozen=True, slots=True)
class QuestionStatistic:
    """How a version did in first attempts with released results.

    ``n``: answers. ``facility``: mean share of the marks (0–1). ``discrimination``: correlation (−1 to 1)
    with the rest of the paper's marks. Both are ``None`` when withheld (too few answers) or not defined;
    their bounds are 95 %. ``flags``: why it should be looked at, the gravest first.
    """

    n: int
    facility: float | None
    discrimination: float | None
    facility_bounds: tuple[float, float] | None = None
    discrimination_bounds: tuple[float, float] | None = None
    flags: tuple[str, ...] = ()


class Statistics(Protocol):
    """What ``grading`` tells about questions."""

    @property
    def least(self) -> int:
        """Below this many answers the numbers are withheld."""

    def of_versions(self, version_ids: Collection[int]) -> Mapping[int, QuestionStatistic]:
        """Return the statistics of versions; versions nobody has answered are left out."""

    def page_of(self, version_id: int) -> str:
        """Return the address of the page with all figures of a version."""

    def page_of_paper(self, ref: str) -> str:
        """Return the address of the page with all figures of a paper."""


class PaperRules(Protocol):
    """What is known above of a paper's use: how long a pass is valid, when it may be sat again, exemption."""

    def lines(self, ref: str) -> Sequence[tuple[str, str]]:
        """Return labels and values in the reader's language."""


class MetQuestions(Protocol):
    """What ``grading`` tells about who has met which question, its answer included."""

    def has_met(self, person: int, version_id: int, at: datetime) -> bool:
        """Tell whether a version stood in a released attempt of theirs, or was answered in their practice."""


paper_desk: Slot[PaperDesk] = Slot("paper desk")
statistics: Slot[Statistics] = Slot("question statistics")
paper_rules: Slot[PaperRules] = Slot("paper rules")
met_questions: Slot[MetQuestions] = Slot("met questions")


def guarded(bank: str, lines: Sequence[PaperLine] | None) -> bool:
    """Tell whether the keys of a bank are closed: unless papers draw on it and none has consequences.

    With no papers (or nobody to ask) a bank counts as closed: the keys of a conversion paper must not be
    open merely because its blueprint has not been loaded.
    """
    drawing = [line for line in lines or () if line.bank == bank]
    return not drawing or any(line.consequences for line in drawing)
