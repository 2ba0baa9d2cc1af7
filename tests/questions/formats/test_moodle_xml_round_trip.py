"""Moodle XML: what is written comes back as it was, and is laid out as Moodle does."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.formats.moodle_xml import MoodleXml
from tests.questions.formats.drafts import drafts
from tests.questions.formats.moodle import answer, asked, back, one, sent
from tests.questions.formats.round_trip import BANKS, drafts_of, trip


@settings(max_examples=200, deadline=None)
@given(questions=drafts())
def test_any_question_comes_back_as_it_was_written(questions: list[Draft]) -> None:
    done = MoodleXml.write("题库 <&> -- ]]>", questions)
    again = MoodleXml.read(done.data, "bank.xml")
    assert (done.lost, again.faults) == ((), ())
    assert [(each.fields, each.topic, each.notes) for each in again.drafts] == [
        (each.fields, each.topic, ()) for each in questions
    ]


@settings(max_examples=200, deadline=None)
@given(
    stem=st.text(min_size=1, max_size=60).filter(str.strip),
    options=st.lists(st.text(min_size=1), min_size=3, max_size=3),
)
def test_every_letter_of_a_text_stays_but_what_xml_cannot_hold(stem: str, options: list[str]) -> None:
    question = sent(type="single_choice", stem=stem, options=options, answer=["B"])
    done = MoodleXml.write("题库", [question])
    (again,) = MoodleXml.read(done.data, "x.xml").drafts
    if not done.lost:
        assert [again.fields["stem"], *again.fields["options"]] == [stem, *options]


def test_all_shipped_banks_come_back_the_same_but_for_types_that_moodle_has_not() -> None:
    for bank in read_banks(BANKS).banks:
        found = trip(MoodleXml, bank.title, drafts_of(bank))
        assert (found.missing, found.changed, found.told) == ([], {}, {})
        assert set(found.lost) <= {"oral", "operation", "typing", "chat", "case"}


def test_types_that_moodle_has_not_are_named_and_the_others_written() -> None:
    done = MoodleXml.write("题库", [sent(type="typing", passage="x"), sent()])
    assert [fault.message for fault in done.lost] == ["题型“打字题”这个格式放不下，没有导出。"]
    assert len(MoodleXml.read(done.data, "x.xml").drafts) == 1


def test_tags_that_look_like_ours_stay_tags() -> None:
    tags = ("难度:难", "出处:别处", "售后", "题型:简答题", "情景:是")
    (again,) = back(sent(tags=tags, difficulty=3))
    assert again.tags == tags
    assert again.fields == {"type": "true_false", "stem": "题干", "answer": True, "difficulty": 3}


def test_categories_hold_until_the_next_and_the_top_is_none() -> None:
    topics = ["售后/退货", "售后/退货", "", "售前"]
    assert [each.topic for each in back(*(sent(topic) for topic in topics))] == topics
    category = '<question type="category"><category><text>{}</text></category></question>'
    question = asked("truefalse", answer("true", 100) + answer("false", 0))
    for path, topic in [
        ("$course$/top/A/B", "A/B"),
        ("$course$/A", "A"),
        ("top/A", "A"),
        ("$cat1$/A//B / C", "A／B/C"),
        ("$module$/top", ""),
    ]:
        assert one(category.format(path), question).topic == topic


def test_control_characters_are_left_out_and_named() -> None:
    done = MoodleXml.write("题库\x00", [sent(stem="甲\x07乙\ud800")])
    assert done.lost[0].message == "里面有XML不允许的控制字符，导出时去掉了，请检查。"
    assert MoodleXml.read(done.data, "x.xml").drafts[0].fields["stem"] == "甲乙"


def test_what_is_written_is_laid_out_as_moodle_does() -> None:
    options = {"type": "multiple_choice", "options": ["a", "b", "c"], "answer": ["A", "C"]}
    root = ElementTree.fromstring(MoodleXml.write("题库", [sent("主题", **options)]).data)
    assert root.findtext("question[@type='category']/category/text") == "$course$/top/主题"
    question = root.find("question[@type='multichoice']")
    assert question is not None
    assert question.findtext("single") == "false"
    assert [each.get("fraction") for each in question.iter("answer")] == ["50", "-50", "50"]
    for name in ("defaultgrade", "penalty", "hidden", "name/text", "questiontext/text", "shuffleanswers"):
        assert question.findtext(name)


def test_blanks_around_an_answer_are_the_answer_but_line_ends_are_layout() -> None:
    pairs = [["甲", " x"], ["乙", "y "], ["丙", "a\nb"]]
    question = Draft(part("q"), {"type": "matching", "stem": "题干", "pairs": pairs})
    assert back(question)[0].fields["pairs"] == pairs
    laid_out = asked("shortanswer", answer("\n    frog\n  ", 100))
    assert one(laid_out).fields["blanks"] == [["frog"]]


@pytest.mark.parametrize("answer", ["\n七", "七\n", " 七"])
def test_what_moodle_drops_around_an_answer_is_named(answer: str) -> None:
    own = {"type": "fill_in", "stem": "退货要在____天内提出。", "blanks": [[answer]]}
    (lost,) = MoodleXml.write("题库", [Draft(part("q"), own)]).lost
    assert (str(lost.place), "Moodle里保留不下来" in lost.message) == ("q", True)


def test_the_grader_information_holds_the_rubric_even_with_awkward_words() -> None:
    rubric = [
        {"id": "a", "title": "：\\n 提示：", "of": 5, "hint": "一\n二", "levels": ["【评分标准】", "\\"]},
        {"id": "b", "title": "- b 3 x", "of": 100},
    ]
    own = {"type": "short_answer", "most": 300, "model": "好\n【评分标准】\n- a 5 x\n", "rubric": rubric}
    question = Draft(part("q"), {"id": "q", "stem": "题干", **own})
    assert back(question)[0].fields == question.fields
    bare = Draft(part("q"), {"type": "essay", "stem": "题干", "model": "好\n【评分标准】\n- a 5 x"})
    assert back(bare)[0].fields == bare.fields
