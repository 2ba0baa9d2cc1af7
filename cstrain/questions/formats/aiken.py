"""Aiken: single choice as plain text, ``A. text`` or ``A) text`` and ``ANSWER: A``.

Nothing but stem, options and answer has a place in it. A line ``解析：`` right below the answer, which some
systems write, is read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NamedTuple

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.contract import (
    FORMATS,
    MOST_QUESTIONS,
    Draft,
    ExchangeFormat,
    ItemFault,
    Reading,
    UnreadableError,
    Written,
    row,
)
from cstrain.questions.exchange.drafts import DIFFICULTY
from cstrain.questions.exchange.text.source import decoded, plain_head
from cstrain.questions.question_type import question_types
from cstrain.wording.said import said_row, say

_MOST_LINES = 15 * MOST_QUESTIONS
_MOST_CHARACTERS = 20_000
_FEWEST_OPTIONS = 2
_ENDS = re.compile(r"\r\n|[\r\n]")
_FILLED = re.compile(r"\s*")
_OPTION = re.compile(r"([A-Za-zＡ-Ｚ])[.)．、）](\s*)")
_MOODLE_OPTION = re.compile(r"[A-Z][).]")
"""Moodle takes such a line for an option, whatever comes behind it."""
_ANSWER = re.compile(r"(?:ANSWER|(?:正确|参考|标准)?答案)\s{0,5}[:：]\s{0,5}", re.IGNORECASE)
_EXPLAINED = re.compile(r"(?:解析|EXPLANATION)\s{0,5}[:：]\s{0,5}", re.IGNORECASE)
_NO_PLACE = {
    "explanation": say("解析"),
    "id": say("编号"),
    "topic": say("主题"),
    "difficulty": say("难度"),
    "source": say("出处"),
    "situation": say("情景"),
    "tags": say("标签"),
}
"""What a question can have besides, and Aiken cannot; a difficulty that everything is taken for is none."""
_NAMED = re.compile(r"^[ \t]*ANSWER[ \t]{0,5}:[ \t]{0,5}[A-Z][ \t\r]*$", re.MULTILINE)
_OFFERED = re.compile(r"^[ \t]*A[.)][ \t]", re.MULTILINE)
_FROM_WORD = re.compile(
    r"^[ \t]*(?:[0-9]{1,4}[.、．)]|[一二三四五六七八九十]{1,3}、|答案|【|解析)", re.MULTILINE
)
_NO_QUESTION = say("这一段后面没有选项和答案，不是试题，没有读取。")
_NO_STEM = say("答案上面没有题目，请补上。")


class _Line(NamedTuple):
    number: int
    text: str
    apart: bool
    """An empty line stands above it."""


@dataclass(slots=True)
class _Question:
    """A question as its lines come."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    fault: str = ""
    apart: bool = False

    @property
    def begun(self) -> bool:
        return bool(self.stem or self.options)

    def refuse(self, message: str) -> None:
        self.fault = self.fault or message

    def take(self, line: _Line) -> None:
        """Add a line of the stem or an option."""
        self.line = self.line or line.number
        option = _OPTION.match(line.text)
        if option and self.begun and self._is_offered(option):
            self._offer(_letter(option[1]), line.text[option.end() :])
        elif self.options:
            self._go_on(line.text)
        else:
            self.apart = self.apart or (line.apart and bool(self.stem))
            self.stem.append(line.text)

    def _is_offered(self, option: re.Match[str]) -> bool:
        """Tell an option from text such as ``U.S.``: by its letter, or by the blank behind it."""
        return _letter(option[1]) == self._due or (option[1].isupper() and bool(option[2]))

    @property
    def _due(self) -> str:
        return chr(ord("A") + len(self.options))

    def _go_on(self, text: str) -> None:
        if len(self.options[-1]) > _MOST_CHARACTERS:
            self.refuse(say("选项太长，请检查题与题之间有没有答案行。"))
        else:
            self.options[-1] += f"\n{text}"

    def _offer(self, letter: str, text: str) -> None:
        if letter != self._due:
            due = say("应该是%(due)s，写的是%(letter)s", due=self._due, letter=letter)
            self.refuse(
                say("选项的字母不连续：%(due)s。请按A、B、C排列，并检查上一题有没有答案行。", due=due)
            )
        if len(self.options) < len(LETTERS):
            self.options.append(text)
        else:
            self.refuse(say("选项超过%(n)s个，请删减。", n=len(LETTERS)))

    def draft(self, answer: str) -> Draft | ItemFault:
        """Return the question with its answer, or what is wrong with it."""
        letters = LETTERS[: len(self.options)]
        letter = _letter(answer.rstrip(".。 \t"))
        if not self.stem:
            self.refuse(_NO_STEM)
        if len(self.options) < _FEWEST_OPTIONS:
            self.refuse(say("选项不到两个，请写成“A. …”“B. …”，每行一个。"))
        if len(letter) != 1 or letter not in letters:
            self.refuse(
                say(
                    "答案“%(answer)s”不是一个选项的字母；Aiken只放单选题，请只写一个字母。",
                    answer=answer[:20],
                )
            )
        if len("".join(self.stem)) > _MOST_CHARACTERS:
            self.refuse(say("题干太长，请检查题与题之间有没有答案行。"))
        if self.fault:
            return ItemFault(row(self.line), self.fault)
        fields = {
            "type": "single_choice",
            "stem": "\n".join(self.stem),
            "options": self.options,
            "answer": [letter],
        }
        notes = (say("题干由空行隔开的几段组成，请核对前面几段是不是题目。"),) if self.apart else ()
        return Draft(row(self.line), fields, notes=notes)


def _letter(text: str) -> str:
    """Return a letter in its usual width and case; anything else as it is."""
    return chr(ord(text) - 0xFEE0) if len(text) == 1 and "Ａ" <= text <= "Ｚ" else text.upper()


@FORMATS.register("aiken")
class Aiken(ExchangeFormat):
    """Aiken files: single choice."""

    name: ClassVar[str] = "aiken"
    label: ClassVar[str] = "Aiken"
    endings: ClassVar[tuple[str, ...]] = (".aiken.txt", ".aiken")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell by the ending; a plain text file by its ``ANSWER:`` lines, unless it reads like Word text."""
        if super().looks_right(raw, name):
            return True
        head = plain_head(raw, name)
        return bool(_NAMED.search(head) and _OFFERED.search(head) and not _FROM_WORD.search(head))

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of a file; raises ``UnreadableError``."""
        drafts: list[Draft] = []
        faults: list[ItemFault] = []
        for made in _questions(_lines(decoded(raw))):
            if isinstance(made, Draft):
                drafts.append(made)
            else:
                faults.append(made)
            if len(drafts) + len(faults) > MOST_QUESTIONS:
                raise UnreadableError(
                    say("文件没有读取：里面超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS)
                )
        if all(each.message in {_NO_QUESTION, _NO_STEM} for each in faults) and not drafts:
            raise UnreadableError(
                say("文件没有读取：里面没有Aiken试题（选项后面一行“ANSWER: A”）。请检查格式。")
            )
        return Reading(tuple(drafts), tuple(faults))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return the file; what Aiken cannot hold is named."""
        said: list[str] = []
        lost: list[ItemFault] = []
        for draft in drafts:
            text, reason = _written(draft)
            if text:
                said.append(text)
            if reason:
                lost.append(ItemFault(draft.place, reason))
        text = "\n".join(said).replace("\0", "")
        return Written(text.encode("utf-8", "replace"), tuple(lost))


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold something; raises ``UnreadableError`` for too many."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, number = 0, 1
    for _ in range(_MOST_LINES):
        filled = _FILLED.match(text, at)
        start = filled.end() if filled else at
        if start == len(text):
            return
        empty = text.count("\n", at, start)
        number += empty
        end = text.find("\n", start)
        at = end if end >= 0 else len(text)
        yield _Line(number, text[start:at].rstrip(), empty > 1)
    raise UnreadableError(say("文件没有读取：它超过%(n)s行。请分成几个文件。", n=_MOST_LINES))


def _questions(lines: Iterator[_Line]) -> Iterator[Draft | ItemFault]:
    question = _Question()
    done: Draft | ItemFault | None = None
    for line in lines:
        explained = _EXPLAINED.match(line.text)
        if explained and done and not line.apart and not question.begun:
            yield _explained(done, line.text[explained.end() :])
            done = None
            continue
        if done:
            yield done
            done = None
        if answer := _ANSWER.match(line.text):
            question.line = question.line or line.number
            done, question = question.draft(line.text[answer.end() :]), _Question()
        elif question.options and line.apart and not _OPTION.match(line.text):
            yield _unanswered(question)
            question = _Question()
            question.take(line)
        else:
            question.take(line)
    if done:
        yield done
    if question.begun:
        yield _unanswered(question)


def _unanswered(question: _Question) -> ItemFault:
    if not question.options:
        return ItemFault(row(question.line), _NO_QUESTION)
    return ItemFault(row(question.line), say("选项后面没有答案行，请补上“ANSWER: A”这样的一行。"))


def _explained(done: Draft | ItemFault, text: str) -> Draft | ItemFault:
    if isinstance(done, Draft) and text:
        return replace(done, fields={**done.fields, "explanation": text})
    return done


def _without_place(draft: Draft) -> list[str]:
    given = {**draft.fields, "topic": draft.topic, "tags": draft.tags}
    return [
        word for name, word in _NO_PLACE.items() if given.get(name, "") not in {"", (), False, DIFFICULTY}
    ]


def _written(draft: Draft) -> tuple[str, str]:
    """Return a question as text, empty where it has no place, and what is lost of it."""
    fields = draft.fields
    kinds, name = question_types(), str(fields["type"])
    if name != "single_choice":
        label = say(kinds.get(name).label) if name in kinds else name
        return "", say("题型“%(label)s”这个格式放不下，没有导出。", label=label)
    stem, options = _one_line(fields["stem"]), [_one_line(each) for each in fields["options"]]
    begins = _OPTION.match(stem)
    taken = begins is not None and (begins[2] or _MOODLE_OPTION.match(stem))
    if not stem or taken or _ANSWER.match(stem) or not all(options):
        return "", say("题干开头像选项或答案行（或者有空的选项），在Aiken里会读错，没有导出。")
    lines = [stem, *(f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=False))]
    rest = _without_place(draft)
    lost = [say("%(names)s放不下，没有导出", names=said_row("、", rest))] if rest else []
    if [stem, *options] != [fields["stem"], *fields["options"]]:
        lost.append(say("题干和选项只能各写一行，换行改成了空格"))
    reason = say("%(lost)s。", lost=said_row("；", lost)) if lost else ""
    return "\n".join([*lines, f"ANSWER: {fields['answer'][0]}", ""]), reason


def _one_line(text: Any) -> str:
    return " ".join(_ENDS.split(str(text))).strip()
