"""The conventional layout of Chinese exam texts: where questions begin, and what their lines are. Pure.

Shared by plain text and Word files. A line that could belong to two questions makes both refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstrain.questions.exchange.contract import MOST_QUESTIONS, UnreadableError
from cstrain.questions.exchange.text import marks
from cstrain.questions.exchange.text.evidence import evidence, gaps
from cstrain.questions.exchange.text.key import begins_key, opens_key
from cstrain.questions.exchange.text.options import two_options
from cstrain.questions.exchange.text.parts import FILLED, Asked, Key, Piece
from cstrain.questions.exchange.text.source import LONGEST_LINE, Line
from cstrain.questions.exchange.text.words import PROSE
from cstrain.wording.said import say

_FURTHEST_JUMP = 50
_YES, _NO, _LIST, _JUMP, _AGAIN, _UNSURE = "yes", "no", "list", "jump", "again", "unsure"
_ONCE = frozenset({"difficulty", "topic", "source", "points", "id", "type", "limits", "situation", "mine"})
_LETTERS = re.compile(r"[A-Ja-jＡ-Ｊ](?:[\s、,，]*[A-Ja-jＡ-Ｊ]){0,9}")
_QUESTIONABLE = re.compile(r"[?？]\s*$|[（(]\s*[)）]|_{2}")
_MOST_LOOSE = 30
_MOST_PIECES, _MOST_LINES = 80, 300
_MOST_LOST = 10_000


class Splitter:
    """Cuts lines into questions; what it found is in ``asked``, ``keys`` and ``strays`` afterwards."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = [line for line in lines if line.text]
        self.gaps = gaps(lines)
        self.evidence = evidence(self.lines)
        self.asked: list[Asked] = []
        self.keys: list[Key] = []
        self.strays: list[tuple[int, str]] = []
        self.section, self.part, self.fresh = marks.Section(), 0, True
        self.listed: tuple[str, int] | None = None
        self.key: Key | None = None
        self.lacking: set[int] = set()
        self.lost = 0

    def split(self) -> None:
        """Go through the lines."""
        for at, line in enumerate(self.lines):
            self._take(at, line)
            if len(self.asked) > MOST_QUESTIONS:
                raise UnreadableError(
                    say("文件没有读取：它超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS)
                )

    def _take(self, at: int, line: Line) -> None:
        if len(line.text) > LONGEST_LINE:
            return self._too_long(line)
        if (heading := marks.section(line.text)) is not None:
            return self._headed(at, heading, line)
        if self.key is not None and not self._leaves_key(at, line):
            self.key.lines.append((self.section, line))
            return None
        if (behind := self._begins_key(at, line)) is not None:
            return self._open_key(behind, line)
        mark = marks.number(line.text)
        judged = self._judge(mark, at) if mark else _NO
        if mark and judged not in {_NO, _LIST}:
            return self._begin(mark, judged, at, line)
        if marks.listed(line.text) and self._is_heading(at):
            return self._headed(at, marks.Section("", line.text), line)
        if (mark and self._in_list(mark)) or judged == _LIST:
            self.listed = (mark.style, mark.value) if mark else None
        return self._continue(at, line)

    # what a line begins

    def _begins_key(self, at: int, line: Line) -> str | None:
        return begins_key(line.text, self.asked, self.lacking, self._next_text(at))

    def _too_long(self, line: Line) -> None:
        message = say("第%(number)s行太长（超过%(n)s字），请分成几行。", number=line.number, n=LONGEST_LINE)
        if self.asked:
            self.asked[-1].wrong(message)
        else:
            self.strays.append((line.number, message))

    def _headed(self, at: int, heading: marks.Section, line: Line) -> None:
        known = {each.section.kind for each in self.asked if not each.answered}
        if self.key is not None and heading.kind in known | {""} and not self._questions_follow(at):
            self.section = heading
            self.key.lines.append((heading, Line(line.number, opens_key(line.text))))
            return
        self.section, self.key, self.listed = heading, None, None
        self.part, self.fresh = self.part + 1, True

    def _questions_follow(self, at: int) -> bool:
        """Tell whether options come before the second number behind a heading."""
        numbers = 0
        for line in self.lines[at + 1 : at + 12]:
            numbers += marks.number(line.text) is not None
            if numbers > 1:
                return False
            found = marks.option(line.text)
            if found is not None and found.letter == 0 and found.rest:
                return True
        return False

    def _leaves_key(self, at: int, line: Line) -> bool:
        """Tell whether questions begin again behind a list of answers: a number with options below."""
        mark = marks.number(line.text)
        if mark is None or not self._questions_follow(at - 1):
            return False
        self.key, self.section = None, marks.Section()
        self.part, self.fresh = self.part + 1, True
        return True

    def _open_key(self, behind: str, line: Line) -> None:
        self.key = Key(self.part, doubtful=not self.asked[-1].of("option"))
        self.keys.append(self.key)
        self.section = marks.Section()
        if behind:
            self.key.lines.append((self.section, Line(line.number, behind)))

    def _next_text(self, at: int) -> str:
        return self.lines[at + 1].text if at + 1 < len(self.lines) else ""

    def _is_heading(self, at: int) -> bool:
        """Tell whether a line with a Chinese number is a heading: outside a text, or before a new count."""
        if not self.asked or self.fresh:
            return True
        following = marks.number(self._next_text(at))
        starts = following is not None and following.value in {1, self.asked[-1].number + 1}
        return (starts and self.evidence[at + 1] > 0) or not (
            self.asked[-1].open or not self.asked[-1].answered
        )

    def _in_list(self, mark: marks.Number) -> bool:
        return self.listed == (mark.style, mark.value - 1)

    def _judge(self, mark: marks.Number, at: int) -> str:
        """Tell whether a line with a number begins a question, belongs to a list in one, or is unclear."""
        shown = self.evidence[at] > 0
        decimal = mark.style in {".", ":"} and mark.rest[:1].isdecimal()
        if not shown and (decimal or mark.style == "bare"):
            return _NO
        if self.fresh or not self.asked:
            return _YES if mark.style != "bare" or mark.value == 1 else _NO
        now = self.asked[-1]
        if mark.style == "bare" and mark.value != now.number + 1:
            return _NO
        if mark.value == now.number + 1:
            return self._judge_next(mark, now, shown, decimal)
        if now.open and self._in_list(mark):
            return _NO
        return _judge_other(mark, now, shown)

    def _judge_next(self, mark: marks.Number, now: Asked, shown: bool, decimal: bool) -> str:
        if self._in_list(mark) and now.open:
            return _YES if shown and now.last.kind in PROSE else _UNSURE
        stolen = decimal and now.open and not now.answered
        return _UNSURE if stolen else _YES

    def _begin(self, mark: marks.Number, judged: str, at: int, line: Line) -> None:
        before = self.asked[-1] if self.asked and not self.fresh else None
        if mark.value == 1 and before is not None and judged == _YES:
            self.part += 1
        asked = Asked(mark.value, mark.style, self.section, self.part, [Piece("stem", line.number, [])])
        if before is not None:
            _complain(judged, before, asked, line.number)
        if before is not None and judged == _JUMP:
            self.strays.append((line.number, _jumped(before, asked)))
        if self.asked and not self.asked[-1].answered:
            self.lacking.add(self.asked[-1].number)
        self.asked.append(asked)
        self.fresh, self.listed = False, None
        self._continue(at, Line(line.number, mark.rest), first=True)

    # what a line goes on with

    def _continue(self, at: int, line: Line, first: bool = False) -> None:
        if self.key is None and (not self.asked or self.fresh):
            return self._before_all(line)
        now = self.asked[-1]
        for piece in marks.labels(line.text):
            if len(now.pieces) > _MOST_PIECES or len(now.last.lines) > _MOST_LINES:
                self._lose(line)
                return now.wrong(
                    say(
                        "太长，从第%(number)s行起没有读。请检查下一题的题号，或把题目分开。",
                        number=line.number,
                    )
                )
            if piece.kind:
                _label(now, piece, line.number)
                self.listed = None
                opening = marks.number(piece.text)
                if opening and piece.kind in PROSE | {"answer"} and opening.value == 1:
                    self.listed = (opening.style, 1)
            else:
                self._plain(now, piece.text, at, line.number, first)
        return None

    def _lose(self, line: Line) -> None:
        """Count a line that no question takes; raises ``UnreadableError`` for too many."""
        self.lost += 1
        if self.lost > _MOST_LOST:
            raise UnreadableError(
                say(
                    "文件没有读取：到第%(number)s行为止，有%(n)s多行不属于任何题目。请检查题号（1. 2. ……），"
                    "或分成几个文件。",
                    number=line.number,
                    n=_MOST_LOST,
                )
            )

    def _before_all(self, line: Line) -> None:
        self._lose(line)
        found = marks.option(line.text)
        said = any(piece.kind in {"answer", "model"} for piece in marks.labels(line.text))
        if said or (found and found.strong and found.letter == 0 and line.text[0].isupper()):
            message = say("这一行像是题目的一部分，前面却没有题号。请在题干前面写上题号（1. 2. ……）。")
            self.strays.append((line.number, message))

    def _plain(self, now: Asked, text: str, at: int, number: int, first: bool) -> None:
        kind, last = now.last.kind, now.last
        found = None if first else marks.option(text)
        if found is not None and self._is_option(now, found, text, at):
            if now.of("answer") and now.of("option") and kind != "option":
                now.wrong(_together(say("第%(line)s行在答案后面又出现选项", line=number)))
            now.pieces.append(Piece("option", number, [text]))
        elif kind == "option" and at in self.gaps and not first:
            now.wrong(
                say(
                    "第%(number)s行不清楚属于哪里：它在选项后面，中间有空行。请去掉空行，或给它加上标记。",
                    number=number,
                )
            )
        elif now.open or kind == "option" or not any(last.lines):
            if at in self.gaps and last.lines:
                last.lines.append("")
            last.lines.append(text)
        else:
            self._loose(now, text, at, number)

    def _is_option(self, now: Asked, found: marks.Option, text: str, at: int) -> bool:
        kind, had = now.last.kind, now.of("option")
        if kind in PROSE:
            return False
        if had:
            same_case = text.lstrip("(（[【 ")[0].islower() == had[0].text.lstrip("(（[【 ")[0].islower()
            before = marks.option(had[-1].text)
            return same_case and (found.strong or (before is not None and found.letter > before.letter))
        if kind != "stem":
            return found.letter == 0 and found.strong and bool(_LETTERS.fullmatch(now.text("answer") or "-"))
        if found.letter and text.lstrip("(（[【 ")[0].islower():
            return False
        return found.strong or (found.letter == 0 and two_options(text, self._next_text(at)))

    def _loose(self, now: Asked, text: str, at: int, number: int) -> None:
        """Judge a line behind all of a question: a short one apart is left out by name, any other a fault."""
        apart = at in self.gaps and len(text) <= _MOST_LOOSE
        if apart and not _QUESTIONABLE.search(text) and not FILLED.search(text):
            now.notes.append(say("没有保留：第%(number)s行“%(text)s”", number=number, text=text))
        else:
            now.wrong(_together(say("第%(line)s行在答案后面，不知道属于哪一题", line=number)))


def _together(why: str) -> str:
    return say(
        "%(why)s，可能两道题连在了一起。请检查下一题的题号，或给这一行加上“解析：”一类的标记。", why=why
    )


def _jumped(before: Asked, asked: Asked) -> str:
    return say(
        "题号从%(before)s跳到%(after)s，中间的题没有找到。请检查它们的题号；本来就没有的话，不用理会。",
        before=before.number,
        after=asked.number,
    )


def _judge_other(mark: marks.Number, now: Asked, shown: bool) -> str:
    """Judge a number that is not the next."""
    if mark.value == 1:
        if not shown:
            return _LIST if now.open else _YES
        return _YES if now.answered or not now.open else _UNSURE
    if now.number < mark.value <= now.number + _FURTHEST_JUMP:
        return _JUMP
    return _AGAIN if shown else _NO


def _complain(judged: str, before: Asked, asked: Asked, line: int) -> None:
    """Note what is wrong with a number, on the questions that may be wrong for it."""
    if judged == _UNSURE:
        message = say(
            "第%(line)s行的“%(number)s”是下一题的题号，还是列表里的一条，看不出来。"
            "请给列表换一种编号（①②）。",
            line=line,
            number=asked.number,
        )
        before.wrong(message)
        asked.wrong(message)
    elif judged == _AGAIN:
        asked.wrong(
            say(
                "题号是%(number)s，前一题是%(before)s：题号倒退了。请改正题号。",
                number=asked.number,
                before=before.number,
            )
        )
    elif judged == _JUMP:
        missing = rf"(?<!\d){before.number + 1}(?!\d)"
        longer = any(len(piece.lines) > 1 for piece in before.pieces)
        longer |= before.last.kind not in {"stem", "option", "answer"}
        if longer or any(re.search(missing, piece.text) for piece in before.pieces):
            before.wrong(
                say(
                    "题号从%(before)s跳到%(after)s，缺的题可能混在这一题里。"
                    "请检查第%(line)s行到第%(last)s行之间的题号。",
                    before=before.number,
                    after=asked.number,
                    line=before.line,
                    last=line,
                )
            )


def _label(now: Asked, piece: marks.Labelled, line: int) -> None:
    kind = piece.kind
    twice = {"answer", "model"} if kind in {"answer", "model"} else {kind} & _ONCE
    if any(each.text for each in now.of(*twice)):
        now.wrong(_together(say("第%(line)s行又有一个“%(said)s”", line=line, said=_SAID.get(kind, _ANSWER))))
    now.pieces.append(Piece(kind, line, [piece.text] if piece.text else []))


_ANSWER = say("答案")
_SAID = {
    "difficulty": say("难度"),
    "topic": say("知识点"),
    "source": say("出处"),
    "points": say("分值"),
    "id": say("编号"),
    "type": say("题型"),
}
