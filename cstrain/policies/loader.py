"""Reads policy files into chapters: the shipped text, or the company's own edition once its day has come.

Editions are made in rooms far above (``promotion/editions`` fills the slot); nothing here asks a database.
Faults name file and line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel

from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.slots import Slot
from cstrain.policies.yaml_source import Fault, SourceError, parse, read, validate

M = TypeVar("M", bound=BaseModel)

SHIPPED = Path(__file__).parent / "shipped"
_MOST_KEPT = 200

_loaded: dict[tuple[type[BaseModel], str], BaseModel] = {}
_own: dict[tuple[type[BaseModel], str], BaseModel] = {}
"""Chapters by model and digest of the company's text: each is parsed once in a process."""


@dataclass(frozen=True, slots=True)
class OwnEdition:
    """An edition of a chapter that the company approved itself. ``digest``: that of its text."""

    id: int
    number: int
    effective_from: date
    digest: str


class OwnChapters(Protocol):
    """Knows the editions that the company approved itself."""

    def editions(self, relative: str) -> Sequence[OwnEdition]:
        """Return those of a file, in force or not; none, at no cost, of a file that is only shipped."""

    def text(self, edition_id: int) -> str:
        """Return the text of one of them."""

    def today(self) -> date:
        """Return the company's day."""


own_chapters: Slot[OwnChapters] = Slot("the company's own chapters")


def load(model: type[M], relative: str, on: date | None = None) -> M:
    """Return the edition of a chapter in force on a day (without one: today), read once.

    The company's own one counts from its first day on, before that the shipped file. Raises ``SourceError``
    with file and line.
    """
    filling = own_chapters.filling
    every = filling.editions(relative) if filling is not None else ()
    if filling is None or not every:
        return shipped(model, relative)
    day = on or filling.today()
    begun = [one for one in every if one.effective_from <= day]
    if not begun:
        return shipped(model, relative)
    return _read(filling, model, relative, max(begun, key=lambda one: one.effective_from))


def load_edition(model: type[M], relative: str, number: int) -> M:
    """Return one edition of a chapter by its number, in force or not; raises ``NotFoundError``."""
    filling = own_chapters.filling
    every = filling.editions(relative) if filling is not None else ()
    held = next((one for one in every if one.number == number), None)
    if filling is not None and held is not None:
        return _read(filling, model, relative, held)
    found = shipped(model, relative)
    if getattr(found, "edition", None) != number:
        raise NotFoundError("没有找到制度“%(name)s”的第%(n)s版。", name=relative, n=number)
    return found


def _read(filling: OwnChapters, model: type[M], relative: str, one: OwnEdition) -> M:
    held = _own.get((model, one.digest))
    if not isinstance(held, model):
        held = validate(model, parse(filling.text(one.id), relative))
        if len(_own) >= _MOST_KEPT:
            _own.clear()
        _own[model, one.digest] = held
    return held


def shipped(model: type[M], relative: str) -> M:
    """Read one shipped file into ``model``, once; raises ``SourceError`` with file and line."""
    held = _loaded.get((model, relative))
    if not isinstance(held, model):
        held = validate(model, read(SHIPPED / relative, file=relative))
        _loaded[model, relative] = held
    return held


def load_folder(model: type[M], folder: str) -> tuple[M, ...]:
    """Read every ``*.yaml`` of a shipped folder, by name; the faults of all files are raised together."""
    found: list[M] = []
    faults: list[Fault] = []
    for path in sorted((SHIPPED / folder).glob("*.yaml")):
        try:
            found.append(validate(model, read(path, file=f"{folder}/{path.name}")))
        except SourceError as error:
            faults.extend(error.faults)
    if faults:
        raise SourceError(tuple(faults))
    return tuple(found)
