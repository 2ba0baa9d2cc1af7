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
    "associateInteraction": "连线题",
    "choiceInteraction": "选择题",
    "customInteraction": "自定义题",
    "drawingInteraction": "绘图题",
    "endAttemptInteraction": "分步按钮",
    "extendedTextInteraction": "长文作答",
    "gapMatchInteraction": "选词填空",
    "graphicAssociateInteraction": "图上连线题",
    "graphicGapMatchInteraction": "图上填空题",
    "graphicOrderInteraction": "图上排序题",
    "hotspotInteraction": "图上点选题",
    "hottextInteraction": "文中点选",
    "inlineChoiceInteraction": "文中下拉选择",
    "matchInteraction": "配对题",
    "mediaInteraction": "音视频题",
    "orderInteraction": "排序题",
    "portableCustomInteraction": "自定义题",
    "positionObjectInteraction": "图上摆放题",
    "selectPointInteraction": "图上取点题",
    "sliderInteraction": "滑块题",
    "uploadInteraction": "上传文件题",
    _ENTRY: "填空",
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
        raise RefusedError("没有读取：这道题没有作答的地方。如果它只是材料，不用导入。")
    names = list(dict.fromkeys(_name(tag) for tag in tags))
    if len(tags) > MOST_CHOICES:
        raise RefusedError(f"没有读取：一道题里有{len(tags)}处作答。请拆成几道题再试。")
    if len(set(tags)) > 1:
        raise RefusedError(f"没有读取：一道题里有几种作答（{'、'.join(names)}）。请拆成几道题再试。")
    if tags[0] not in _READERS:
        raise RefusedError(f"没有读取：不支持{names[0]}。请改成选择、填空、配对、排序或简答再试。")
    if len(tags) > 1 and tags[0] != _ENTRY:
        raise RefusedError(f"没有读取：一道题里有{len(tags)}处{names[0]}。请拆成{len(tags)}道题再试。")
    return _READERS[tags[0]]


def _name(tag: str) -> str:
    return f"{_NAMES[tag]}（{tag}）" if tag in _NAMES else tag[:60]


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
