"""Columns that somebody names: what a table has, what each may mean, the table with other headings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cstrain.documents.tables import Sheet
from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.contract import Column
from cstrain.questions.exchange.sheets.head import LEFT_OUT, LOOKED_AT, Head, head_of, nearest_head
from cstrain.questions.exchange.sheets.head import nearest as nearest_word
from cstrain.questions.exchange.sheets.words import FIELD_OF, GUIDES, HEADS, option_of, plain
from cstrain.wording.said import say

_SAMPLES = 3
_MOST_SHOWN = 60
_KNOWN_ENOUGH = 2
_CHOSEN = (
    *("type", "stem", "options", "answer", "explanation", "difficulty", "topic", "subject", "course"),
    *("chapter", "tags", "source", "rubric", "length", "situation", "id"),
)
MEANINGS: tuple[str, ...] = (
    *(HEADS[name][0] for name in _CHOSEN),
    *(f"选项{letter}" for letter in LETTERS),
)
"""What a column can be said to be: the first words for the fields, and the options one by one."""


def in_words(word: str) -> str:
    """Return a word of ``MEANINGS`` as a page says it; any other heading is its own word."""
    if word not in MEANINGS:
        return word
    letter = word.removeprefix("选项")
    return say("选项%(letter)s", letter=letter) if letter in LETTERS and letter else say(word)


def columns_of(sheets: Sequence[Sheet]) -> tuple[Column, ...]:
    """Return the columns of all sheets with questions, those of one heading once."""
    found: dict[str, Column] = {}
    for sheet, head in _heads(sheets):
        for place, cell in enumerate(head.cells):
            if cell and cell not in found and not cell.startswith(LEFT_OUT):
                known = known_as(cell)
                like = "" if known else nearest_word(cell)
                found[cell] = Column(cell, known, like, _samples(sheet, head, place))
    return tuple(found.values())


def renamed(sheets: Sequence[Sheet], heads: Mapping[str, str]) -> list[Sheet]:
    """Return the sheets with other words in their heads; a heading that became "" is marked as not read.

    The mark keeps the heading, so that rows that are handed back to be mended still say what stands in them.
    """
    places = {id(sheet): head for sheet, head in _heads(sheets)}
    return [_renamed(sheet, places.get(id(sheet)), heads) for sheet in sheets]


def _renamed(sheet: Sheet, head: Head | None, heads: Mapping[str, str]) -> Sheet:
    if head is None or not head.row:
        return sheet
    rows = list(sheet.rows)
    rows[head.row - 1] = tuple(heads.get(cell, cell) or (cell and f"{LEFT_OUT}{cell}") for cell in head.cells)
    return replace(sheet, rows=rows)


def _heads(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Head]]:
    """Yield the sheets that may hold questions, each with the row that is most like a head."""
    for sheet in sheets:
        if len(sheets) > 1 and plain(sheet.name) in GUIDES:
            continue
        head = _whole(sheet.rows) or _likely(sheet.rows)
        if head is not None:
            yield sheet, head


def _whole(rows: Sequence[Sequence[str]]) -> Head | None:
    found: Iterable[Head] = (head_of(row, number) for number, row in enumerate(rows[:LOOKED_AT], start=1))
    return next((head for head in found if head.is_whole), None)


def _likely(rows: Sequence[Sequence[str]]) -> Head | None:
    """Return the row with most known headings; where hardly one is known, the first wide one."""
    nearest = nearest_head(rows)
    if nearest is None or nearest.known >= _KNOWN_ENOUGH:
        return nearest
    wide = max(sum(map(bool, row)) for row in rows[:LOOKED_AT])
    filled = (number for number, row in enumerate(rows[:LOOKED_AT]) if sum(map(bool, row)) * 2 > wide)
    first = next(filled)
    return head_of(rows[first], first + 1)


def known_as(cell: str) -> str:
    """Return what a heading that we know means, of ``MEANINGS`` (else itself); "" for others."""
    word = plain(cell)
    if word in FIELD_OF:
        return HEADS[FIELD_OF[word]][0]
    option = option_of(word)
    if option is None or not 0 <= option[0] < len(LETTERS):
        return ""
    return f"选项{LETTERS[option[0]]}" if option[1] == "text" else cell


def _samples(sheet: Sheet, head: Head, column: int) -> tuple[str, ...]:
    said = (row[column] for row in sheet.rows[head.row :] if row[column])
    return tuple(text[:_MOST_SHOWN] for text, _number in zip(said, range(_SAMPLES), strict=False))
