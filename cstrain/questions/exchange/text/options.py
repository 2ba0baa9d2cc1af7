"""Options of a question in a text: one a line, several on a line, over several lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.text.marks import letter_index, option
from cstrain.questions.exchange.text.parts import Piece
from cstrain.wording.said import say

_MARK = r"(?:[(（\[【]\s?[{a}]\s?[)）\]】]\s?[.．、:：]?|[{a}]\s?[.．、:：)）])\s*".replace(
    "{a}", "A-Za-zＡ-Ｚ"
)
_SPACED = re.compile(rf"(?<=\s){_MARK}")
_TIGHT = re.compile(rf"(?<![A-Za-z]){_MARK}")
_WEAK = re.compile(r"(?<=\s)[A-JＡ-Ｊ]\s+")
_LETTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")


class OptionError(Exception):
    """Why the options cannot be told apart: a Chinese sentence."""


def _cuts(pattern: re.Pattern[str], text: str, first: int, start: int) -> list[tuple[int, int]]:
    """Return where the options ``first``, ``first`` + 1 … begin behind ``start``: mark from and to."""
    found, wanted, lower = [], first, text[:3].strip("(（[【 ")[:1].islower()
    for each in pattern.finditer(text, start):
        letter = _LETTER.search(each[0])
        if letter and letter_index(letter[0]) == wanted and letter[0].islower() == lower:
            found.append((each.start(), each.end()))
            wanted += 1
    return found


def two_options(text: str, following: str) -> bool:
    """Tell whether a line holds options A and B, or A with B at the start of the following line."""
    starts = option(text)
    if starts is not None and starts.letter == 0:
        after = option(following)
        return (after is not None and after.letter == 1) or bool(
            _cuts(_SPACED if starts.strong else _WEAK, text, 1, len(text) - len(starts.rest))
        )
    return len(text) < 4000 and len(_upper(text)) >= 2


def _upper(text: str) -> list[tuple[int, int]]:
    found, wanted = [], 0
    for each in _SPACED.finditer(text):
        letter = _LETTER.search(each[0])
        if letter and not letter[0].islower() and letter_index(letter[0]) == wanted:
            found.append((each.start(), each.end()))
            wanted += 1
    return found


def out_of_stem(stem: str) -> tuple[str, str]:
    """Return a stem without the options that stand in its last line, and these."""
    head, _end, last = stem.rpartition("\n")
    found = _upper(last)
    if not found:
        return stem, ""
    return f"{head}\n{last[: found[0][0]]}".strip(), last[found[0][0] :]


def options_of(pieces: Sequence[Piece]) -> list[str]:
    """Return the texts of the options in order; raises ``OptionError``."""
    texts: list[str] = []
    starts = [option(piece.text) for piece in pieces]
    for at, piece in enumerate(pieces):
        begun = starts[at]
        following = starts[at + 1].letter if at + 1 < len(pieces) and (starts[at + 1]) else None  # type: ignore[union-attr]
        if begun is None or begun.letter != len(texts):
            raise OptionError(_order(piece.line, begun.letter if begun else 0, len(texts)))
        texts += _split(piece, begun.letter, following)
    if len(texts) > len(LETTERS):
        raise OptionError(
            say("选项有%(n)s个，最多%(most)s个。请合并或删去。", n=len(texts), most=len(LETTERS))
        )
    empty = next((at for at, text in enumerate(texts) if not text), None)
    if empty is not None:
        raise OptionError(say("选项%(letter)s没有内容。请补上，或删去这个选项。", letter=chr(65 + empty)))
    return texts


def _order(line: int, letter: int, wanted: int) -> str:
    if letter == 0:
        return say("第%(line)s行的选项又从A开始，可能两道题连在了一起。请检查下一题的题号。", line=line)
    return say(
        "第%(line)s行的选项是%(what)s，应为%(what2)s：缺了选项或次序不对。请改正。",
        line=line,
        what=chr(65 + letter),
        what2=chr(65 + wanted),
    )


def _split(piece: Piece, letter: int, following: int | None) -> list[str]:
    """Return the options of one line, so that the next line's letter fits."""
    text = piece.text
    begun = option(text)
    start = len(text) - len(begun.rest) if begun else 0
    strong = begun is not None and begun.strong
    spaced = _cuts(_SPACED if strong else _WEAK, text, letter + 1, start)
    tight = _cuts(_TIGHT, text, letter + 1, start) if strong else []
    for cuts in ([], spaced, tight) if following is not None else (spaced,):
        if following is None or letter + len(cuts) + 1 == following:
            if following is None and len(tight) > len(spaced):
                return _tight_end(piece, letter, start, spaced, tight)
            return _pieces(text, start, cuts)
    return _pieces(text, start, spaced)


def _tight_end(
    piece: Piece, letter: int, start: int, spaced: list[tuple[int, int]], tight: list[tuple[int, int]]
) -> list[str]:
    if letter == 0 and not spaced:
        return _pieces(piece.text, start, tight)
    raise OptionError(
        say("第%(line)s行的选项之间没有空格，分不清有几个。请用空格或换行分开。", line=piece.line)
    )


def _pieces(text: str, start: int, cuts: list[tuple[int, int]]) -> list[str]:
    begins = [start, *(end for _begin, end in cuts)]
    ends = [*(begin for begin, _end in cuts), len(text)]
    return [text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
