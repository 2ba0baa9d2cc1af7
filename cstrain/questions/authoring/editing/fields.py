"""The simple kinds of fields. Pure.

Each kind goes three ways: what was typed (``typed``) and what is kept (``held``) give a *state*, which the
page shows; a state gives the YAML fields (``written``). What cannot be read as a number stays the text it is:
the question's type says what is wrong with it. ``said`` tells a state in words, for differences.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from cstrain.questions.authoring.editing.typed import Typed
from cstrain.questions.facts import JsonObject
from cstrain.questions.written_fields import plain_number

State = Any
Said = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of an editor: its YAML key, what it is called, a hint. ``is_key``: no candidate may see it."""

    shape: ClassVar[str]

    name: str
    label: str
    hint: str = ""
    is_key: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The YAML keys it stands for."""
        return (self.name,)

    def typed(self, form: Typed, at: str) -> State:
        """Return the state that was typed; ``at`` is the field's name on the page."""
        return form.text(at)

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the state of what is kept."""
        return _as_text(fields.get(self.name, ""))

    def written(self, state: State) -> JsonObject:
        """Return the YAML fields; what is empty is left out."""
        return {self.name: state} if state else {}

    def blank(self) -> State:
        """Return the state of a new question."""
        return self.held({})

    def is_empty(self, state: State) -> bool:
        """Tell whether nothing was filled in."""
        return not state

    def said(self, state: State) -> Iterator[Said]:
        """Yield what a state says: labels and texts."""
        if state:
            yield str(self.label), str(state)

    def said_key(self, state: State) -> Iterator[Said]:
        """Yield what a state says of the key; all of it where the whole field is of the key."""
        if self.is_key:
            yield from self.said(state)

    def line_of(self, _state: State, _where: Sequence[str | int]) -> int:
        """Return the line of a text that holds a part of YAML; 0 for fields that are none."""
        return 0

    def row_of(self, _where: Sequence[str | int]) -> str:
        """Return what the row is called in which something stands; nothing for fields without rows."""
        return ""

    def faults(self, _state: State) -> Iterator[str]:
        """Yield what is wrong already with what was typed, in words."""
        yield from ()


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A text. ``rows`` above 1 make a long one. ``example`` is shown while it is empty."""

    shape: ClassVar[str] = "text"

    rows: int = 1
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Lines(Field):
    """A list of texts, a line each."""

    shape: ClassVar[str] = "text"

    rows: int = 2
    example: str = ""

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the texts, a line each."""
        value = fields.get(self.name, ())
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    def written(self, state: State) -> JsonObject:
        """Return the lines that say something."""
        found = lines_of(state)
        return {self.name: found} if found else {}


def lines_of(text: str) -> list[str]:
    """Return the lines that say something."""
    return [each.strip() for each in text.split("\n") if each.strip()]


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number. ``usual`` stands there to begin with."""

    shape: ClassVar[str] = "number"

    usual: str = ""
    unit: str = ""

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the number as it is typed."""
        return _as_text(fields.get(self.name, self.usual))

    def written(self, state: State) -> JsonObject:
        """Return the number; a text that is none stays as it is, to be told of."""
        return {self.name: number_of(state)} if state else {}

    def is_empty(self, state: State) -> bool:
        """A number that stands there anyway says nothing."""
        return not state or state == self.usual


def number_of(text: str) -> int | float | str:
    """Return what was typed as a number, full-width figures and commas between thousands included."""
    return plain_number(unicodedata.normalize("NFKC", text).replace(",", "").strip())


@dataclass(frozen=True, kw_only=True)
class Check(Field):
    """A box to tick."""

    shape: ClassVar[str] = "check"

    def typed(self, form: Typed, at: str) -> State:
        """Return whether it is ticked."""
        return form.ticked(at)

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return whether it is ticked."""
        return fields.get(self.name) is True

    def said(self, state: State) -> Iterator[Said]:
        """Yield a tick."""
        if state:
            yield str(self.label), "✓"


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few values, each with its word; ``listed`` shows them as a list to pull down.

    ``values`` says what a choice is in YAML where that is not its text. ``usual`` is chosen to begin with.
    """

    shape: ClassVar[str] = "choice"

    choices: tuple[tuple[str, str], ...]
    values: Mapping[str, Any] | None = None
    usual: str = ""
    listed: bool = False

    def typed(self, form: Typed, at: str) -> State:
        """Return what was chosen; anything that is not offered is nothing."""
        sent = form.text(at)
        return sent if sent in dict(self.choices) else ""

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the choice that is kept."""
        if self.name not in fields:
            return self.usual
        kept = fields[self.name]
        found = [name for name, value in (self.values or {}).items() if value == kept]
        return found[0] if found else str(kept)

    def written(self, state: State) -> JsonObject:
        """Return the value of the choice."""
        return {self.name: (self.values or {}).get(state, state)} if state else {}

    def is_empty(self, state: State) -> bool:
        """A choice that stands there anyway says nothing."""
        return not state or state == self.usual

    def said(self, state: State) -> Iterator[Said]:
        """Yield the word of the choice."""
        if state:
            yield str(self.label), str(dict(self.choices).get(state, state))


@dataclass(frozen=True, kw_only=True)
class Hidden(Field):
    """What belongs to a row and nobody types. It says nothing."""

    shape: ClassVar[str] = "hidden"

    is_number: bool = False

    def written(self, state: State) -> JsonObject:
        """Return it as it is, a number as a number."""
        if self.is_number and state:
            return {self.name: number_of(state)}
        return {self.name: state} if state else {}

    def is_empty(self, _state: State) -> bool:
        """It never makes a row."""
        return True

    def said(self, _state: State) -> Iterator[Said]:
        """Yield nothing."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class Source(Field):
    """The heading of a lesson that a question rests on: ``page#heading``."""

    shape: ClassVar[str] = "source"
