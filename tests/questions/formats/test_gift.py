"""GIFT: what each piece of its syntax becomes, what is refused, and that hostile files do no harm."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.exchange.contract import MOST_QUESTIONS, Draft, UnreadableError, guessed
from cstrain.questions.exchange.drafts import check
from cstrain.questions.formats.gift import Gift

ABC = {"options": ["甲", "乙", "丙"]}


def read(text: str) -> list[Draft]:
    """Return the drafts of a text in which nothing is refused."""
    reading = Gift.read(text.encode(), "a.gift.txt")
    assert not reading.faults, reading.faults
    return list(reading.drafts)


def only(text: str) -> Draft:
    (draft,) = read(text)
    return draft


def refusal(text: str) -> str:
    reading = Gift.read(text.encode(), "a.gift.txt")
    assert not reading.drafts, reading.drafts
    (fault,) = reading.faults
    return fault.message


BLOCKS: list[tuple[str, dict[str, Any]]] = [
    ("先做？{~甲 =乙 ~丙}", {"type": "single_choice", **ABC, "answer": ["B"], "stem": "先做？"}),
    ("先做？{~甲=乙~丙}", {"type": "single_choice", **ABC, "answer": ["B"], "stem": "先做？"}),
    ("先做？{~%0%甲 ~%100%乙 ~丙}", {"type": "single_choice", **ABC, "answer": ["B"], "stem": "先做？"}),
    ("先{\n~甲\n=乙\n~丙\n}再说", {"type": "single_choice", **ABC, "answer": ["B"], "stem": "先____再说"}),
    ("选：{~%50%甲 ~%50%乙 ~丙}", {"type": "multiple_choice", **ABC, "answer": ["A", "B"], "stem": "选："}),
    (
        "选：{~%50%甲 ~%-50%乙 ~%50%丙}",
        {"type": "multiple_choice", **ABC, "answer": ["A", "C"], "stem": "选："},
    ),
    ("选：{=%50%甲 =%50%乙 ~丙}", {"type": "multiple_choice", **ABC, "answer": ["A", "B"], "stem": "选："}),
    ("对吗{T}", {"type": "true_false", "answer": True, "stem": "对吗"}),
    ("对吗 {FALSE}", {"type": "true_false", "answer": False, "stem": "对吗"}),
    ("对吗{ false }", {"type": "true_false", "answer": False, "stem": "对吗"}),
    ("几点？{=五点 =5点}", {"type": "fill_in", "blanks": [["五点", "5点"]], "stem": "几点？____"}),
    ("等{=48}小时。", {"type": "fill_in", "blanks": [["48"]], "stem": "等____小时。"}),
    ("等___小时{=48}", {"type": "fill_in", "blanks": [["48"]], "stem": "等____小时"}),
    ("写\\*号{=%100%2\\*3}", {"type": "fill_in", "blanks": [["2*3"]], "stem": "写\\*号____"}),
    ("几元？{#5}", {"type": "number", "answer": 5, "stem": "几元？"}),
    ("几元？{#=5:0.5}", {"type": "number", "answer": 5, "tolerance": 0.5, "stem": "几元？"}),
    ("几元？{# 4.5 .. 5.5 }", {"type": "number", "answer": 5, "tolerance": 0.5, "stem": "几元？"}),
    ("几元？{#－5：1}", {"type": "number", "answer": -5, "tolerance": 1, "stem": "几元？"}),
    (
        "配对{=甲->1 =乙 -> 2 =丙->1 = -> 3}",
        {
            "type": "matching",
            "pairs": [["甲", "1"], ["乙", "2"], ["丙", "1"]],
            "extra": ["3"],
            "stem": "配对",
        },
    ),
    ("谈谈看法{}", {"type": "essay", "stem": "谈谈看法"}),
    ("谈谈看法{\n}", {"type": "essay", "stem": "谈谈看法"}),
    ("对吗{T####因为}", {"type": "true_false", "answer": True, "stem": "对吗", "explanation": "因为"}),
    ("谈谈{####见手册}", {"type": "essay", "stem": "谈谈", "explanation": "见手册"}),
]


@pytest.mark.parametrize(("text", "fields"), BLOCKS)
def test_each_kind_of_answer_block_becomes_its_type(text: str, fields: dict[str, Any]) -> None:
    draft = only(text)
    assert (draft.fields, draft.notes) == (fields, ())


REFUSED = [
    ("先看说明。\n\n对吗{T}", "没有答案块"),
    ("少一半{~甲 =乙\n\n对吗{T}", "没有成对"),
    ("多一半}\n\n对吗{T}", "没有成对"),
    ("两个{=甲}空{=乙}\n\n对吗{T}", "两个答案块"),
    ("没有{甲 乙}\n\n对吗{T}", "没有写="),
    ("没有正确{~甲 ~乙}\n\n对吗{T}", "没有标出正确答案"),
    ("两个满分{=甲 =乙 ~丙}\n\n对吗{T}", "都标成满分"),
    ("不到百{~%30%甲 ~%30%乙 ~丙}\n\n对吗{T}", "不是100%"),
    ("式子{~a=b =c ~d}\n\n对吗{T}", "分不清"),
    ("两对{=甲->1 =乙->2}\n\n对吗{T}", "至少要3对"),
    ("缺右边{=甲->1 =乙 =丙->3}\n\n对吗{T}", "左边 -> 右边"),
    ("通配{=*}\n\n对吗{T}", "任意文字"),
    ("半分{=%50%甲}\n\n对吗{T}", "得满分"),
    ("两处____和____{=甲}\n\n对吗{T}", "几处下划线"),
    ("不是数{#五}\n\n对吗{T}", "不是数"),
    ("空的{#}\n\n对吗{T}", "不是数"),
    ("反了{#6..5}\n\n对吗{T}", "下限比上限大"),
    ("半分{#=%50%5}\n\n对吗{T}", "得满分的数"),
    ("多{" + " ".join(f"~{each}" for each in range(11)) + "}\n\n对吗{T}", "最多10个"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_one_wrong_question_is_refused_with_its_line_and_the_next_is_read(text: str, reason: str) -> None:
    reading = Gift.read(text.encode(), "a.gift.txt")
    (fault,) = reading.faults
    assert reason in fault.message
    assert str(fault.place) == "第1行"
    assert [str(each.place) for each in reading.drafts] == ["第3行"]


NOTED = [
    ("q{=甲 ~%50%乙 ~丙}", "没有保留：选项“乙”的得分（50%）"),
    ("q{~%60%甲 ~%40%乙 ~丙}", "没有保留：各选项不同的得分"),
    ("q{=甲 =%80%乙}", "没有保留：部分得分的答案“乙”（80%）"),
    ("q{=甲 =乙*}", "没有保留：带通配符的答案“乙*”"),
    ("q{#=5:1 =%50%6:1}", "没有保留：部分得分的答案“6:1”（50%）"),
    ("q{#=5 =7}", "没有保留：另一个满分的答案“7”（100%）"),
    ("::题名 A::q{T}", "没有保留：题名“题名 A”"),
    ("// [id:甲]\nq{T}", "没有保留：编号“甲”（只能用小写字母、数字和._-）"),
    ("q{~甲#不是 =乙####因为}", "没有保留：各个答案的单独反馈"),
    ('[html]看<img src\\="a.png">{T}', "没有保留：图片"),
    ("x<sup>2</sup>{T}", "没有保留：上标、下标"),
    ("[markdown]看![图](a.png){T}", "没有保留：图片"),
    ("a_b等于{=甲}", "题干里的单个下划线改成了全角，因为填空题用下划线表示空。"),
]


@pytest.mark.parametrize(("text", "note"), NOTED)
def test_what_no_question_of_ours_can_hold_is_noted(text: str, note: str) -> None:
    assert only(text).notes == (note,)


def test_feedback_to_answers_becomes_the_explanation_where_there_is_none() -> None:
    choice = only("q{\n~甲 # 不是。\n=乙#对\\n了\n}")
    assert choice.fields["explanation"] == "“甲”：不是。\n“乙”：对\n了"
    assert choice.notes == ("各个答案的单独反馈合并成了解析。",)
    assert only("q{F#错了#对了}").fields["explanation"] == "错了\n对了"
    assert only("q{#5:1#准 ~#不准}").fields["explanation"] == "“5:1”：准\n其他答案：不准"


def test_comments_categories_titles_and_ids_are_read() -> None:
    first, second, third, fourth = read(
        "// 说明\n$CATEGORY: $course$/top/售后/退 货//换货\n\n"
        "// [id:a-1] [tag:必考] [tag:x\\]y]\n::题一::q1{T}\n"
        "::b-2::q2{\n// 里面的注释\n=甲 ~乙\n}\n  ::c:: q3 {F}\n\n$CATEGORY: $course$/top\n// 空的\n\nq4{T}"
    )
    assert (first.fields["id"], first.topic, first.tags) == ("a-1", "售后/退 货／换货", ("必考", "x]y"))
    assert (str(second.place), second.fields["id"], second.fields["stem"]) == ("第6行", "b-2", "q2")
    assert (str(third.place), third.fields["stem"], third.topic) == ("第10行", "q3", "售后/退 货／换货")
    assert (str(fourth.place), fourth.topic, "id" in fourth.fields) == ("第15行", "", False)


def test_a_title_that_is_there_twice_is_no_id_the_second_time() -> None:
    first, second = read("::q1::甲{T}\n\n::q1::乙{T}")
    assert (first.fields["id"], "id" in second.fields) == ("q1", False)
    assert second.notes == ("没有保留：题名“q1”（文件里重复）",)


def test_a_title_that_repeats_the_stem_is_dropped_without_a_note() -> None:
    assert only("::一道很长的题...::一道很长的题目{T}").notes == ()


def test_escapes_stand_for_themselves() -> None:
    text = r"::a::[plain]\~ \= \# \{ \} \: \\ \n行 \x \\n{~\=甲\#1 =乙\\}"
    assert only(text).fields["stem"] == "~ = # { } : \\ \n行 \\x \\n"
    assert only(text).fields["options"] == ["=甲#1", "乙\\"]


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("[html]<p>甲 &lt; 乙</p>\\n<p>丙</p>{T}", "甲 < 乙\n丙"),
        ("[html]甲 -&gt; 乙{T}", "甲 -> 乙"),
        ("<b>甲</b>&nbsp;{T}", "甲"),
        ("若a<b且c>d，&则？{T}", "若a<b且c>d，&则？"),
        ("[plain]<b>甲</b>{T}", "<b>甲</b>"),
        ("<script>alert(1)</script>是什么{T}", "<script>alert(1)</script>是什么"),
        ("[markdown]**甲**和`乙`见[丙](https\\://a.b){T}", "甲和乙见丙（https://a.b）"),
        ("[moodle]一行\n  二行{T}", "一行\n二行"),
        ("[备注]甲{T}", "[备注]甲"),
    ],
)
def test_texts_become_plain_by_their_marker(text: str, stem: str) -> None:
    assert only(text).fields["stem"] == stem


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_usual_encodings_and_line_ends_are_read(coding: str, end: str) -> None:
    raw = "对吗{T}\n\n先做？{\n~甲\n=乙\n}\n".replace("\n", end).encode(coding)
    assert [each.fields["stem"] for each in Gift.read(raw, "a.gift").drafts] == ["对吗", "先做？"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        "只是文字。\n\n还有一段。".encode(),
        b"PK\x03\x04\0\0{T}",
        b"\xff\xff\xff\xfe{T}",
        b"a{T}\n\n" * 10_001,
    ],
)
def test_a_file_that_is_no_gift_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="没有读取"):
        Gift.read(raw, "a.gift.txt")


@pytest.mark.parametrize(
    ("text", "name", "is_gift"),
    [
        ("q{~甲 =乙}", "a.txt", True),
        ("q{T}", "pasted", True),
        ("q{#5:1}", "a.txt", True),
        ("随便", "a.gift.txt", True),
        ("随便", "a.gift", True),
        ("1. 先做？\nA. 甲\nB. 乙\n答案：B\n解析：{见手册}", "a.txt", False),
        ("格式 {} 和 {name} 和 \\{=甲}", "a.txt", False),
        ("<quiz>{=a}</quiz>", "a.txt", False),
        ("q{~甲 =乙}", "a.yaml", False),
        ("题干,{=a}", "a.csv", False),
    ],
)
def test_only_text_with_answer_blocks_is_taken_for_gift(text: str, name: str, is_gift: bool) -> None:
    assert Gift.looks_right(text.encode(), name) is is_gift


def test_a_broken_or_lying_comment_of_ours_changes_nothing() -> None:
    for comment in (
        "{",
        "[" * 100_000,
        "[1]",
        '{"source": "\\ud800"}',
        '{"difficulty": NaN}',
        '{"answer": ["C"]}',
    ):
        draft = only(f"// cstrain {comment}\nq{{=甲 ~乙}}")
        assert draft.fields == {
            "type": "single_choice",
            "stem": "q",
            "options": ["甲", "乙"],
            "answer": ["A"],
        }


def test_what_was_read_passes_the_types() -> None:
    text = "\n\n".join(text.replace("先做", f"先做{number}") for number, (text, _fields) in enumerate(BLOCKS))
    reading = Gift.read(text.encode(), "a.gift")
    assert len(reading.drafts) == len(BLOCKS)
    assert check(reading, "库").faults == ()


_MARKS = (
    r"{ } = ~ # #### -> :: // %50% %-50% \ \n T FALSE .. : $CATEGORY: [html] [markdown] <b> <![ &lt; _ ____"
    " * 5 甲 [id:a] 空 行 尾 注"
)
_PIECES = st.sampled_from(_MARKS.split())
_SPACES = {"空": " ", "行": "\n", "尾": "\n\n", "注": "\n// cstrain "}


@settings(max_examples=400)
@given(st.lists(_PIECES.map(lambda each: _SPACES.get(each, each)), max_size=60).map("".join))
def test_any_text_is_read_or_refused_with_reasons(text: str) -> None:
    try:
        reading = Gift.read(text.encode(), "a.gift.txt")
    except UnreadableError:
        return
    checked = check(reading, "库")
    assert all(each.message.endswith(("。", "）")) for each in checked.faults)


def test_gift_is_guessed_by_name_and_content() -> None:
    assert guessed(b"q{T}", "a.gift.txt") is Gift
    assert guessed("q{~甲 =乙}".encode(), "a.txt") is Gift


HOSTILE = {
    "empty lines": "\n" * 3_000_000,
    "lines": "a\n" * 1_500_000,
    "paragraphs": "a\n\n" * 1_000_000,
    "comments": "//\n" * 1_000_000,
    "ids": "//[id:\n" * 450_000,
    "open ids in a line": "//" + "[id:" * 700_000,
    "remarks": "// cstrain {}\n" * 210_000,
    "titles": "::a\n" * 750_000,
    "closed titles": "}\n::" * 750_000,
    "questions behind titles": "{T}\n::a::" * 330_000,
    "categories": "$CATEGORY:\n" * 270_000,
    "opening": "{" * 3_000_000,
    "blanks": " " * 3_000_000 + "{T}",
    "blanks inside": "a{T" + " " * 3_000_000 + "}",
    "blank lines": ("a" + " " * 30_000 + "\n") * 100,
    "backslashes": "\\" * 3_000_000,
    "signs": "a{" + "=~" * 49_000 + "}\n\n" * 15,
    "answers": ("a{" + "=b " * 33_000 + "}\n\n") * 15,
    "tags": ("<b>" + "<" * 99_000 + "{T}\n\n") * 15,
    "open tags": ("<b>" + "<a " * 33_000 + "{T}\n\n") * 15,
    "comments of HTML": ("<b>" + "<!--" * 24_000 + "{T}\n\n") * 15,
    "sections of HTML": ("<b>" + "<![" * 33_000 + "{T}\n\n") * 15,
    "entities": ("&amp" + "&#" * 49_000 + "&lt;{T}\n\n") * 15,
    "markdown": ("[markdown]" + "**a" * 33_000 + "{T}\n\n") * 15,
    "markdown links": ("[markdown]" + "![" * 20_000 + "[a](" * 14_000 + "{T}\n\n") * 15,
    "underscores": ("a" + "_a" * 49_000 + "{=b}\n\n") * 15,
    "weights": ("a{" + "~%5" * 33_000 + "}\n\n") * 15,
    "numbers": ("a{#" + "9" * 99_000 + "}\n\n") * 15,
    "one emoji": "😀" + "a" * 3_000_000 + "{T}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_read_or_refused_in_little_memory(kind: str) -> None:
    raw = HOSTILE[kind].encode()
    tracemalloc.start()
    try:
        reading = Gift.read(raw, "a.gift.txt")
        assert len(reading.drafts) + len(reading.faults) <= MOST_QUESTIONS
    except UnreadableError:
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64_000_000, peak
