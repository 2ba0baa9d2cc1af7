"""What a row of a question sheet says beside type and answer: explanation, difficulty, topic, tags. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cstrain.questions.exchange.sheets.difficulty import Scale
from cstrain.questions.exchange.sheets.rows import Line
from cstrain.questions.exchange.sheets.tags import tags_of
from cstrain.questions.exchange.sheets.words import TRUE, plain
from cstrain.wording.said import say

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_MARKUP = re.compile(r"<(?:p|br|div|span|img|b|strong|font)\b[^<>]{0,200}>", re.IGNORECASE)
_ONCE = {
    "marks": say("没有保留：分值（每题几分由试卷规定）。"),
    "status": say("没有保留：状态（导入后由题库管理）。"),
    "version": say("没有保留：规则版本。"),
    "topic_id": say("没有保留：知识点或题库的编号（只有名称才读入）。"),
}


@dataclass(slots=True)
class Whole:
    """What holds for all rows of a file: the scale of difficulty, and what was noted already."""

    scale: Scale = Scale.PLAIN
    noted: set[str] = field(default_factory=set)


def common(whole: Whole, line: Line, fields: dict[str, Any]) -> Iterator[str]:
    """Set what all types have in ``fields``; yield notes on what cannot be kept."""
    explanation = "\n".join(line.all("explanation")) if line.head.row else line.text("explanation")
    if whys := line.apart(line.head.whys):
        if explanation:
            yield say("没有保留：选项的单独解析（已有整题解析）。")
        explanation = explanation or "\n".join(whys)
    if explanation:
        fields["explanation"] = explanation
    if source := line.get("source"):
        fields["source"] = source
    if plain(line.get("situation")) in TRUE:
        fields["situation"] = True
    yield from _identity(line, fields)
    yield from _difficulty(whole, line, fields)
    if _MARKUP.search(fields["stem"][:4000]):
        yield say("题干里有HTML标记，按原样读入，请检查。")
    yield from _pictures(line)
    yield from _once(whole, line)


def _pictures(line: Line) -> Iterator[str]:
    said = [line.cells[column] for column in line.head.media] + line.all("media") + line.all("option_media")
    named = [name for name in said if name]
    if len(named) > 1:
        yield say("没有保留：图片或附件“%(name)s”等%(n)s个。", name=named[0][:60], n=len(named))
    elif named:
        yield say("没有保留：图片或附件“%(name)s”。", name=named[0][:60])


def _identity(line: Line, fields: dict[str, Any]) -> Iterator[str]:
    name = line.get("id")
    if not name:
        return
    if _ID.fullmatch(name):
        fields["id"] = name
    else:
        yield say("没有保留：编号“%(name)s”（编号只能用小写字母、数字和._-）。", name=name[:40])


def _difficulty(whole: Whole, line: Line, fields: dict[str, Any]) -> Iterator[str]:
    said = line.get("difficulty") or line.get("ease")
    if not said:
        return
    level = whole.scale.level(said)
    if level is None:
        yield say("没有保留：难度“%(said)s”（可以写易、中、难，或1到3）。", said=said[:20])
        return
    fields["difficulty"] = level
    if whole.scale.note and "scale" not in whole.noted:
        whole.noted.add("scale")
        yield whole.scale.note


def _once(whole: Whole, line: Line) -> Iterator[str]:
    for name, note in _ONCE.items():
        if name not in whole.noted and line.get(name):
            whole.noted.add(name)
            yield note


def topic_of(line: Line) -> str:
    """Return the category, its levels apart by slashes: subject, course, chapter, point of knowledge."""
    levels = [line.get(name) for name in ("subject", "course", "chapter", "topic")]
    return "/".join(level for level in levels if level)


def labels_of(line: Line) -> tuple[str, ...]:
    """Return the tags, and the further categories of a row that has several."""
    more = line.all("topic")[1:]
    return tuple(dict.fromkeys((*tags_of(line.get("tags")), *more)))
