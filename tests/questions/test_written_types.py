"""Matching, ordering, answers in writing and cases: tables and properties."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.grading.rules import to_version_ids
from cstrain.judgement.rubric import read_rubric
from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types, unearned
from cstrain.questions.written import characters
from tests.questions.makers import MORE, fields, make

KINDS = sorted(MORE)
TEXT = st.text(st.characters(codec=None), max_size=30)
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from("0123456abcd")
JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.sampled_from("012345abcdz") | TEXT, inner, max_size=5)
    ),
    max_leaves=12,
)


def marked(kind: str, response: object, *, partial: bool = False, **changes: Any) -> tuple[Any, str]:
    """The share and the note."""
    marking = question_types().get(kind).mark(make(kind, **changes).key(), response, partial=partial)
    return marking.fraction, marking.note


def chosen(*rights: str | None) -> dict[str, str]:
    """A response to the matching question: the texts chosen for the lefts, in their order."""
    content = make("matching").content()
    ids = {option["text"]: option["id"] for option in content["options"]}
    lefts = [left["id"] for left in content["left"]]
    return {left: ids[right] for left, right in zip(lefts, rights, strict=False) if right is not None}


def put(*steps: str) -> list[str]:
    """A response to the ordering question: steps in this order."""
    ids = {option["text"]: option["id"] for option in make("ordering").content()["options"]}
    return [ids[step] for step in steps]


def test_the_types_register_themselves_with_their_controls() -> None:
    assert {kind: question_types().get(kind).control for kind in KINDS} == {
        "matching": Control.MATCH,
        "ordering": Control.ORDER,
        "short_answer": Control.TEXT,
        "essay": Control.TEXT,
        "case": Control.PARTS,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_earns_its_own_samples(kind: str) -> None:
    question = make(kind)
    content, key = question.content(), question.key()
    assert unearned(type(question), content, key) == []
    notes = {type(question).mark(key, each.response).note for each in type(question).samples(content, key)}
    assert {"blank", "malformed"} <= notes
    assert notes & {"", "person"}


@pytest.mark.parametrize("kind", KINDS)
def test_content_holds_nothing_of_the_key_and_both_survive_json(kind: str) -> None:
    question = make(kind, explanation="解析金丝雀", source="page#出处金丝雀")
    content, key = question.content(), question.key()
    assert json.loads(json.dumps(content)) == content
    assert json.loads(json.dumps(key)) == key
    told = json.dumps(content, ensure_ascii=False)
    assert not any(
        word in told for word in ("金丝雀", '"right"', '"model"', '"rubric"', '"order"', '"pairs"')
    )
    assert "先道歉" not in told and "先分析" not in told and '"24"' not in told


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(KINDS), JSON, st.booleans())
def test_marking_never_raises_and_stays_between_nothing_and_all(
    kind: str, response: object, partial: bool
) -> None:
    question = make(kind)
    marking = type(question).mark(question.key(), response, partial=partial)
    assert marking.note == "person" if marking.fraction is None else 0 <= marking.fraction <= 1
    assert isinstance(type(question).summarise(question.content(), response), str)
    due = type(question).parts_to_mark(question.key(), response)
    assert bool(due) is (marking.fraction is None)


# matching


@pytest.mark.parametrize(
    ("rights", "share", "partial"),
    [
        (("加急", "改址", "补发", "已回访"), 1, Fraction(1)),
        (("加急", "改址", "已回访", "补发"), 0, Fraction(1, 2)),
        (("加急", "改址", "补发", "退货"), 0, Fraction(3, 4)),
        (("加急", "改址", "补发"), 0, Fraction(3, 4)),
        (("加急", "加急", "加急", "加急"), 0, Fraction(1, 4)),
        ((None, None, None, "退货"), 0, Fraction(0)),
    ],
)
def test_matching_table(rights: tuple[str | None, ...], share: int, partial: Fraction) -> None:
    assert marked("matching", chosen(*rights)) == (share, "")
    assert marked("matching", chosen(*rights), partial=True) == (partial, "")


@pytest.mark.parametrize(
    ("response", "note"),
    [
        ({}, "blank"),
        ({"a": "", "b": None}, "blank"),
        (None, "blank"),
        ("", "blank"),
        ({"a": "9"}, "malformed"),
        ({"e": "0"}, "malformed"),
        ({"a": ["0"]}, "malformed"),
        ({"a": 0}, "malformed"),
        (["0"], "malformed"),
    ],
)
def test_matches_that_say_nothing(response: object, note: str) -> None:
    assert marked("matching", response) == (0, note)


@given(st.permutations(range(5)), st.booleans())
def test_lefts_are_never_translated_and_options_always(order: list[int], partial: bool) -> None:
    """What an attempt shows as option 2 is option ``order[2]`` of the version."""
    right = make("matching").key()["pairs"]
    shown = {left: str(order.index(int(option))) for left, option in right.items()}
    assert to_version_ids(shown, order) == right
    assert marked("matching", to_version_ids(shown, order), partial=partial) == (1, "")


def test_the_order_of_matching_options_tells_nothing() -> None:
    content = make("matching").content()
    texts = [option["text"] for option in content["options"]]
    assert texts == sorted(texts)
    assert [left["text"] for left in content["left"]] == ["红旗", "黄旗", "蓝旗", "绿旗"]
    telling = make("matching", pairs=[["x", "a"], ["y", "b"], ["z", "c"]], extra=["d"]).content()
    assert [option["text"] for option in telling["options"]] == ["d", "c", "b", "a"]


def test_lefts_may_share_a_right() -> None:
    question = make("matching", pairs=[["x", "能"], ["y", "不能"], ["z", "能"]], extra=[])
    assert [option["text"] for option in question.content()["options"]] == ["不能", "能"]
    assert unearned(type(question), question.content(), question.key()) == []


# ordering


@pytest.mark.parametrize(
    ("steps", "partial"),
    [
        (("核对订单", "复述问题", "给出办法", "写备注"), Fraction(1)),
        (("复述问题", "给出办法", "写备注", "核对订单"), Fraction(2, 3)),
        (("核对订单", "复述问题", "写备注", "给出办法"), Fraction(1, 3)),
        (("给出办法", "写备注", "核对订单", "复述问题"), Fraction(2, 3)),
        (("写备注", "给出办法", "复述问题", "核对订单"), Fraction(0)),
        (("复述问题", "核对订单", "写备注", "给出办法"), Fraction(0)),
    ],
)
def test_ordering_table(steps: tuple[str, ...], partial: Fraction) -> None:
    assert marked("ordering", put(*steps)) == (int(partial == 1), "")
    assert marked("ordering", put(*steps), partial=True) == (partial, "")


@pytest.mark.parametrize(
    ("response", "note"),
    [
        ([], "blank"),
        (None, "blank"),
        (["0", "1", "2"], "malformed"),
        (["0", "1", "2", "2"], "malformed"),
        (["0", "1", "2", "9"], "malformed"),
        (["0", "1", "2", 3], "malformed"),
        ("0123", "malformed"),
    ],
)
def test_orders_that_say_nothing(response: object, note: str) -> None:
    assert marked("ordering", response) == (0, note)


def test_only_the_right_order_earns_everything() -> None:
    key = make("ordering").key()
    kind = question_types().get("ordering")
    full = [
        each
        for each in permutations(key["options"])
        if kind.mark(key, list(each), partial=True).fraction == 1
    ]
    assert full == [tuple(key["order"])]


@pytest.mark.parametrize("steps", [["甲步", "丙步", "乙步"], ["a", "b", "c", "d"], ["c", "b", "a"]])
def test_stored_steps_never_stand_in_the_right_order(steps: list[str]) -> None:
    assert [each["text"] for each in make("ordering", steps=steps).content()["options"]] != steps


# answers in writing


@pytest.mark.parametrize(
    ("text", "share", "note"),
    [
        ("今天发货。", None, "person"),
        ("字" * 60, None, "person"),
        ("𠮷" * 60, None, "person"),
        ("行\r\n" * 30, None, "person"),
        ("字" * 61, 0, "malformed"),
        ("", 0, "blank"),
        (" \n\t　", 0, "blank"),
        (None, 0, "blank"),
        (["今天发货。"], 0, "malformed"),
        (5, 0, "malformed"),
    ],
)
def test_written_answers(text: object, share: int | None, note: str) -> None:
    assert marked("short_answer", text) == (share, note)


def test_a_character_is_a_code_point_and_a_line_end_is_one() -> None:
    assert [characters(text) for text in ("", "a 字。", "𠮷", "一\r\n二", "一\n二", "👨‍👩‍👧")] == [
        0,
        4,
        1,
        3,
        3,
        5,
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_every_text_within_the_limit_is_for_a_person(text: str) -> None:
    share, note = marked("short_answer", text)
    if not text.strip():
        assert (share, note) == (0, "blank")
    elif characters(text) <= 60:
        assert (share, note) == (None, "person")
    else:
        assert (share, note) == (0, "malformed")


def test_the_rubric_of_a_key_gives_shares() -> None:
    question = make("short_answer")
    (due,) = type(question).parts_to_mark(question.key(), "今天发货。")
    assert (due.part, due.of, due.rubric) == (0, 1, read_rubric(question.key()["rubric"]))
    assert due.rubric.of == 5
    assert type(question).combine(question.key(), "今天发货。", {0: Fraction(3, 5)}) == Fraction(3, 5)
    assert type(question).combine(question.key(), "", {}) == 0
    with pytest.raises(ValueError, match="are due"):
        type(question).combine(question.key(), "今天发货。", {})


# cases

WHOLE = {"0": "1", "1": ["24"], "2": "先道歉。"}


@pytest.mark.parametrize(
    ("response", "share", "note"),
    [
        (WHOLE, None, "person"),
        ({"2": "x"}, None, "person"),
        ({"0": "1", "1": ["24"]}, Fraction(5, 10), ""),
        ({"0": "1", "2": "  "}, Fraction(3, 10), ""),
        ({"0": "0", "1": ["24"]}, Fraction(2, 10), ""),
        ({"0": "1", "1": "24"}, Fraction(3, 10), ""),
        ({"0": "1", "2": "字" * 81}, Fraction(3, 10), ""),
        ({"1": "24"}, 0, "malformed"),
        ({"0": "0"}, 0, ""),
        ({}, 0, "blank"),
        ({"0": None, "1": [""], "2": ""}, 0, "blank"),
        (None, 0, "blank"),
        ({"3": "x"}, 0, "malformed"),
        ({"00": "1"}, 0, "malformed"),
        (["1"], 0, "malformed"),
    ],
)
def test_case_table(response: object, share: Fraction | None, note: str) -> None:
    assert marked("case", response) == (share, note)


def test_people_mark_their_parts_and_the_machine_the_others() -> None:
    question = make("case")
    kind, key = type(question), question.key()
    (due,) = kind.parts_to_mark(key, WHOLE)
    assert (due.part, due.of, [each.id for each in due.rubric.criteria]) == (2, 5, ["facts", "tone"])
    assert kind.combine(key, WHOLE, {2: Fraction(3, 5)}) == Fraction(3 + 2 + 3, 10)
    assert kind.combine(key, {"2": "x"}, {2: Fraction(1, 3)}, True) == Fraction(1, 6)
    assert kind.parts_to_mark(key, {"0": "1"}) == ()
    assert kind.combine(key, {"0": "1"}, {}) == Fraction(3, 10)
    assert kind.combine(key, "malformed", {}) == 0


@pytest.mark.parametrize(
    "wrong", [{}, {0: Fraction(1)}, {2: Fraction(1), 0: Fraction(1)}, {2: Fraction(2)}, {2: Fraction(-1, 2)}]
)
def test_marks_for_other_parts_are_refused(wrong: dict[int, Fraction]) -> None:
    question = make("case")
    with pytest.raises(ValueError, match="part"):
        type(question).combine(question.key(), WHOLE, wrong)


@settings(max_examples=200, deadline=None)
@given(JSON, st.fractions(0, 1), st.booleans())
def test_combined_shares_stay_between_nothing_and_all(
    response: object, share: Fraction, partial: bool
) -> None:
    question = make("case")
    kind, key = type(question), question.key()
    parts = kind.parts_to_mark(key, response)
    combined = kind.combine(key, response, {each.part: share for each in parts}, partial)
    assert 0 <= combined <= 1
    if not parts:
        assert combined == kind.mark(key, response, partial=partial).fraction


def test_partial_credit_reaches_the_parts() -> None:
    parts = [
        {"type": "ordering", "stem": "排出次序。", "steps": ["一步", "二步", "三步"], "of": 1},
        {"type": "matching", "stem": "配成对。", "pairs": [["a", "1"], ["b", "2"], ["c", "3"]], "of": 1},
    ]
    question = make("case", parts=parts)
    order = question.key()["parts"][0]["key"]["order"]
    pairs = question.key()["parts"][1]["key"]["pairs"]
    response = {"0": [*order[1:], order[0]], "1": {"a": pairs["a"]}}
    assert type(question).mark(question.key(), response).fraction == 0
    assert type(question).mark(question.key(), response, partial=True).fraction == Fraction(1, 4) + Fraction(
        1, 6
    )


# words


@pytest.mark.parametrize(
    ("kind", "answer", "response", "said"),
    [
        (
            "matching",
            "红旗 → 加急；黄旗 → 改址；蓝旗 → 补发；绿旗 → 已回访",
            chosen("退货"),
            "红旗 → 退货；黄旗 → （空）；蓝旗 → （空）；绿旗 → （空）",
        ),
        (
            "ordering",
            "核对订单 → 复述问题 → 给出办法 → 写备注",
            put("写备注", "核对订单", "复述问题", "给出办法"),
            "写备注 → 核对订单 → 复述问题 → 给出办法",
        ),
        ("short_answer", "先道歉，再说明今天发货。", " 今天发。\n", "今天发。"),
        (
            "case",
            "1. 查单\n2. 24\n3. 先道歉，再换新。",
            {"0": "0", "2": "抱歉"},
            "1. 道歉\n2. 未作答\n3. 抱歉",
        ),
    ],
)
def test_keys_and_responses_read_as_plain_text(kind: str, answer: str, response: object, said: str) -> None:
    question = make(kind)
    content = question.content()
    assert type(question).describe_key(content, question.key()) == answer
    assert type(question).summarise(content, response) == said
    assert type(question).summarise(content, None) == "未作答"
    assert type(question).summarise(content, {"x": 1}) == "无法识别的作答"


# what is refused


def part(**changes: Any) -> dict[str, Any]:
    own = {"type": "true_false", "stem": "这样做对吗？", "answer": True, "of": 2}
    return {key: value for key, value in {**own, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("matching", {"pairs": [["a", "1"]]}, ""),
        ("matching", {"pairs": [["a", "1"], ["A ", "2"], ["c", "3"]]}, "第2对"),
        ("matching", {"pairs": [["a", "x"], ["b", "X"], ["c", "3"]]}, "只差"),
        ("matching", {"pairs": [["a", "1"], ["b", "1"], ["c", "1"]]}, "全都一样"),
        ("matching", {"pairs": [["a", "1", "2"], ["b", "2"], ["c", "3"]]}, ""),
        ("matching", {"extra": ["加急"]}, "相同"),
        ("matching", {"extra": ["甲", "甲"]}, "相同"),
        ("ordering", {"steps": ["甲", "乙"]}, ""),
        ("ordering", {"steps": ["甲", "乙", "甲 "]}, "相同"),
        ("ordering", {"steps": list("甲乙丙丁戊己庚辛壬")}, ""),
        ("short_answer", {"most": 801}, ""),
        ("short_answer", {"most": 20, "model": "字" * 21}, "21字"),
        ("short_answer", {"model": "字" * 301, "most": 300}, "301字"),
        ("short_answer", {"least": 5}, ""),
        ("short_answer", {"rubric": []}, ""),
        ("short_answer", {"rubric": [{"id": "a", "title": "甲", "of": 1}] * 2}, "相同"),
        ("essay", {"most": 4001}, ""),
        ("essay", {"least": 500}, "还多"),
        ("case", {"text": "太短"}, ""),
        ("case", {"parts": [part()]}, ""),
        ("case", {"parts": [part()] * 7}, ""),
        ("case", {"parts": [part(), part(of=...)]}, "第2小题：缺少“of”"),
        ("case", {"parts": [part(), part(of=0)]}, "第2小题：“of”应为1到20的整数"),
        ("case", {"parts": [part(), part(of=True)]}, "1到20"),
        ("case", {"parts": [part(id="x"), part()]}, "第1小题：小题里不写“id”"),
        ("case", {"parts": [part(source="x"), part()]}, "不写“source”"),
        ("case", {"parts": [part(sauce=1), part()]}, "不认识“sauce”"),
        ("case", {"parts": [part(), part(type="case")]}, "第2小题：不能用题型“case”"),
        ("case", {"parts": [part(), part(type="poem")]}, "不能用题型“poem”"),
        ("case", {"parts": [part(), part(type=...)]}, "缺少“type”"),
        ("case", {"parts": [part(), part(answer="yes")]}, "第2小题：“answer”只能写 true 或 false"),
        ("case", {"parts": [part(), "x"]}, "第2小题：应为若干行"),
        ("case", {"parts": "x"}, ""),
    ],
)
def test_wrong_fields_are_refused(kind: str, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words or None):
        make(kind, **changes)


def test_written_parts_fit_in_one_response() -> None:
    essay = {**fields("essay"), "most": 2100, "of": 5}
    essay = {key: essay[key] for key in ("type", "stem", "model", "rubric", "most", "of")}
    with pytest.raises(ValidationError, match="合计4200字"):
        make("case", parts=[essay, essay])
    assert make("case", parts=[essay, {**essay, "most": 1900}])
