"""A question of Moodle XML as written: its texts in their formats, and what no question of ours holds. Pure.

Follows Moodle's ``question/format/xml/format.php``: a text stands in ``<text>`` under an element that may
name its format (``html`` where it does not), a flag is ``true``/``1`` or ``false``/``0``, a fraction is per
cent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.plain_text import MOST_CHARACTERS, from_html, without_long_data
from cstrain.wording.said import said_row, say

FULL = 99.99
"""From here on an answer earns everything: Moodle writes thirds with five digits."""
_BLANKS = " \t\r\n"
_MOST_EXPLANATION = 4000
_MOST_CHILDREN = 200
_USUAL_FEEDBACK = frozenset(
    {
        "",
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
        "回答正确。",
        "回答部分正确。",
        "回答错误。",
        "您的回答正确。",
        "您的回答部分正确。",
        "您的回答不正确。",
    }
)


class CannotHoldError(ValueError):
    """No question of ours holds this one; the message is a Chinese sentence with what to do."""


class Answer(NamedTuple):
    """An ``<answer>``: its element, what it earns in per cent, its own feedback."""

    element: Element
    fraction: float
    feedback: str


@dataclass(slots=True)
class Source:
    """A ``<question>``. Reading notes down what is lost (``losses``) and what was changed (``said``)."""

    element: Element
    losses: dict[str, None] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def lose(self, *what: str) -> None:
        """Note that something is not held."""
        self.losses.update(dict.fromkeys(what))

    def value(self, name: str) -> str:
        """Return the text of a plain child such as ``<single>``, or of the ``<text>`` in it; may be empty."""
        return raw_text(self.element.find(name)).strip()

    def flag(self, name: str, default: bool) -> bool:
        """Return a flag; ``default`` where the child is missing or says neither."""
        said = self.value(name).lower()
        return {"true": True, "1": True, "false": False, "0": False}.get(said, default)

    def text(self, name: str) -> str:
        """Return a formatted child as plain text."""
        return self.plain(self.element.find(name))

    def plain(self, element: Element | None) -> str:
        """Return a formatted element as plain text; what is lost is noted."""
        said, form = raw_text(element), "html"
        if element is not None:
            form = element.get("format", "html").strip().lower()
        if form == "plain_text":
            return said
        if form == "markdown":
            if said:
                self.said.append(say("原文是Markdown，标记按原样保留，请检查。"))
            return said
        if form == "moodle_auto_format":
            said = said.replace("\n", "<br/>")
        plain = from_html(said)
        self.lose(*plain.lost)
        return plain.text

    def answers(self) -> Iterator[Answer]:
        """Yield the answers; raises ``CannotHoldError`` for a fraction that is no number."""
        for element in self.element.findall("answer"):
            feedback = self.plain(element.find("feedback"))
            yield Answer(element, _fraction(element.get("fraction", "0")), feedback)

    def explanation(self, feedback: list[tuple[str, str]]) -> str:
        """Return the general feedback; without one, that of the single answers with what each belongs to."""
        general, single = self.text("generalfeedback"), [each for each in feedback if each[1]]
        joined = "\n".join(f"{name}：{said}" for name, said in single)
        if not general and len(joined) <= _MOST_EXPLANATION:
            return joined
        if single:
            self.lose(say("选项的单独反馈"))
        return general

    def leftovers(self, stem: str) -> None:
        """Note what stands beside the question itself and is not held."""
        name = self.value("name").removesuffix("…")
        if name and name not in stem:
            self.lose(say("题目名称“%(name)s”", name=name[:60]))
        if _number(self.value("defaultgrade"), 1) != 1:
            self.lose(say("默认分值"))
        if _number(self.value("penalty"), 0) != 0:
            self.lose(say("多次作答的扣分"))
        if self.flag("hidden", False):
            self.lose(say("隐藏状态"))
        if any(raw_text(each) for each in self.element.findall("hint")):
            self.lose(say("提示"))
        combined = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
        if any(from_html(self.value(each)).text not in _USUAL_FEEDBACK for each in combined):
            self.lose(say("作答后的统一反馈"))
        if files := [each.get("name", "") for each in self.element.iter("file")]:
            names = "、".join(dict.fromkeys(name[:60] for name in files[:3]))
            self.lose(
                say("附带的文件（%(names)s%(more)s）", names=names, more=say("等") if len(files) > 3 else "")
            )

    def notes(self) -> tuple[str, ...]:
        """Return what is to be told about this question."""
        lost = (say("没有保留：%(what)s", what=said_row("、", self.losses)),) if self.losses else ()
        return (*lost, *dict.fromkeys(self.said))


def check_lengths(question: Element) -> None:
    """Drop pictures written into texts; raise ``CannotHoldError`` for more or longer texts than we hold."""
    if len(question) > _MOST_CHILDREN:
        raise CannotHoldError(say("选项或答案太多，放不下；请拆成几道题后再导入。"))
    for element in question.iter():
        said = element.text or ""
        if element.tag != "file" and len(said) > MOST_CHARACTERS:
            element.text = without_long_data(said)
            if len(element.text) > MOST_CHARACTERS:
                raise CannotHoldError(say("有一段文字超过10万字，放不下；请缩短后再导入。"))


def raw_text(element: Element | None) -> str:
    """Return what an element says, without line ends of the file's layout around it; empty for ``None``."""
    if element is None:
        return ""
    inner = element.find("text")
    said = (element.text or "") if inner is None else "".join(inner.itertext())
    head, tail = said.lstrip(_BLANKS), said.rstrip(_BLANKS)
    begin = len(said) - len(head) if "\n" in said[: len(said) - len(head)] else 0
    return said[begin : len(tail) if "\n" in said[len(tail) :] else len(said)]


def _fraction(said: str) -> float:
    number = _number(said.strip().removesuffix("%") or "0", math.nan)
    if not -100.01 <= number <= 100_000:
        raise CannotHoldError(say("答案的得分比例“%(said)s”不是数字，请改正后再导入。", said=said[:20]))
    return number


def _number(said: str, default: float) -> float:
    try:
        number = float(said) if said else default
    except ValueError:
        return default
    return number if math.isfinite(number) else default
