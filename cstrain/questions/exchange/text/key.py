"""Answers in a list of their own, behind the questions: ``1.B 2.AC``, ``1-5 ABCDA``, a line each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from cstrain.questions.exchange.contract import MOST_QUESTIONS, UnreadableError
from cstrain.questions.exchange.text import marks
from cstrain.questions.exchange.text.parts import Asked, Key, Piece
from cstrain.questions.exchange.text.source import Line
from cstrain.questions.exchange.text.words import CHOICE, SURE_TRUTHS
from cstrain.wording.said import say

_LOOK_BACK = 300
_TRUTH = "|".join(sorted((re.escape(word) for word in SURE_TRUTHS), key=len, reverse=True))
_ENTRY = re.compile(
    rf"(?:第|[(（【])?(?P<number>{marks.COUNTED})(?:题|[)）】])?\s?[.．、:：]?\s*"
    rf"(?P<said>[A-JＡ-Ｊ](?:[、,，]?[A-JＡ-Ｊ]){{0,9}}|{_TRUTH})(?:[\s;；,，。、.]+|$|(?=\d))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"第?\s?(?P<first>{marks.COUNTED})\s?题?\s?[-~～—–－至到]{{1,2}}\s?第?(?P<last>{marks.COUNTED})\s?题?\s?[.．、:：)）]?\s*"
)
_MARKS = re.compile(r"[\s;；,，、]+")
_ONE = re.compile(rf"[A-JＡ-Ｊ]{{1,10}}|{_TRUTH}", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    number: int
    section: marks.Section
    run: int
    pieces: list[Piece]


def begins_key(text: str, asked: Sequence[Asked], lacking: Set[int], following: str) -> str | None:
    """Return what stands behind the heading of a list of answers; ``None`` where it answers one question.

    ``lacking``: the numbers of the questions before the last one that have no answer.
    """
    behind = marks.block(text)
    if behind is None or not asked or (behind and not _is_list(behind, following)):
        return None
    first = _first_number(behind or following)
    if first is None and marks.section(following) is None:
        return None
    recent = asked[-_LOOK_BACK:]
    many = sum(not each.answered for each in recent)
    meant = first in lacking or (first == asked[-1].number and not asked[-1].answered)
    if not many or not (first is None or meant):
        return None
    sure = _all_entries(behind or following)
    one_text = many == 1 and not asked[-1].answered and not asked[-1].of("option")
    few = 2 * many < len(recent) and re.search("[:：]", text)
    return None if (one_text or few) and not sure else behind


def _is_list(behind: str, following: str) -> bool:
    """Tell whether the answers on the heading's own line are a list: several, or one a line from there on."""
    if _all_entries(behind):
        return True
    first, second = _first_number(behind), _first_number(following)
    return first is not None and second == first + 1


def _first_number(text: str) -> int | None:
    found = _RANGE.match(text) or _ENTRY.match(text)
    if found is not None:
        return int(found[1])
    mark = marks.number(text)
    return None if mark is None or mark.rest[:1].isdecimal() else mark.value


def opens_key(text: str) -> str:
    """Return the answers that stand on the line of a heading (``一、单选题：1-5 ABCDA``)."""
    behind = re.split("[:：]", text, maxsplit=1)[-1].strip() if re.search("[:：]", text) else ""
    return behind if _first_number(behind) is not None else ""


def _all_entries(text: str) -> bool:
    return bool(text) and (_RANGE.match(text) is not None or len(_objective(text)) > 1)


def _objective(text: str) -> list[tuple[int, str]]:
    """Return the entries of a line that is nothing but short answers; none for any other line."""
    found, at = [], 0
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is None:
            return []
        found.append((int(entry["number"]), entry["said"]))
        at = entry.end()
    return found


class KeyReader:
    """Gives the answers of one list to its questions; ``strays`` are lines that belong to none."""

    def __init__(self, key: Key, asked: Sequence[Asked]) -> None:
        self.key, self.asked = key, asked
        self.entries: list[_Entry] = []
        self.strays: list[tuple[int, str]] = []

    def read(self) -> None:
        """Read the lines, then give each question its answer."""
        for section, line in self.key.lines:
            if line.text:
                self._line(section, line)
        self._give()

    def _line(self, section: marks.Section, line: Line) -> None:
        if _RANGE.match(line.text):
            self._ranges(section, line)
        elif objective := _objective(line.text):
            for number, said in objective:
                self._add(section, number, line.number, "answer", said)
        elif mark := marks.number(line.text):
            self._free(section, mark, line.number)
        elif self.entries:
            for piece in marks.labels(line.text):
                self._append(piece, line.number)
        else:
            self.strays.append((line.number, say("答案表里的这一行没有题号。请写成“1. B”的样子。")))

    def _add(self, section: marks.Section, number: int, line: int, kind: str, text: str) -> None:
        last = self.entries[-1] if self.entries else None
        new_run = last is not None and (number <= last.number or section is not last.section)
        run = (last.run if last else 0) + new_run
        if len(self.entries) >= MOST_QUESTIONS:
            raise UnreadableError(say("文件没有读取：答案表超过%(n)s条。请分成几个文件。", n=MOST_QUESTIONS))
        self.entries.append(_Entry(number, section, run, [Piece(kind, line, [text])]))

    def _append(self, piece: marks.Labelled, line: int) -> None:
        pieces = self.entries[-1].pieces
        if piece.kind:
            pieces.append(Piece(piece.kind, line, [piece.text]))
        else:
            pieces[-1].lines.append(piece.text)

    def _free(self, section: marks.Section, mark: marks.Number, line: int) -> None:
        first, *others = marks.labels(mark.rest) or [marks.Labelled("answer", "")]
        self._add(section, mark.value, line, first.kind or "answer", first.text)
        for piece in others:
            self._append(piece, line)

    def _ranges(self, section: marks.Section, line: Line) -> None:
        found = list(_RANGE.finditer(line.text))
        ends = [each.start() for each in found[1:]] + [len(line.text)]
        for each, end in zip(found, ends, strict=True):
            first, last = int(each["first"]), int(each["last"])
            said = _said(line.text[each.end() : end])
            if said is None or len(said) != last - first + 1:
                message = say(
                    "第%(first)s到%(last)s题应有%(n)s个答案，这里对不上。请核对，或每题分开写。",
                    first=first,
                    last=last,
                    n=last - first + 1,
                )
                self.strays.append((line.number, message))
                continue
            for number, one in enumerate(said, start=first):
                self._add(section, number, line.number, "answer", one)

    def _give(self) -> None:
        parts = sorted({each.part for each in self.asked})
        runs = self.entries[-1].run + 1 if self.entries else 0
        given: dict[int, Asked] = {}
        unclear = False
        for entry in self.entries:
            fitting = [each for each in self._by_number().get(entry.number, ()) if _fits(entry, each)]
            if len(fitting) > 1 and runs == len(parts):
                fitting = [each for each in fitting if each.part == parts[entry.run]]
            line = entry.pieces[0].line
            if len(fitting) != 1:
                why = say("题目里却没有这个题号") if not fitting else say("有这个题号的题却不止一道")
                message = say(
                    "答案表里有第%(number)s题，%(why)s。请核对题号，或在答案表里也写上大题的标题。",
                    number=entry.number,
                    why=why,
                )
                self.strays.append((line, message))
                unclear = True
                for each in fitting:
                    each.wrong(
                        say(
                            "第%(line)s行的答案属于哪一道第%(number)s题，看不出来。请在答案表里"
                            "也写上大题的标题。",
                            line=line,
                            number=entry.number,
                        )
                    )
                continue
            unclear |= not _attach(fitting[0], entry, line, again=id(fitting[0]) in given)
            given[id(fitting[0])] = fitting[0]
        if unclear and self.key.doubtful:
            for each in given.values():
                each.wrong(_doubtful(self.entries[0].pieces[0].line))

    def _by_number(self) -> dict[int, list[Asked]]:
        if not hasattr(self, "_numbers"):
            self._numbers: dict[int, list[Asked]] = {}
            for each in self.asked:
                self._numbers.setdefault(each.number, []).append(each)
        return self._numbers


def _fits(entry: _Entry, asked: Asked) -> bool:
    kind, theirs = entry.section.kind, asked.section.kind
    return not kind or not theirs or kind == theirs or CHOICE in {kind, theirs}


def _doubtful(line: int) -> str:
    return say(
        "第%(line)s行起是各题的答案表，还是一道题自己的答案，看不出来。"
        "请核对各题的答案：答案表要包含每一题，或者每题都写上自己的答案。",
        line=line,
    )


def _attach(asked: Asked, entry: _Entry, line: int, again: bool) -> bool:
    """Give a question its answer; tells whether it had no other."""
    own = asked.text("answer", "model")
    listed = "\n".join(piece.text for piece in entry.pieces if piece.kind in {"answer", "model"})
    if again or (own and "".join(own.split()) != "".join(listed.split())):
        asked.wrong(
            say(
                "答案有两个：一个在题目里或答案表的前面，另一个在第%(line)s行，两者不同。请只留正确的一个。",
                line=line,
            )
        )
        return False
    kept = (piece for piece in entry.pieces if not (own and piece.kind in {"answer", "model"}))
    asked.pieces.extend(kept)
    return True


def _said(text: str) -> list[str] | None:
    """Return the answers of a range: groups apart, or one character each."""
    groups = [each for each in _MARKS.split(text.strip(" .。")) if each]
    if not all(_ONE.fullmatch(each) for each in groups):
        groups = list("".join(groups))
    elif len(groups) == 1:
        groups = list(groups[0])
    return groups if all(_ONE.fullmatch(each) for each in groups) else None


def keyed(keys: Sequence[Key], asked: Sequence[Asked]) -> Iterator[tuple[int, str]]:
    """Give the questions the answers of all lists; yields the lines that belong to none and why."""
    before = -1
    for key in keys:
        reader = KeyReader(key, [each for each in asked if before < each.part <= key.part])
        reader.read()
        before = key.part
        yield from reader.strays
