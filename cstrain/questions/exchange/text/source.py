"""Text files of questions as lines: decoded, masked where the file says so, numbered. Pure.

Our own files may say in their head that a backslash makes the next character plain text (even a line end).
Such characters travel as private ones until the fields of a question are made, so that no mark is found in
them; any other file keeps its backslashes.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any, NamedTuple

from cstrain.questions.exchange.contract import MOST_BYTES, MOST_QUESTIONS, UnreadableError
from cstrain.wording.said import Said, say

ESCAPES = "说明：本文件里，反斜线后面的那个字符是普通文字，不是题号、选项或标记。"
"""The line in a file's head that switches the masking on."""
MOST_LINES = 15 * MOST_QUESTIONS
LONGEST_LINE = 20_000
MASK = 0xF0000
"""Masked characters lie in plane 15, this far up."""
_HEAD = 2_000
_LOOKED_AT = 200_000
_EDGES = " \t\r\v\f\xa0\u3000\u2002\u2003\u2009\u200b\u200e\u200f\ufeff"
_ENDS = re.compile("\r\n|[\r\v\f\u2028\u2029]")
_ESCAPED = re.compile(r"\\([\s\S])")
_MASKED = re.compile(r"[\U000F0000-\U000FFFFF]")
_MASKED_END = chr(MASK + 10)


class Line(NamedTuple):
    """A line without the white space around it, and its number from 1."""

    number: int
    text: str


def decoded(raw: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030; raises ``UnreadableError``."""
    if len(raw) > MOST_BYTES:
        raise UnreadableError(
            say("文件没有读取：它超过%(mb)sMB。请分成几个文件。", mb=MOST_BYTES // 1_000_000)
        )
    try:
        text = _decoded(raw)
    except UnicodeDecodeError:
        raise UnreadableError(say("文件没有读取：文字编码不对。请另存为UTF-8的文本文件后再试。")) from None
    if "\0" in text[:100_000]:
        raise UnreadableError(say("文件没有读取：它不是文本文件。请另存为UTF-8的文本文件后再试。"))
    return text


def _decoded(raw: bytes) -> str:
    if raw.startswith(BOM_UTF8):
        return raw.decode("utf-8-sig")
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return raw.decode("utf-16")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text, empty ones too; raises ``UnreadableError`` for too many."""
    text = _MASKED.sub("\ufffd", text).replace("\r\n", "\n")
    if sum(map(text.count, "\n\r\v\f\u2028\u2029")) > 2 * MOST_LINES:
        raise UnreadableError(say("文件没有读取：它超过%(n)s行。请分成几个文件。", n=MOST_LINES))
    if ESCAPES in text[:_HEAD]:
        text = _ESCAPED.sub(lambda found: _mask(found[1]), text)
    text = _ENDS.sub("\n", text)
    lines, number = [], 1
    for each in text.split("\n"):
        lines.append(Line(number, each.strip(_EDGES)))
        number += 1 + each.count(_MASKED_END)
    if sum(1 for line in lines if line.text) > MOST_LINES:
        raise UnreadableError(say("文件没有读取：它超过%(n)s行。请分成几个文件。", n=MOST_LINES))
    return lines


def _mask(character: str) -> str:
    return chr(MASK + ord(character)) if ord(character) < 0xFFFE else character


def unmasked(value: Any) -> Any:
    """Return a value (text, or lists and mappings of it) with its masked characters as they were."""
    if isinstance(value, Said):
        return value.changed(unmasked)
    if isinstance(value, str):
        return _MASKED.sub(lambda found: chr(ord(found[0]) - MASK), value) if not value.isascii() else value
    if isinstance(value, list | tuple):
        return [unmasked(each) for each in value]
    if isinstance(value, dict):
        return {key: unmasked(each) for key, each in value.items()}
    return value


def plain_head(raw: bytes, name: str) -> str:
    """Return how a plain text file (``.txt`` or no ending) begins; empty for any other, or unreadable."""
    last = name.lower().rpartition(".")[2] if "." in name else ""
    if last not in {"", "txt"}:
        return ""
    try:
        return decoded(raw)[:_LOOKED_AT]
    except UnreadableError:
        return ""
