"""A bank with answers that people must mark (essay, case, chat), a paper of them, attempts handed in.

All need a context and commit.

Rubrics, model answers and explanations carry canary strings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cstrain.exams import queries as exams
from cstrain.exams import service
from cstrain.grading.written import queries
from cstrain.grading.written import service as written
from cstrain.grading.written.facts import QueueKey
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.models import Bank, Topic
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.chats import chat_fields
from tests.factories.exams import CANARY, add_question

LATER = START + timedelta(minutes=20)
RUBRIC = [
    {
        "id": "facts",
        "title": "说清事实",
        "of": 6,
        "hint": f"{CANARY}-hint",
        "levels": ["没有", "一半", "全部"],
    },
    {"id": "steps", "title": "办法可行", "of": 4},
]
ESSAY_ONLY = [
    {"title": "论述", "marks": 100, "cells": [{"topics": ["essay"], "types": ["essay"], "count": 1}]}
]
CHAT_ONLY = [{"title": "会话", "marks": 100, "cells": [{"topics": ["chat"], "types": ["chat"], "count": 1}]}]
THREE = [
    {"title": "论述", "marks": 40, "cells": [{"topics": ["essay"], "types": ["essay"], "count": 1}]},
    {"title": "案例", "marks": 40, "cells": [{"topics": ["case"], "types": ["case"], "count": 1}]},
    {"title": "会话", "marks": 20, "cells": [{"topics": ["chat"], "types": ["chat"], "count": 1}]},
]


def essay(number: int) -> dict[str, Any]:
    """Return an essay as somebody would write it."""
    return {
        "id": f"essay-{number}",
        "type": "essay",
        "stem": f"第{number}题：晚高峰缺人，你怎么安排？",
        "difficulty": 2,
        "explanation": f"{CANARY}-explanation",
        "source": f"{CANARY}-source#heading",
        "model": f"{CANARY}-model：先报主管，再错开用餐。",
        "rubric": RUBRIC,
    }


def case(number: int) -> dict[str, Any]:
    """Return a case: a choice for the machine (weight 1) and a short answer for people (weight 3)."""
    return {
        "id": f"case-{number}",
        "type": "case",
        "stem": f"第{number}题：阅读材料，回答问题。",
        "text": "你是组长，周五晚班原排八人，运营部预告晚上有促销，下午三点小周发来医院证明说不能来。" * 2,
        "difficulty": 2,
        "explanation": f"{CANARY}-explanation",
        "source": f"{CANARY}-source#heading",
        "parts": [
            {
                "type": "single_choice",
                "of": 1,
                "stem": "先找谁？",
                "options": ["主管", "仓库", "顾客"],
                "answer": ["A"],
            },
            {
                "type": "short_answer",
                "of": 3,
                "stem": "写出你要做的三件事。",
                "model": f"{CANARY}-model",
                "rubric": RUBRIC,
            },
        ],
    }


def chat(number: int) -> dict[str, Any]:
    """Return a chat of which people mark half; its customer says three things at a time."""
    fields = chat_fields(number, CANARY) | {"person_share": "0.5"}
    for turn in fields["turns"].values():
        turn["says"] = [turn["says"][0], "我这边很着急，昨天就说今天能到。", "你们到底什么时候给我送来？"]
    return fields


def make_written_paper(
    ref: str = "written", sections: Any = ESSAY_ONLY, each: int = 1, **changes: Any
) -> str:
    """Make the bank ``written`` (``each`` of essay, case and chat) and a paper; return its ref."""
    with unit_of_work() as db:
        bank = Bank(name="written", title="书面题库", description="")
        db.add(bank)
        db.flush()
        for position, (kind, fields) in enumerate((("essay", essay), ("case", case), ("chat", chat))):
            topic = Topic(bank_id=bank.id, ref=kind, title=kind, position=position)
            db.add(topic)
            db.flush()
            for number in range(1, each + 1):
                add_question(bank.id, topic.id, f"{kind}-{number}", fields(number))
    return make.make_paper(ref, bank="written", sections=sections, **changes)


ANSWERS = {
    1: "先报主管，再错开用餐。",
    2: {"0": "0", "1": "一报主管，二要细则，三错开用餐。"},
    3: {
        "lines": [
            {"seen": 0, "ms": 5000, "reply": None, "text": f"这就去查轨迹，第{n}句。"} for n in range(6)
        ]
    },
}


def hand_in(
    people: Sequence[PersonId], paper_ref: str, answers: Any = None, at: datetime = LATER
) -> list[AttemptId]:
    """Let people sit a paper and hand in; ``answers`` by slot (the usual ones for slots without)."""
    sitting = make.make_sitting(people, paper_ref)
    found = []
    for person in people:
        with unit_of_work():
            attempt = service.start(person, sitting, START, "tab-1")
        slots = [slot.slot for slot in exams.markable_slots(attempt)]
        given = {slot: ANSWERS[slot] for slot in slots} | (answers or {})
        events = [
            make.event(slot, json.dumps(value), seq) for seq, (slot, value) in enumerate(given.items(), 1)
        ]
        make.save(person, attempt, events, at=at)
        make.submit(person, attempt, at=at, key=f"key-{attempt}")
        found.append(attempt)
    return found


def points(facts: str = "6", steps: str = "4") -> dict[str, Decimal | None]:
    """Return points by criterion; together out of ten."""
    return {"facts": Decimal(facts), "steps": Decimal(steps)}


def the_queue(at: datetime = LATER, part: int | None = None) -> QueueKey:
    """Return the one queue there is (of a part, if given)."""
    keys = {task.key for task in queries.open_tasks(at)}
    (key,) = {key for key in keys if part is None or key.part == part}
    return key


def take(marker: PersonId, key: QueueKey, at: datetime = LATER) -> int | None:
    """Take an answer and commit."""
    with unit_of_work():
        return written.take(marker, at, key)


def finish(marker: PersonId, mark_id: int, given: dict[str, Decimal | None], at: datetime = LATER) -> None:
    """Finish a sheet and commit."""
    with unit_of_work():
        written.finish(marker, at, mark_id, given, "看了三遍")


def mark_next(marker: PersonId, key: QueueKey, given: dict[str, Decimal | None], at: datetime = LATER) -> int:
    """Take an answer and finish it; return the sheet's id."""
    mark_id = take(marker, key, at)
    assert mark_id is not None
    finish(marker, mark_id, given, at)
    return mark_id
