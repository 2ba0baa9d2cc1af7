"""Sealing what a decision rests on: facts, findings and editions as canonical JSON with its SHA-256. Pure."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
    """Return canonical JSON: sorted keys, no white space; decimals and dates become text."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return _of_parts(value)


def _of_parts(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.repr  # what is only remembered for speed is no fact
        }
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def seal(value: Any) -> tuple[str, str]:
    """Return the canonical text and its SHA-256 in hex."""
    text = canonical(value)
    return text, digest(text)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def intact(text: str, expected: str) -> bool:
    """Tell whether a sealed text is still what was sealed."""
    return digest(text) == expected
