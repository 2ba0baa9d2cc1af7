"""Questions and banks for tests: written as YAML, read by the product's own reader."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from cstrain.questions.question_type import QuestionType, question_types

OWN: dict[str, dict[str, Any]] = {
    "single_choice": {"options": ["甲方案", "乙方案", "丙方案", "丁方案"], "answer": ["B"]},
    "multiple_choice": {"options": ["一", "二", "三", "四", "五"], "answer": ["A", "C", "D"]},
    "true_false": {"answer": False},
    "fill_in": {"stem": "先____，再____。", "blanks": [["复述", "先复述"], ["5", "五"]]},
    "number": {"answer": 1234.5, "tolerance": 0.5, "unit": "元"},
}

RUBRIC = [
    {"id": "facts", "title": "事实写对", "of": 3, "hint": "日期和金额都写了"},
    {"id": "tone", "title": "语气合适", "of": 2},
]
MORE: dict[str, dict[str, Any]] = {
    "matching": {
        "pairs": [["红旗", "加急"], ["黄旗", "改址"], ["蓝旗", "补发"], ["绿旗", "已回访"]],
        "extra": ["退货"],
    },
    "ordering": {"steps": ["核对订单", "复述问题", "给出办法", "写备注"]},
    "short_answer": {"most": 60, "model": "先道歉，再说明今天发货。", "rubric": RUBRIC},
    "essay": {"most": 400, "least": 100, "model": "先分析原因，再写改进办法。", "rubric": RUBRIC},
    "case": {
        "text": "顾客昨天下单一只收纳箱，今天上午打开发现箱盖裂了一道缝，拍了照片发来，"
        "要求马上换一只新的，不然就给差评。",
        "parts": [
            {
                "type": "single_choice",
                "stem": "先做哪一步？",
                "options": ["道歉", "查单", "退款"],
                "answer": ["B"],
                "of": 3,
            },
            {"type": "fill_in", "stem": "请在____小时内回复。", "blanks": [["24"]], "of": 2},
            {
                "type": "short_answer",
                "stem": "写出回复。",
                "most": 80,
                "model": "先道歉，再换新。",
                "rubric": RUBRIC,
                "of": 5,
            },
        ],
    },
}
"""Types beyond the first five; the last three need a person."""

DESK: dict[str, Any] = {
    "stem": "请按顾客的要求改价，并写好备注。",
    "system": "E店宝 订单处理",
    "brief": "顾客确认：订单1001的货款从89元改为85元，10月2日起算。",
    "columns": ["order", "state"],
    "rows": [
        {"id": "r1", "values": {"order": "1001", "state": "待付款", "price": 89}},
        {"id": "r2", "values": {"order": "1010", "state": "已出库", "price": 59}},
    ],
    "fields": [
        {"id": "order", "label": "订单号", "kind": "readonly"},
        {"id": "state", "label": "订单状态", "kind": "readonly"},
        {"id": "price", "label": "改后货款", "kind": "money", "unit": "元"},
        {"id": "day", "label": "办理日期", "kind": "date"},
        {"id": "flag", "label": "旗帜", "kind": "choice", "options": ["无", "红", "黄"], "start": "无"},
        {"id": "asked", "label": "顾客已确认", "kind": "check"},
        {"id": "note", "label": "备注", "kind": "long_text", "start": "顾客催过"},
        {"id": "phone", "label": "收货手机后四位", "kind": "text", "start": "0312"},
    ],
    "buttons": [
        {"id": "save", "label": "保存修改", "does": "save"},
        {"id": "tell", "label": "回复顾客", "does": "act"},
        {"id": "back", "label": "取消", "does": "cancel"},
        {"id": "drop", "label": "关闭订单", "does": "act"},
    ],
    "wanted": {
        "row": "r1",
        "button": "save",
        "fields": [
            {"field": "price", "credit": 3, "equals": 85},
            {"field": "day", "credit": 1, "between": ["2026-10-02", "2026-10-03"]},
            {"field": "flag", "credit": 2, "equals": "黄"},
            {"field": "asked", "credit": 1, "equals": True},
            {"field": "note", "credit": 2, "contains": ["改价", "85"], "lacks": ["亲"]},
        ],
        "also": [{"press": "tell", "credit": 1}],
    },
    "forbidden": [
        {"press": "drop", "cost": "all"},
        {"change": "phone", "cost": 4},
        {"others": "open", "cost": 1},
        {"others": "act", "cost": 5},
    ],
}
"""An operation on one of two records; ten points."""


def form_only() -> dict[str, Any]:
    """The same task as one form without a list."""
    own = {key: value for key, value in DESK.items() if key not in ("columns", "rows")}
    own["wanted"] = {key: value for key, value in DESK["wanted"].items() if key != "row"}
    own["forbidden"] = [each for each in DESK["forbidden"] if "others" not in each]
    return own


def fields(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the YAML fields of a question of ``kind``."""
    common = {
        "id": f"t-{kind}-001",
        "type": kind,
        "stem": "顾客问什么时候发货，怎么答？",
        "difficulty": 2,
        "explanation": "规则里写明了。",
        "source": "page#标题",
    }
    return deepcopy({**common, **{**OWN, **MORE, "operation": DESK}[kind], **changes})


def make(kind: str, **changes: Any) -> QuestionType:
    """Return a question of ``kind``, validated as the reader does."""
    return question_types().get(kind).model_validate(fields(kind, **changes))


def write_bank(folder: Path, questions: list[dict[str, Any]], **head: Any) -> Path:
    """Write a bank of one topic and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    top = {"bank": folder.name, "title": "测试", "topics": [{"id": "one", "title": "一"}], **head}
    (folder / "bank.yaml").write_text(yaml.safe_dump(top, allow_unicode=True), encoding="utf-8")
    body = yaml.safe_dump({"topic": "one", "questions": questions}, allow_unicode=True, sort_keys=False)
    (folder / "one.yaml").write_text(body, encoding="utf-8")
    return folder


_WORDS = "货款运费价保改址签收退换发票备注旗帜红包邮件仓库拦截转寄补发赔付客服主管组长经理部门审批"


def unlike(number: int) -> str:
    """Return a stem that is unlike that of any other number."""
    start = number * 7 % len(_WORDS)
    turned = _WORDS[start:] + _WORDS[:start]
    return f"{turned[:: number % 5 + 1]}{number * 7919}{'甲乙丙丁戊己庚辛'[number % 8] * (number % 9 + 1)}？"


def choices(count: int, *, right: str = "rotating", longest: bool = False) -> list[dict[str, Any]]:
    """Return single-choice questions; the key stands in rotating places, or always at ``right``."""
    made = []
    for number in range(count):
        at = number % 4 if right == "rotating" else "ABCD".index(right)
        options = [f"第{number}号的{name}法" for name in "甲乙丙丁"]
        if longest:
            options[at] += "，并且写好备注"
        made.append(
            fields(
                "single_choice",
                id=f"q-{number:03d}",
                stem=unlike(number),
                options=options,
                answer=["ABCD"[at]],
            )
        )
    return made
