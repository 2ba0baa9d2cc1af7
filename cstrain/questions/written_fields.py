"""Small help for going back from what is stored to the fields of the YAML. Pure."""

from __future__ import annotations

from typing import Any

from cstrain.questions.facts import JsonObject

_MOST_DIGITS = 15
"""So many characters may a number have in our YAML without quotes."""


def filled(**fields: Any) -> JsonObject:
    """Return the optional fields that say something: no empty text, list or table, no ``False``, ``None``."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and value is not False and value not in ("", [], {}, ())
    }


def plain_number(text: str) -> int | float | str:
    """Return a decimal text as the number that reads exactly the same, else as it is (``2.50``)."""
    if len(text) > _MOST_DIGITS:
        return text
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if repr(value) == text:
            return value
    return text


def criteria_as_written(criteria: list[JsonObject]) -> list[JsonObject]:
    """Return the criteria of a rubric without what they leave empty."""
    return [filled(**each) for each in criteria]
