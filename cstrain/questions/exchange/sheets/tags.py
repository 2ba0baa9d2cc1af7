"""Tags in one cell. Pure."""

from __future__ import annotations

from cstrain.questions.exchange.sheets.cells import escaped, joined, split, unescaped

_MARKS = ",，、;；|｜\n"


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a cell: apart by commas, semicolons, bars or lines."""
    return tuple(unescaped(tag, _MARKS) for tag in split(text, _MARKS, _MARKS) if tag)


def tags_cell(tags: tuple[str, ...]) -> str:
    """Return tags as ``tags_of`` reads them."""
    return joined((escaped(tag, _MARKS) for tag in tags), "、")
