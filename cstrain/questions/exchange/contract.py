"""The contract of an exchange format: one file in ``formats/``, one class, registered under its name. Pure.

Between formats and question types stands the *draft*: the fields of a question as our YAML writes them, not
checked yet. A format that reads makes drafts; ``drafts.py`` completes and checks them; a format that writes
is given drafts whose fields are complete. So a format knows no other, and a question type knows none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from cstrain.kernel.registry import Registry, load_modules
from cstrain.wording.said import say, together

MOST_QUESTIONS = 10_000
"""So many questions are read from one file."""
MOST_BYTES = 10_000_000
"""A file of any format is at most this big."""


class UnreadableError(Exception):
    """The file as a whole cannot be read; the message is a Chinese sentence that says what to do."""


class HeadError(UnreadableError):
    """A table could be read if only its headings said what its columns are.

    ``first``: the sentence that says what is wrong; the others say what to do in the file.
    """

    def __init__(self, first: str, others: str) -> None:
        super().__init__(together((first, others)))
        self.first = first


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table by its heading: what it is read as ("": unknown), the nearest word, examples."""

    heading: str
    known_as: str
    nearest: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands: ``第12行``, ``第3题``, or a name such as a file inside a package."""

    kind: str
    number: int = 0
    name: str = ""

    def __str__(self) -> str:
        return f"第{self.number}{self.kind}" if self.number else self.name


_SAID_PLACE = re.compile(
    r"(?:工作表“(?P<sheet>.*)”|(?P<file>.+) )?(?:第(?P<n>[0-9]{1,9})(?P<kind>[行题]))?", re.DOTALL
)
_ITSELF = {"行": "第%(n)s行", "题": "第%(n)s题"}


def said_place(text: str) -> str:
    """Return the text of a place as a sentence that a page can say in another language; a name stays one."""
    found = _SAID_PLACE.fullmatch(text)
    if found is None or not (found["n"] or found["sheet"] is not None):
        return text
    within = say(_ITSELF[found["kind"]], n=int(found["n"])) if found["n"] else ""
    if found["sheet"] is not None:
        sheet = say("工作表“%(name)s”", name=found["sheet"])
        return say("%(sheet)s%(row)s", sheet=sheet, row=within) if within else sheet
    return say("%(file)s %(within)s", file=found["file"], within=within) if found["file"] else within


def row(number: int) -> Place:
    """Return a row of a sheet or a line of a text, from 1."""
    return Place("行", number)


def item(number: int) -> Place:
    """Return a question by its place in the file, from 1."""
    return Place("题", number)


def part(name: str) -> Place:
    """Return a file of a package, or an item by its identifier."""
    return Place("", 0, name)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as a file says it, or as it is to be written.

    ``fields``: as the YAML of its type (``type``, ``stem``, ``options``, ``answer`` …), plain data only.
    When read, ``id``, ``difficulty`` and ``explanation`` may be missing. ``topic``: the category as the file
    names it, levels apart by ``/``. ``notes``: what the file says and no question of ours can hold.
    """

    place: Place
    fields: Mapping[str, Any]
    topic: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFault:
    """Why something of a file was not read or not written: a Chinese sentence with what to do.

    ``row``: the cells of the row as they stood, for formats that give refused rows back.
    """

    place: Place
    message: str
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: drafts in the file's order, and what was left out with the reason.

    ``head``: the header row, of formats that have one; ``unknown``: its cells that nobody knows. ``rows``:
    the cells of each draft's row by its place, so that one that proves wrong later is given back as it stood.
    """

    drafts: tuple[Draft, ...] = ()
    faults: tuple[ItemFault, ...] = ()
    head: tuple[str, ...] = ()
    rows: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file of questions. ``lost``: what the format cannot hold, question by question."""

    data: bytes
    lost: tuple[ItemFault, ...] = ()


class ExchangeFormat:
    """How one format reads and writes. All methods are pure: bytes in, drafts out, and back.

    ``read`` raises ``UnreadableError`` for a file that is not of the format, too big or malicious; one wrong
    question never stops the others. ``write`` never raises for a question it cannot hold: it names it.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    endings: ClassVar[tuple[str, ...]]
    """Endings of file names, the first is used for writing (``.gift.txt``, ``.xml``)."""
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    holds_pictures: ClassVar[bool] = False
    has_columns: ClassVar[bool] = False
    """Whether it is a table, whose columns somebody may have to name."""

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether a file is probably of this format, by its name and its first bytes."""
        return name.lower().endswith(cls.endings)

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of a file; ``name`` is the file's own, for messages and packages."""
        raise NotImplementedError

    @classmethod
    def read_as(cls, raw: bytes, name: str, heads: Mapping[str, str]) -> Reading:
        """Read a table whose headings mean what ``heads`` says; other formats have none."""
        return cls.read(raw, name)

    @classmethod
    def columns(cls, raw: bytes, name: str) -> tuple[Column, ...]:
        """Return the columns of a table; raises ``UnreadableError``."""
        return ()

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return the file of a bank called ``title``; each draft's ``place`` names it in ``lost``."""
        raise NotImplementedError


FORMATS: Registry[type[ExchangeFormat]] = Registry("exchange format")


@cache
def formats() -> Registry[type[ExchangeFormat]]:
    """Return all exchange formats, by name."""
    load_modules("cstrain.questions.formats")
    return FORMATS


def guessed(raw: bytes, name: str) -> type[ExchangeFormat] | None:
    """Return the format that a file looks like, the surest first; ``None`` for none."""
    known = formats()
    return next(
        (each for one in known.names() if (each := known.get(one)).reads and each.looks_right(raw, name)),
        None,
    )
