"""What pages and other packages see of questions whose source changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cstrain.kernel.ids import PersonId


class Standing(StrEnum):
    """How a question stands to a change of its lesson.

    ``changed`` and ``gone`` are flagged: its section reads otherwise than when it was last held against it,
    or is no more. ``checked``: somebody said since that it is right; ``later``: it was written after the
    change; ``same``: the section reads again as it did.
    """

    CHANGED = "changed"
    GONE = "gone"
    CHECKED = "checked"
    LATER = "later"
    SAME = "same"


FLAGGED = frozenset({Standing.CHANGED, Standing.GONE})
"""The standings that ask for somebody's eyes."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Which version of its lesson a question was last held against, when, and whether by a person."""

    source: str
    number: int
    at: datetime
    by_person: bool

    @property
    def ref(self) -> str:
        """The lesson."""
        return self.source.partition("#")[0]

    @property
    def heading(self) -> str:
        """The section."""
        return self.source.partition("#")[2]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A question in use with its source, what it was last held against, and how it stands.

    ``current``: the number of the lesson's present version.
    """

    question_id: int
    version_id: int
    bank: str
    ref: str
    stem: str
    basis: Basis
    current: int
    standing: Standing
    checked_by: PersonId | None
    note: str

    @property
    def flagged(self) -> bool:
        """Somebody should look at it."""
        return self.standing in FLAGGED

    @property
    def value(self) -> str:
        """What a form sends to name the question as it was seen."""
        return f"{self.version_id}-{self.current}"


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a list of how many."""

    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of questions; ``flagged``: how many of all of them are flagged."""

    lines: Sequence[SourceLine]
    at: Page
    flagged: int
