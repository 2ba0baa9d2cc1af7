"""Keys in words, for pages. Pure."""

from __future__ import annotations

from typing import Any

from cstrain.questions.facts import ShownKey
from cstrain.questions.question_type import question_types


def shown_key(name: str, content: dict[str, Any], key: dict[str, Any], explanation: str) -> ShownKey:
    """Return the key of a question of the type ``name`` in words, and that of each part of a case."""
    words = question_types().get(name).describe_key(content, key)
    right = key.get("right")
    both = zip(key["parts"], content["parts"], strict=True) if name == "case" else ()
    parts = tuple(shown_key(part["type"], shown["content"], part["key"], "") for part, shown in both)
    return ShownKey(words, tuple(right) if isinstance(right, list) else (), explanation, key, parts)
