"""What changed between two texts, in pieces a reader can follow. Pure.

First line by line, then inside the changed lines word by word; of Chinese every character is a word.
Scattered signs that happen to be the same inside a changed passage belong to the change: they only confuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

Kind = Literal["same", "added", "removed", "skipped"]

_WORD = re.compile(r"[^\W\d_\u2e80-\u9fff\uf900-\ufaff]+|\d+|[ \t]+|\n|.", re.DOTALL)
_MOST_LINES = 20_000
_MOST_WORDS = 6_000
_ALIKE = 0.35
_SCATTERED = 2
_CONTEXT = 60
_PAUSE = re.compile(r"[。！？；\n]")


class Piece(NamedTuple):
    """A stretch of text: in both, only in the newer (``added``), only in the older (``removed``).

    ``skipped`` stands for a long stretch that is the same, and its text is empty.
    """

    kind: Kind
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Return what leads from one text to the other, in order.

    ``same`` and ``removed`` together are the older text, ``same`` and ``added`` the newer one. Neighbouring
    pieces differ in kind, and of a change the removed piece comes first. Texts of very many lines are told
    apart as wholes.
    """
    if before == after:
        return [Piece("same", before)] if before else []
    older, newer = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(older), len(newer)) > _MOST_LINES:
        return _joined(_replaced(before, after))
    return _joined(_by_line(older, newer))


def shortened(pieces: Sequence[Piece], context: int = _CONTEXT) -> list[Piece]:
    """Return the changes with what surrounds them; what lies between is ``skipped``.

    Of what surrounds them at most ``context`` characters stay, whole sentences where there are any.
    """
    last = len(pieces) - 1
    found: list[Piece] = []
    for place, piece in enumerate(pieces):
        head, tail = (context if place else 0), (context if place < last else 0)
        if piece.kind != "same" or len(piece.text) <= head + tail + context:
            found.append(piece)
            continue
        after, before = _after(piece.text[:head]), _before(piece.text[len(piece.text) - tail :])
        found += [Piece("same", after), Piece("skipped", ""), Piece("same", before)]
    return [piece for piece in found if piece.text or piece.kind == "skipped"]


def _after(text: str) -> str:
    """Return what follows a change up to the end of its paragraph, or of the last sentence in it."""
    paragraph = text.find("\n\n")
    if paragraph >= 0:
        return text[: paragraph + 1]
    ends = [found.end() for found in _PAUSE.finditer(text)]
    return text[: ends[-1]] if ends else text


def _before(text: str) -> str:
    """Return what leads to a change from the first sentence on that begins in it."""
    found = _PAUSE.search(text, 0, max(0, len(text) - 1))
    return text[found.end() :].lstrip("\n") if found else text


def _by_line(older: list[str], newer: list[str]) -> Iterator[Piece]:
    """Yield the pieces of two lists of lines; lines that were replaced are compared word by word."""
    for _tag, start, end, at, until in _steps(older, newer):
        removed, added = "".join(older[start:end]), "".join(newer[at:until])
        if removed == added:
            yield Piece("same", removed)
        elif removed and added:
            yield from _by_word(removed, added)
        else:
            yield from _replaced(removed, added)


def _steps(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield steps in which what is removed and what is added in one place come together as one."""
    steps = [(step.tag == "equal", step) for step in Indel.opcodes(older, newer)]
    for is_same, group in groupby(steps, key=lambda pair: pair[0]):
        found = [step for _same, step in group]
        tag = "equal" if is_same else "replace"
        yield tag, found[0].src_start, found[-1].src_end, found[0].dest_start, found[-1].dest_end


def _by_word(removed: str, added: str) -> Iterator[Piece]:
    older, newer = _WORD.findall(removed), _WORD.findall(added)
    is_long = max(len(older), len(newer)) > _MOST_WORDS
    if is_long or Indel.normalized_similarity(older, newer) < _ALIKE:
        yield from _replaced(removed, added)
        return
    for tag, start, end, at, until in _steps(older, newer):
        if tag == "equal":
            yield Piece("same", "".join(older[start:end]))
        else:
            yield from _replaced("".join(older[start:end]), "".join(newer[at:until]))


def _replaced(removed: str, added: str) -> list[Piece]:
    return [Piece("removed", removed), Piece("added", added)]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join what belongs together: neighbours of one kind, and changes that only a sign or two keep apart."""
    found: list[Piece] = []
    removed = added = ""
    waiting = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(waiting):
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        elif (removed or added) and place < len(waiting) - 1 and _is_scattered(piece.text, removed, added):
            removed, added = removed + piece.text, added + piece.text
        else:
            found += _replaced(removed, added)
            found.append(piece)
            removed = added = ""
    found += _replaced(removed, added)
    return list(_merged(piece for piece in found if piece.text))


def _is_scattered(text: str, removed: str, added: str) -> bool:
    """Tell whether a bit that is the same only breaks a change up: it is short, and beside more change."""
    short = len(text) <= _SCATTERED and "\n" not in text
    return short and min(len(removed), len(added)) > len(text)


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in group))
