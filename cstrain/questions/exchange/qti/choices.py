"""QTI items whose answer is chosen: choices, pairs, orders. Pure; names are those of QTI 2.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.qti.answers import Declared
from cstrain.questions.exchange.qti.item import GAP, MOST_CHOICES, Item, RefusedError
from cstrain.questions.exchange.qti.text import MARK
from cstrain.questions.folding import squeeze
from cstrain.wording.said import say

_TRUTHS = {
    **dict.fromkeys(("true", "t", "正确", "对", "√", "✓", "right", "correct"), True),
    **dict.fromkeys(("false", "f", "错误", "错", "×", "✗", "x", "wrong", "incorrect"), False),
}
_NOT_FIRM = say("没有读取：标准答案和计分表（mapping）对不上。请改正后再试。")
_IN_TEXT = {
    "single_choice": say("文中选词改成了单选题"),
    "multiple_choice": say("文中选词改成了多选题"),
}
_WEIGHTS = say("没有保留：各个答案的分值")


def read_choice(item: Item) -> dict[str, Any]:
    """Return a question with options: choices, options inside a line, words to pick in a text."""
    interaction = item.interactions[0]
    tags = {"inlineChoiceInteraction": "inlineChoice", "hottextInteraction": "hottext"}
    options = item.named(interaction.iter(tags.get(str(interaction.tag), "simpleChoice")))
    declared = item.answer_of(interaction)
    right = _right_choices(item, declared)
    letters = _letters(right, list(options))
    stem, texts = item.plain_stem(), list(options.values())
    truths = [_TRUTHS.get(squeeze(text)) for text in texts]
    if _is_true_false(item, letters, truths):
        return {"type": "true_false", "stem": stem, "answer": truths[LETTERS.index(letters[0])]}
    kind = "multiple_choice" if len(letters) > 1 else "single_choice"
    if interaction.tag in tags:
        item.note(_IN_TEXT[kind])
    if kind == "single_choice" and declared.cardinality == "multiple" and not _one_only(interaction):
        item.note(say("原为多选题，只有一个正确答案，改成了单选题"))
    return {"type": kind, "stem": stem, "options": texts, "answer": letters}


def _one_only(interaction: Element) -> bool:
    return interaction.get("maxChoices", "1") == "1"


def _is_true_false(item: Item, letters: list[str], truths: list[bool | None]) -> bool:
    if item.own and item.root.get("label", "").startswith("single_choice"):
        return False
    return len(letters) == 1 and len(truths) == 2 and set(truths) == {True, False}


def _right_choices(item: Item, declared: Declared) -> tuple[str, ...]:
    """Return what is right, where ``correctResponse`` and the mapping agree."""
    one = declared.cardinality == "single"
    by_mapping = declared.best if one else declared.earning
    if declared.weighs:
        item.note(_WEIGHTS)
    right = declared.right or by_mapping
    if by_mapping and set(by_mapping) != set(right):
        raise RefusedError(_NOT_FIRM)
    if one and len(right) > 1:
        raise RefusedError(say("没有读取：几个答案任选一个都算对。请改成多选题，或只留一个正确答案。"))
    return right


def _letters(right: tuple[str, ...], names: list[str]) -> list[str]:
    if len(names) > len(LETTERS):
        raise RefusedError(
            say("没有读取：有%(n)s个选项，最多%(most)s个。请删减后再试。", n=len(names), most=len(LETTERS))
        )
    missing = [name for name in right if name not in names]
    if missing:
        raise RefusedError(
            say("没有读取：标准答案“%(missing)s”不在选项里。请改正后再试。", missing=missing[0][:40])
        )
    return [LETTERS[index] for index in sorted({names.index(name) for name in right})]


def read_order(item: Item) -> dict[str, Any]:
    """Return steps in their right order."""
    interaction = item.interactions[0]
    steps = item.named(interaction.iter("simpleChoice"))
    right = item.answer_of(interaction).right
    if sorted(right) != sorted(steps):
        raise RefusedError(say("没有读取：正确顺序没有恰好包含每一项一次。请改正后再试。"))
    return {"type": "ordering", "stem": item.plain_stem(), "steps": [steps[name] for name in right]}


def read_match(item: Item) -> dict[str, Any]:
    """Return pairs of two columns; they change sides where only that gives each left one right."""
    interaction = item.interactions[0]
    columns = [item.named(column.iter("simpleAssociableChoice")) for column in interaction.iter(_COLUMN)]
    if len(columns) != 2:
        raise RefusedError(say("没有读取：这道配对题不是两列。请改正后再试。"))
    left, right = columns
    pairs = _right_pairs(item, interaction)
    if not _each_once([one for one, _other in pairs], left):
        pairs = [(other, one) for one, other in pairs]
        left, right = right, left
        if not _each_once([one for one, _other in pairs], left):
            raise _no_pairs(say("有的项没有配，或者配了不止一项"))
        item.note(say("左右两列对调了"))
    return _matching(item.plain_stem(), pairs, left, right)


_COLUMN = "simpleMatchSet"


def read_associate(item: Item) -> dict[str, Any]:
    """Return pairs made among things of one set: the first of each stands left."""
    interaction = item.interactions[0]
    things = item.named(interaction.iter("simpleAssociableChoice"))
    pairs = _right_pairs(item, interaction)
    if len({name for pair in pairs for name in pair}) != 2 * len(pairs):
        raise _no_pairs(say("有的项配了不止一项"))
    item.note(say("连线题改成了左右两列的配对题"))
    lefts = {one: things.get(one, "") for one, _other in pairs}
    rights = {name: text for name, text in things.items() if name not in lefts}
    return _matching(item.plain_stem(), pairs, lefts, rights)


def read_gap_match(item: Item) -> dict[str, Any]:
    """Return words to put into the gaps of a text as pairs of gap and word."""
    interaction = item.interactions[0]
    if next(interaction.iter("gapImg"), None) is not None:
        raise RefusedError(say("没有读取：要填进空位的是图片。请改成文字后再试。"))
    words = item.named(interaction.iter("gapText"))
    names = [gap.get("identifier", "") for gap in interaction.iter("gap")][: MOST_CHOICES + 1]
    gaps = {name: f"第{index}空" for index, name in enumerate(names, start=1)}
    pairs = sorted(
        ((gap, word) for word, gap in _right_pairs(item, interaction) if gap in gaps),
        key=lambda pair: names.index(pair[0]),
    )
    if not _each_once([gap for gap, _word in pairs], gaps):
        raise _no_pairs(say("有的空没有词，或者不止一个词"))
    item.note(say("选词填空改成了配对题"))
    before, *after = item.stem().split(MARK)
    stem = before + "".join(f"{GAP}（{index}）{text}" for index, text in enumerate(after, start=1))
    return _matching(stem, pairs, gaps, words)


def _right_pairs(item: Item, interaction: Element) -> list[tuple[str, str]]:
    declared = item.answer_of(interaction)
    if declared.weighs:
        item.note(_WEIGHTS)
    if declared.right and declared.earning and set(declared.right) != set(declared.earning):
        raise RefusedError(_NOT_FIRM)
    pairs = [tuple(pair.split()) for pair in declared.right or declared.earning]
    if any(len(pair) != 2 for pair in pairs):
        raise RefusedError(say("没有读取：标准答案不是一对一对的。请改正后再试。"))
    return [(pair[0], pair[1]) for pair in pairs]


def _each_once(names: list[str], wanted: Mapping[str, str]) -> bool:
    return sorted(names) == sorted(wanted)


def _matching(
    stem: str, pairs: list[tuple[str, str]], left: Mapping[str, str], right: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields of a matching question, lefts in the order of the file."""
    of = dict(pairs)
    missing = [name for name in (*of, *of.values()) if name not in left and name not in right]
    if missing:
        raise RefusedError(
            say("没有读取：标准答案里的“%(missing)s”不在题目里。请改正后再试。", missing=missing[0][:40])
        )
    used = set(of.values())
    extra = [text for name, text in right.items() if name not in used]
    fields = {"type": "matching", "stem": stem, "pairs": [[left[name], right[of[name]]] for name in left]}
    return {**fields, "extra": extra} if extra else fields


def _no_pairs(why: str) -> RefusedError:
    return RefusedError(say("没有读取：%(why)s。配对题要求左边每一项恰好配右边一项，请改写后再试。", why=why))
