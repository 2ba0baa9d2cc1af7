"""Kinds of fields that are lists of rows: mappings, texts, pairs, marked options, gaps, pictures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext

from cstrain.questions.authoring.editing.fields import Field, Said, State, lines_of
from cstrain.questions.authoring.editing.typed import Typed
from cstrain.questions.choices import LETTERS
from cstrain.questions.facts import JsonObject

GAP = "____"
_RUN = re.compile(r"_{2,}|＿{1,}|[（(][\s　_]{1,20}[）)]")


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A list of rows with the same fields each; in YAML a list of mappings. Empty rows are left out.

    ``row_label``: what a row is called, with ``%(n)s``. ``begin``: so many empty rows a new question has.
    """

    shape: ClassVar[str] = "rows"

    columns: tuple[Field, ...]
    row_label: str
    add_label: str
    most: int
    begin: int = 1

    def columns_of(self, _row: Mapping[str, State]) -> tuple[Field, ...]:
        """Return the fields of a row."""
        return self.columns

    def row_name(self, number: int) -> str:
        """Return what the row at a place (from 0) is called."""
        return str(self.row_label) % {"n": number + 1}

    def row_of(self, where: Sequence[str | int]) -> str:
        """Return the row of a place inside one: its number, or the key that YAML has for it."""
        if len(where) < 3:  # the list as a whole, or an item that the message numbers itself
            return ""
        return self.row_name(where[1]) if isinstance(where[1], int) else where[1]

    def typed(self, form: Typed, at: str) -> State:
        """Return the rows as typed, empty ones too, after the button that was pressed."""
        tokens = form.tokens(at, self.most)
        rows = [self._row(form, f"{at}-{token}") for token in tokens]
        return form.changed(at, tokens, rows, self.most, self.new_row)

    def _row(self, form: Typed, at: str) -> dict[str, State]:
        return {each.name: each.typed(form, f"{at}-{each.name}") for each in self.columns}

    def new_row(self, _what: str = "") -> dict[str, State]:
        """Return an empty row."""
        return {each.name: each.blank() for each in self.columns}

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the rows that are kept."""
        kept = fields.get(self.name)
        rows = [self.held_row(each) for each in kept] if isinstance(kept, list | tuple) else []
        return rows or [self.new_row() for _ in range(self.begin)]

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return a row of what is kept."""
        known = kept if isinstance(kept, Mapping) else {}
        return {each.name: each.held(known) for each in self.columns}

    def written(self, state: State) -> JsonObject:
        """Return the rows that say something."""
        rows = [self.written_row(row) for row in self.filled(state)]
        return {self.name: rows} if rows else {}

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return a row as it is kept."""
        found: JsonObject = {}
        for each in self.columns_of(row):
            found |= each.written(row[each.name])
        return found

    def filled(self, state: State) -> list[dict[str, State]]:
        """Return the rows in which something was filled in."""
        return [row for row in state if not self._says_nothing(row)]

    def _says_nothing(self, row: Mapping[str, State]) -> bool:
        return all(each.is_empty(row[each.name]) for each in self.columns_of(row))

    def is_empty(self, state: State) -> bool:
        """Tell whether no row says anything."""
        return not self.filled(state)

    def said(self, state: State) -> Iterator[Said]:
        """Yield each row that says something, as one text."""
        for number, row in enumerate(self.filled(state)):
            told = [said for each in self.columns_of(row) for said in each.said(row[each.name])]
            joined = "\n".join(text if len(told) == 1 else f"{label}：{text}" for label, text in told)
            yield f"{self.label} {self.row_name(number)}", joined


@dataclass(frozen=True, kw_only=True)
class Texts(Rows):
    """A list of plain texts; its one column is called ``text``."""

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return a row with the text."""
        return {"text": str(kept)}

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return the text."""
        return row["text"]


@dataclass(frozen=True, kw_only=True)
class Pairs(Rows):
    """A list of pairs; its two columns are the left and the right."""

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return a row of the two."""
        two = [*(str(each) for each in kept), "", ""] if isinstance(kept, list | tuple) else ["", ""]
        return dict(zip((each.name for each in self.columns), two, strict=False))

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return the two, a missing one as an empty text."""
        return [row[each.name] for each in self.columns]


@dataclass(frozen=True, kw_only=True)
class Named(Rows):
    """A list that YAML holds as a mapping; the first column is the key, of a row or of its text."""

    plain: bool = False

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return a row for each key."""
        kept = fields.get(self.name)
        if not isinstance(kept, Mapping):
            return super().held({})
        key, *others = self.columns
        rows = [
            {key.name: str(name)}
            | {each.name: each.held({each.name: value} if self.plain else value) for each in others}
            for name, value in kept.items()
        ]
        return rows or [self.new_row() for _ in range(self.begin)]

    def written(self, state: State) -> JsonObject:
        """Return the rows by their keys; a key that stands twice gets a mark, so that nothing is lost."""
        key, *others = self.columns
        found: JsonObject = {}
        for row in self.filled(state):
            name = row[key.name]
            while name in found:
                name += "+"
            whole: JsonObject = {}
            for each in others:
                whole |= each.written(row[each.name])
            found[name] = whole.get(others[0].name, "") if self.plain else whole
        return {self.name: found} if found else {}


@dataclass(frozen=True, kw_only=True)
class Options(Rows):
    """Options with a mark at the right ones: ``options`` and, by letters, ``answer``."""

    shape: ClassVar[str] = "options"

    many: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Options and answer."""
        return (self.name, "answer")

    def row_name(self, number: int) -> str:
        """Return the option's letter."""
        return str(self.row_label) % {"n": LETTERS[number] if number < len(LETTERS) else number + 1}

    def typed(self, form: Typed, at: str) -> State:
        """Return the options, each with whether it is marked."""
        tokens = form.tokens(at, self.most)
        rows = [
            {"text": form.text(f"{at}-{token}-text"), "right": form.ticked(f"{at}-right", token)}
            for token in tokens
        ]
        return form.changed(at, tokens, rows, self.most, self.new_row)

    def new_row(self, _what: str = "") -> dict[str, State]:
        """Return an empty option."""
        return {"text": "", "right": False}

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the options that are kept."""
        options, answer = fields.get("options") or (), fields.get("answer") or ()
        right = {str(each) for each in answer}
        rows = [
            {"text": str(text), "right": letter in right}
            for letter, text in zip(LETTERS, options, strict=False)
        ]
        return rows + [self.new_row() for _ in range(self.begin if not rows else 0)]

    def written(self, state: State) -> JsonObject:
        """Return the texts, and the letters of those that are marked."""
        rows = self.filled(state)
        right = [letter for letter, row in zip(LETTERS, rows, strict=False) if row["right"]]
        found: JsonObject = {"options": [row["text"] for row in rows]} if rows else {}
        return {**found, "answer": right} if right else found

    def filled(self, state: State) -> list[dict[str, State]]:
        """Return the options with a text."""
        return [row for row in state if row["text"]]

    def said(self, state: State) -> Iterator[Said]:
        """Yield the options; the right ones say so by themselves."""
        rows = self.filled(state)
        for number, row in enumerate(rows):
            yield self.row_name(number), row["text"]

    def said_key(self, state: State) -> Iterator[Said]:
        """Yield which options are right."""
        right = [letter for letter, row in zip(LETTERS, self.filled(state), strict=False) if row["right"]]
        if right:
            yield gettext("正确答案"), gettext("、").join(right)


@dataclass(frozen=True, kw_only=True)
class Gaps(Rows):
    """The accepted answers of each gap of the stem, a line each."""

    shape: ClassVar[str] = "rows"

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return the answers of a gap."""
        return {"accepted": "\n".join(map(str, kept)) if isinstance(kept, list | tuple) else str(kept)}

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return the answers of a gap."""
        return lines_of(row["accepted"])


def gapped(stem: str) -> str:
    """Return a stem with its gaps as we keep them, however trainers wrote them: ``（ ）``, ``__``, ``＿``."""
    return _RUN.sub(GAP, stem)


@dataclass(frozen=True, kw_only=True)
class GappedText(Field):
    """A stem with gaps."""

    shape: ClassVar[str] = "text"

    rows: int = 3
    example: str = ""

    def typed(self, form: Typed, at: str) -> State:
        """Return the stem with its gaps made alike."""
        return gapped(form.text(at))


@dataclass(frozen=True, kw_only=True)
class Criteria(Rows):
    """What a person marks by. Ids are made here: nobody types one."""

    def written(self, state: State) -> JsonObject:
        """Return the criteria, each with an id."""
        rows = [self.written_row(row) for row in self.filled(state)]
        taken = {row.get("id") for row in rows}
        free = (name for number in range(1, 2 * len(rows) + 1) if (name := f"c{number}") not in taken)
        rows = [{**row, "id": row.get("id") or next(free)} for row in rows]
        return {self.name: rows} if rows else {}


@dataclass(frozen=True, kw_only=True)
class Pictures(Rows):
    """Pictures under the stem: kept files with what they show, in order."""

    shape: ClassVar[str] = "pictures"

    def filled(self, state: State) -> list[dict[str, State]]:
        """Return the rows that have a picture."""
        return [row for row in state if row["file"]]

    def new_row(self, what: str = "") -> dict[str, State]:
        """Return a row for a kept picture; ``what`` is its digest."""
        return {**super().new_row(), "file": what}

    def said(self, state: State) -> Iterator[Said]:
        """Yield what each picture shows, and which it is."""
        for number, row in enumerate(self.filled(state)):
            yield self.row_name(number), f"{row['alt']} [{row['file'][:8]}]"
