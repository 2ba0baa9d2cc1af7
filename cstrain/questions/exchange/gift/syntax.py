"""The syntax of GIFT files: pieces of text and answer blocks, escapes, remarks, markers of a format. Pure.

A character behind a backslash travels as a lone surrogate, which no decoded text holds, until it is made
plain text; so nothing that looks for marks takes it for one.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from cstrain.questions.exchange.contract import MOST_QUESTIONS, UnreadableError
from cstrain.wording.said import say

MARK = "cstrain "
"""Begins the comment in which our own files keep what GIFT has no place for."""
BLANKS = " \t\r\v\f\n"
GAP = "____"
_MOST_PIECES = 10 * MOST_QUESTIONS
_LONGEST = 100_000
_MOST_ANSWERS = 100
_LONGEST_COMMENT = 5000
_ESCAPABLE = ":#={}~"
_GUARDED = {"\\" + each: chr(0xDC00 + ord(each)) for each in _ESCAPABLE} | {"\\n": "\udc0a"}
_PLAIN = {ord(guard): chr(ord(guard) - 0xDC00) for guard in (*_GUARDED.values(), "\udc5c")}
_WRITTEN = {ord(each): "\\" + each for each in "\\" + _ESCAPABLE} | {10: "\\n", 13: None}

_FILLED = re.compile(r"\s*")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*(?:\n|\Z)")
_CATEGORY = re.compile(r"^[^\S\n]*\$CATEGORY:([^\n]*)", re.MULTILINE)
_COMMENT = re.compile(r"^[^\S\n]*//[^\n]*", re.MULTILINE)
_REMARK = re.compile(r"^[^\S\n]*//((?=[^\n]*\[(?:id|tag):|[^\S\n]*cstrain )[^\n]*)", re.MULTILINE)
_NEXT_TITLE = re.compile(r"\n[^\S\n]*(?=::)")
_PROPERTY = re.compile(r"\[(id|tag):((?:\\.|[^\]\\]){1,255})\]")
_SIGN = re.compile(r"[~=]")
_WEIGHT = re.compile(r"%\s?(-?[0-9]{1,3}(?:[.,][0-9]{0,10})?)\s?%")
_CONTEXT = re.compile(r"\$(?:course|system|module|cat\d*|coursecat)\$/?")


class RefusedError(ValueError):
    """A question cannot be taken over; the message is a Chinese sentence with what to do."""


@dataclass(slots=True)
class Remarks:
    """What the comments above a question say: id, tags, and the fields our own files keep there."""

    id: str = ""
    tags: list[str] = field(default_factory=list)
    fields: Mapping[str, Any] = field(default_factory=dict)

    def take(self, comment: str) -> None:
        """Add what a comment says; most say nothing."""
        comment = comment.strip()
        if comment.startswith(MARK):
            self.fields = _kept(comment.removeprefix(MARK))
            return
        for name, value in _PROPERTY.findall(comment[:_LONGEST_COMMENT]):
            value = re.sub(r"\\(.)", r"\1", value).strip()
            if name == "tag" and value not in self.tags:
                self.tags.append(value)
            elif name == "id" and not self.id:
                self.id = value


def _kept(text: str) -> Mapping[str, Any]:
    try:
        kept = json.loads(text)
        json.dumps(kept, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


class Piece(NamedTuple):
    """The text of one question, guarded; ``line`` is its first, ``topic`` the category it stands under."""

    line: int
    topic: str
    text: str
    remarks: Remarks


class Parts(NamedTuple):
    """A question cut at its marks, still guarded. ``block`` is ``None`` where there is none."""

    title: str
    before: str
    block: str | None
    after: str
    general: str


class Item(NamedTuple):
    """An answer of a block: ``=`` or ``~``, its weight in percent where one is given, text, feedback."""

    mark: str
    weight: float | None
    text: str
    feedback: str

    @property
    def share(self) -> float:
        """The weight that counts, in percent."""
        return self.weight if self.weight is not None else 100.0 * (self.mark == "=")


def guarded(text: str) -> str:
    """Return a text whose escaped characters are no marks any more."""
    if "\\" not in text:
        return text
    text = text.replace("\\\\", "\udc5c")
    for escaped, guard in _GUARDED.items():
        text = text.replace(escaped, guard)
    return text


def unguarded(text: str) -> str:
    """Return a guarded text as it is meant."""
    return text.translate(_PLAIN)


def escaped(text: str) -> str:
    """Return a text as a GIFT file writes it, line ends too."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_WRITTEN)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the questions of a file; raises ``UnreadableError`` for too many."""
    topic, count = "", 0
    for line, part in _parts_of(text):
        if found := _CATEGORY.match(part):
            topic = _topic(found[1])
            continue
        for piece in _cut(part, line, topic):
            count += 1
            yield piece
        if count > MOST_QUESTIONS:
            raise _too_many()


def _parts_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield paragraphs and, apart from them, the lines that name a category, with their line numbers."""
    for line, paragraph in _paragraphs(text):
        start = 0
        for count, found in enumerate(_CATEGORY.finditer(paragraph)):
            if count > MOST_QUESTIONS:
                raise _too_many()
            yield line, paragraph[start : found.start()]
            line += paragraph.count("\n", start, found.start())
            yield line, found[0]
            start = found.end()
        yield line, paragraph[start:]


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between empty lines, with the number of its first line."""
    at, line = 0, 1
    for _ in range(_MOST_PIECES):
        filled = _FILLED.match(text, at)
        start = filled.end() if filled else at
        if start == len(text):
            return
        line += text.count("\n", at, start)
        end = _EMPTY_LINE.search(text, start)
        at = end.start() if end else len(text)
        yield line, text[start:at]
        line += text.count("\n", start, at)
    raise _too_many()


def _cut(text: str, line: int, topic: str) -> Iterator[Piece]:
    """Yield the questions of a paragraph: one, or more where titles begin lines behind closed blocks."""
    comments = _remarks(text, line)
    said = guarded(_COMMENT.sub("", text))
    at = start = 0
    for end, closed in _cuts(said):
        remarks, piece = Remarks(), said[start:end]
        last = line + said.count("\n", at, closed)
        while comments and comments[0][0] <= last:
            remarks.take(comments.popleft()[1])
        body = piece.strip(BLANKS)
        first = start + len(piece) - len(piece.lstrip(BLANKS))
        line, at, start = line + said.count("\n", at, first), first, end
        if body:
            yield Piece(line, topic, body, remarks)


def _remarks(text: str, line: int) -> deque[tuple[int, str]]:
    """Return the comments that may say something, with the number of their line."""
    comments: deque[tuple[int, str]] = deque()
    at = 0
    for found in _REMARK.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        comments.append((line, found[1]))
        if len(comments) > 3 * MOST_QUESTIONS:
            raise _too_many()
    return comments


def _cuts(said: str) -> Iterator[tuple[int, int]]:
    """Yield where each question of a paragraph ends, and where its block does."""
    closed = said.find("}")
    for count, found in enumerate(_NEXT_TITLE.finditer(said)):
        if not 0 <= closed < found.start():
            continue
        if count > MOST_QUESTIONS:
            raise _too_many()
        yield found.start(), closed
        closed = said.find("}", found.end())
    yield len(said), len(said)


def _too_many() -> UnreadableError:
    return UnreadableError(say("文件没有读取：里面超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS))


def _topic(category: str) -> str:
    """Return a category's path without where it hangs in the other system; a slash in a name is ``／``."""
    path = category.strip()
    if found := _CONTEXT.match(path):
        path = path[found.end() :]
        path = "" if path == "top" else path.removeprefix("top/")
    levels = path.replace("//", "／").split("/")
    return "/".join(level.strip() for level in levels if level.strip())


def parts(text: str) -> Parts:
    """Return a guarded question cut at its marks; raises ``RefusedError``."""
    if len(text) > _LONGEST:
        raise RefusedError(say("这一段超过%(n)s万字，不像一道题；题与题之间请空一行。", n=_LONGEST // 10_000))
    title, text = _titled(text)
    opened, closed = text.find("{"), text.find("}")
    if opened < 0 and closed < 0:
        return Parts(title, text, None, "", "")
    if closed < opened or opened < 0:
        raise RefusedError(
            say("答案块的花括号没有成对：每题一对{ }，题目里不要有空行，普通花括号写成\\{和\\}。")
        )
    after = text[closed + 1 :]
    if "{" in text[opened + 1 : closed] or "{" in after or "}" in after:
        raise RefusedError(say("一道题里有两个答案块。题与题之间请空一行，普通的花括号写成\\{和\\}。"))
    block, found, general = text[opened + 1 : closed].rpartition("####")
    if not found:
        block, general = general, ""
    return Parts(title, text[:opened], block.strip(BLANKS), after.rstrip(BLANKS), general)


def _titled(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    title, found, rest = text[2:].partition("::")
    return (unguarded(title).strip(), rest.lstrip(BLANKS)) if found else ("", text)


def items(block: str) -> list[Item]:
    """Return the answers of a guarded block; raises ``RefusedError`` where they cannot be told apart."""
    signs = [found.start() for found in islice(_SIGN.finditer(block), _MOST_ANSWERS + 1)]
    if len(signs) > _MOST_ANSWERS:
        raise RefusedError(say("一道题的答案超过%(n)s个，请删减。", n=_MOST_ANSWERS))
    if not signs or block[: signs[0]].strip():
        raise RefusedError(say("答案前面没有写=（正确）或~（错误），请补上。"))
    spaced = [block[at - 1] in BLANKS for at in signs[1:]]
    if any(spaced) and not all(spaced):
        raise RefusedError(say("分不清=或~是新的答案还是文字：文字里的请写成\\=和\\~，新答案前面请空一格。"))
    ends = [*signs[1:], len(block)]
    return [_item(block[at], block[at + 1 : end]) for at, end in zip(signs, ends, strict=True)]


def _item(sign: str, text: str) -> Item:
    text = text.strip(BLANKS)
    weight = None
    if found := _WEIGHT.match(text):
        weight, text = float(found[1].replace(",", ".")), text[found.end() :]
    text, _, feedback = text.partition("#")
    return Item(sign, weight, text.strip(BLANKS), feedback.strip(BLANKS))
