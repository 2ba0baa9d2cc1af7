"""The exam chapter: blueprints of papers, and the numbers that rule sittings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from cstrain.questions.cells import Cell

Kind = Literal["quiz", "exam", "conversion"]
Release = Literal["auto", "two_persons"]
MOST_NAMED = 40
"""Questions that a cell takes, or names, at most."""


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CellSpec(_Chapter):
    """How many questions of which topics, types and difficulties a section takes.

    ``refs``: questions named one by one; then topics and types may be left out, and narrow if given. A cell
    that takes all the questions it names puts them in this order into every form.
    """

    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = (1, 2, 3)
    count: int = Field(ge=1, le=MOST_NAMED)
    bank: str = ""
    """The bank it draws from; empty: the paper's."""
    refs: tuple[str, ...] = Field(default=(), max_length=MOST_NAMED)

    @property
    def cell(self) -> Cell:
        """Return what fits this cell."""
        return Cell(
            self.count,
            frozenset(self.topics),
            frozenset(self.types),
            frozenset(self.difficulties),
            self.bank,
            frozenset(self.refs),
        )

    @property
    def is_fixed(self) -> bool:
        """Whether every form has the same questions here: all that are named."""
        return len(self.refs) == self.count

    def of_bank(self, bank: str) -> CellSpec:
        """Return the cell with the bank it draws from: its own, else ``bank``."""
        return self if self.bank else self.model_copy(update={"bank": bank})

    def overlaps(self, other: CellSpec) -> bool:
        """Tell whether some question could belong to both cells."""
        return self.bank == other.bank and all(
            not mine or not theirs or set(mine) & set(theirs)
            for mine, theirs in (
                (self.refs, other.refs),
                (self.topics, other.topics),
                (self.types, other.types),
                (self.difficulties, other.difficulties),
            )
        )

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave ``refs`` out where none are named: stored papers are known by a digest of this."""
        dumped: dict[str, Any] = dump(self)
        if not self.refs:
            dumped.pop("refs", None)
        return dumped

    @model_validator(mode="after")
    def _says_which(self) -> CellSpec:
        if not self.refs and not (self.topics and self.types):
            raise ValueError("抽题格要写明主题（topics）和题型（types），或者指定试题（refs）")
        if len(set(self.refs)) != len(self.refs):
            raise ValueError("指定试题（refs）里有一道题写了两次")
        if self.refs and self.count > len(self.refs):
            raise ValueError("抽题格要抽的题比指定的试题（refs）还多")
        return self


class SectionSpec(_Chapter):
    """A section: its title, the marks of each of its questions, its cells."""

    title: str
    marks: Decimal = Field(gt=0, le=100)
    cells: tuple[CellSpec, ...] = Field(min_length=1)

    @property
    def count(self) -> int:
        """Number of questions in the section."""
        return sum(cell.count for cell in self.cells)


class PaperSpec(_Chapter):
    """A blueprint. ``difficulty_tolerance`` bounds the difference of two forms' mean difficulty (scale 1–3).

    ``disjoint``: no question a person has met at this paper may appear to them there again.
    ``consequences`` papers are released by two persons. ``partial``: partial credit on multiple choice.
    ``unified``: everybody sits it at the same time. ``requires``: papers (refs) that must be passed before.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    title: str
    kind: Kind
    bank: str
    minutes: int = Field(ge=1, le=480)
    pass_mark: Decimal = Decimal(80)
    disjoint: bool = False
    consequences: bool = False
    release: Release = "auto"
    difficulty_tolerance: Decimal = Field(default=Decimal("0.2"), gt=0, le=2)
    partial: bool = False
    unified: bool = False
    requires: tuple[str, ...] = ()
    sections: tuple[SectionSpec, ...] = Field(min_length=1)

    @property
    def cells(self) -> tuple[CellSpec, ...]:
        """All cells in order, each with the bank it draws from."""
        return tuple(cell.of_bank(self.bank) for section in self.sections for cell in section.cells)

    @property
    def banks(self) -> tuple[str, ...]:
        """The banks it draws from, in order of first use."""
        return tuple(dict.fromkeys(cell.bank for cell in self.cells))

    @property
    def topics(self) -> frozenset[str]:
        """The refs of the topics it draws from, in whichever bank; none when a cell draws from any topic."""
        cells = self.cells
        if not all(cell.topics for cell in cells):
            return frozenset()
        return frozenset(topic for cell in cells for topic in cell.topics)

    @property
    def count(self) -> int:
        """Number of questions of a form."""
        return sum(cell.count for cell in self.cells)

    @model_validator(mode="after")
    def _consistent(self) -> PaperSpec:
        total = sum((section.marks * section.count for section in self.sections), Decimal(0))
        if total != 100:
            raise ValueError(f"各部分合计{total.normalize():f}分，一张卷必须正好100分")
        cells = self.cells
        for index, cell in enumerate(cells):
            if any(cell.overlaps(other) for other in cells[:index]):
                raise ValueError("两个抽题格会抽到同一道题，请让它们的主题、题型或难度互不重叠")
        if self.consequences and self.release != "two_persons":
            raise ValueError("影响去留的试卷必须由两人发布（release: two_persons）")
        if self.ref in self.requires:
            raise ValueError("先修试卷（requires）里不能有这份试卷自己")
        return self


class ExamRules(_Chapter):
    """Numbers that rule every sitting; sources in ``exams.yaml``."""

    ref: str
    edition: int
    effective_from: date
    source: str
    grace_seconds: int = Field(ge=0, le=60)
    appeal_working_days: int = Field(ge=1)
    extension_alone_minutes: int = Field(ge=0)
    extension_most_minutes: int = Field(ge=0)
    most_events: int = Field(ge=100)
    most_value_bytes: int = Field(ge=1000)
    most_batch: int = Field(ge=1)
    code_tries: int = Field(default=5, ge=1)
    code_minutes: int = Field(default=5, ge=1)
