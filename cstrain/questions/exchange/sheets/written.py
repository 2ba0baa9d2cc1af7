"""Drafts written as the rows of our own sheet, which ``sheet_layout`` reads back as they were. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.contract import Draft, ItemFault
from cstrain.questions.exchange.sheets.answers import BLANK_MARKS, EXTRA, PAIR_MARKS, RUBRIC_MARKS, chosen
from cstrain.questions.exchange.sheets.cells import RefusedError, amount, escaped, joined, with_marks
from cstrain.questions.exchange.sheets.drafts import LABELS
from cstrain.questions.exchange.sheets.tags import tags_cell
from cstrain.questions.question_type import question_types
from cstrain.wording.said import said_row, say

OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
MOST_CHARACTERS = 20_000
"""So many characters a cell may hold, on the way out and in."""
COLUMNS = (
    *("题型", "题干", *OPTIONS, "答案", "解析", "难度", "知识点", "标签"),
    *("出处", "编号", "评分标准", "字数", "情景题"),
)
"""The columns of our own sheet."""
DIFFICULTIES = {1: "易", 2: "中", 3: "难"}
_TRUTHS = {True: "正确", False: "错误"}
_KNOWN = frozenset(
    (
        *("id", "type", "stem", "difficulty", "explanation", "source", "situation", "options", "answer"),
        *("blanks", "tolerance", "unit", "pairs", "extra", "steps", "model", "rubric", "most", "least"),
    )
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
Cells = dict[str, str]


def table(drafts: Iterable[Draft]) -> tuple[list[tuple[str, ...]], list[ItemFault]]:
    """Return the head and a row for each draft that a row can hold, and the others with the reason."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    lost: list[ItemFault] = []
    for draft in drafts:
        kind = str(draft.fields.get("type", ""))
        if kind not in _WRITERS:
            label = say(question_types().get(kind).label) if kind in question_types() else kind
            lost.append(ItemFault(draft.place, say("题型“%(label)s”表格放不下，没有导出。", label=label)))
            continue
        cells = {**_common(draft), **_WRITERS[kind](draft.fields)}
        made = tuple(_plain(cells.get(name, "")) for name in COLUMNS)
        if any(len(cell) > MOST_CHARACTERS for cell in made):
            lost.append(
                ItemFault(draft.place, say("有一格超过%(n)s个字，表格放不下，没有导出。", n=MOST_CHARACTERS))
            )
            continue
        rows.append(made)
        lost.extend(ItemFault(draft.place, message) for message in _lost(draft))
    return rows, lost


def _lost(draft: Draft) -> Iterator[str]:
    if rest := sorted(set(draft.fields) - _KNOWN):
        yield say("表格放不下“%(names)s”，这些没有导出。", names=said_row("、", rest))
    if any(text != _plain(text) for text in _texts([*draft.fields.values(), draft.topic, *draft.tags])):
        yield say("文字首尾的空白、不可见的控制字符没有导出。")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def _plain(text: str) -> str:
    """Return a text as a cell can hold it: lines end in one way, no spaces around it, no control signs."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _common(draft: Draft) -> Cells:
    fields = draft.fields
    return {
        "题型": LABELS[fields["type"]],
        "题干": str(fields.get("stem", "")),
        "解析": str(fields.get("explanation", "")),
        "难度": DIFFICULTIES.get(fields.get("difficulty", 0), ""),
        "知识点": draft.topic,
        "标签": tags_cell(tuple(_plain(tag) for tag in draft.tags)),
        "出处": str(fields.get("source", "")),
        "编号": str(fields.get("id", "")),
        "情景题": "是" if fields.get("situation") else "",
    }


def _options(texts: Sequence[str]) -> Cells:
    return dict(zip(OPTIONS, texts, strict=False))


def _choice(fields: Mapping[str, Any]) -> Cells:
    options = [_plain(option) for option in fields["options"]]
    right = [LETTERS.index(letter) for letter in fields["answer"]]
    answer = "、".join(fields["answer"])
    try:
        clear = chosen(answer, options) == sorted(right)
    except RefusedError:
        clear = False
    if not clear:
        answer = "、".join(f"选项{letter}" for letter in fields["answer"])
    return {**_options(with_marks(options)), "答案": answer}


def _true_false(fields: Mapping[str, Any]) -> Cells:
    return {"答案": _TRUTHS[bool(fields["answer"])]}


def _blanks(fields: Mapping[str, Any]) -> Cells:
    every = (
        joined((escaped(_plain(one), BLANK_MARKS) for one in blank), " / ") for blank in fields["blanks"]
    )
    return {"答案": joined(every, " | ")}


def _number(fields: Mapping[str, Any]) -> Cells:
    unit = str(fields.get("unit", "")).strip()
    tolerance = _decimal(fields.get("tolerance", 0))
    answer = _decimal(fields["answer"])
    said = answer if tolerance == "0" else f"{answer}±{tolerance}"
    cell = f"{said} {unit}".strip()
    read = amount(cell)
    if read is None or read.unit != unit:
        cell = f"{answer}±{tolerance} {unit}".strip()
    return {"答案": cell}


def _decimal(value: object) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pairs(fields: Mapping[str, Any]) -> Cells:
    said = [joined((escaped(_plain(side), PAIR_MARKS) for side in pair), "=") for pair in fields["pairs"]]
    extra = (f"{EXTRA}{escaped(_plain(each), PAIR_MARKS)}" for each in fields.get("extra", ()))
    return {**_options(said), "答案": joined(extra, "\n")}


def _steps(fields: Mapping[str, Any]) -> Cells:
    return _options([_plain(step) for step in fields["steps"]])


def _written(fields: Mapping[str, Any]) -> Cells:
    least, most = fields.get("least", 0), fields.get("most", "")
    return {
        "答案": str(fields.get("model", "")),
        "评分标准": joined(
            (_criterion(one, number) for number, one in enumerate(fields.get("rubric", ()), start=1)), "\n"
        ),
        "字数": f"{least}-{most or 2000}" if least else str(most),
    }


def _criterion(one: Mapping[str, Any], number: int) -> str:
    levels = joined((escaped(_plain(each), RUBRIC_MARKS) for each in one.get("levels", ())), "/")
    name = "" if one["id"] == f"c{number}" else one["id"]
    title, hint = (escaped(_plain(str(one.get(key, ""))), RUBRIC_MARKS) for key in ("title", "hint"))
    parts = [title, str(one["of"]), hint, levels, name]
    while not parts[-1]:
        parts.pop()
    return joined(parts, "|")


_WRITERS: dict[str, Callable[[Mapping[str, Any]], Cells]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "fill_in": _blanks,
    "number": _number,
    "matching": _pairs,
    "ordering": _steps,
    "short_answer": _written,
    "essay": _written,
}
