"""What a question is found by: its words folded, and the initials of its pinyin. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin

from cstrain.questions.folding import squeeze

MOST_WORDS = 4000
_MOST_SPELLED = 200


def words_of(ref: str, content: Mapping[str, Any]) -> str:
    """Return the text that searches look into: ref, stem, options and parts, folded, without spaces."""
    return squeeze(" ".join((ref, *_texts(content))))[:MOST_WORDS]


def initials_of(stem: str) -> str:
    """Return the first letters of the pinyin of a stem's beginning, with its Latin letters and digits.

    ``退货要几天？`` gives ``thyjt``. Of characters with several readings the one that fits the word counts.
    """
    spelled = lazy_pinyin(squeeze(stem)[:_MOST_SPELLED], style=Style.FIRST_LETTER)
    return "".join(sign for sign in "".join(spelled) if sign.isascii() and sign.isalnum())


def _texts(content: Mapping[str, Any]) -> Iterator[str]:
    yield str(content.get("stem", ""))
    for name in ("options", "left"):
        for option in content.get(name, ()):
            yield str(option["text"] if isinstance(option, Mapping) else option)
    yield str(content.get("text", ""))
    for part in content.get("parts", ()):
        yield from _texts(part.get("content", part))
