"""Questions and banks for tests: written as YAML, read by the product's own reader."""

from __future__ import annotations

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
    return {**common, **OWN[kind], **changes}


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
