"""Operation tasks: replay, marking, rules and words; tables and properties."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.questions.back_office import Office, read_steps, replay
from cstrain.questions.facts import Control
from cstrain.questions.question_type import QuestionType, question_types, unearned
from cstrain.questions.wanted import day, number
from tests.questions.makers import DESK, form_only, make

IDEAL: list[list[Any]] = [
    [0, "open", "r1"],
    [900, "set", "price", "85"],
    [1800, "set", "day", "2026-10-02"],
    [2000, "set", "flag", "黄"],
    [3000, "set", "asked", "1"],
    [4000, "set", "note", "改价-由89改为85-1002-K0312"],
    [4500, "press", "tell"],
    [5999, "press", "save"],
]


def task(**changes: Any) -> QuestionType:
    """The task of two records."""
    return make("operation", **changes)


def form() -> QuestionType:
    """The task as one form."""
    fields = form_only()
    common = {"id": "f", "type": "operation", "difficulty": 2, "explanation": "规则里写明了。"}
    return question_types().get("operation").model_validate(common | fields)


QUESTION = task()
KIND, CONTENT, KEY = type(QUESTION), QUESTION.content(), QUESTION.key()
OFFICE = Office.of(CONTENT)


def points(*steps: list[Any], key: dict[str, Any] = KEY) -> tuple[Any, str]:
    """Points (of ten) and note."""
    marking = KIND.mark(key, {"steps": list(steps)})
    assert marking.fraction is not None
    return marking.fraction * 10, marking.note


def changed(place: int, *step: Any) -> list[list[Any]]:
    """The ideal steps with one changed."""
    return [*IDEAL[:place], [IDEAL[place][0], *step], *IDEAL[place + 1 :]]


def test_the_type_registers_itself_with_its_control() -> None:
    assert question_types().get("operation").control is Control.OPERATION


@pytest.mark.parametrize("question", [QUESTION, form()], ids=["list", "form"])
def test_it_earns_its_own_samples(question: QuestionType) -> None:
    kind, content, key = type(question), question.content(), question.key()
    assert unearned(kind, content, key) == []
    notes = [kind.mark(key, each.response).note for each in kind.samples(content, key)]
    assert {"", "blank", "malformed"} == set(notes)


@pytest.mark.parametrize("question", [QUESTION, form()], ids=["list", "form"])
def test_content_holds_nothing_of_the_end_state(question: QuestionType) -> None:
    content, key = question.content(), question.key()
    assert json.loads(json.dumps(content)) == content and json.loads(json.dumps(key)) == key
    assert set(content) == {"stem", "system", "brief", "columns", "rows", "fields", "buttons"}
    told = json.dumps(content, ensure_ascii=False)
    assert not any(word in told for word in ("wanted", "forbidden", "credit", "cost", "2026-10"))


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        (IDEAL, 10),
        (changed(1, "set", "price", "￥85.00元"), 10),
        (changed(1, "set", "price", "８５"), 10),
        (changed(1, "set", "price", "84"), 7),
        (changed(2, "set", "day", "2026年10月3日"), 10),
        (changed(2, "set", "day", "2026/10/4"), 9),
        (changed(4, "set", "asked", ""), 9),
        (changed(5, "set", "note", "改 价 ８５ 元"), 10),
        (changed(5, "set", "note", "亲，改价85"), 8),
        (changed(6, "press", "back"), 0),
        (IDEAL[:-1], 1),
        ([*IDEAL[:6], IDEAL[7]], 9),
        ([*IDEAL, [6000, "set", "price", "1"]], 10),
        ([*IDEAL, [6000, "set", "price", "1"], [6001, "press", "save"]], 7),
        ([*IDEAL, [6000, "press", "back"], [6001, "press", "save"]], 10),
        ([*IDEAL, [6000, "reset"]], 0),
        ([*IDEAL, [6000, "press", "drop"]], 0),
        ([*IDEAL, [6000, "press", "drop"], [6001, "reset"], *IDEAL], 10),
        ([*IDEAL, [6000, "set", "phone", "9999"]], 10),
        ([*IDEAL, [6000, "set", "phone", "9999"], [6001, "press", "save"]], 6),
        ([*IDEAL, [6000, "set", "phone", " 0312 "], [6001, "press", "save"]], 10),
        ([*IDEAL, [6000, "open", "r2"]], 9),
        ([*IDEAL, [6000, "open", "r2"], [6001, "press", "back"]], 9),
        ([*IDEAL, [6000, "open", "r2"], [6001, "press", "save"]], 4),
        ([[0, "open", "r2"], *IDEAL[1:]], 0),
        ([[0, "open", "r1"]], 0),
    ],
)
def test_table_of_ends(steps: list[list[Any]], due: int) -> None:
    assert points(*steps) == (due, "")
    assert KIND.mark(KEY, {"steps": steps}, partial=True).fraction == Fraction(due, 10)


@pytest.mark.parametrize(
    ("response", "note"),
    [
        (None, "blank"),
        ("", "blank"),
        ({}, "blank"),
        ({"steps": []}, "blank"),
        ([], "malformed"),
        ({"steps": None}, "malformed"),
        ({"steps": [[0, "set", "price", "85"]]}, "malformed"),
        ({"steps": [[0, "press", "save"]]}, "malformed"),
        ({"steps": [[0, "open", "r9"]]}, "malformed"),
        ({"steps": [[0, "open", "r1", "x"]]}, "malformed"),
        ({"steps": [[0, "open"]]}, "malformed"),
        ({"steps": [[-1, "open", "r1"]]}, "malformed"),
        ({"steps": [[True, "open", "r1"]]}, "malformed"),
        ({"steps": [[0.5, "open", "r1"]]}, "malformed"),
        ({"steps": [[10**12, "open", "r1"]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "set", "order", "1"]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "set", "flag", "紫"]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "set", "asked", "yes"]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "set", "price", 85]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "set", "note", "x" * 1001]]}, "malformed"),
        ({"steps": [[0, "open", "r1"], [1, "reset"], [2, "press", "save"]]}, "malformed"),
        ({"steps": [[0, "open", "r1"]] * 301}, "malformed"),
        ({"steps": [[0, "open", "r1"], *([[1, "set", "note", "字" * 900]] * 6)]}, "malformed"),
    ],
)
def test_responses_that_earn_nothing(response: object, note: str) -> None:
    marking = KIND.mark(KEY, response)
    assert (marking.fraction, marking.note) == (0, note)
    said = KIND.summarise(CONTENT, response)
    assert said == {"blank": "未作答", "malformed": "无法识别的作答"}[note]


def test_steps_and_seconds_are_measured() -> None:
    assert KIND.mark(KEY, {"steps": IDEAL}).measures == {"steps": "8", "seconds": "5"}
    assert KIND.mark(KEY, None).measures == {}


# properties

VALUES = {
    "price": ["85", "85.00", "84", "", "x"],
    "day": ["2026-10-02", "2026年10月3日", "2027-01-01"],
    "flag": ["黄", "无", ""],
    "asked": ["1", ""],
    "note": ["改价85", "亲，改价85", "𠮷"],
    "phone": ["0312", "1"],
}
SETS = st.sampled_from([("set", name, value) for name, values in VALUES.items() for value in values])
PRESSES = st.sampled_from([("press", each["id"]) for each in DESK["buttons"]])
OPENS = st.sampled_from([("open", "r1"), ("open", "r2")])
WORK = st.lists(SETS | PRESSES | OPENS | st.just(("reset",)), max_size=40)


def possible(work: list[tuple[str, ...]]) -> list[list[Any]]:
    """Steps as a page would offer them: a record is opened first."""
    steps: list[list[Any]] = []
    opened = False
    for each in work:
        if each[0] in ("set", "press") and not opened:
            steps.append([len(steps), "open", "r1"])
        opened = each[0] != "reset"
        steps.append([len(steps), *each])
    return steps


@settings(max_examples=300, deadline=None)
@given(WORK)
def test_a_mark_is_never_below_nothing_nor_above_all(work: list[tuple[str, ...]]) -> None:
    response = {"steps": possible(work)}
    marking = KIND.mark(KEY, response)
    assert marking.fraction is not None and 0 <= marking.fraction <= 1
    assert marking.note == ("" if work else "blank")
    assert (marking.fraction * 10).denominator == 1
    assert isinstance(KIND.summarise(CONTENT, response), str)


@settings(max_examples=300, deadline=None)
@given(st.permutations(IDEAL[1:7]), st.permutations(IDEAL[1:7]))
def test_the_order_of_the_steps_before_the_last_does_not_matter(
    first: list[list[Any]], second: list[list[Any]]
) -> None:
    assert points(IDEAL[0], *first, IDEAL[7]) == (10, "")
    wrong = [each if each[2] != "flag" else [0, "set", "flag", "红"] for each in second]
    assert points(IDEAL[0], *wrong, IDEAL[7]) == (8, "")


@settings(max_examples=200, deadline=None)
@given(WORK, WORK)
def test_a_reset_takes_back_everything_before_it(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]]
) -> None:
    whole = possible([*before, ("reset",), *after])
    steps = read_steps(OFFICE, {"steps": whole})
    alone = read_steps(OFFICE, {"steps": possible(after)})
    assert steps is not None and alone is not None
    assert replay(OFFICE, steps) == replay(OFFICE, alone)


LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["open", "set", "press", "reset", "r1", "price", "save"])
)
JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.just("steps") | st.text(), inner, max_size=2)
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(JSON)
def test_marking_never_raises(response: object) -> None:
    for value in (response, {"steps": response}, {"steps": [response]}):
        marking = KIND.mark(KEY, value)
        assert marking.fraction is not None and 0 <= marking.fraction <= 1
        assert isinstance(KIND.summarise(CONTENT, value), str)


# values and words


@pytest.mark.parametrize(
    ("text", "value"),
    [("85", 85), ("1,234.5", 1234.5), ("￥１２", 12), ("12元", 12), ("-3", -3), ("+3", 3), (" 7 ", 7)],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "x", "1,2", "12元整", "1e3", "٣", "--1", "9" * 40])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


def test_a_unit_behind_a_number_and_dates_in_all_spellings() -> None:
    assert number("20%", "%") == number("20", "%") == 20
    assert {day(text) for text in ("2026-12-01", "2026年12月1日", "２０２６/12/1", "2026.12.01")} == {
        day("2026-12-1")
    }
    assert day("2026-02-30") is None and day("12-01") is None and day("") is None


def test_keys_and_responses_read_as_lines() -> None:
    assert KIND.describe_key(CONTENT, KEY).splitlines() == [
        "打开记录：1001",
        "改后货款：85元（3分）",
        "办理日期：2026-10-02至2026-10-03（1分）",
        "旗帜：黄（2分）",
        "顾客已确认：已勾选（1分）",
        "备注：写明“改价”、“85”，不出现“亲”（2分）",
        "按“回复顾客”（1分）",
        "最后按“保存修改”，共10分",
        "不能按“关闭订单”（扣10分）",
        "不能改“收货手机后四位”（扣4分）",
        "不能打开别的记录（扣1分）",
        "不能办理别的记录（扣5分）",
    ]
    assert KIND.summarise(CONTENT, {"steps": IDEAL}).splitlines() == [
        "记录：1001",
        "改后货款：85元",
        "办理日期：2026-10-02",
        "旗帜：黄",
        "顾客已确认：已勾选",
        "备注：改价-由89改为85-1002-K0312",
        "按了“回复顾客”、“保存修改”",
    ]
    assert "没有保存" in KIND.summarise(CONTENT, {"steps": IDEAL[:3]})


# what is refused


def wanted(**changes: Any) -> dict[str, Any]:
    return {"wanted": DESK["wanted"] | changes}


def asked(place: int, **rule: Any) -> dict[str, Any]:
    fields = [dict(each) for each in DESK["wanted"]["fields"]]
    fields[place] = {"field": fields[place]["field"], "credit": 1} | rule
    return wanted(fields=fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (asked(0, equals="89"), "开始时就已经对了"),
        (asked(0, equals="很多"), "不是这一类的值"),
        (asked(0, contains=["8"]), "不能这样要求"),
        (asked(0), "一样"),
        (asked(0, equals="1", any_of=["2"]), "一样"),
        (asked(1, between=["2026-10-03", "2026-10-02"]), "填不出"),
        (asked(2, equals="紫"), "填不出"),
        (asked(2, between=["无", "黄"]), "不能这样要求"),
        (asked(4, contains=["亲"], lacks=["亲"]), "填不出"),
        (asked(4, field="nowhere", filled=True), "没有字段“nowhere”"),
        (asked(4, field="price", filled=True), "“price”写了两次"),
        (asked(4, field="order", filled=True), "开始时就已经对了"),
        (asked(4, field="order", equals="5"), "填不出"),
        (wanted(row="r9"), "不在“rows”里"),
        (wanted(button="tell"), "does为save"),
        (wanted(also=[{"press": "x", "credit": 1}]), "没有按钮“x”"),
        ({"forbidden": [{"press": "save", "cost": 1}]}, "必须按的"),
        ({"forbidden": [{"press": "back", "cost": 1}]}, "取消"),
        ({"forbidden": [{"change": "price", "cost": 1}]}, "要填的"),
        ({"forbidden": [{"change": "order", "cost": 1}]}, "不能改"),
        ({"forbidden": [{"cost": 1}]}, "一样"),
        ({"columns": []}, "至少2条"),
        ({"columns": ["x"]}, "没有字段“x”"),
        ({"rows": DESK["rows"][:1]}, "至少2条"),
        ({"rows": [DESK["rows"][0], {"id": "r2", "values": {"x": 1}}]}, "不是“fields”里的字段"),
        ({"rows": [DESK["rows"][0], {"id": "r2", "values": {"flag": "紫"}}]}, "开始值“紫”"),
        ({"fields": [*DESK["fields"][:6], {"id": "x", "label": "x", "kind": "readonly"}]}, "不到6个"),
        ({"fields": [*DESK["fields"], {"id": "x", "label": "x", "kind": "choice"}]}, "choice要写"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        task(**changes)
