"""Plain text in the conventional layout of Chinese exams, pasted or as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstrain.questions.exchange.contract import (
    FORMATS,
    Draft,
    ExchangeFormat,
    Reading,
    UnreadableError,
    Written,
    row,
)
from cstrain.questions.exchange.text.marks import labels, number
from cstrain.questions.exchange.text.reading import read_lines
from cstrain.questions.exchange.text.source import decoded, lines_of
from cstrain.questions.exchange.text.written import written_text

_FIRST = 200_000
_NOT_OURS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"<", b"\xef\xbb\xbf<")
_GIFT = re.compile(r"(?<!\\)\{\s*(?:[=~#]|T(?:RUE)?\s*[}#]|F(?:ALSE)?\s*[}#]|\})|^\$CATEGORY:", re.M)
_AIKEN = re.compile(r"^ANSWER: ?[A-Z]\s*$", re.M)
_YAML = re.compile(r"^(?:topic|bank|questions)\s*:", re.M)
_LOOKED_AT = 400


@FORMATS.register("text")
class Text(ExchangeFormat):
    """Numbers, lettered options, ``答案：`` and ``解析：``; also what is copied out of Word."""

    name = "text"
    label = "文本（Word粘贴）"
    endings = (".txt", ".text")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether a text has numbers and answers of our kind and none of GIFT, Aiken, XML or YAML."""
        ending = re.search(r"\.[A-Za-z0-9]{1,5}$", name.lower())
        if (ending and not name.lower().endswith(cls.endings)) or raw.lstrip()[:8].startswith(_NOT_OURS):
            return False
        try:
            text = decoded(raw)[:_FIRST]
        except UnreadableError:
            return False
        if any(pattern.search(text) for pattern in (_GIFT, _YAML)):
            return False
        lines = [line.strip() for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT]]
        numbered = any(number(line) for line in lines)
        if _AIKEN.search(text) and not (numbered and re.search("答案|解析", text)):
            return False
        return numbered or any(
            piece.kind in {"answer", "explanation"} for line in lines for piece in labels(line[:2000])
        )

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the questions; places are lines."""
        return read_lines(lines_of(decoded(raw)), row)

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a text in UTF-8 with its mark, so that Windows shows it right."""
        text, lost = written_text(title, drafts)
        return Written(text.replace("\n", "\r\n").encode("utf-8-sig"), lost)
