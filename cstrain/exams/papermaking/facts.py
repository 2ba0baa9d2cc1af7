"""What a paper on its way holds: as typed, possibly not finished; and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cstrain.exams.policy import Release
from cstrain.kernel.ids import PersonId

MOST_SECTIONS, MOST_CELLS, MOST_PICKED = 10, 12, 200
"""Sections of a paper, cells of a section, questions picked by hand: at most so many."""
OWN = "own-"
"""How the refs of own papers begin: no paper that travels with the product is called so."""


class Way(StrEnum):
    """How the questions of a paper are said: by cells that chance fills, or one by one."""

    BLUEPRINT = "blueprint"
    HAND = "hand"


class Stage(StrEnum):
    """How far a draft is. One that was sent back is written again."""

    WRITTEN = "written"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DROPPED = "dropped"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftCell(_Part):
    """A cell as typed; ``count`` may be missing, ``bank`` empty (the paper's)."""

    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = (1, 2, 3)
    count: int | None = None
    bank: str = ""
    refs: tuple[str, ...] = ()


class DraftSection(_Part):
    """A section as typed; ``marks`` are those of each question."""

    title: str = ""
    marks: Decimal | None = None
    cells: tuple[DraftCell, ...] = ()


class Picked(_Part):
    """A question picked by hand: its place is that in the list; ``part`` is its section's title."""

    ref: str
    marks: Decimal | None = None
    part: str = ""


class DraftContent(_Part):
    """A paper as typed: its head, and sections with cells or the picked questions."""

    title: str
    kind: Literal["quiz", "exam"] = "exam"
    bank: str
    way: Way = Way.BLUEPRINT
    effective_from: date
    minutes: int = 60
    pass_mark: Decimal = Decimal(80)
    disjoint: bool = False
    consequences: bool = False
    release: Release = "auto"
    partial: bool = False
    unified: bool = False
    difficulty_tolerance: Decimal = Decimal("0.2")
    requires: tuple[str, ...] = ()
    sections: tuple[DraftSection, ...] = ()
    picked: tuple[Picked, ...] = ()

    def changed(self, **values: Any) -> DraftContent:
        """Return it with other values."""
        return self.model_copy(update=values)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft and where it stands. ``edition`` is the number its paper will have, ``writers`` who saved."""

    id: int
    ref: str
    edition: int
    content: DraftContent
    revision: int
    stage: Stage
    author: PersonId
    written_at: datetime
    saved_by: PersonId
    saved_at: datetime
    submitted_by: PersonId | None
    submitted_at: datetime | None
    approved_by: PersonId | None
    approved_at: datetime | None
    returned_by: PersonId | None
    returned_at: datetime | None
    reason: str
    writers: frozenset[PersonId]

    @property
    def people(self) -> frozenset[PersonId]:
        """Everybody who had to do with it."""
        others = {self.submitted_by, self.approved_by, self.returned_by} - {None}
        return self.writers | frozenset(one for one in others if one is not None)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An own paper that is not sat any more, and why."""

    ref: str
    by: PersonId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CellRoom:
    """A cell of a draft beside its bank: how many questions fit, how many forms that allows.

    ``forms`` is ``None`` as long as the cell does not say how many it takes.
    """

    section: int
    cell: int
    fits: int
    forms: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about a draft: a message key with its values."""

    message: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a draft has come to: its marks, the room of its cells, what is missing before it can be submitted.

    ``forms``: how many disjoint forms it allows; ``scarcest``: of which cells there are fewest.
    """

    total: Decimal
    questions: int
    cells: tuple[CellRoom, ...]
    forms: int
    scarcest: tuple[tuple[int, int], ...]
    problems: tuple[Said, ...]

    def room(self, section: int, cell: int) -> CellRoom | None:
        """Return the room of a cell by its place."""
        return next((one for one in self.cells if (one.section, one.cell) == (section, cell)), None)
