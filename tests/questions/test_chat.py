"""Chat scenarios: the way through a script, what is told of it, marks of choices, phrases and times."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.judgement.rubric import read_rubric
from cstrain.judgement.shared_rubric import SharedRubric
from cstrain.policies import loader
from cstrain.questions import chat_score
from cstrain.questions.bank_source import read_banks
from cstrain.questions.chat_script import ended, in_order, read_lines, shortest, walk
from cstrain.questions.facts import Control
from cstrain.questions.question_type import unearned
from cstrain.questions.rubrics import CHAT_RUBRIC, UnknownRubricError, with_rubric
from cstrain.questions.types.chat import Chat
from tests.factories.chats import LIMITS, chat_fields

SHIPPED = Path(__file__).parents[2] / "question_banks" / "service"


def made(**changes: Any) -> Chat:
    return Chat.model_validate(chat_fields() | changes)


def lines(*said: tuple[str, str | None], seconds: float = 5) -> dict[str, Any]:
    """A response: (text, label of the chosen way or None) in turn, each in so many seconds."""
    chat = made()
    script, found = chat.script(), []
    for text, label in said:
        turn = script["turns"].get(walk(script, read_lines({"lines": found})).place, {"replies": []})
        ids = {each["label"]: each["id"] for each in turn["replies"]}
        at = len(found) * 100_000
        found.append({"seen": at, "ms": at + int(seconds * 1000), "reply": ids.get(label), "text": text})
    return {"lines": found}


GOOD = [("您好", "好办法")] * 5 + [("还有别的需要吗", "好办法")]
POINTS = 6 * 3 + 4 + 2 + 2 + 2
"""Six best replies, the good ending, the wanted phrase, the two times."""


def share(response: object, **changes: Any) -> Fraction | None:
    return Chat.mark(with_rubric(made(**changes).key()), response).fraction


def test_content_holds_nothing_of_the_script_and_the_script_no_credit() -> None:
    chat = made()
    content = json.dumps(chat.content(), ensure_ascii=False)
    assert chat.control is Control.CHAT
    assert "顾客的话" not in content and "办法" not in content and "CANARY" not in content
    script = json.dumps(chat.script(), ensure_ascii=False)
    assert "credit" not in script and "wanted" not in script and "还有别的" not in script
    assert chat.content()["opening"]["order"] == [["订单状态", "已出库"]]


def test_ids_of_replies_do_not_tell_which_is_best() -> None:
    ids = {made(id=f"chat-{n}").script()["turns"]["t1"]["replies"][0]["label"] for n in range(30)}
    assert len(ids) > 1


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (GOOD, POINTS),
        ([*GOOD[:5], ("好的", "好办法")], POINTS - 2),
        ([("您好", "差办法"), *GOOD[1:]], POINTS - 1 - 3),
        (GOOD[:3], 9 + 2),
        ([("肯定到", "好办法"), *GOOD[1:]], POINTS - 6),
        ([("不能保证肯定到", "好办法"), *GOOD[1:]], POINTS),
        ([*GOOD[:5], ("还有别的需要吗", "差办法")], POINTS - 3 - 4),
        ([("我这就去查一下轨迹", None), *GOOD[1:]], POINTS),
        ([("随便说一句", None), *GOOD[1:]], POINTS - 3),
        ([*GOOD, ("多说一句肯定到", None)], POINTS),
        ([("肯定到", "差办法")], 2 - 6),
    ],
)
def test_points_of_a_chat(said: list[tuple[str, str | None]], points: int) -> None:
    response = lines(*said)
    assert share(response) == max(Fraction(points, POINTS), Fraction(0))


@pytest.mark.parametrize(
    ("seconds", "lost"), [(30, 0), (30.001, 2), (45, 2), (45.001, 4), (4000, 4), (-7, 0), (math.nan, 4)]
)
def test_times_are_taken_from_the_page_and_clamped(seconds: float, lost: int) -> None:
    response = lines(*GOOD, seconds=5)
    for line in response["lines"]:
        line["ms"] = seconds if math.isnan(seconds) else line["seen"] + seconds * 1000
    assert share(response) == Fraction(POINTS - lost, POINTS)


def test_the_mean_time_earns_nothing_before_the_end() -> None:
    assert share(lines(*GOOD[:1])) == Fraction(3 + 2, POINTS)


def test_measures_name_times_and_forbidden_words() -> None:
    response = lines(("肯定到，一定到", "好办法"), ("肯定到", "好办法"), seconds=7.25)
    assert Chat.mark(made().key(), response).measures == {
        "first_reply": "7.2",
        "mean_reply": "7.2",
        "forbidden": "2",
        "turns": "2",
    }


@pytest.mark.parametrize(
    ("response", "note"),
    [
        (None, "blank"),
        ("", "blank"),
        ({"lines": []}, "blank"),
        ({"lines": [{"text": "  "}]}, "blank"),
        ({}, "malformed"),
        ({"lines": [{"text": 3}]}, "malformed"),
        ([], "malformed"),
        ("好", "malformed"),
    ],
)
def test_responses_that_say_nothing(response: object, note: str) -> None:
    marking = Chat.mark(made().key(), response)
    assert (marking.fraction, marking.note) == (0, note)


def test_a_turn_tells_what_was_earned_and_nothing_else() -> None:
    chat = made()
    content, script = chat.content(), chat.script()
    first = Chat.turn(content, script, None)
    assert first["heard"] == [["顾客的话t1", "第二句"]] and not first["ended"]
    assert {key for each in first["replies"] for key in each} == {"id", "label", "text"}
    assert "t2" not in json.dumps(first)
    after = Chat.turn(content, script, lines(*GOOD[:2]))
    assert [says[0] for says in after["heard"]] == ["顾客的话t1", "顾客的话t2", "顾客的话t3"]
    assert "顾客的话t2b" not in json.dumps(after, ensure_ascii=False)
    done = Chat.turn(content, script, lines(*GOOD))
    assert done["ended"] and done["replies"] == [] and done["heard"][-1] == ["谢谢"]
    assert Chat.turn(content, script, {"lines": "x"}) == first


def test_people_give_their_share() -> None:
    key = with_rubric(made(person_share="0.4").key())
    response = lines(*GOOD)
    marking = Chat.mark(key, response)
    assert marking.fraction is None and marking.note == "person" and marking.measures["turns"] == "6"
    (due,) = Chat.parts_to_mark(key, response)
    assert due.rubric == read_rubric(key["rubric"])
    assert Chat.combine(key, response, {0: Fraction(1, 2)}) == Fraction(8, 10)
    assert Chat.combine(key, None, {}) == 0
    with pytest.raises(ValueError, match="due"):
        Chat.combine(key, response, {})
    assert unearned(Chat, made().content(), key) == []


def test_the_rubric_is_the_one_of_quality_control() -> None:
    shared = loader.load(SharedRubric, CHAT_RUBRIC)
    assert read_rubric(with_rubric(made().key())["rubric"]).criteria == shared.rubric
    assert read_rubric(with_rubric(made().key())["rubric"]).of == 100
    assert with_rubric({"a": 1}) == {"a": 1}
    with pytest.raises(UnknownRubricError, match="没有评分标准“other”"):
        with_rubric(made(rubric="other").key())


def test_transcript_and_summary_can_be_read() -> None:
    key = made().key()
    assert Chat.transcript(key, lines(*GOOD[:1])).split("\n") == [
        "顾客：顾客的话t1",
        "顾客：第二句",
        "客服：您好",
        "顾客：顾客的话t2",
    ]
    assert Chat.summarise(made().content(), lines(*GOOD[:2])) == "1. 您好（5秒）\n2. 您好（5秒）"
    assert Chat.summarise(made().content(), None) == "未作答"
    assert Chat.summarise(made().content(), []) == "无法识别的作答"
    told = Chat.describe_key(made().content(), key)
    assert "客服：先去查一下（t1好）" in told and told.endswith("顾客：谢谢")


def _without(place: str) -> dict[str, Any]:
    return {name: turn for name, turn in chat_fields()["turns"].items() if name != place}


def _changed(place: str, **changes: Any) -> dict[str, Any]:
    turns = deepcopy(chat_fields()["turns"])
    turns[place] |= changes
    return turns


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start": "t9"}, "不在“turns”里"),
        ({"turns": _changed("t6", otherwise="t9")}, "指向的“t9”不存在"),
        ({"turns": _changed("t6", otherwise="t1")}, "绕回说过的地方"),
        ({"turns": _changed("t1", otherwise="good")}, "最短的一条路只有1轮"),
        ({"turns": {**chat_fields()["turns"], "t9": chat_fields()["turns"]["t6"]}}, "“t9”走不到"),
        ({"turns": {**chat_fields()["turns"], "good": chat_fields()["turns"]["t6"]}}, "同名的编号"),
        ({"forbidden": [{"title": "不查", "any_of": ["先去查"], "cost": 2}]}, "里有不该说的“不查”"),
        ({"wanted": [{"title": "甲乙", "any_of": ["一定到"], "of": 2}]}, "里有不该说的"),
        ({"person_share": 2}, "person_share"),
    ],
)
def test_scripts_that_do_not_hold_together_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        made(**changes)


def test_branches_are_counted() -> None:
    turns = deepcopy(chat_fields()["turns"])
    for name in ("t1", "t3"):
        for reply in turns[name]["replies"]:
            reply["to"] = turns[name]["replies"][0]["to"]
        turns[name]["otherwise"] = f"t{int(name[1]) + 1}b"
    with pytest.raises(ValidationError, match="分岔，至少要3处"):
        made(turns=turns)


LINE = st.fixed_dictionaries(
    {"text": st.sampled_from(["您好", "肯定到", "还有别的需要吗", "先去查轨迹", " ", "随便"])},
    optional={
        "reply": st.sampled_from(["a", "b", "c", "z", None]) | st.integers(),
        "ms": st.integers(-(10**9), 10**12) | st.floats() | st.none() | st.booleans() | st.text(),
        "seen": st.integers(-(10**9), 10**12) | st.floats() | st.none(),
    },
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINE, max_size=45))
def test_any_way_earns_between_nothing_and_all_and_replays_the_same(said: list[dict[str, Any]]) -> None:
    chat = made()
    response = {"lines": said}
    marking = Chat.mark(chat.key(), response)
    assert marking.fraction is not None and 0 <= marking.fraction <= 1
    told = Chat.turn(chat.content(), chat.script(), response)
    assert told == Chat.turn(chat.content(), json.loads(json.dumps(chat.script())), response)
    earlier = Chat.turn(chat.content(), chat.script(), {"lines": said[:-1]})
    assert told["heard"][: len(earlier["heard"])] == earlier["heard"]
    assert isinstance(Chat.summarise(chat.content(), response), str)
    assert isinstance(Chat.transcript(chat.key(), response), str)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", None]), min_size=LIMITS, max_size=LIMITS))
def test_every_way_ends(chosen: list[str | None]) -> None:
    script = made().script()
    way = walk(script, read_lines({"lines": [{"text": "随便", "reply": each} for each in chosen]}) or ())
    assert ended(script, way) and len(way.turns) >= 6


SCENARIOS = {each.id: each for each in read_banks(SHIPPED).banks[0].questions if each.type == "chat"}


def test_twelve_scenarios_are_shipped_three_of_them_mystery_customers() -> None:
    topics = [each.topic for each in SCENARIOS.values()]
    assert (topics.count("chats"), topics.count("mystery")) == (9, 3)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_scenario_is_long_branches_and_rewards_its_best_way_most(name: str) -> None:
    asked = SCENARIOS[name]
    assert asked.script is not None
    order = in_order(asked.script)
    assert order is not None and shortest(asked.script, order) >= 6
    way = chat_score.best(asked.key)
    assert way.ending == "good"
    turns = asked.script["turns"]
    texts = {place: {each["id"]: each["text"] for each in turns[place]["replies"]} for place in way.turns}
    best = [
        {"text": texts[place][reply], "reply": reply, "ms": 0}
        for place, reply in zip(way.turns, way.replies, strict=True)
    ]
    assert _machine_share(asked, best) == 1
    typed = [{"text": line["text"], "reply": None, "ms": 0} for line in best]
    assert _machine_share(asked, typed) == 1, "the best phrases are recognised when typed"
    assert _machine_share(asked, [{"text": "好的", "ms": 0}] * 40) < Fraction(1, 2)


def _machine_share(asked, lines: list[dict[str, object]]) -> Fraction:
    read = read_lines({"lines": lines})
    assert read
    return chat_score.share(asked.key, read)


def test_of_the_mystery_customers_people_mark_the_same_share_and_of_the_others_none() -> None:
    shares = {(each.topic, each.key["person_share"]) for each in SCENARIOS.values()}
    assert shares == {("mystery", "0.4"), ("chats", "0")}


def test_a_trainer_sees_the_preview_without_the_script_and_the_loaded_rubric(app, client, tmp_path) -> None:
    from cstrain.questions import queries
    from tests.factories.people import make_person
    from tests.factories.questions import load_bank

    with app.app_context():
        load_bank(tmp_path / "b", [chat_fields()])
        person = make_person("周明", roles=["trainer"])
        (asked,) = queries.pool("b")
        key = queries.keyed_versions([asked.version_id])[asked.version_id].key
        assert read_rubric(key["rubric"]).of == 100
        assert queries.next_turn(asked.version_id, None)["heard"] == [["顾客的话t1", "第二句"]]
    client.log_in_as(person)
    for address in ("/banks/b/chat-1", "/banks/b/chat-1/preview"):
        page = client.raw.get(address).text
        assert "data-chat-log" in page and "青石板" in page
        assert "顾客的话t2" not in page


def test_a_rubric_that_is_not_there_is_a_fault_of_its_line(tmp_path) -> None:
    from tests.questions.makers import write_bank

    (fault,) = read_banks(write_bank(tmp_path / "b", [chat_fields() | {"rubric": "other"}])).faults
    assert "没有评分标准“other”" in fault.message and fault.line > 5
