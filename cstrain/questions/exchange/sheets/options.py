"""All options of a question in one cell: by letters, by lines, or by bars. Pure."""

from __future__ import annotations

import re

from cstrain.questions.exchange.plain_text import from_html
from cstrain.questions.exchange.sheets.cells import RefusedError, wide
from cstrain.wording.said import say

_LETTER = re.compile(r"(?:^|[\s;；|<>])([A-Na-nＡ-Ｎａ-ｎ])\s*[.．、:：)）]\s*")
_BARS = ("|", "｜", "；", ";")
_HTML = re.compile(r"</?(?:p|br|div|li|span)\b[^<>]{0,200}>", re.IGNORECASE)


def in_one_cell(text: str, count: str = "") -> list[str]:
    """Return the options of a cell; raises ``RefusedError`` where borders or number are in doubt."""
    if _HTML.search(text):
        text = from_html(text).text
    options = _lettered(text) or _apart(text)
    if count and count.isdecimal() and int(count[:4]) not in {0, len(options)}:
        raise RefusedError(
            say(
                "选项数写的是%(count)s，从“选项”里读出%(n)s个。请每个选项占一行，前面写A. B. ……",
                count=count[:4],
                n=len(options),
            )
        )
    if len(options) == 1:
        raise RefusedError(
            say("选项都写在一格里，看不出怎么分开。请每个选项占一行，前面写A. B. ……，或分成几列。")
        )
    return options


def _lettered(text: str) -> list[str]:
    """Return the options where their letters stand in order from A; nothing for other texts."""
    found = list(_LETTER.finditer(text))
    said = "".join(wide(match[1]) for match in found).upper()
    if len(found) < 2 or said != "ABCDEFGHIJKLMN"[: len(found)] or text[: found[0].start()].strip():
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [text[match.end() : end].strip(" \t\n|;；") for match, end in zip(found, ends, strict=True)]


def _apart(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        return lines
    for bar in _BARS:
        pieces = [piece.strip() for piece in text.split(bar)]
        while len(pieces) > 1 and not pieces[-1]:
            pieces.pop()
        if not all(pieces):
            raise RefusedError(
                say("“选项”里两个分隔符之间是空的，看不出少了哪一项。请补上，或每个选项占一行。")
            )
        if len(pieces) > 1:
            return pieces
    return lines
