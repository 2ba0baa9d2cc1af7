"""What pages and rooms above see of editions, of looks at them, of acknowledgements and of seals. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cstrain.judgement.ladder import Ladder
from cstrain.judgement.unsealing import Difference
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts

PART = " › "
"""What parts the places of a chapter from each other."""


class Stage(StrEnum):
    """How far an edition is. The last three are endings without effect."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


_CHAPTER = "chapter:"


def chapter_ref(name: str) -> str:
    """Return how editions name a chapter; no ladder's reference has a colon."""
    return f"{_CHAPTER}{name}"


def is_chapter(ref: str) -> bool:
    """Tell whether a reference names a chapter (else it names a ladder)."""
    return ref.startswith(_CHAPTER)


def chapter_name(ref: str) -> str:
    """Return the name of the chapter that a reference names."""
    return ref.removeprefix(_CHAPTER)


@dataclass(frozen=True, slots=True)
class Known:
    """An edition that there is, shipped or approved here."""

    edition: int
    effective_from: date


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did an act, in which office, when."""

    by: PersonId
    office: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """An edition made here. ``closing_reason``: why it was returned or withdrawn."""

    id: int
    ref: str
    number: int
    based_on: int
    effective_from: date
    text: str
    scenarios: str
    sha256: str
    reason: str
    stage: Stage
    drafted: Signed
    checked: Signed | None
    approved: Signed | None
    approved_on: date | None
    closed_by: PersonId | None
    closed_at: datetime | None
    closing_reason: str

    @property
    def is_open(self) -> bool:
        """Something is still to be done."""
        return self.stage in {Stage.DRAFTED, Stage.CHECKED}

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Everybody who acted on it so far."""
        acts = (self.drafted, self.checked, self.approved)
        ended = (self.closed_by,) if self.closed_by is not None else ()
        return tuple({one.by: None for one in acts if one is not None} | dict.fromkeys(ended))


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference between two editions: ``what`` is ``added``, ``removed`` or ``changed``.

    ``step``: from and to (``None``: the ladder as a whole). ``values``: parameter, before, after. Of a
    chapter ``text`` is the place: its keys and titles from the top, parted by ``PART``.
    """

    what: str
    step: tuple[str | None, str] | None
    clause: str
    text: str
    values: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at what an edition would do; ``seen``: as ``simulate --json`` tells it.

    Of a chapter it is what differs.
    """

    by: PersonId
    at: datetime
    seen: Mapping[str, Any]
    intact: bool


@dataclass(frozen=True, slots=True)
class Due:
    """An edition that somebody is bound to and has (``at``) or has not acknowledged. ``since``: from when on
    it could be; ``coming``: it is not in force yet."""

    ladder: Ladder
    digest: str
    since: date
    coming: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person bound to an edition, and when they acknowledged it."""

    person: PersonFacts
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Where an edition stands: those who have not acknowledged it first, then the others."""

    ladder: Ladder
    digest: str
    lines: tuple[Line, ...]

    @property
    def waiting(self) -> int:
        """How many have not acknowledged it."""
        return sum(one.at is None for one in self.lines)


@dataclass(frozen=True, slots=True)
class Verified:
    """A sealed record of a decision, looked at again.

    ``whole``: the text is what was sealed. ``readable``: its facts could be judged again; ``differences``:
    what came out otherwise. ``kept``: the conditions were sealed with it, else those of the edition on record
    were used.
    """

    id: int
    application_id: int
    stage: str
    at: datetime
    sha256: str
    ladder: str
    edition: int
    on: str
    findings: int
    whole: bool
    readable: bool
    kept: bool
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """The seal is whole and judging again gives the same findings."""
        return self.whole and self.readable and not self.differences
