"""Splits a lesson's Markdown into running text and dialogues, so that a page can set them apart. Pure.

A dialogue is a block quote whose first line reads ``> **顾客**：…``. Each line is one turn; a line without a
speaker is a stage direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_QUOTE = re.compile(r" {0,3}> ?(.*)")
_TURN = re.compile(r"\*\*(?P<speaker>[^*]{1,20})\*\*[：:]\s*(?P<words>.*)")
_STAFF = frozenset({"客服", "师傅", "主管", "财务", "组长"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a dialogue: who speaks (empty: a stage direction), what they say, whether it is staff."""

    speaker: str
    words: str
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page: ``text`` (Markdown), or the turns of a dialogue."""

    text: str = ""
    turns: tuple[Turn, ...] = ()


def blocks(body: str) -> tuple[Block, ...]:
    """Return the parts of a page in order."""
    return tuple(_merged(_parts(body)))


def _parts(body: str) -> Iterator[Block]:
    for quoted, lines in groupby(body.splitlines(), key=lambda line: _QUOTE.match(line) is not None):
        kept = list(lines)
        turns = tuple(_turns(kept)) if quoted else ()
        yield Block(turns=turns) if turns else Block("\n".join(kept))


def _turns(lines: list[str]) -> Iterator[Turn]:
    """Yield the turns of a block quote; nothing when its first line names no speaker."""
    words = [line[match.start(1) :] for line in lines if (match := _QUOTE.match(line)) and match[1].strip()]
    if not words or not _TURN.fullmatch(words[0].strip()):
        return
    for line in words:
        found = _TURN.fullmatch(line.strip())
        if found:
            yield Turn(found["speaker"], found["words"], found["speaker"] in _STAFF)
        else:
            yield Turn("", line.strip())


def _merged(parts: Iterator[Block]) -> Iterator[Block]:
    """Join neighbouring texts (an ordinary block quote stays in the text) and drop empty ones."""
    held: list[str] = []
    for part in parts:
        if not part.turns:
            held.append(part.text)
            continue
        yield from _text(held)
        held = []
        yield part
    yield from _text(held)


def _text(lines: list[str]) -> Iterator[Block]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Block(text)
