"""Sentences kept as JSON beside their Chinese text, so that a page can say them again in another language.

Pure. A sentence is ``{"key", "values"}``, a row of things ``{"key", "parts"}``; with ``words`` some
names of it are said otherwise. Whatever else there is (names, numbers) is kept as itself, days as their text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cstrain.wording.said import Said, SaidDay, SaidOtherwise, SaidRow, otherwise, said_row, say

Clean = Callable[[str], str]


def to_data(text: object, clean: Clean = str) -> Any:
    """Return a sentence as JSON; ``clean`` makes texts such that they can be kept."""
    if isinstance(text, SaidOtherwise):
        return {**to_data(text.sentence, clean), "words": dict(text.words)}
    if isinstance(text, SaidRow):
        return {"key": text.key, "parts": [to_data(each, clean) for each in text.parts]}
    if isinstance(text, Said) and not isinstance(text, SaidDay):
        return {"key": text.key, "values": {name: to_data(each, clean) for name, each in text.values.items()}}
    return text if isinstance(text, int | float) else clean(str(text))


def from_data(text: str, data: object) -> str:
    """Return a kept text as the sentence it was; as it is where ``data`` says nothing of that."""
    try:
        made = _made(data)
    except (AttributeError, KeyError, TypeError, ValueError):  # kept by another edition of ours
        return text
    if not isinstance(made, Said):
        return text
    return made if made == text else otherwise(made, text, getattr(made, "words", None))


def _made(data: object) -> object:
    if not isinstance(data, Mapping):
        return data
    if "parts" in data:
        return said_row(data["key"], [str_or_said(_made(each)) for each in data["parts"]])
    made = say(data["key"], **{name: _made(each) for name, each in data["values"].items()})
    return otherwise(made, made, data["words"]) if "words" in data else made


def str_or_said(value: object) -> str:
    """Return a value as a text; a sentence stays one."""
    return value if isinstance(value, str) else str(value)
