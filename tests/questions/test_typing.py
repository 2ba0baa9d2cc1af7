"""Typing by a table worked out by hand, and by property: counts, speed, accuracy, marks."""

from __future__ import annotations

import json
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rapidfuzz.distance import Levenshtein

from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types, unearned
from cstrain.questions.typing_score import Alignment, TypingScore, align, normalise

PASSAGE = (
    "收到顾客的改址申请，先看订单状态。待审核的订单可以直接改，改完写备注；已打单的要先联系仓库拦截。" * 3
)
"""144 characters, six of them commas."""
ALPHABET = st.sampled_from("顾客订单改址，。,. Ａa1１\n")
TEXT = st.text(ALPHABET, max_size=24)


def question(**changes: object):
    fields = {
        "id": "t-typing-001",
        "type": "typing",
        "stem": "照原文打字。",
        "difficulty": 2,
        "explanation": "按净速度和准确率计分。",
        "passage": PASSAGE,
        "seconds": 180,
    }
    return question_types().get("typing").model_validate(fields | changes)


def marked(response: object, **changes: object):
    asked = question(**changes)
    return type(asked).mark(asked.key(), response)


# the alignment: passage, what was typed, matched, substituted, inserted, deleted
BY_HAND = [
    pytest.param("你好", "你好", 2, 0, 0, 0, id="all right"),
    pytest.param("你好", "", 0, 0, 0, 0, id="nothing typed"),
    pytest.param("", "", 0, 0, 0, 0, id="nothing at all"),
    pytest.param("", "你好", 0, 0, 2, 0, id="no passage"),
    pytest.param("你好吗", "你好", 2, 0, 0, 0, id="the untyped tail is no error"),
    pytest.param("你好吗", "你", 1, 0, 0, 0, id="a long untyped tail is no error"),
    pytest.param("你好吗", "您好吗", 2, 1, 0, 0, id="the first character wrong"),
    pytest.param("你好吗", "你号吗", 2, 1, 0, 0, id="a middle character wrong"),
    pytest.param("你好吗", "你好嘛", 2, 1, 0, 0, id="the last character wrong"),
    pytest.param("你好吗", "你好嘛呀", 2, 1, 1, 0, id="wrong and one too many at the end"),
    pytest.param("你好吗", "你好吗呀", 3, 0, 1, 0, id="one too many at the end"),
    pytest.param("你好吗", "你你好吗", 3, 0, 1, 0, id="a character twice"),
    pytest.param("你好吗", "你吗", 2, 0, 0, 1, id="a character left out"),
    pytest.param("你好吗啊", "吗啊", 2, 0, 0, 2, id="the beginning left out"),
    pytest.param("你好吗", "吗", 0, 1, 0, 0, id="one wrong beats two left out"),
    pytest.param("甲乙丙丁", "丙丁", 2, 0, 0, 2, id="as many errors either way: matches win"),
    pytest.param("甲乙丙丁", "乙甲丙丁", 3, 0, 1, 1, id="a turned pair: one too many, one left out"),
    pytest.param("甲乙丙丁", "甲丙乙丁", 3, 0, 1, 1, id="a turned pair in the middle"),
    pytest.param("甲乙丙丁戊", "甲乙×丁戊", 4, 1, 0, 0, id="a character that is not in the passage"),
    pytest.param("甲乙丙丁戊", "甲乙××丁戊", 4, 1, 1, 0, id="two for one"),
    pytest.param("甲乙丙丁戊", "甲乙丁", 3, 0, 0, 1, id="left out, then the tail untyped"),
    pytest.param("甲乙丙丁戊", "甲乙丁×", 3, 1, 0, 1, id="left out, then a wrong one"),
    pytest.param("甲乙丙丁戊", "××", 0, 2, 0, 0, id="nothing right"),
    pytest.param("甲乙", "×××", 0, 2, 1, 0, id="nothing right and too long"),
    pytest.param("甲甲甲甲", "甲甲", 2, 0, 0, 0, id="the same character again and again, stopped early"),
    pytest.param("甲甲甲甲", "甲甲甲甲甲", 4, 0, 1, 0, id="the same character once too often"),
    pytest.param("甲乙甲乙甲乙", "甲乙甲乙", 4, 0, 0, 0, id="a repeated phrase, stopped early"),
    pytest.param("甲乙甲丙", "甲丙", 1, 1, 0, 0, id="one wrong beats two left out, matches equal in number"),
    pytest.param("一二三四五六", "一二四五六", 5, 0, 0, 1, id="one left out in the middle"),
    pytest.param("一二三四五六", "一二五六", 4, 0, 0, 2, id="two left out in the middle"),
    pytest.param("一二三四五六", "五六", 0, 2, 0, 0, id="two wrong beat four left out"),
    pytest.param("一二三四五六", "一二三三四五六", 6, 0, 1, 0, id="one typed twice in the middle"),
    pytest.param("一二三四五六", "二三四五六", 5, 0, 0, 1, id="the first left out"),
    pytest.param("一二三四五六", "零一二三四五六", 6, 0, 1, 0, id="one too many at the start"),
    pytest.param("一二三四五六", "一贰三肆五六", 4, 2, 0, 0, id="two wrong"),
    pytest.param("一二三四五六", "一贰三肆五六七八", 4, 2, 2, 0, id="two wrong and two too many"),
    pytest.param("一二三四五六", "一二三七四六", 5, 0, 1, 1, id="one too many, then one left out"),
    pytest.param("改址，写备注", "改址,写备注", 5, 1, 0, 0, id="another comma is wrong before normalising"),
    pytest.param("aBc", "abc", 2, 1, 0, 0, id="case counts"),
    pytest.param("订单订单号", "订单号", 2, 1, 0, 0, id="one wrong beats a phrase of two skipped"),
]


def test_the_table_has_forty_cases() -> None:
    assert len(BY_HAND) == 40


@pytest.mark.parametrize(("passage", "typed", "c", "s", "i", "d"), BY_HAND)
def test_counts_are_those_worked_out_by_hand(
    passage: str, typed: str, c: int, s: int, i: int, d: int
) -> None:
    assert align(passage, typed) == Alignment(c, s, i, d)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("改址，备注。", "改址,备注。"),
        ("ＯＡ１２", "OA12"),
        ("第一行\r\n　第二 行\t完", "第一行第二行完"),
        ("e\u0301", "é"),
        ("零\u200b宽\ufeff", "零宽"),
        ("ｶﾞ", "ガ"),
        ("“引号”", "“引号”"),
        ("½", "½"),
    ],
)
def test_width_spaces_and_forms_are_folded_and_nothing_else(text: str, seen: str) -> None:
    assert normalise(text) == seen


def test_width_and_spaces_count_where_the_question_says_so() -> None:
    assert normalise("Ａ b", width_matters=True, spaces_matter=True) == "Ａ b"
    strict = marked({"text": PASSAGE.replace("，", ","), "ms": 60_000}, width_matters=True)
    assert strict.measures["accuracy"] == "95.83"  # 6 of 144 wrong
    assert marked({"text": PASSAGE.replace("，", ","), "ms": 60_000}).measures["accuracy"] == "100"


# speed and marks, by hand: 144 characters in the passage


@pytest.mark.parametrize(
    ("response", "share", "measures"),
    [
        (
            {"text": PASSAGE, "ms": 144_000},
            Fraction(1),
            {"speed": "60", "gross": "60", "accuracy": "100", "error_rate": "0", "seconds": "144"},
        ),
        ({"text": PASSAGE, "ms": 180_000}, Fraction(4, 5), {"speed": "48", "accuracy": "100"}),
        ({"text": PASSAGE, "ms": 999_000}, Fraction(4, 5), {"seconds": "180"}),
        ({"text": PASSAGE[:90], "ms": 180_000}, Fraction(1, 2), {"speed": "30", "accuracy": "100"}),
        (
            {"text": PASSAGE[:89] + "错", "ms": 180_000},  # 89 right, 1 wrong: net 88, accuracy 89/90
            Fraction(88, 180) * Fraction(89, 90),
            {"speed": "29.33", "gross": "30", "accuracy": "98.88", "error_rate": "1.11"},
        ),
        (
            {"text": PASSAGE[:50] + PASSAGE[59:], "ms": 90_000},  # 135 right, 9 left out, to the end
            Fraction(15, 16),
            {"speed": "90", "accuracy": "93.75", "error_rate": "6.25", "seconds": "90"},
        ),
        ({"text": PASSAGE, "ms": 0}, Fraction(1), {"speed": "8640", "seconds": "1"}),
        ({"text": PASSAGE, "ms": -5}, Fraction(1), {"seconds": "1"}),
        ({"text": PASSAGE[:3], "ms": 1000}, Fraction(1, 60), {"speed": "1", "seconds": "180"}),
        ({"text": PASSAGE[:-1], "ms": 60_000}, Fraction(143, 180), {"seconds": "180"}),
        ({"text": "错" * 60, "ms": 60_000}, Fraction(0), {"speed": "0", "gross": "20", "accuracy": "0"}),
    ],
)
def test_marks_are_net_speed_times_accuracy(response: object, share: Fraction, measures: dict) -> None:
    found = marked(response)
    assert (found.fraction, found.note) == (share, "")
    assert measures.items() <= found.measures.items()


def test_the_penalty_is_the_questions() -> None:
    response = {"text": PASSAGE[:90] + "错" * 15, "ms": 180_000}
    speeds = [marked(response, penalty=penalty).measures["speed"] for penalty in (0, 1, 2)]
    assert speeds == ["30", "25", "20"]


@pytest.mark.parametrize("text", ["", "  \n", "\u200b"])
def test_text_left_in_the_input_method_is_stored_and_does_not_count(text: str) -> None:
    found = marked({"text": text, "ms": 180_000, "composing": "gukenihao", "pastes": 1})
    assert (found.fraction, found.note) == (0, "blank")
    assert (found.measures["speed"], found.measures["pastes"]) == ("0", "1")


@pytest.mark.parametrize(
    "response",
    [{"text": "好"}, {"text": "好", "ms": "1"}, {"text": "好", "ms": float("nan")}, {"ms": 5}, [PASSAGE], 7],
)
def test_what_is_not_of_the_shape_is_malformed(response: object) -> None:
    found = marked(response)
    assert (found.fraction, found.note, found.measures["speed"]) == (0, "malformed", "0")


def test_a_huge_number_and_a_huge_text_are_bounded() -> None:
    assert marked({"text": PASSAGE, "ms": 10**4000}).fraction == Fraction(4, 5)
    assert marked({"text": "好" * 16_000, "ms": 1}).fraction == 0


def test_the_candidate_sees_the_passage_and_the_time_and_no_rule() -> None:
    asked = question(full_speed=80)
    assert asked.content() == {"stem": "照原文打字。", "passage": PASSAGE, "seconds": 180}
    assert asked.control is Control.TYPING
    assert asked.key()["full_speed"] == 80
    assert type(asked).describe_key(asked.content(), asked.key()) == PASSAGE
    assert type(asked).summarise(asked.content(), {"text": " 改 ", "ms": 1}) == "改"
    assert type(asked).summarise(asked.content(), None) == "未作答"
    assert type(asked).summarise(asked.content(), {"x": 1}) == "无法识别的作答"


@pytest.mark.parametrize(
    "changes", [{}, {"penalty": 0}, {"full_speed": 240, "seconds": 60}, {"spaces_matter": True}]
)
def test_it_earns_its_own_samples(changes: dict) -> None:
    asked = question(**changes)
    assert unearned(type(asked), asked.content(), asked.key()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"passage": "太短。"}, "应为120到500个字"),
        ({"passage": "长" * 501}, "应为120到500个字"),
        ({"seconds": 30}, "60"),
        ({"seconds": 301}, "300"),
        ({"penalty": 3}, "2"),
        ({"full_speed": 0}, "20"),
    ],
)
def test_a_faulty_question_is_refused(changes: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        question(**changes)


# properties


@given(TEXT, TEXT)
def test_the_errors_are_the_nearest_beginning_of_the_passage(passage: str, typed: str) -> None:
    found = align(passage, typed)
    nearest = min(Levenshtein.distance(passage[:end], typed) for end in range(len(passage) + 1))
    assert found.errors == nearest
    assert found.typed == len(typed)
    assert found.attempted <= len(passage)
    assert min(found.matched, found.substituted, found.inserted, found.deleted) >= 0
    assert Levenshtein.distance(passage[: found.attempted], typed) == nearest


def counted(passage: str, typed: str) -> tuple[int, int, int, int]:
    """Count by the rule itself, cell by cell: the fewest errors, then the most matches, then insertions."""
    row = [(place, 0, 0, 0, place) for place in range(len(passage) + 1)]
    for at, character in enumerate(typed, start=1):
        below = [(at, 0, at, 0, 0)]
        for place, expected in enumerate(passage, start=1):
            errors, matches, inserted, substituted, deleted = row[place - 1]
            right = expected == character
            met = (errors + (not right), matches - right, inserted, substituted + (not right), deleted)
            errors, matches, inserted, substituted, deleted = row[place]
            more = (errors + 1, matches, inserted + 1, substituted, deleted)
            errors, matches, inserted, substituted, deleted = below[-1]
            less = (errors + 1, matches, inserted, substituted, deleted + 1)
            below.append(min(met, more, less))
        row = below
    _, matches, inserted, substituted, deleted = min(row)
    return -matches, substituted, inserted, deleted


@given(TEXT, TEXT)
@settings(max_examples=300)
def test_what_both_begin_with_is_matched_at_once_and_counts_the_same(passage: str, typed: str) -> None:
    found = align(passage, typed)
    assert (found.matched, found.substituted, found.inserted, found.deleted) == counted(passage, typed)


@given(TEXT, st.integers(0, 24))
def test_a_beginning_of_the_passage_has_no_error(passage: str, end: int) -> None:
    typed = passage[:end]
    assert align(passage, typed) == Alignment(len(typed), 0, 0, 0)


@given(TEXT, TEXT, TEXT)
def test_what_follows_in_the_passage_never_adds_an_error(passage: str, tail: str, typed: str) -> None:
    assert align(passage + tail, typed).errors <= align(passage, typed).errors


@given(TEXT, TEXT, st.integers(1000, 300_000), st.integers(0, 2))
def test_speeds_and_shares_stay_in_their_bounds(passage: str, typed: str, ms: int, penalty: int) -> None:
    score = TypingScore(align(passage, typed), ms, penalty)
    assert 0 <= score.net <= score.gross
    assert 0 <= score.accuracy <= 1
    assert 0 <= score.share(60) <= 1
    assert score.share(60) <= score.share(40)
    assert score.net <= TypingScore(score.counts, ms, 0).net


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_and_takes_nothing_visible_away(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@settings(deadline=None)
@given(st.text(ALPHABET, max_size=60), st.integers(0, 400_000), st.integers(0, 400_000))
def test_longer_time_never_earns_more_and_json_changes_nothing(text: str, first: int, second: int) -> None:
    slow, quick = max(first, second), min(first, second)
    response = {"text": text, "ms": slow}
    assert marked(response).fraction <= marked({"text": text, "ms": quick}).fraction
    assert marked(json.loads(json.dumps(response))) == marked(response)
