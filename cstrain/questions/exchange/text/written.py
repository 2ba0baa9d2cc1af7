"""Questions as the lines of a conventional Chinese exam text that read back the same. Pure.

Each question is read back as it was written; one that would read otherwise (a stem that looks like options,
an answer with ``/``) is written with backslashes, and the file's head says what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cstrain.questions.choices import in_no_telling_order
from cstrain.questions.exchange.contract import Draft, ItemFault, part
from cstrain.questions.exchange.text.answers import GAP
from cstrain.questions.exchange.text.reading import read_lines
from cstrain.questions.exchange.text.source import ESCAPES, lines_of
from cstrain.questions.exchange.text.words import chinese_number
from cstrain.questions.facts import JsonObject
from cstrain.questions.question_type import question_types
from cstrain.wording.said import say

_HEADINGS = {
    "single_choice": "单选题",
    "multiple_choice": "多选题",
    "true_false": "判断题",
    "fill_in": "填空题",
    "number": "数字题",
    "matching": "配对题",
    "ordering": "排序题",
    "short_answer": "简答题",
    "essay": "论述题",
}
_LEVELS = {1: "易", 2: "中", 3: "难"}
_USUAL = {"short_answer": (0, 300), "essay": (0, 2000)}
_RISKY = re.compile(r"""[\s\\/;；|｜、，,=＝_＿﹍﹎（()）【】\[\]［］〖〗→>±:：.．。·-]""")
_OUT_OF_PLANE = re.compile(r"[\0\U000F0000-\U0010FFFF\ud800-\udfff]")
_DEFAULTS: Mapping[str, Any] = {"explanation": "", "source": "", "situation": False, "extra": [], "unit": ""}


class _Escaper:
    """How the texts of one question are written: as they are, with doubled backslashes, or all made safe."""

    def __init__(self, mode: str) -> None:
        self.mode = mode

    def __call__(self, value: Any) -> str:
        text = str(value)
        if self.mode == "plain":
            return text
        if self.mode == "doubled":
            return text.replace("\\", "\\\\")
        return "".join(
            f"\\{each}" if _RISKY.match(each) or (not at and ord(each) < 0xFFFE) else each
            for at, each in enumerate(text)
        )


def written_text(title: str, drafts: Sequence[Draft]) -> tuple[str, tuple[ItemFault, ...]]:
    """Return the text of a bank, and what of it could not be written."""
    asked: list[tuple[Draft, str, list[str]]] = []
    lost: list[ItemFault] = []
    for draft in drafts:
        why = _unwritable(draft)
        fitting = _fitting(draft, len(asked) + 1) if why is None else None
        if fitting is not None:
            asked.append((draft, *fitting))
        else:
            message = say("写成文本后会读错，没有导出。请用YAML导出这道题。")
            lost.append(ItemFault(draft.place, why or message))
    escaped = any(mode != "plain" for _draft, mode, _lines in asked) or ESCAPES in title
    head = [f"题库：{' '.join(title.split())}"] + ([ESCAPES] if escaped else [])
    lines, kind, sections = head, "", 0
    for number, (draft, mode, said) in enumerate(asked, start=1):
        if draft.fields["type"] != kind:
            kind, sections = draft.fields["type"], sections + 1
            lines += ["", f"{chinese_number(sections)}、{_HEADINGS[kind]}"]
        if escaped and mode == "plain" and any("\\" in line for line in said):
            said = _lines(draft, _Escaper("doubled"))
        lines += ["", f"{number}. {said[0]}", *said[1:]]
    return "\n".join(lines) + "\n", tuple(lost)


def _unwritable(draft: Draft) -> str | None:
    kind = str(draft.fields.get("type", ""))
    if kind not in _HEADINGS:
        label = say(question_types().get(kind).label) if kind in question_types() else kind
        return say("题型“%(label)s”这个格式放不下，没有导出。请用YAML导出。", label=label)
    if kind in _USUAL and not draft.fields.get("model"):
        return say("没有参考答案，读回来会被当作缺答案的题，没有导出。请先补上参考答案。")
    if _OUT_OF_PLANE.search("".join(texts_of(draft))):
        return say("题目里有文本放不下的字符（私用区字符或控制字符），没有导出。请去掉后再导出。")
    return None


def texts_of(draft: Draft) -> list[str]:
    """Return all texts of a question."""
    return [*_texts(draft.fields), draft.topic, *draft.tags]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list | tuple) else []


def _fitting(draft: Draft, number: int) -> tuple[str, list[str]] | None:
    """Return the mode in which a question reads back the same, and its lines; ``None`` for no mode."""
    head = [f"一、{_HEADINGS[draft.fields['type']]}"]
    for mode in ("plain", "safe"):
        lines = _lines(draft, _Escaper(mode))
        escapes = [] if mode == "plain" else [ESCAPES]
        if _same(draft, [*escapes, *head, f"{number}. {lines[0]}", *lines[1:], f"{number + 1}. 题"]):
            return mode, lines
    return None


def _same(draft: Draft, lines: list[str]) -> bool:
    reading = read_lines(lines_of("\n".join(lines)), lambda _line: part(""))
    if len(reading.drafts) != 1 or len(reading.faults) != 1 or reading.drafts[0].notes:
        return False
    back = reading.drafts[0]
    return canonical(back.fields) == canonical(draft.fields) and (back.topic, back.tags) == (
        draft.topic,
        tuple(draft.tags),
    )


def canonical(fields: Mapping[str, Any]) -> JsonObject:
    """Return the fields of a draft so that two ways of writing the same question compare equal."""
    kind = str(fields.get("type"))
    least, most = _USUAL.get(kind, (0, 0))
    usual: dict[str, Any] = {**_DEFAULTS, **({"least": least, "most": most} if most else {})}
    plain = {name: _plain(value) for name, value in fields.items() if _plain(value) != usual.get(name)}
    if kind == "number":
        plain["answer"] = Decimal(str(fields["answer"]))
        plain["tolerance"] = Decimal(str(fields.get("tolerance", 0)))
    if "rubric" in plain:
        plain["rubric"] = [{key: each for key, each in one.items() if each} for one in plain["rubric"]]
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _lines(draft: Draft, safe: _Escaper) -> list[str]:
    fields = draft.fields
    stem = fields["stem"].split(GAP) if fields["type"] == "fill_in" else [fields["stem"]]
    said = [GAP.join(map(safe, stem)), *_answer_lines(fields, safe)]
    if fields.get("explanation"):
        said.append(f"解析：{safe(fields['explanation'])}")
    if "id" in fields:
        said.append(f"编号：{fields['id']}")
    if "difficulty" in fields:
        said.append(f"难度：{_LEVELS.get(fields['difficulty'], fields['difficulty'])}")
    for word, text in (("知识点", draft.topic), ("出处", fields.get("source"))):
        if text:
            said.append(f"{word}：{safe(text)}")
    if draft.tags:
        said.append("标签：" + "、".join(map(safe, draft.tags)))
    return said + (["情景题：是"] if fields.get("situation") else [])


def _answer_lines(fields: Mapping[str, Any], safe: _Escaper) -> list[str]:
    kind = fields["type"]
    if kind in {"single_choice", "multiple_choice"}:
        return [*_lettered(fields["options"], safe), "答案：" + "".join(fields["answer"])]
    if kind == "true_false":
        return ["答案：" + ("正确" if fields["answer"] else "错误")]
    if kind == "fill_in":
        return ["答案：" + "；".join("/".join(map(safe, blank)) for blank in fields["blanks"])]
    if kind == "number":
        within = f"±{_number(fields['tolerance'])}" if Decimal(str(fields.get("tolerance") or 0)) else ""
        unit = f" {safe(fields['unit'])}" if fields.get("unit") else ""
        return [f"答案：{_number(fields['answer'])}{within}{unit}"]
    if kind == "matching":
        extra = [f"干扰项：{'；'.join(map(safe, fields['extra']))}"] if fields.get("extra") else []
        return [f"{safe(left)} = {safe(right)}" for left, right in fields["pairs"]] + extra
    if kind == "ordering":
        shown = in_no_telling_order(fields["steps"], fields["steps"])
        order = "".join(chr(65 + shown.index(step)) for step in fields["steps"])
        return [*_lettered(shown, safe), f"答案：{order}"]
    return _written_lines(fields, safe)


def _lettered(options: Sequence[str], safe: _Escaper) -> list[str]:
    return [f"{chr(65 + at)}. {safe(option)}" for at, option in enumerate(options)]


def _number(value: Any) -> str:
    return f"{Decimal(str(value)):f}"


def _written_lines(fields: Mapping[str, Any], safe: _Escaper) -> list[str]:
    lines = [f"参考答案：{safe(fields['model'])}"]
    least, most = fields.get("least", 0), fields.get("most")
    if most is not None or least:
        lines.append(f"字数：{least}-{most}" if least else f"字数：{most}")
    if fields.get("rubric"):
        lines.append("评分标准：")
    for one in fields.get("rubric", ()):
        hint = f"：{safe(one['hint'])}" if one.get("hint") else ""
        lines.append(f"[{one['id']}] {safe(one['title'])}（{one['of']}分）{hint}")
        if one.get("levels"):
            lines.append("等级：" + "|".join(map(safe, one["levels"])))
    return lines
