"""GIFT: what is written comes back, reads well in other systems, and names what it leaves out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import Draft, item, part
from cstrain.questions.formats.gift import Gift
from tests.questions.formats.drafts import drafts
from tests.questions.formats.round_trip import BANKS, drafts_of, trip
from tests.questions.makers import MORE, OWN


def only(data: bytes) -> Draft:
    """Return the draft of a file that holds one."""
    (draft,) = Gift.read(data, "a.gift.txt").drafts
    return draft


def _numbers_as_decimals(fields: Any) -> dict[str, Any]:
    same = dict(fields)
    for name in ("answer", "tolerance"):
        if same["type"] == "number" and name in same:
            same[name] = Decimal(str(same[name]))
    return same


def _expected(questions: list[Draft]) -> list[Draft]:
    def held(draft: Draft) -> bool:
        fields = draft.fields
        if fields["type"] == "fill_in":
            return len(fields["blanks"]) == 1 and not any("->" in each for each in fields["blanks"][0])
        return fields["type"] != "ordering"

    return [each for each in questions if held(each)]


@settings(max_examples=300)
@given(title=st.text(max_size=30), questions=drafts())
def test_what_is_written_comes_back_and_the_rest_is_named(title: str, questions: list[Draft]) -> None:
    done = Gift.write(title, questions)
    due = _expected(questions)
    assert {each.place for each in questions} - {each.place for each in due} == {
        each.place for each in done.lost
    }
    if not due:
        return
    back = Gift.read(done.data, "bank.gift.txt")
    assert back.faults == ()
    assert [(_numbers_as_decimals(each.fields), each.topic, each.notes) for each in back.drafts] == [
        (_numbers_as_decimals(each.fields), each.topic, ()) for each in due
    ]


_ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=40)


@settings(max_examples=200)
@given(stem=_ANY, options=st.lists(_ANY, min_size=2, max_size=4), explanation=_ANY)
def test_every_letter_of_a_text_stays_but_blanks_at_its_ends(
    stem: str, options: list[str], explanation: str
) -> None:
    own = {
        "stem": f"问{stem}？",
        "options": [f"{each}项" for each in options],
        "explanation": f"{explanation}。",
    }
    fields = {"type": "single_choice", **own, "answer": ["A"]}
    (back,) = Gift.read(Gift.write("", [Draft(item(1), fields)]).data, "a.gift").drafts
    blanks = " \t\v\f\n"
    own["options"] = [each if each[0] == "\n" else each.lstrip(" \t\v\f") for each in own["options"]]
    own["explanation"] = own["explanation"].lstrip(blanks) if explanation[0] != "\n" else own["explanation"]
    assert {name: back.fields[name] for name in own} == own


def test_tags_and_everything_a_comment_keeps_come_back() -> None:
    fields = {
        "id": "q-1",
        "type": "essay",
        "stem": "论述",
        **MORE["essay"],
        "difficulty": 3,
        "source": "来自\\n{处}",
    }
    draft = Draft(part("q-1"), fields, "售后", ("必考", "a]b\\"))
    (back,) = Gift.read(Gift.write("库", [draft]).data, "a.gift").drafts
    assert (back.fields, back.topic, back.tags) == (draft.fields, "售后", draft.tags)


def test_other_systems_mark_a_written_multiple_choice_sensibly() -> None:
    fields = {"id": "q-1", "type": "multiple_choice", "stem": "选", **OWN["multiple_choice"]}
    text = Gift.write("库", [Draft(part("q-1"), fields)]).data.decode()
    assert "\t~%33.33333%一\n\t~%-33.33333%二\n\t~%33.33333%三\n" in text


def test_text_with_angle_brackets_is_marked_plain_and_a_unit_is_shown() -> None:
    number = {"type": "number", "stem": "a<b，几元？", **OWN["number"]}
    text = Gift.write("库", [Draft(part("q-1"), number)]).data.decode()
    assert "[plain]a<b，几元？（单位：元）{#1234.5:0.5}" in text
    assert only(text.encode()).fields["unit"] == "元"
    assert only(text.encode()).fields["stem"] == "a<b，几元？"


def test_types_without_a_place_are_named_and_left_out() -> None:
    ordering = Draft(part("q-1"), {"type": "ordering", "stem": "排", **MORE["ordering"]})
    several = Draft(part("q-2"), {"type": "fill_in", **OWN["fill_in"]})
    done = Gift.write("库", [ordering, several])
    assert [str(each.place) for each in done.lost] == ["q-1", "q-2"]
    assert "题型“排序题”这个格式放不下" in done.lost[0].message
    assert "有2个空" in done.lost[1].message


def test_the_shipped_banks_come_back_as_they_were_or_are_named() -> None:
    for bank in read_banks(BANKS).banks:
        found = trip(Gift, bank.title, drafts_of(bank))
        assert (found.missing, dict(found.changed)) == ([], {})


@pytest.mark.parametrize("stem", ["// 甲", "$CATEGORY: 甲", "::甲::", "[html]甲", "%50%甲", "　　甲　"])
def test_a_stem_that_begins_like_a_mark_comes_back_without_a_title_too(stem: str) -> None:
    fields = {"type": "true_false", "stem": stem, "answer": True}
    assert only(Gift.write("库", [Draft(item(1), fields)]).data).fields == fields


@pytest.mark.parametrize("explanation", ["一行\r\n两行", "一段\n\n\n又一段", "行尾 \n下一行"])
def test_line_ends_and_spaces_that_gift_does_not_keep_are_named(explanation: str) -> None:
    asked = {"id": "a", "type": "true_false", "stem": "对吗？", "answer": True, "explanation": explanation}
    written = Gift.write("", [Draft(part("a"), asked)])
    back = only(written.data).fields["explanation"]
    assert back == explanation or "解析" in written.lost[0].message


def test_a_question_that_gift_would_not_give_back_is_named_and_left_out() -> None:
    asked = {"id": "a", "type": "matching", "stem": "配", "pairs": [["甲", "一"], ["乙", "二"]]}
    written = Gift.write("", [Draft(part("a"), asked)])
    assert "没有导出" in written.lost[0].message and "甲" not in written.data.decode()
