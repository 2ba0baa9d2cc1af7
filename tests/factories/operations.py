"""A bank with operation tasks of both layouts, and a paper of one of each; they commit."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from cstrain.exams import service
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.models import Bank, Topic
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.exams import CANARY, add_question, make_paper, make_sitting
from tests.questions.makers import DESK, form_only

SECTIONS = [
    {
        "title": "上机",
        "marks": 50,
        "cells": [{"topics": [topic], "types": ["operation"], "count": 1} for topic in ("list", "form")],
    }
]


def written(topic: str, number: int) -> dict[str, Any]:
    """Return a task as somebody would write it."""
    base = {
        "id": f"{topic}-{number}",
        "type": "operation",
        "difficulty": 2,
        "explanation": f"{CANARY}-explanation",
        "source": f"{CANARY}-source#heading",
    }
    own = deepcopy(DESK if topic == "list" else form_only())
    note = own["wanted"]["fields"][-1]
    note["contains"] = [f"改价|{CANARY}-contains", "85"]
    note["lacks"] = [f"{CANARY}-lacks"]
    return {**base, **own}


def make_operation_paper(ref: str = "machine", **changes: Any) -> str:
    """Make the bank ``desk`` (one task of each layout) and a paper of both; return its ref."""
    with unit_of_work() as db:
        bank = Bank(name="desk", title="上机题库", description="")
        db.add(bank)
        db.flush()
        for position, name in enumerate(("list", "form")):
            topic = Topic(bank_id=bank.id, ref=name, title=name, position=position)
            db.add(topic)
            db.flush()
            add_question(bank.id, topic.id, f"{name}-1", written(name, 1))
    return make_paper(ref, bank="desk", sections=SECTIONS, **changes)


def make_operation_attempt(person: PersonId, holder: str = "", **changes: Any) -> AttemptId:
    """Start an attempt at such a paper; slot 1 has a list, slot 2 is one form."""
    sitting = make_sitting([person], make_operation_paper(**changes))
    with unit_of_work():
        return service.start(person, sitting, START, holder)
