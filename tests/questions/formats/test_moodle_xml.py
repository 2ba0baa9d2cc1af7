"""Moodle XML from Moodle: each type is read as one of ours, refused with the reason, or noted."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.exchange.contract import UnreadableError, formats, guessed
from cstrain.questions.exchange.drafts import check
from cstrain.questions.formats.moodle_xml import MoodleXml
from tests.questions.formats.moodle import GROUPS, answer, asked, one, read, refused, stem


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (
            asked("multichoice", "<single>1</single>" + answer("a", 0) + answer("b", "100.00000")),
            {"type": "single_choice", "options": ["a", "b"], "answer": ["B"]},
        ),
        (
            asked("multichoice", "<single>false</single>" + "".join(answer(c, 33.33333) for c in "abc")),
            {"type": "multiple_choice", "options": ["a", "b", "c"], "answer": ["A", "B", "C"]},
        ),
        (
            asked("truefalse", answer("false", 100) + answer("true", 0)),
            {"type": "true_false", "answer": False},
        ),
        (
            asked(
                "shortanswer", answer("青蛙", 100) + answer("\\*", 100) + answer("*", 0), stem("是_____？")
            ),
            {"type": "fill_in", "stem": "是____？", "blanks": [["青蛙", "*"]]},
        ),
        (
            asked("shortanswer", answer("青蛙", 100)),
            {"type": "fill_in", "stem": "题干\n____", "blanks": [["青蛙"]]},
        ),
        (
            asked(
                "numerical",
                answer("3.1400000", 100, more="<tolerance>0.005</tolerance>")
                + answer("*", 0)
                + "<units><unit><multiplier>1</multiplier><unit_name>元</unit_name></unit></units>",
            ),
            {"type": "number", "answer": 3.14, "tolerance": 0.005, "unit": "元"},
        ),
        (
            asked("numerical", answer("1e3", 100)),
            {"type": "number", "answer": 1000},
        ),
        (
            asked(
                "matching",
                "".join(
                    f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
                    for left, right in ["ax", "by", ("", "z")]
                ),
            ),
            {"type": "matching", "pairs": [["a", "x"], ["b", "y"]], "extra": ["z"]},
        ),
        (
            asked("essay", '<graderinfo format="html"><text>&lt;p&gt;参考&lt;/p&gt;</text></graderinfo>'),
            {"type": "essay", "model": "参考"},
        ),
        (
            asked("ordering", "".join(answer(c, f"{n}.0000000") for n, c in enumerate("甲乙丙", 1))),
            {"type": "ordering", "steps": ["甲", "乙", "丙"]},
        ),
        (
            asked("cloze", "", stem("A{1:SHORTANSWER:=x~%100%y#好~%50%z}B{:SA:=\\}&#35;}")),
            {"type": "fill_in", "stem": "A____B____", "blanks": [["x", "y"], ["}#"]]},
        ),
        (
            asked("cloze", "", stem("选{1:MULTICHOICE:a~=b~c}吧")),
            {"type": "single_choice", "stem": "选____吧", "options": ["a", "b", "c"], "answer": ["B"]},
        ),
        (
            asked(
                "ddwtos",
                "".join(f"<dragbox><text>{w}</text><group>{g}</group></dragbox>" for w, g in GROUPS),
                stem("[[1]]和[[2]]"),
            ),
            {
                "type": "fill_in",
                "stem": "____和____\n第1空备选：a、c\n第2空备选：b",
                "blanks": [["a"], ["b"]],
            },
        ),
    ],
)
def test_each_type_of_moodle_becomes_one_of_ours(question: str, fields: dict[str, Any]) -> None:
    assert one(question).fields == {"stem": "题干"} | fields


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (asked("description", ""), "说明文字"),
        (asked("calculated", ""), "随机"),
        (asked("coderunner", ""), "coderunner"),
        (asked("multichoice", answer("a", 100) + answer("b", 100)), "不止一个"),
        (asked("multichoice", answer("a", 50) + answer("b", 0)), "没有得满分"),
        (asked("multichoice", answer("a", "x") + answer("b", 0)), "得分比例"),
        (asked("multichoice", answer("a", 100) + answer("b", 0) * 10), "超过10个"),
        (asked("truefalse", answer("也许", 100) + answer("false", 0)), "true和false"),
        (asked("truefalse", answer("true", 100) + answer("false", 100)), "恰好有一个"),
        (asked("shortanswer", answer("fro*", 100)), "通配符"),
        (asked("shortanswer", answer("frog", 80)), "得满分"),
        (asked("shortanswer", answer("frog", 100), stem("___和___")), "几处下划线"),
        (asked("numerical", answer("*", 100)), "不是可以用的数字"),
        (asked("numerical", answer("1e999999999", 100)), "不是可以用的数字"),
        (asked("numerical", answer("1", 100) + answer("2", 100)), "恰好有一个"),
        (asked("matching", "<subquestion><text>a</text></subquestion>"), "没有对应的右边"),
        (asked("ordering", answer("a", 2) + answer("b", 1)), "对不上"),
        (asked("cloze", "", stem("{1:NUMERICAL:=5:0.1}")), "NUMERICAL"),
        (asked("cloze", "", stem("{1:SA:=5")), "没有以“}”结束"),
        (asked("cloze", "", stem("没有空")), "找不到空"),
        (asked("gapselect", "", stem("[[1]]")), "没有对应的词"),
    ],
)
def test_what_could_be_misread_is_refused_with_the_reason(question: str, message: str) -> None:
    assert message in refused(question)


def test_a_wrong_question_does_not_stop_the_others_and_keeps_its_place() -> None:
    good = asked("truefalse", answer("true", 100) + answer("false", 0))
    reading = read(good, asked("description", ""), good)
    assert [str(each.place) for each in reading.drafts] == ["第1题", "第3题"]
    assert [str(each.place) for each in reading.faults] == ["第2题"]


@pytest.mark.parametrize(
    ("inner", "note"),
    [
        ("<defaultgrade>3</defaultgrade>", "默认分值"),
        ("<penalty>0.3333333</penalty>", "多次作答的扣分"),
        ("<hint><text>想想</text></hint>", "提示"),
        ("<hidden>1</hidden>", "隐藏状态"),
        ("<correctfeedback><text>真棒</text></correctfeedback>", "统一反馈"),
        ('<file name="图.png" encoding="base64">AAAA</file>', "附带的文件（图.png）"),
        ("<idnumber>Q 12</idnumber>", "编号“Q 12”"),
    ],
)
def test_what_our_question_cannot_hold_is_noted(inner: str, note: str) -> None:
    draft = one(asked("truefalse", answer("true", 100) + answer("false", 0) + inner))
    assert note in "".join(draft.notes)


def test_weights_case_and_order_are_noted() -> None:
    partly = "<shuffleanswers>0</shuffleanswers>" + answer("a", 100) + answer("b", 50) + answer("c", -10)
    notes = "".join(one(asked("multichoice", partly)).notes)
    assert all(word in notes for word in ("部分得分", "倒扣分", "固定顺序"))
    cased = one(asked("shortanswer", "<usecase>1</usecase>" + answer("Frog", 100) + answer("toad", 80)))
    assert all(word in "".join(cased.notes) for word in ("大小写", "toad 80%"))


def test_feedback_of_options_explains_where_nothing_else_does() -> None:
    answers = answer("a", 100, "对") + answer("b", 0, "错")
    assert one(asked("multichoice", answers)).fields["explanation"] == "A：对\nB：错"
    general = "<generalfeedback><text>总的</text></generalfeedback>"
    draft = one(asked("multichoice", answers + general))
    assert draft.fields["explanation"] == "总的"
    assert "单独反馈" in draft.notes[0]


@pytest.mark.parametrize(
    ("form", "written", "text"),
    [
        ("html", "<p>a &lt;script&gt;</p>\n<p>b<br>c</p>", "a <script>\nb\nc"),
        ("plain_text", "a <b> &lt;\nb", "a <b> &lt;\nb"),
        ("moodle_auto_format", "a <b>x</b>\nb", "a x\nb"),
        ("markdown", "**a**\n- b", "**a**\n- b"),
    ],
)
def test_texts_are_read_in_their_format(form: str, written: str, text: str) -> None:
    answers = answer("true", 100) + answer("false", 0)
    assert one(asked("truefalse", answers, stem(written, form))).fields["stem"] == text


def test_pictures_leave_their_name_in_the_text_and_a_note() -> None:
    picture = '<img src="@@PLUGINFILE@@/a.png" alt="图一"> 是？'
    draft = one(asked("truefalse", answer("true", 100) + answer("false", 0), stem(picture)))
    assert draft.fields["stem"] == "［图一］ 是？"
    assert "图片" in draft.notes[0]


def test_what_is_read_stands_before_our_types() -> None:
    text = "C++ 里 a_b 和 ____ 是？"
    checked = check(read(asked("shortanswer", answer("x", 100), stem(text))), "bank")
    assert (checked.faults, checked.questions[0].stem) == ((), "C++ 里 a＿b 和 ____ 是？")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_files_in_other_encodings_are_read(encoding: str) -> None:
    question = asked("truefalse", answer("true", 100) + answer("false", 0), stem("退货时限“7天”"))
    said = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><quiz>{question}</quiz>'
    raw = said.encode(encoding)
    assert guessed(raw, "x.xml") is MoodleXml
    assert MoodleXml.read(raw, "x.xml").drafts[0].fields["stem"] == "退货时限“7天”"


@pytest.mark.parametrize("raw", [b"<quiz>", b"<quiz/>", b"<other/>", b"", b"<quiz><!-- x --></quiz>"])
def test_a_file_without_questions_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        MoodleXml.read(raw, "x.xml")


def test_too_many_questions_or_marks_are_refused() -> None:
    with pytest.raises(UnreadableError, match="太多"):
        read("<question type='description'/>" * 10_001)
    marks = asked("description", "", stem("<b>" * 30_000))
    with pytest.raises(UnreadableError, match="太多"):
        read(marks * 21)


@settings(max_examples=300, deadline=None)
@given(text=st.text("{}1:SANM~=#%\\&;*[]2\n<b>/_\"'"))
def test_no_text_breaks_the_reading_of_gaps(text: str) -> None:
    safe = text.replace("]]>", "]] >")
    for kind in ("cloze", "gapselect", "shortanswer", "numerical"):
        words = "<selectoption><text>a</text><group>1</group></selectoption>" * 2
        read(asked(kind, words + answer(escape(text), 100), stem(safe)))


def test_texts_gaps_and_words_beyond_reason_are_refused_question_by_question() -> None:
    answers = answer("true", 100) + answer("false", 0)
    words = "<selectoption><text>a</text><group>1</group></selectoption>"
    assert "10万字" in refused(asked("truefalse", answers, stem("字" * 100_001)))
    assert "太多" in refused(asked("shortanswer", answer("a", 100) * 200))
    assert "太多" in refused(asked("cloze", "", stem("{1:SA:=a}" * 101)))
    assert "太多" in refused(asked("cloze", "", stem("{1:SA:" + "=a~" * 201 + "}")))
    assert "太多" in refused(asked("gapselect", words, stem("[[1]]" * 101)))
    assert "太多" in refused(asked("gapselect", words * 101, stem("[[1]]")))
    picture = f'<img src="data:image/png;base64,{"A" * 200_000}"> 是？'
    assert one(asked("truefalse", answers, stem(picture))).fields["stem"] == "［图片］ 是？"


def test_the_format_is_registered() -> None:
    assert formats().get("moodle_xml") is MoodleXml
    assert not MoodleXml.looks_right(b"<assessmentItem/>", "a.xml")
