"""An oral task: the candidate sees the task, the examiner the rest; only an examiner marks it."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from cstrain.judgement.rubric import read_rubric
from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types, unearned

RUBRIC = [
    {"id": "greeting", "title": "报工号问候", "of": 10},
    {"id": "need", "title": "问清需求", "of": 30, "hint": "问到订单号"},
]


def question(**changes: object):
    fields = {
        "id": "t-oral-001",
        "type": "oral",
        "stem": "顾客来电催发货。",
        "difficulty": 2,
        "explanation": "按通话八步打分。",
        "task": "请接听这通电话，处理到挂断为止。",
        "examiner": "你扮演顾客金丝雀：昨天下午三点付的款，问为什么还没发。",
        "minutes": 5,
        "rubric": RUBRIC,
    }
    return question_types().get("oral").model_validate(fields | changes)


def test_the_candidate_sees_the_task_and_nothing_of_the_examiners_part() -> None:
    asked = question()
    assert asked.control is Control.LIVE
    assert asked.content() == {
        "stem": "顾客来电催发货。",
        "task": "请接听这通电话，处理到挂断为止。",
        "minutes": 5,
    }
    assert "金丝雀" in asked.key()["examiner"]
    assert json.loads(json.dumps(asked.key())) == asked.key()


def test_only_an_examiner_marks_it_whatever_the_response_is() -> None:
    asked = question()
    assert unearned(type(asked), asked.content(), asked.key()) == []
    marking = type(asked).mark(asked.key(), {"ready": True})
    assert (marking.fraction, marking.note) == (None, "person")
    (part,) = type(asked).parts_to_mark(asked.key(), None)
    assert part.rubric.of == 40
    assert type(asked).combine(asked.key(), None, {0: Fraction(3, 4)}) == Fraction(3, 4)


def test_the_rubric_in_the_key_is_the_one_that_was_written() -> None:
    rubric = read_rubric(question().key()["rubric"])
    assert rubric.of == 40
    assert rubric.share({"greeting": Decimal(10), "need": Decimal(15)}) == Fraction(5, 8)


def test_the_key_reads_as_the_rubric_and_the_answer_as_given_aloud() -> None:
    asked = question()
    words = type(asked).describe_key(asked.content(), asked.key())
    assert words == "报工号问候（10分）；问清需求（30分）：问到订单号"
    assert "当场打分" in type(asked).summarise(asked.content(), None)


@pytest.mark.parametrize(
    "changes",
    [{"rubric": []}, {"rubric": [*RUBRIC, RUBRIC[0]]}, {"minutes": 0}, {"minutes": 31}, {"task": ""}],
)
def test_a_faulty_task_is_refused(changes: dict) -> None:
    with pytest.raises(ValidationError):
        question(**changes)
