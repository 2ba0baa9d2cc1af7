"""Back from what is stored to the fields of the YAML: the type built from them stores the same."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.bank_source import read_banks, read_written
from cstrain.questions.exchange.exporting import fields_of
from cstrain.questions.question_type import question_types
from cstrain.questions.service import digest_of
from cstrain.questions.written_fields import filled, plain_number
from tests.factories.aloud import written as aloud
from tests.factories.chats import chat_fields
from tests.questions.makers import MORE, OWN, RUBRIC, fields, form_only

BANKS = Path(__file__).parents[2] / "question_banks"
SAMPLES = [
    *(fields(kind) for kind in (*OWN, *MORE, "operation")),
    {name: each for name, each in fields("true_false").items() if name != "answer"}
    | {"id": "form", "type": "operation"}
    | form_only(),
    aloud("typing", 1),
    {**aloud("typing", 2), "penalty": 0, "spaces_matter": True, "width_matters": True, "full_speed": 80},
    aloud("oral", 1),
    chat_fields(),
    {**chat_fields(2), "person_share": 0.4, "first_reply_credit": 0, "wanted": [], "forbidden": []},
]
WORDS = st.text("甲乙丙丁AB。 -", min_size=1, max_size=6).filter(lambda text: text.strip(" 。-"))


def read(question: dict[str, Any]) -> SourceQuestion:
    """Read a question as the banks are read: strictly, shared rubrics put in place."""
    reading = read_written(json.dumps([question]).encode(), "x.yaml")
    assert reading.faults == ()
    return reading.banks[0].questions[0]


def stored(question: SourceQuestion) -> SourceQuestion:
    """The question as it comes out of a database: everything went through JSON once."""
    parts = {name: json.loads(json.dumps(getattr(question, name))) for name in ("content", "key", "script")}
    return SourceQuestion(**{name: getattr(question, name) for name in question.__slots__} | parts)


@pytest.mark.parametrize("question", SAMPLES, ids=lambda one: f"{one['type']}-{one['id']}")
def test_every_type_is_written_so_that_it_reads_the_same(question: dict[str, Any]) -> None:
    kept = stored(read(question))
    again = read(fields_of(kept))
    assert (again.content, again.key, again.script) == (kept.content, kept.key, kept.script)
    assert digest_of(again) == digest_of(kept)
    assert fields_of(stored(again)) == fields_of(kept)


def test_the_samples_show_every_type() -> None:
    assert {each["type"] for each in SAMPLES} == set(question_types().names())


def test_every_shipped_question_is_written_so_that_it_reads_the_same() -> None:
    banks = read_banks(BANKS).banks
    questions = [each for bank in banks for each in bank.questions]
    assert len(questions) > 1200
    assert [
        each.id for each in questions if digest_of(read(fields_of(stored(each)))) != digest_of(each)
    ] == []


def test_fields_come_in_the_order_of_the_shipped_banks_and_empty_ones_are_left_out() -> None:
    made = fields_of(read(fields("single_choice", explanation="", source="")))
    assert list(made) == ["id", "type", "difficulty", "stem", "options", "answer"]
    whole = fields_of(read(fields("true_false", situation=True)))
    assert list(whole) == ["id", "type", "difficulty", "situation", "stem", "answer", "explanation", "source"]


def test_the_order_that_content_hides_comes_back() -> None:
    pairs = [["丙", "三"], ["甲", "一"], ["乙", "二"]]
    made = fields_of(stored(read(fields("matching", pairs=pairs, extra=["五", "四"]))))
    assert made["pairs"] == pairs
    assert sorted(made["extra"]) == ["五", "四"]
    steps = ["丁步", "乙步", "丙步", "甲步"]
    assert fields_of(stored(read(fields("ordering", steps=steps))))["steps"] == steps


def test_a_rubric_keeps_its_criteria_and_a_shared_one_goes_without_saying() -> None:
    assert fields_of(stored(read(fields("essay"))))["rubric"] == RUBRIC
    assert "rubric" not in fields_of(stored(read(chat_fields())))


def test_a_step_that_costs_all_points_says_so() -> None:
    made = fields_of(stored(read(fields("operation"))))
    assert [each["cost"] for each in made["forbidden"]] == ["all", 4, 1, 5]
    assert made["wanted"]["fields"][0] == {"field": "price", "credit": 3, "equals": "85"}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.decimals(-1000, 1000, places=2))
def test_a_number_reads_exactly_as_its_text(number: Decimal) -> None:
    text = f"{number:f}"
    said = plain_number(text)
    assert str(said) == text
    assert Decimal(str(said)) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", 5),
        ("-3", -3),
        ("2.5", 2.5),
        ("2.50", "2.50"),
        ("0.000001", "0.000001"),
        ("-0", "-0"),
        ("00", "00"),
        ("123456789012.123456", "123456789012.123456"),
    ],
)
def test_numbers_are_numbers_where_nothing_is_lost(text: str, said: object) -> None:
    assert plain_number(text) == said
    assert type(plain_number(text)) is type(said)


def test_what_says_nothing_is_left_out_and_nothing_else() -> None:
    assert filled(a="", b=[], c={}, d=None, e=False, f=0, g=True, h=" ") == {"f": 0, "g": True, "h": " "}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(WORDS, min_size=3, max_size=8, unique_by=lambda text: text.strip()),
    st.lists(WORDS, min_size=3, max_size=8),
    st.lists(WORDS, max_size=4),
)
def test_matching_comes_back_whatever_the_texts(
    lefts: list[str], rights: list[str], extra: list[str]
) -> None:
    pairs = [list(pair) for pair in zip(lefts, rights, strict=False)]
    question = json.dumps([fields("matching", pairs=pairs, extra=extra)])
    for kept in (each for bank in read_written(question.encode(), "x").banks for each in bank.questions):
        assert digest_of(read(fields_of(stored(kept)))) == digest_of(kept)
