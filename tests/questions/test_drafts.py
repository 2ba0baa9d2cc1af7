"""Drafts become questions: completed, checked by their type, duplicates told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.questions.exchange.contract import Draft, Reading, item, row
from cstrain.questions.exchange.drafts import DIFFICULTY, Held, check, meaning
from tests.questions.makers import fields

CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "stem": "顾客问今天几点前下单当天发货？",
    "options": ["16:00", "18:00", "20:00"],
    "answer": ["A"],
}


def checked(*every: dict[str, Any], held: dict[str, str] | None = None):
    drafts = tuple(Draft(item(number), each) for number, each in enumerate(every, start=1))
    return check(Reading(drafts), "own", Held(held or {}))


def test_what_a_file_does_not_say_is_filled_in_and_the_same_question_gets_the_same_id() -> None:
    found = checked(CHOICE, {"type": "essay", "stem": "怎样安抚等了两天的顾客？"})
    choice, essay = found.questions
    assert (choice.difficulty, choice.explanation, choice.bank) == (DIFFICULTY, "", "own")
    assert choice.id == checked(CHOICE).questions[0].id and choice.id != essay.id
    assert [each["id"] for each in essay.key["rubric"]] == ["overall"]
    assert found.drafts[0].fields["difficulty"] == DIFFICULTY


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": ["D"]}, "“答案”里的“D”不是选项"),
        ({"options": ["16:00"]}, "“选项”至少要有2项"),
        ({"stem": ""}, "“题干”至少1个字"),
        ({"stem": "a\0b"}, "不能保存的字符"),
        ({"options": ["\ud800", "b"]}, "不能保存的字符"),
        ({"type": "puzzle"}, "不认识题型“puzzle”，可以写的有："),
        ({"difficulty": 9}, "“难度”"),
        ({"colour": "red"}, "不认识“colour”"),
    ],
)
def test_what_a_type_refuses_is_told_at_its_place_in_the_trainers_words(
    changes: dict[str, object], words: str
) -> None:
    found = checked(CHOICE, {**CHOICE, **changes})
    (fault,) = found.faults
    assert str(fault.place) == "第2题" and words in fault.message
    assert len(found.questions) == 1


def test_tags_that_cannot_be_kept_are_named() -> None:
    tags = ("发货", " 发货 ", "长" * 31, *(str(each) for each in range(25)))
    (kept,) = check(Reading((Draft(item(1), CHOICE, tags=tags),)), "own", Held({})).drafts
    assert len(kept.tags) == 20 and kept.tags[:2] == ("发货", "0")
    (note,) = kept.notes
    assert "没有带上的标签：" + "长" * 31 + "、19、20" in note
    assert "一个标签最多30个字，一道题最多20个" in note


def test_a_refused_row_is_given_back_as_it_stood() -> None:
    draft = Draft(row(7), {**CHOICE, "answer": ["Z"]})
    cells = ("单选", "顾客问……", "Z")
    (fault,) = check(Reading((draft,), rows={row(7): cells}), "own").faults
    assert (str(fault.place), fault.row) == ("第7行", cells)


def test_duplicates_within_the_file_and_against_the_bank_are_told_apart() -> None:
    spaced = {**CHOICE, "stem": "顾客问今天几点前下单，当天发货?", "explanation": "写法不同。", "id": "other"}
    spaced["stem"] = CHOICE["stem"].replace("？", " ?")
    held = {meaning(checked(fields("true_false")).questions[0]): "t-true_false-001"}
    found = checked(CHOICE, spaced, fields("true_false"), held=held)
    assert [(str(one.place), one.of, one.in_bank) for one in found.duplicates] == [
        ("第2题", "第1题", False),
        ("第3题", "t-true_false-001", True),
    ]
    assert len(found.questions) == 1


def test_another_key_or_other_options_make_another_question() -> None:
    other = {**CHOICE, "answer": ["B"]}
    assert len(checked(CHOICE, other, {**CHOICE, "options": ["1", "2", "3"]}).questions) == 3


def test_an_id_used_twice_is_a_fault_that_names_the_first() -> None:
    found = checked({**CHOICE, "id": "a-1"}, {**CHOICE, "id": "a-1", "stem": "另一道题？"})
    assert "编号“a-1”在第1题用过" in found.faults[0].message


@given(
    st.dictionaries(
        st.sampled_from(["type", "stem", "options", "answer", "blanks", "pairs", "id", "difficulty"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("single_choice"),
            lambda inner: (
                st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    )
)
def test_any_fields_are_a_question_or_a_fault(given_fields: dict[str, object]) -> None:
    found = checked(given_fields)
    assert len(found.questions) + len(found.faults) == 1


@pytest.mark.parametrize("changes", [{"stem": "\u3000 "}, {"options": ["甲", "\u200b"]}])
def test_a_text_in_which_nothing_can_be_seen_is_refused(changes: dict[str, Any]) -> None:
    found = checked(fields("single_choice", **({"answer": ["A"]} | changes)))
    assert "只有空白" in found.faults[0].message


def test_all_options_of_a_multiple_choice_may_be_right() -> None:
    found = checked(fields("multiple_choice", options=["甲", "乙", "丙"], answer=["A", "B", "C"]))
    assert len(found.questions) == 1 and found.faults == ()
