"""QTI items whose answer is written: words and numbers in a line, longer texts. Pure."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.qti.answers import Declared, number, read_tolerance
from cstrain.questions.exchange.qti.item import GAP, Item, RefusedError, said, scorers_blocks
from cstrain.questions.exchange.qti.text import MARK
from cstrain.questions.folding import fold
from cstrain.questions.written_fields import plain_number
from cstrain.wording.said import say

_NUMBERS = frozenset({"float", "integer"})
_SHORT, _SHORT_MOST, _MOST = 300, 800, 4000


def read_entries(item: Item) -> dict[str, Any]:
    """Return blanks to fill in; a number, where one number is asked."""
    declared = [item.answer_of(interaction) for interaction in item.interactions]
    if len(declared) == 1 and declared[0].base in _NUMBERS:
        return _read_number(item, declared[0])
    if any(each.base in _NUMBERS for each in declared):
        item.note(say("填数字的空按文字判分"))
    blanks = [_with_numbers(each, _accepted(item, each)) for each in declared]
    return {"type": "fill_in", "stem": item.plain_stem(), "blanks": blanks}


def _with_numbers(declared: Declared, accepted: list[str]) -> list[str]:
    """Return the answers of a blank; those of a number also as a candidate writes it (``4`` for ``4.0``)."""
    if declared.base not in _NUMBERS:
        return accepted
    values = [(each, number(each)) for each in accepted]
    spelt = ((text if value is None else f"{value.normalize():f}", text) for text, value in values)
    return list(dict.fromkeys(one for both in spelt for one in both))


def _accepted(item: Item, declared: Declared) -> list[str]:
    """Return what is accepted in full, the first right answer first."""
    full = declared.best
    if declared.weighs:
        item.note(say("没有保留：得一部分分的答案"))
        partly = {fold(key) for key in declared.earning} - {fold(key) for key in full}
        if len(partly) < len({key for key in declared.earning if key not in full}):
            item.note(say("大小写不同的写法原来得分不同，这里都算对"))
    missing = [value for value in declared.right if value not in full]
    if missing and full:
        lesser = [value for value in missing if value in declared.mapped]
        if lesser:
            raise RefusedError(say("没有读取：标准答案在计分表（mapping）里不是满分。请改正后再试。"))
    return list(dict.fromkeys((*missing, *full)))


def _read_number(item: Item, declared: Declared) -> dict[str, Any]:
    values = list(dict.fromkeys((*declared.right, *declared.best)))
    answer = number(values[0])
    if len(values) > 1 or answer is None:
        raise RefusedError(say("没有读取：数字题的标准答案不是一个数。请只写一个数再试。"))
    name = item.interactions[0].get("responseIdentifier", "")
    within = read_tolerance(item.root, name, answer)
    if within is None or within.below != within.above:
        raise RefusedError(say("没有读取：允许误差上下不一样，或者写法不支持。请改成“相差不超过多少”再试。"))
    if within.note:
        item.note(within.note)
    fields = said(type="number", stem=_number_stem(item), answer=plain_number(f"{answer:f}"))
    if within.above or (item.own and item.root.find(".//equal[@tolerance]") is not None):
        fields["tolerance"] = plain_number(f"{within.above:f}")
    if unit := _unit(item):
        fields["unit"] = unit
    return fields


def _number_stem(item: Item) -> str:
    if item.own:
        return item.plain_stem()
    lines = item.stem().split("\n")
    return "\n".join(line.replace(MARK, GAP) for line in lines if line != MARK)


def _unit(item: Item) -> str:
    """Return the unit of an item of ours: it stands behind the field."""
    line = item.body.find("p[@class='answer']") if item.own else None
    return "" if line is None else "".join(line.itertext())


def read_extended(item: Item) -> dict[str, Any]:
    """Return a question answered in writing, with the model answer and rubric that the item brings."""
    interaction = item.interactions[0]
    declared = item.declared.get(interaction.get("responseIdentifier", ""), Declared())
    model = "\n".join(declared.right)
    fields = said(type=_written_type(item, interaction, model), stem=item.plain_stem(), model=model)
    if item.own:
        return {**fields, **_own_limits(item), **_own_rubric(item)}
    most = _SHORT if fields["type"] == "short_answer" else _MOST // 2
    if len(model) > most:
        fields["most"] = _SHORT_MOST if fields["type"] == "short_answer" else _MOST
    if told := "\n".join(text for block in scorers_blocks(item) if (text := item.text(block))):
        item.note(say("没有保留：给评分人的说明（%(told)s）", told=told[:200]))
    return fields


def _written_type(item: Item, interaction: Element, model: str) -> str:
    if item.own:
        return item.root.get("label", "essay").partition(";")[0]
    length = number(interaction.get("expectedLength", ""))
    lines = number(interaction.get("expectedLines", ""))
    short = (length is not None and length <= _SHORT) or (lines is not None and lines <= 5)
    return "short_answer" if short and len(model) <= _SHORT_MOST else "essay"


def _own_limits(item: Item) -> dict[str, Any]:
    limits = dict(part.partition("=")[::2] for part in item.root.get("label", "").split(";")[1:])
    return {name: int(value) for name, value in limits.items() if name in {"most", "least"} and _whole(value)}


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _own_rubric(item: Item) -> dict[str, Any]:
    """Return the criteria of an item of ours: a row each, its cells as ``written_rubric`` orders them."""
    criteria = []
    for line in item.body.iterfind(".//tr"):
        label, title, of, hint, *levels = [item.text(cell) for cell in line.findall("td")] + [""] * 4
        if not _whole(of):
            raise RefusedError(say("没有读取：评分标准被改动过，看不懂。请重新导出后再试。"))
        criterion = said(id=label, title=title, of=int(of), hint=hint)
        if kept := [level for level in levels if level]:
            criterion["levels"] = kept
        criteria.append(criterion)
    return {"rubric": criteria} if criteria else {}
