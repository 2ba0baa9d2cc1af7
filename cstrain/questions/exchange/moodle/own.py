"""How Moodle XML carries what Moodle has no field for: tags, and the grader's information of essays. Pure.

Both survive an import into Moodle and an export from it. Tags: ``难度:2``, ``出处:页面#标题``, ``情景:是``;
of written questions ``题型:简答题``, ``字数上限:300``, ``字数下限:100``. The grader's information holds the
model answer, then the line ``【评分标准】``, then for each criterion a line ``- 编号 分数 标题`` and below it
``提示：…`` and ``等级：…``; a line end within one of them is ``\\n`` and a backslash is ``\\\\``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cstrain.questions.facts import JsonObject

SHORT_ANSWER = "简答题"
_HEAD = "【评分标准】"
_CRITERION = re.compile(r"- ([a-z][a-z0-9_]{0,39}) ([0-9]{1,3}) (.+)")
_PREFIXES = {
    "difficulty": "难度:",
    "source": "出处:",
    "situation": "情景:",
    "type": "题型:",
    "most": "字数上限:",
    "least": "字数下限:",
}


def own_tags(fields: Mapping[str, Any], tags: Sequence[str]) -> list[str]:
    """Return all tags of a question: those that carry fields first, then its own."""
    written = fields["type"] in {"short_answer", "essay"}
    values = {
        "difficulty": fields.get("difficulty", ""),
        "source": fields.get("source", ""),
        "situation": "是" if fields.get("situation") else "",
        "type": SHORT_ANSWER if fields["type"] == "short_answer" else "",
        "most": fields.get("most", "") if written else "",
        "least": (fields.get("least") or "") if written else "",
    }
    return [
        f"{prefix}{values[name]}"
        for name, prefix in _PREFIXES.items()
        if values[name] != "" or any(tag.startswith(prefix) for tag in tags)
    ] + list(tags)


def read_tags(tags: Sequence[str]) -> tuple[JsonObject, tuple[str, ...]]:
    """Return the fields that tags carry (``type`` is the type's label), and the other tags."""
    fields: JsonObject = {}
    rest: list[str] = []
    for tag in tags:
        name = next((each for each, prefix in _PREFIXES.items() if tag.startswith(prefix)), "")
        value = _value(name, tag.removeprefix(_PREFIXES[name])) if name and name not in fields else None
        if value is None:
            rest.append(tag)
        else:
            fields[name] = value
    return {name: value for name, value in fields.items() if value != ""}, tuple(rest)


def _value(name: str, said: str) -> object | None:
    """Return what a tag says; empty where it says nothing, ``None`` where it is none of ours."""
    if said == "" or name == "source":
        return said
    if name == "situation":
        return True if said == "是" else None
    if name == "type":
        return said if said == SHORT_ANSWER else None
    if not re.fullmatch("[0-9]{1,4}", said):
        return None
    return int(said) if name != "difficulty" or said in {"1", "2", "3"} else None


def grader_text(model: str, rubric: Sequence[Mapping[str, Any]]) -> str:
    """Return model answer and rubric as text for graders."""
    lines = [model] if model else []
    if rubric or _HEAD in model.split("\n"):
        lines.append(_HEAD)
    for each in rubric:
        lines.append(f"- {each['id']} {each['of']} {_folded(each['title'])}")
        if each.get("hint"):
            lines.append(f"提示：{_folded(each['hint'])}")
        lines.extend(f"等级：{_folded(level)}" for level in each.get("levels", ()))
    return "\n".join(lines)


def read_grader_text(text: str) -> tuple[str, list[JsonObject]]:
    """Return the model answer and the rubric; a text in which no rubric of ours stands is a model answer."""
    lines = text.split("\n")
    if _HEAD not in lines:
        return text, []
    at = len(lines) - 1 - lines[::-1].index(_HEAD)
    rubric: list[JsonObject] = []
    for line in lines[at + 1 :]:
        if found := _CRITERION.fullmatch(line):
            rubric.append({"id": found[1], "title": _unfolded(found[3]), "of": int(found[2])})
        elif not rubric or not _detail(rubric[-1], line):
            return text, []
    return "\n".join(lines[:at]), rubric


def _detail(criterion: JsonObject, line: str) -> bool:
    """Put a hint or a level into its criterion; return whether the line is one."""
    word, said = line[:3], _unfolded(line[3:])
    if word == "提示：" and "hint" not in criterion:
        criterion["hint"] = said
    elif word == "等级：":
        criterion.setdefault("levels", []).append(said)
    else:
        return False
    return True


def _folded(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unfolded(text: str) -> str:
    return re.sub(r"\\([\\n])", lambda found: "\n" if found[1] == "n" else "\\", text)
