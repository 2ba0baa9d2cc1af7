"""What stands in one cell of a question sheet: lists with a way to write their separators, gaps, letters,
numbers. Pure.

A separator that belongs to the text is written with a backslash before it (``\\|``). A backslash before
anything else is itself, so that paths and the like need no care.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from cstrain.wording.said import say

GAP = "____"
_MOST_PIECES = 500
_LINES = re.compile(r"[_＿]{2,}")
_BRACKETS = re.compile(r"[(（][ \t\u3000\xa0]{0,40}[)）]")
_OPTION_MARK = re.compile(r"\s*([A-Na-nＡ-Ｎａ-ｎ])\s*(?:[.．、:：)）]|\s)\s*")
_WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
_JOINS = re.compile(r"[\s,，、;；/|｜.。+&和与]+")
_ANSWER_WORDS = re.compile(r"^(?:正确)?(?:答案|选项)(?:是|为)?[:：]?\s*")


class RefusedError(ValueError):
    """A row cannot be read as a question; the message is a Chinese sentence with what to do."""


def wide(text: str) -> str:
    """Return the text with full-width letters, digits and signs as plain ones."""
    return text.translate(_WIDE)


@cache
def _special(marks: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\\)(\\*+)([{re.escape(marks)}])")  # from the begin of a run: else quadratic


def split(text: str, by: str, marks: str, *, bare: bool = True) -> list[str]:
    """Cut at the signs of ``by`` (of ``marks``) that no backslash takes away; pieces are still escaped.

    ``bare``: without the spaces around them. Raises ``RefusedError`` for far more pieces than any list has.
    """
    pieces: list[str] = []
    start = 0
    for match in _special(marks).finditer(text):
        if match[2] in by and len(match[1]) % 2 == 0:
            if len(pieces) == _MOST_PIECES:
                raise RefusedError(
                    say(
                        "一格里的“%(what)s”超过%(most)s个，请检查这一格。",
                        what=match[2].strip() or say("换行"),
                        most=_MOST_PIECES,
                    )
                )
            pieces.append(text[start : match.start(2)])
            start = match.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces] if bare else pieces


def unescaped(text: str, marks: str) -> str:
    """Take back what ``escaped`` added for the same ``marks``."""
    return _special(marks).sub(lambda match: "\\" * (len(match[1]) // 2) + match[2], text)


def escaped(text: str, marks: str) -> str:
    """Return the text so that ``split`` does not cut it at any of ``marks``."""
    return _special(marks).sub(lambda match: "\\" * (2 * len(match[1]) + 1) + match[2], text)


def joined(pieces: Iterable[str], by: str) -> str:
    """Join escaped pieces; one that ends with a backslash is kept from taking the sign away."""
    every = list(pieces)
    said = [f"{piece} " if piece.endswith("\\") else piece for piece in every[:-1]]
    return by.join((*said, *every[-1:]))


def with_gaps(stem: str) -> str:
    """Return a stem with each gap as ``____``: underscores of any length from two, else empty brackets."""
    if _LINES.search(stem):
        return _LINES.sub(GAP, stem)
    return _BRACKETS.sub(GAP, stem)


def without_marks(options: list[str]) -> list[str]:
    """Take away ``A.`` ``B、`` … where every option begins with its own letter."""
    if not options or not _marked(options):
        return options
    return [_OPTION_MARK.sub("", option, count=1) for option in options]


def with_marks(options: list[str]) -> list[str]:
    """Add letters to options that ``without_marks`` would otherwise cut."""
    if not options or not _marked(options):
        return options
    return [f"{chr(ord('A') + index)}. {option}" for index, option in enumerate(options)]


def _marked(options: list[str]) -> bool:
    for index, option in enumerate(options):
        match = _OPTION_MARK.match(option)
        if match is None or wide(match[1]).upper() != chr(ord("A") + index) or match.end() == len(option):
            return False
    return True


def letters(text: str) -> list[int] | None:
    """Return which options (from 0) letters name: ``AC``, ``A,C``, ``a、c``; ``None`` for others."""
    bare = _JOINS.sub("", wide(_ANSWER_WORDS.sub("", text[:200].strip()))).upper()
    if not bare or not re.fullmatch("[A-N]+", bare):
        return None
    return [ord(letter) - ord("A") for letter in bare]


def named(text: str) -> list[int] | None:
    """Return which options are named in full: ``选项A``, ``选项A、选项C``."""
    pieces = [piece for piece in _JOINS.split(wide(text[:200].strip())) if piece]
    if not pieces or not all(re.fullmatch("选项[A-Na-n]", piece) for piece in pieces):
        return None
    return [ord(piece[-1].upper()) - ord("A") for piece in pieces]


def ordinals(text: str) -> list[int] | None:
    """Return which options (from 0) numbers name: ``3``, ``1,3``; ``None`` for others."""
    pieces = [piece for piece in _JOINS.split(wide(text[:200].strip())) if piece]
    if not pieces or not all(re.fullmatch("[1-9][0-9]?", piece) for piece in pieces):
        return None
    return [int(piece) - 1 for piece in pieces]


_DIGITS = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{1,10})?"
_AMOUNT = re.compile(
    rf"(?P<answer>{_DIGITS})\s*(?P<first>[^0-9±]{{0,12}}?)\s*"
    rf"(?:(?:±|\+/-|\+-)\s*(?P<tolerance>{_DIGITS}))?\s*(?P<unit>[^0-9]{{0,12}})"
)
_SIGNS = str.maketrans("０１２３４５６７８９．，＋－−", "0123456789.,+--")


class Amount(NamedTuple):
    """A number as text, how far off it may be, its unit."""

    answer: str
    tolerance: str
    unit: str


def amount(text: str) -> Amount | None:
    """Read ``12.5±0.5 元``, ``1,200元``, ``96%``, ``12元±1元``; ``None`` for anything else."""
    match = _AMOUNT.fullmatch(text.strip().translate(_SIGNS)) if len(text) <= 80 else None
    if match is None:
        return None
    first, unit = match["first"].strip(), match["unit"].strip()
    if first and unit and first != unit:
        return None
    plain = match["answer"].replace(",", "")
    return Amount(plain, (match["tolerance"] or "").replace(",", ""), first or unit)
