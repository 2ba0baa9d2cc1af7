"""A QTI item (2.0 to 3.0) as a draft: which of our types its interaction is. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.contract import Draft, Place
from cstrain.questions.exchange.qti.choices import (
    read_associate,
    read_choice,
    read_gap_match,
    read_match,
    read_order,
)
from cstrain.questions.exchange.qti.item import MOST_CHOICES, Item, RefusedError, explanation, open_item
from cstrain.questions.exchange.qti.names import TOOL
from cstrain.questions.exchange.qti.written import read_entries, read_extended
from cstrain.wording.said import said_row, say

_ENTRY = "textEntryInteraction"
_READERS: dict[str, Callable[[Item], dict[str, Any]]] = {
    "associateInteraction": read_associate,
    "choiceInteraction": read_choice,
    "extendedTextInteraction": read_extended,
    "gapMatchInteraction": read_gap_match,
    "hottextInteraction": read_choice,
    "inlineChoiceInteraction": read_choice,
    "matchInteraction": read_match,
    "orderInteraction": read_order,
    _ENTRY: read_entries,
}
_NAMES = {
    "associateInteraction": say("连线题"),
    "choiceInteraction": say("选择题"),
    "customInteraction": say("自定义题"),
    "drawingInteraction": say("绘图题"),
    "endAttemptInteraction": say("分步按钮"),
    "extendedTextInteraction": say("长文作答"),
    "gapMatchInteraction": say("选词填空"),
    "graphicAssociateInteraction": say("图上连线题"),
    "graphicGapMatchInteraction": say("图上填空题"),
    "graphicOrderInteraction": say("图上排序题"),
    "hotspotInteraction": say("图上点选题"),
    "hottextInteraction": say("文中点选"),
    "inlineChoiceInteraction": say("文中下拉选择"),
    "matchInteraction": say("配对题"),
    "mediaInteraction": say("音视频题"),
    "orderInteraction": say("排序题"),
    "portableCustomInteraction": say("自定义题"),
    "positionObjectInteraction": say("图上摆放题"),
    "selectPointInteraction": say("图上取点题"),
    "sliderInteraction": say("滑块题"),
    "uploadInteraction": say("上传文件题"),
    _ENTRY: say("填空"),
}
_ID = "id"


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of an item: in which category, how difficult, with which key words."""

    topic: str = ""
    difficulty: int | None = None
    tags: tuple[str, ...] = ()


def read_item(root: Element, place: Place, about: About) -> Draft:
    """Return the draft of an item under the names of 2.1; raises ``RefusedError``."""
    item = open_item(root)
    fields = _reader(item)(item)
    if told := explanation(item):
        fields["explanation"] = told
    if about.difficulty is not None:
        fields["difficulty"] = about.difficulty
    kept = _kept(item)
    topic, tags = kept.pop("topic", about.topic), tuple(kept.pop("tags", about.tags))
    return Draft(place, {**fields, **kept}, topic, tags, tuple(item.notes))


def _reader(item: Item) -> Callable[[Item], dict[str, Any]]:
    tags = [str(interaction.tag) for interaction in item.interactions]
    if not tags:
        raise RefusedError(say("没有读取：这道题没有作答的地方。如果它只是材料，不用导入。"))
    names = list(dict.fromkeys(_name(tag) for tag in tags))
    if len(tags) > MOST_CHOICES:
        raise RefusedError(say("没有读取：一道题里有%(n)s处作答。请拆成几道题再试。", n=len(tags)))
    if len(set(tags)) > 1:
        raise RefusedError(
            say("没有读取：一道题里有几种作答（%(names)s）。请拆成几道题再试。", names=said_row("、", names))
        )
    if tags[0] not in _READERS:
        raise RefusedError(
            say("没有读取：不支持%(names)s。请改成选择、填空、配对、排序或简答再试。", names=names[0])
        )
    if len(tags) > 1 and tags[0] != _ENTRY:
        raise RefusedError(
            say("没有读取：一道题里有%(n)s处%(names)s。请拆成%(n)s道题再试。", n=len(tags), names=names[0])
        )
    return _READERS[tags[0]]


def _name(tag: str) -> str:
    return say("%(names)s（%(tag)s）", names=_NAMES[tag], tag=tag) if tag in _NAMES else tag[:60]


def _kept(item: Item) -> dict[str, Any]:
    """Return what an item of ours says of itself in its labels, as ``qti_writing`` writes them."""
    if item.root.get("toolName") != TOOL:
        return {}
    try:
        told = json.loads(item.body.get("label", "{}")[:_MOST_LABEL])
    except (ValueError, RecursionError):
        return {}
    told = told if isinstance(told, dict) else {}
    kept: dict[str, Any] = {
        name: told[name] for name, kind in _KEPT.items() if isinstance(told.get(name), kind)
    }
    kept["tags"] = [tag for tag in kept.get("tags", ()) if isinstance(tag, str)]
    if not kept["tags"]:
        del kept["tags"]
    identifier = item.root.get("identifier", "")
    return {**kept, _ID: identifier} if identifier and not identifier.startswith("_") else kept


_KEPT: dict[str, type] = {"difficulty": int, "situation": bool, "source": str, "topic": str, "tags": list}
_MOST_LABEL = 10_000
