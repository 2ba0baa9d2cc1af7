"""A chat scenario of six turns with branches, a bank and a paper with two of them; they commit.

What a candidate has not earned carries canary strings.
"""

from __future__ import annotations

from typing import Any

from cstrain.exams import service
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.models import Bank, Topic
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.exams import CANARY, add_question, make_paper, make_sitting

LIMITS = 8
"""More lines than any way through the script takes."""


def _turn(name: str, good: str, bad: str, *, more: tuple[str, ...] = (), mark: str = "") -> dict[str, Any]:
    return {
        "says": [f"顾客的话{name}{mark}", *more],
        "replies": [
            {
                "label": "好办法",
                "text": f"先去查一下（{name}好）{mark}",
                "to": good,
                "credit": 3,
                "hears": ["查|核实", "轨迹"],
            },
            {"label": "差办法", "text": f"等等再说吧（{name}差）{mark}", "to": bad},
        ],
        "otherwise": good,
    }


def chat_fields(number: int = 1, mark: str = "") -> dict[str, Any]:
    """Return a scenario as somebody would write it; ``mark`` stands in all that must not leave at once."""
    turns = {
        "t1": _turn("t1", "t2", "t2b", more=("第二句",)),
        "t2": _turn("t2", "t3", "t3", mark=mark),
        "t2b": _turn("t2b", "t3", "t3", mark=mark),
        "t3": _turn("t3", "t4", "t4b", mark=mark),
        "t4": _turn("t4", "t5", "t5", mark=mark),
        "t4b": _turn("t4b", "t5", "t5", mark=mark),
        "t5": _turn("t5", "t6", "t6", mark=mark),
        "t6": _turn("t6", "good", "poor", mark=mark),
    }
    turns["t2b"]["replies"][0]["credit"] = 2
    return {
        "id": f"chat-{number}",
        "type": "chat",
        "stem": f"第{number}个会话：顾客来问包裹，请接待他。",
        "difficulty": 2,
        "situation": True,
        "explanation": f"{mark or 'CANARY'}-explanation",
        "source": f"{mark or 'CANARY'}-source#heading",
        "opening": {
            "customer": "青石板",
            "level": "普通会员",
            "order": {"订单状态": "已出库"},
            "facts": ["今天18:00前快递会回话"],
        },
        "start": "t1",
        "turns": turns,
        "endings": {"good": {"says": ["谢谢"], "credit": 4}, "poor": {"says": [f"再见{mark}"]}},
        "wanted": [{"title": "问还有别的需要", "any_of": ["还有别的", f"其他需要{mark}"], "of": 2}],
        "forbidden": [
            {"title": f"打包票{mark}", "any_of": ["肯定到", "一定到"], "unless": ["不能保证"], "cost": 6}
        ],
    }


def make_chat_paper(ref: str = "chats", count: int = 1, **changes: Any) -> str:
    """Make the bank ``chats`` of three scenarios and a paper of ``count`` of them; return its ref."""
    with unit_of_work() as db:
        bank = Bank(name="chats", title="会话题库", description="")
        db.add(bank)
        db.flush()
        topic = Topic(bank_id=bank.id, ref="chats", title="会话情景", position=0)
        db.add(topic)
        db.flush()
        for number in range(1, 4):
            add_question(bank.id, topic.id, f"chat-{number}", chat_fields(number, CANARY))
    cells = [{"topics": ["chats"], "types": ["chat"], "count": count}]
    sections = [{"title": "会话", "marks": str(100 // count), "cells": cells}]
    return make_paper(ref, bank="chats", sections=sections, **changes)


def make_chat_attempt(person: PersonId, count: int = 1, holder: str = "tab-1", **changes: Any) -> AttemptId:
    """Start an attempt at such a paper."""
    sitting = make_sitting([person], make_chat_paper(count=count, **changes))
    with unit_of_work():
        return service.start(person, sitting, START, holder)
