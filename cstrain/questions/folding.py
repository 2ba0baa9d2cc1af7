"""When are two pieces of text the same to a reader: width, case, spaces and punctuation folded. Pure."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = str.maketrans(
    {
        "。": ".",
        "、": ",",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "「": '"',
        "」": '"',
        "『": '"',
        "』": '"',
        "《": "<",
        "》": ">",
        "〈": "<",
        "〉": ">",
        "【": "[",
        "】": "]",
        "〔": "[",
        "〕": "]",
        "—": "-",
        "–": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "〜": "~",
        "·": ".",
        "・": ".",
        "•": ".",
        "\u00ad": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_SPACE = re.compile(r"\s+")
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")


def fold(text: str) -> str:
    """Return ``text`` as a marker reads it.

    Unicode NFKC (full width becomes half width), case folded, Chinese punctuation as its Latin twin,
    invisible characters dropped, white space collapsed to one blank and dropped at the ends and beside
    Chinese characters, where it says nothing.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION).casefold()
    return _SPACE_BY_HAN.sub("", _SPACE.sub(" ", plain).strip())


def squeeze(text: str) -> str:
    """Return the folded text without any white space, for comparing whole questions."""
    return fold(text).replace(" ", "")
