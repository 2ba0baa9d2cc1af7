"""What pages and the shell may see of imports, and what is handed in to begin one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cstrain.kernel.ids import PersonId

OPEN = ("checking", "asking", "checked", "writing")
"""States of an import that can still be cancelled."""
BUSY = ("checking", "writing", "accepting")
"""States in which somebody works on it, or will soon."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody brings: for which bank (``title`` only for one to be made), read as what.

    ``asks``: somebody is there who can say what unknown headings mean; else those columns are left out."""

    bank: str
    title: str
    file_name: str
    data: bytes
    wanted: str = ""
    asks: bool = True


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import in a list."""

    id: int
    bank: str
    bank_title: str
    person: PersonId | None
    state: str
    file_name: str
    created_at: datetime
    done: int
    total: int
    imported: int


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """An import with all that its page shows. ``new_bank``: the bank is made when it is written."""

    line: ImportLine
    new_bank: bool
    format: str
    size: int
    mapping: Mapping[str, str]
    default_topic: str
    placing: str
    counts: Mapping[str, int]
    topics: Mapping[str, int]
    columns: tuple[Mapping[str, Any], ...]
    why: str
    accepted_by: PersonId | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """Something found in a file: where, what is said of it, and what is kept of it."""

    number: int
    place: str
    topic: str
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a topic of a file goes: to a topic of the bank by its ref, or to new ones below it.

    ``new``: titles of topics to be made, one below another, the first below ``ref`` ("" for the top).
    """

    ref: str
    new: tuple[str, ...] = ()
