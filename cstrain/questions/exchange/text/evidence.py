"""What lies ahead in a text: where empty lines are, which numbers have answers or options below. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstrain.questions.exchange.text import marks
from cstrain.questions.exchange.text.options import two_options
from cstrain.questions.exchange.text.parts import FILLED
from cstrain.questions.exchange.text.source import LONGEST_LINE, Line

_LATIN = re.compile("answer|key", re.IGNORECASE)


def gaps(lines: Sequence[Line]) -> set[int]:
    """Return the places, among the lines with text, of those behind an empty one."""
    found, at, empty = set(), 0, False
    for line in lines:
        if line.text:
            if empty:
                found.add(at)
            at, empty = at + 1, False
        else:
            empty = True
    return found


def evidence(lines: Sequence[Line]) -> bytearray:
    """Tell for each line with a number whether an answer or options come before the next number."""
    told, seen = bytearray(len(lines)), False
    for at in range(len(lines) - 1, -1, -1):
        text = lines[at].text[:LONGEST_LINE]
        mark = marks.number(text)
        seen = seen or _shows(mark.rest if mark else text)
        if mark:
            told[at] = seen
        if mark or marks.section(text):
            seen = False
    return told


def _shows(text: str) -> bool:
    found = marks.option(text)
    if found is not None and found.letter == 0 and text[0] not in "abcdefghij":
        return True
    hinted = "答" in text or "要点" in text or _LATIN.search(text) is not None
    if hinted and any(piece.kind in {"answer", "model"} for piece in marks.labels(text)):
        return True
    return bool(FILLED.search(text)) or two_options(text, "")
