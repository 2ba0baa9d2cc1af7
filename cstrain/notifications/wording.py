"""A message with its values, in the reader's language. Days and instants travel as tagged text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext


def plain(value: object) -> Any:
    """Return a value as JSON can hold it: a day or an instant becomes a tagged text, a decimal a text."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a notice cannot carry {type(value).__name__}")


def says(message: str, values: Mapping[str, Any]) -> str:
    """Return the message in the language of the running request (or forced locale)."""
    return str(gettext(message, **{key: _spoken(value) for key, value in values.items()}))


def _spoken(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return _filter("day")(date.fromisoformat(value["day"]))
    return _filter("moment")(datetime.fromisoformat(value["moment"]))


def _filter(name: str) -> Callable[[Any], str]:
    found: Callable[[Any], str] = current_app.jinja_env.filters.get(name, str)
    return found
