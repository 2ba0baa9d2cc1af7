"""Marking by table and by property: never outside 0 to 1, never an exception, exact shares."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types, unearned
from tests.questions.makers import OWN, fields, make

KINDS = sorted(OWN)
TEXT = st.text(st.characters(codec=None), max_size=30)
NUMBERISH = st.text("0123456789０１２．，,.-+ 元", max_size=12)
LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | NUMBERISH | st.sampled_from("01234567")
)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)


def earned(kind: str, response: object, *, partial: bool = False, **changes: object) -> Fraction | None:
    return question_types().get(kind).mark(make(kind, **changes).key(), response, partial=partial).fraction


def test_the_first_types_register_themselves_with_their_controls() -> None:
    assert {name: question_types().get(name).control for name in KINDS} == {
        "single_choice": Control.CHOOSE_ONE,
        "multiple_choice": Control.CHOOSE_MANY,
        "true_false": Control.TRUE_FALSE,
        "fill_in": Control.BLANKS,
        "number": Control.NUMBER,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_content_holds_nothing_of_the_key_and_both_survive_json(kind: str) -> None:
    question = make(kind, explanation="解析金丝雀", source="page#出处金丝雀")
    content, key = question.content(), question.key()
    assert json.loads(json.dumps(content)) == content
    assert json.loads(json.dumps(key)) == key
    assert not {"right", "answer", "tolerance", "explanation", "source"} & set(content)
    assert "金丝雀" not in json.dumps([content, key], ensure_ascii=False)


def test_accepted_answers_stay_in_the_key() -> None:
    assert make("fill_in").content() == {"stem": "先____，再____。", "blanks": 2}
    assert make("number").content() == {"stem": fields("number")["stem"], "unit": "元"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_earns_its_own_samples(kind: str) -> None:
    question = make(kind)
    samples = type(question).samples(question.content(), question.key())
    assert unearned(type(question), question.content(), question.key()) == []
    assert {0, 1} <= {sample.fraction for sample in samples}
    notes = {type(question).mark(question.key(), sample.response).note for sample in samples}
    assert notes == {"", "blank", "malformed"}


def test_samples_find_a_key_that_is_broken() -> None:
    question = make("single_choice")
    broken = {**question.key(), "options": ["0"]}
    assert unearned(type(question), question.content(), broken)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(KINDS), JSON, st.booleans())
def test_marking_never_raises_and_stays_between_nothing_and_all(
    kind: str, response: object, partial: bool
) -> None:
    question = make(kind)
    marking = type(question).mark(question.key(), response, partial=partial)
    assert marking.fraction is not None
    assert 0 <= marking.fraction <= 1
    assert isinstance(type(question).summarise(question.content(), response), str)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KINDS), JSON, st.booleans())
def test_marking_the_same_twice_gives_the_same(kind: str, response: object, partial: bool) -> None:
    question = make(kind)
    once = type(question).mark(question.key(), response, partial=partial)
    assert once == type(question).mark(json.loads(json.dumps(question.key())), response, partial=partial)


@pytest.mark.parametrize(
    ("response", "share", "note"),
    [
        ("1", 1, ""),
        ("0", 0, ""),
        ("3", 0, ""),
        ("4", 0, "malformed"),
        ("B", 0, "malformed"),
        (1, 0, "malformed"),
        (["1"], 0, "malformed"),
        (None, 0, "blank"),
        ("", 0, "blank"),
    ],
)
def test_single_choice(response: object, share: int, note: str) -> None:
    marking = question_types().get("single_choice").mark(make("single_choice").key(), response)
    assert (marking.fraction, marking.note) == (share, note)


@pytest.mark.parametrize(
    ("picks", "all_or_nothing", "partial"),
    [
        ("023", 1, Fraction(1)),
        ("02", 0, Fraction(2, 3)),
        ("0", 0, Fraction(1, 3)),
        ("0231", 0, Fraction(2, 3)),
        ("02314", 0, Fraction(1, 3)),
        ("01", 0, Fraction(0)),
        ("014", 0, Fraction(0)),
        ("14", 0, Fraction(0)),
        ("00", 0, Fraction(1, 3)),
        ("0223", 1, Fraction(1)),
        ("029", 0, Fraction(0)),
        ("", 0, Fraction(0)),
    ],
)
def test_multiple_choice_table(picks: str, all_or_nothing: int, partial: Fraction) -> None:
    assert earned("multiple_choice", list(picks)) == all_or_nothing
    assert earned("multiple_choice", list(picks), partial=True) == partial


@given(st.lists(st.sampled_from("01234"), max_size=8), st.booleans(), st.randoms())
def test_the_order_of_picks_does_not_matter(picks: list[str], partial: bool, chance) -> None:
    shuffled = list(picks)
    chance.shuffle(shuffled)
    assert earned("multiple_choice", picks, partial=partial) == earned(
        "multiple_choice", shuffled, partial=partial
    )


def test_all_permutations_of_the_key_are_right() -> None:
    assert {earned("multiple_choice", list(order)) for order in permutations("023")} == {1}


@pytest.mark.parametrize(
    ("response", "share"),
    [(False, 1), (True, 0), ("false", 1), ("true", 0), (0, 0), (1, 0), ("False", 0), ("错", 0), ([False], 0)],
)
def test_true_false(response: object, share: int) -> None:
    assert earned("true_false", response) == share


@pytest.mark.parametrize(
    ("accepted", "typed", "share"),
    [
        ("5", "５", 1),
        ("OA", "ｏａ", 1),
        ("E店宝", "e 店宝", 1),
        ("已 审核", "已审核", 1),
        ("see you", "see   you", 1),
        ("see you", "seeyou", 0),
        ("“离开”", '"离开"', 1),
        ("改址-改至松江", "改址—改至松江", 1),
        ("A、B", "a,b", 1),
        ("59元", "59 元", 1),
        ("待审核", "待审核 ", 1),
        ("待审核", "\u200b待审核\ufeff", 1),
        ("待审核", "已审核", 0),
        ("五", "5", 0),
        ("（红）", "(红)", 1),
        ("½", "1⁄2", 1),
    ],
)
def test_fill_in_folds_width_case_space_and_punctuation(accepted: str, typed: str, share: int) -> None:
    assert earned("fill_in", [typed], stem="这里填____。", blanks=[[accepted]]) == share


@pytest.mark.parametrize(
    ("response", "share", "note"),
    [
        (["复述", "5"], Fraction(1), ""),
        (["先复述", "五"], Fraction(1), ""),
        (["复述", ""], Fraction(1, 2), ""),
        ([None, "五"], Fraction(1, 2), ""),
        (["5", "复述"], Fraction(0), ""),
        (["", " "], Fraction(0), "blank"),
        ([], Fraction(0), "blank"),
        (None, Fraction(0), "blank"),
        (["复述"], Fraction(0), "malformed"),
        (["复述", "5", "x"], Fraction(0), "malformed"),
        (["复述", 5], Fraction(0), "malformed"),
        ("复述", Fraction(0), "malformed"),
    ],
)
def test_several_blanks_earn_their_share(response: object, share: Fraction, note: str) -> None:
    marking = question_types().get("fill_in").mark(make("fill_in").key(), response)
    assert (marking.fraction, marking.note) == (share, note)


@pytest.mark.parametrize(
    ("typed", "share", "note"),
    [
        ("1234.5", 1, ""),
        ("1,234.5", 1, ""),
        ("１，２３４．５", 1, ""),
        ("1234.5元", 1, ""),
        (" 1234.5 元 ", 1, ""),
        ("￥1234.5", 1, ""),
        ("1234", 1, ""),
        ("1235.00", 1, ""),
        ("+1234.5", 1, ""),
        ("01234.5", 1, ""),
        (1234.5, 1, ""),
        (1234, 1, ""),
        ("1233.999999", 0, ""),
        ("1235.000001", 0, ""),
        ("-1234.5", 0, ""),
        ("−1234.5", 0, ""),
        ("12,34.5", 0, "malformed"),
        ("1234.5公斤", 0, "malformed"),
        ("1 234.5", 0, "malformed"),
        ("1234,5", 0, "malformed"),
        ("1e3", 0, "malformed"),
        ("٣", 0, "malformed"),
        ("元", 0, "malformed"),
        (".", 0, "malformed"),
        ("", 0, "blank"),
        ("  ", 0, "blank"),
        (None, 0, "blank"),
        (True, 0, "malformed"),
        (float("nan"), 0, "malformed"),
        (float("inf"), 0, "malformed"),
        pytest.param(10**5000, 0, "malformed", id="huge"),
        ("9" * 5000, 0, "malformed"),
    ],
)
def test_number_table(typed: object, share: int, note: str) -> None:
    marking = question_types().get("number").mark(make("number").key(), typed)
    assert (marking.fraction, marking.note) == (share, note)


def test_numbers_are_compared_exactly() -> None:
    assert earned("number", "0.3", answer="0.1", tolerance="0.2", unit="") == 1
    assert earned("number", ".3", answer="0.1", tolerance="0.2", unit="") == 1
    assert earned("number", "0.300001", answer="0.1", tolerance="0.2", unit="") == 0
    assert earned("number", "95%", answer=95, tolerance=0, unit="%") == 1
    assert earned("number", "95％", answer=95, tolerance=0, unit="%") == 1


@given(
    st.decimals(-(10**9), 10**9, places=4, allow_nan=False),
    st.decimals(0, 1000, places=4),
    st.decimals(-(10**9), 10**9, places=4, allow_nan=False),
)
def test_the_tolerance_is_inclusive_and_exact(answer, tolerance, typed) -> None:
    question = make("number", answer=answer, tolerance=tolerance)
    due = abs(Fraction(typed) - Fraction(answer)) <= Fraction(tolerance)
    assert type(question).mark(question.key(), f"{typed:,f}").fraction == due
    assert unearned(type(question), question.content(), question.key()) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(TEXT.filter(lambda text: text.strip()), min_size=1, max_size=3), min_size=1, max_size=4)
)
def test_blanks_of_any_text_are_refused_or_test_themselves(blanks: list[list[str]]) -> None:
    try:
        question = make("fill_in", stem="填" + "____，" * len(blanks), blanks=blanks)
    except ValidationError:
        return
    kind = type(question)
    assert kind.mark(question.key(), [blank[-1] for blank in blanks]).fraction == 1


@pytest.mark.parametrize(
    ("kind", "answer", "response", "said"),
    [
        ("single_choice", "乙方案", "2", "丙方案"),
        ("multiple_choice", "一；三；四", ["3", "0"], "一；四"),
        ("true_false", "错误", True, "正确"),
        ("fill_in", "复述 或 先复述；5 或 五", [" 核对", None], "核对；（空）"),
        ("number", "1234.5元（相差不超过0.5）", " 12 元", "12 元"),
    ],
)
def test_keys_and_responses_read_as_plain_text(kind: str, answer: str, response: object, said: str) -> None:
    question = make(kind)
    content = question.content()
    assert type(question).describe_key(content, question.key()) == answer
    assert type(question).summarise(content, response) == said
    assert type(question).summarise(content, None) == "未作答"
    assert type(question).summarise(content, {"x": 1}) == "无法识别的作答"


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("single_choice", {"answer": ["E"]}, "不是选项"),
        ("single_choice", {"answer": ["b"]}, "不是选项"),
        ("single_choice", {"answer": ["AB"]}, "不是选项"),
        ("single_choice", {"answer": []}, ""),
        ("single_choice", {"answer": ["A", "B"]}, ""),
        ("single_choice", {"options": ["甲", "乙", "甲 "]}, "相同"),
        ("single_choice", {"options": ["甲"]}, ""),
        ("single_choice", {"options": list("甲乙丙丁戊己庚辛壬癸子")}, ""),
        ("multiple_choice", {"answer": ["A"]}, ""),
        ("multiple_choice", {"answer": ["A", "A"]}, "两次"),
        ("fill_in", {"stem": "只有一处____。"}, "2个空"),
        ("fill_in", {"stem": "先___，再____。"}, "四条"),
        ("fill_in", {"blanks": [["复述"], ["\u200b"]]}, "没有内容"),
        ("fill_in", {"blanks": [["复述"], []]}, ""),
        ("number", {"tolerance": -1}, ""),
        ("number", {"answer": "NaN"}, ""),
        ("number", {"unit": "m2"}, "不能有数字"),
        ("true_false", {"stem": ""}, ""),
        ("true_false", {"difficulty": 4}, ""),
        ("true_false", {"id": "有空 格"}, ""),
        ("true_false", {"explanation": "长" * 4001}, ""),
        ("true_false", {"sauce": "x"}, ""),
    ],
)
def test_wrong_fields_are_refused(kind: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words or None):
        make(kind, **changes)


@pytest.mark.parametrize("accepted", ["ılık", "ſ", "ŉ", "İ", "ß", "ǰ", "日ﬁ", "\u0345a"])
def test_letters_whose_capital_is_another_letters_are_accepted_answers(accepted: str) -> None:
    question = make("fill_in", stem="写成____。", blanks=[[accepted]])
    kind = question_types().get("fill_in")
    content, key = question.content(), question.key()
    for sample in kind.samples(content, key):
        assert kind.mark(key, sample.response).fraction == sample.fraction
    assert kind.mark(key, [f" {accepted} "]).fraction == 1
