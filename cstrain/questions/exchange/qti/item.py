"""A QTI item opened: its body, declarations and notes, for the readings of each interaction. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.qti.answers import CUSTOM, Declared, is_custom, read_declarations
from cstrain.questions.exchange.qti.names import TOOL
from cstrain.questions.exchange.qti.text import MARK, UNWRAPPED, TooLongError, for_candidates, read_text
from cstrain.wording.said import say

GAP = "____"
MOST_CHOICES = 50
"""So many options, things to pair or blanks are looked at; our types have room for fewer."""
_MOST_ANSWERS = 500


class RefusedError(Exception):
    """An item is not read; the message is a Chinese sentence that says why and what to do."""


@dataclass(slots=True)
class Item:
    """An item under the names of 2.1; ``notes`` grows while it is read."""

    root: Element
    body: Element
    own: bool
    declared: dict[str, Declared]
    interactions: list[Element]
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, words: str) -> None:
        """Keep what our question cannot hold, once."""
        self.notes[words] = None

    def text(self, element: Element) -> str:
        """Return what is read inside an element, ``MARK`` where something is to be filled in."""
        try:
            plain = read_text(element, own=self.own)
        except TooLongError:
            raise RefusedError(say("没有读取：文字太长。请删短后再试。")) from None
        for word in plain.lost:
            self.note(word if word == UNWRAPPED else say("没有保留：%(what)s", what=word))
        return plain.text

    def stem(self) -> str:
        """Return the text of the body; the item's title where it has none. Raises ``RefusedError``."""
        text = self.text(self.body)
        if text.replace(MARK, "").strip():
            return text
        if title := " ".join(self.root.get("title", "").split()):
            self.note(say("没有题干，用了标题"))
            return f"{title}\n{text}" if text else title
        raise RefusedError(say("没有读取：这道题没有题干。请补上题干后再试。"))

    def plain_stem(self) -> str:
        """Return the stem with ``____`` where something was to be filled in."""
        return self.stem().replace(MARK, GAP)

    def answer_of(self, interaction: Element) -> Declared:
        """Return what is right for an interaction. Raises ``RefusedError`` where nothing is declared."""
        declared = self.declared.get(interaction.get("responseIdentifier", ""))
        if declared is None:
            raise RefusedError(
                say("没有读取：作答处没有对应的答案声明（responseDeclaration）。请重新导出后再试。")
            )
        if not declared.right and not declared.earning:
            raise RefusedError(say("没有读取：这道题没有写正确答案。请补上correctResponse后再试。"))
        if len(declared.right) + len(declared.mapped) > _MOST_ANSWERS:
            raise RefusedError(say("没有读取：答案超过%(n)s个。请删减后再试。", n=_MOST_ANSWERS))
        return declared

    def named(self, choices: Iterable[Element]) -> dict[str, str]:
        """Return the texts of choices by their identifiers. Raises ``RefusedError`` for repeated ones."""
        texts: dict[str, str] = {}
        for choice in choices:
            name = choice.get("identifier", "")
            if not name or name in texts:
                raise RefusedError(say("没有读取：有的选项没有编号，或者编号重复。请改正后再试。"))
            if len(texts) >= MOST_CHOICES:
                raise RefusedError(say("没有读取：选项超过%(n)s个。请拆成几道题再试。", n=MOST_CHOICES))
            texts[name] = self.text(choice)
        return texts


_REFUSED = {
    "printedVariable": say("题目用了随机变量"),
    "templateDeclaration": say("题目用了随机变量"),
    "include": say("题目引用了别的文件"),
    "assessmentStimulusRef": say("题目引用了单独的材料文件"),
}


def open_item(root: Element) -> Item:
    """Return an item opened; raises ``RefusedError`` for one whose text depends on what is not in it."""
    body = root.find("itemBody")
    if body is None:
        raise RefusedError(say("没有读取：这道题没有题目正文（itemBody）。请重新导出后再试。"))
    tags: dict[str, None] = {str(element.tag): None for element in root.iter()}
    for tag, words in _REFUSED.items():
        if tag in tags:
            raise RefusedError(
                say("没有读取：%(words)s（%(tag)s）。请改成内容固定的题再试。", words=words, tag=tag)
            )
    if root.get("adaptive") == "true":
        raise RefusedError(say("没有读取：这是分步作答的自适应题。请拆成几道普通的题再试。"))
    own = root.get("toolName") == TOOL
    found = [element for element in body.iter() if str(element.tag).endswith("Interaction")]
    item = Item(root, body, own, read_declarations(root, own=own), found)
    if not own and is_custom(root):
        item.note(CUSTOM)
    return item


def explanation(item: Item) -> str:
    """Return the feedback of an item: what is shown at its end, else what is said of single options."""
    shown = [item.text(one) for one in item.root.findall("modalFeedback")]
    texts = list(dict.fromkeys(text for text in shown if text.strip()))
    if len(texts) > 1:
        item.note(say("有几条反馈，合并成了解析"))
    by_option = [text for one in item.body.iter() if one.tag in _FEEDBACK and (text := item.text(one))]
    if by_option:
        item.note(say("没有保留：选项的单独反馈") if texts else say("选项的单独反馈，合并成了解析"))
    return "\n".join(texts or dict.fromkeys(by_option))


_FEEDBACK = frozenset({"feedbackInline", "feedbackBlock"})


def scorers_blocks(item: Item) -> list[Element]:
    """Return what the item says to those who mark it."""
    return [block for block in item.body.iter("rubricBlock") if not for_candidates(block)]


def said(**fields: Any) -> dict[str, Any]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in ("", None)}
