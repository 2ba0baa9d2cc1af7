"""A bank with passages to type and tasks done aloud, and a paper of one of each; they commit."""

from __future__ import annotations

from typing import Any

from cstrain.exams import service
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.models import Bank, Topic
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.exams import CANARY, add_question, make_paper, make_sitting

PASSAGE = (
    "收到顾客的改址申请，先看订单状态。待审核的订单可以直接改，改完写备注；已打单的要先联系仓库拦截。" * 3
)
RUBRIC = [
    {"id": "greeting", "title": "报工号问候", "of": 20, "hint": f"{CANARY}-hint"},
    {"id": "need", "title": "问清需求", "of": 80},
]
SECTIONS = [
    {"title": "打字", "marks": 50, "cells": [{"topics": ["typing"], "types": ["typing"], "count": 1}]},
    {"title": "电话", "marks": 50, "cells": [{"topics": ["telephone"], "types": ["oral"], "count": 1}]},
]


def written(kind: str, number: int) -> dict[str, Any]:
    """Return a question as somebody would write it."""
    base = {
        "id": f"{kind}-{number}",
        "type": kind,
        "stem": f"第{number}题：请按要求完成。",
        "difficulty": 2,
        "explanation": f"{CANARY}-explanation",
        "source": f"{CANARY}-source#heading",
    }
    own: dict[str, dict[str, Any]] = {
        "typing": {"passage": PASSAGE, "seconds": 60},
        "oral": {
            "task": "请接听这通电话。",
            "examiner": f"{CANARY}-examiner：你扮演催发货的顾客。",
            "minutes": 5,
            "rubric": RUBRIC,
        },
    }
    return base | own[kind]


def make_aloud_paper(ref: str = "aloud", sections: Any = SECTIONS, **changes: Any) -> str:
    """Make the bank ``aloud`` (three of each) and a paper of a passage and an oral task; return its ref."""
    with unit_of_work() as db:
        bank = Bank(name="aloud", title="口试题库", description="")
        db.add(bank)
        db.flush()
        for position, (ref_of, kind) in enumerate((("typing", "typing"), ("telephone", "oral"))):
            topic = Topic(bank_id=bank.id, ref=ref_of, title=ref_of, position=position)
            db.add(topic)
            db.flush()
            for number in range(3):
                add_question(bank.id, topic.id, f"{kind}-{number}", written(kind, number))
    return make_paper(ref, bank="aloud", sections=sections, **changes)


def make_aloud_attempt(person: PersonId, holder: str = "tab-1", **changes: Any) -> AttemptId:
    """Start an attempt at such a paper; slot 1 is the passage, slot 2 the telephone task."""
    sitting = make_sitting([person], make_aloud_paper(**changes))
    with unit_of_work():
        return service.start(person, sitting, START, holder)
