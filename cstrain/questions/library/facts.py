"""What is asked of the question library, what it answers, and acts on many questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cstrain.kernel.ids import PersonId

MOST_TEXT = 60
"""Signs that a search looks at; what is longer is cut."""
MOST_AT_ONCE = 5_000
"""Questions that one act changes at most."""
KINDS = ("move", "tag", "untag", "retire", "restore")
"""Acts on many questions, in the order they are offered."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search; an empty value narrows nothing.

    ``topic`` means everything below it too. ``state``: ``live`` (in use), ``new`` (written, never in use
    yet), ``changing`` (in use, with an open draft), ``retired``, ``all``; empty: all but the retired ones.
    ``source``: a lesson's ref, or ``-`` for questions that name none. ``use``: ``never`` asked, or
    ``flagged`` by what answers tell. ``asked_from`` and ``asked_to``: days (inclusive) between which it was
    asked last. ``sort``: ``newest``, ``ref``, ``used``, ``facility`` (only those that have one); empty:
    ``ref`` within a bank, else ``newest``.
    """

    text: str = ""
    bank: str = ""
    topic: str = ""
    type: str = ""
    difficulty: int | None = None
    tag: str = ""
    state: str = ""
    origin: str = ""
    source: str = ""
    rule_version: str = ""
    use: str = ""
    asked_from: date | None = None
    asked_to: date | None = None
    sort: str = ""

    @property
    def order(self) -> str:
        """How the questions are put in order."""
        return self.sort or ("ref" if self.bank else "newest")


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic of a bank in a list to choose from; ``depth`` 0 is at the top."""

    id: int
    ref: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """A question in the list: in its current version, or as its draft says while it has none (``version_id``
    is ``None``); ``draft_id`` is its open draft. ``asked``: in how many attempts it stood, ``last`` when.
    """

    id: int
    bank: str
    bank_title: str
    ref: str
    topic: str
    topic_title: str
    version_id: int | None
    number: int
    type: str
    difficulty: int | None
    situation: bool
    stem: str
    retired: bool
    origin: str
    draft_id: int | None
    draft_state: str
    tags: tuple[str, ...]
    asked: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """One page of what was found. ``exact``: how many hold the text as it was typed; with ``similar`` the
    rest is only like it. ``cut``: more questions have statistics than are looked at, so some may be missing.
    """

    lines: tuple[LibraryLine, ...]
    total: int
    page: int
    pages: int
    exact: int
    similar: bool
    cut: bool


@dataclass(frozen=True, slots=True)
class View:
    """A saved search; ``wanted`` holds the values of its address."""

    id: int
    owner: PersonId
    name: str
    wanted: Mapping[str, str]
    shared: bool


@dataclass(frozen=True, slots=True)
class BulkAct:
    """What to do to many questions: to which topic (a ref of their bank), or with which tags."""

    kind: str
    topic: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as acts on many look at it; ``drafted``: it has an open draft."""

    id: int
    ref: str
    bank_id: int
    topic_id: int
    placed_by: int | None
    retired_at: datetime | None
    retired_by: int | None
    used: bool
    drafted: bool
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What an act would do: the questions it changes, and those it leaves for a reason, by reason (``same``:
    nothing to do; ``drafted``: topic and tags go by the open draft; ``unused``: never was in use)."""

    changes: tuple[Standing, ...]
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A bulk act that was done: ``questions`` is how many it changed."""

    id: int
    kind: str
    person: PersonId
    at: datetime
    questions: int
    note: str
    undone_at: datetime | None
    undone_by: PersonId | None


@dataclass(frozen=True, slots=True)
class BulkQuestion:
    """A question of a bulk act: ``put_back`` when undoing reached it; ``detail`` is what it was before."""

    bank: str
    ref: str
    topic_title: str
    retired: bool
    put_back: bool
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkSheet:
    """A bulk act with one page of its questions: those that undoing left first, then by ref."""

    line: BulkLine
    questions: tuple[BulkQuestion, ...]
    left: int
    page: int
    pages: int
