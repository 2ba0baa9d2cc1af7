"""Where two texts differ. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher

from cstrain.questions.duplicates.facts import Piece

_MOST = 1200
"""Signs that are looked at one by one; of longer texts the rest counts as different."""


def marked(first: str, second: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, those marked that the other has not."""
    match = SequenceMatcher(None, first[:_MOST], second[:_MOST], autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a, b, c, d in match.get_opcodes():
        left.append(Piece(first[a:b], what != "equal"))
        right.append(Piece(second[c:d], what != "equal"))
    left.append(Piece(first[_MOST:], True))
    right.append(Piece(second[_MOST:], True))
    return tuple(one for one in left if one.text), tuple(one for one in right if one.text)
