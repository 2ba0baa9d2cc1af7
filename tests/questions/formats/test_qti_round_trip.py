"""QTI 2.1 and 3.0: what is written comes back as it was, and the bytes are always the same."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import Draft, ExchangeFormat, formats, guessed, part
from cstrain.questions.exchange.drafts import check
from cstrain.questions.formats.qti3 import Qti3
from cstrain.questions.formats.qti21 import Qti21
from tests.questions.formats.drafts import drafts
from tests.questions.formats.round_trip import BANKS, drafts_of, trip

BOTH = pytest.mark.parametrize("fmt", [Qti21, Qti3])
SPACES = {
    Qti21: "http://www.imsglobal.org/xsd/imsqti_v2p1",
    Qti3: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}


def sent(topic: str = "", tags: tuple[str, ...] = (), **own: Any) -> Draft:
    return Draft(part("q-1"), {"type": "true_false", "stem": "题干", "answer": True, **own}, topic, tags)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@BOTH
@settings(max_examples=150, deadline=None)
@given(questions=drafts())
def test_any_question_comes_back_as_it_was_written(fmt: type[ExchangeFormat], questions: list[Draft]) -> None:
    done = fmt.write("题库 <&>", questions)
    back = fmt.read(done.data, "bank.zip")
    assert (done.lost, back.faults) == ((), ())
    assert [(each.fields, each.topic, each.notes) for each in back.drafts] == [
        (each.fields, each.topic, ()) for each in questions
    ]


@BOTH
@settings(max_examples=100, deadline=None)
@given(
    stem=st.text(min_size=1, max_size=60).filter(str.strip),
    options=st.lists(st.text(min_size=1), min_size=3, max_size=3),
)
def test_every_letter_of_a_text_stays_but_what_xml_cannot_hold(
    fmt: type[ExchangeFormat], stem: str, options: list[str]
) -> None:
    question = sent(type="single_choice", stem=stem, options=options, answer=["B"])
    done = fmt.write("题库", [question])
    if not done.lost:
        (back,) = fmt.read(done.data, "bank.zip").drafts
        assert dict(back.fields) == dict(question.fields)


@BOTH
def test_blanks_and_blank_lines_stay(fmt: type[ExchangeFormat]) -> None:
    question = sent(
        stem="  第一行\t二  三\n\n\n 末行 \r\n", explanation="<script>alert(1)</script>\n\n &amp; "
    )
    (back,) = fmt.read(fmt.write("题库", [question]).data, "x.zip").drafts
    assert dict(back.fields) == dict(question.fields)


@BOTH
def test_topic_tags_and_source_stay(fmt: type[ExchangeFormat]) -> None:
    question = sent(
        "售后/退换货", ("常考", "新规"), id="q.1", source="day-01#标题", difficulty=3, situation=True
    )
    (back,) = fmt.read(fmt.write("题库", [question]).data, "x.zip").drafts
    assert (dict(back.fields), back.topic, back.tags) == (
        dict(question.fields),
        question.topic,
        question.tags,
    )


@BOTH
def test_a_question_without_id_comes_back_without_one(fmt: type[ExchangeFormat]) -> None:
    (back,) = fmt.read(fmt.write("题库", [sent()]).data, "x.zip").drafts
    assert dict(back.fields) == {"type": "true_false", "stem": "题干", "answer": True}


@BOTH
def test_single_choice_with_true_and_false_stays_single_choice(fmt: type[ExchangeFormat]) -> None:
    question = sent(type="single_choice", options=["正确", "错误"], answer=["B"])
    (back,) = fmt.read(fmt.write("题库", [question]).data, "x.zip").drafts
    assert back.fields == question.fields


@BOTH
@pytest.mark.parametrize("name", ["case", "chat", "operation", "oral", "typing"])
def test_a_type_that_qti_cannot_hold_is_named(fmt: type[ExchangeFormat], name: str) -> None:
    done = fmt.write("题库", [sent(type=name), sent()])
    assert [str(fault.place) for fault in done.lost] == ["q-1"]
    assert "这个格式放不下，没有导出" in done.lost[0].message
    assert len(fmt.read(done.data, "x.zip").drafts) == 1


@BOTH
def test_characters_that_xml_cannot_hold_are_left_out_and_named(fmt: type[ExchangeFormat]) -> None:
    done = fmt.write("题\x00库", [sent(stem="甲\x00\x08\ud800\uffff乙")])
    assert [fault.message for fault in done.lost] == ["有XML放不下的控制字符，导出时去掉了。"]
    assert fmt.read(done.data, "x.zip").drafts[0].fields["stem"] == "甲乙"


@BOTH
def test_the_same_questions_give_the_same_bytes(fmt: type[ExchangeFormat]) -> None:
    questions = [sent(), sent(type="ordering", steps=["丙", "甲", "乙"])]
    assert fmt.write("题库", questions) == fmt.write("题库", questions)
    assert fmt.write("题库", []).data == fmt.write("题库", []).data


@BOTH
def test_a_package_has_a_manifest_and_an_item_each_in_its_namespace(fmt: type[ExchangeFormat]) -> None:
    files = members(fmt.write("题库", [sent(), sent()]).data)
    assert list(files) == ["imsmanifest.xml", "items/item00001.xml", "items/item00002.xml"]
    root = ElementTree.fromstring(files["items/item00002.xml"])
    assert root.tag.startswith(f"{{{SPACES[fmt]}}}")
    resources = ElementTree.fromstring(files["imsmanifest.xml"]).iterfind(".//{*}resource")
    kind = "imsqti_item_xmlv2p1" if fmt is Qti21 else "imsqti_item_xmlv3p0"
    assert [(each.get("type"), each.get("href")) for each in resources] == [
        (kind, "items/item00001.xml"),
        (kind, "items/item00002.xml"),
    ]


def test_qti_3_says_everything_but_html_with_its_prefix() -> None:
    questions = [
        sent(explanation="因为"),
        sent(type="essay", model="答", rubric=[{"id": "a", "title": "对", "of": 1}]),
    ]
    for name, data in members(Qti3.write("题库", questions).data).items():
        tags = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(data).iter()}
        html = {"p", "table", "tbody", "tr", "td"}
        assert name == "imsmanifest.xml" or all(tag.startswith("qti-") for tag in tags - html)


@BOTH
def test_the_block_for_markers_says_what_it_is_for_as_qti_3_demands(fmt: type[ExchangeFormat]) -> None:
    question = sent(type="essay", model="答", rubric=[{"id": "a", "title": "对", "of": 1}])
    (body,) = (data for name, data in members(fmt.write("题库", [question]).data).items() if "item" in name)
    (block,) = (each for each in ElementTree.fromstring(body).iter() if "rubric" in each.tag.lower())
    assert (block.get("view"), block.get("use")) == ("scorer", "scoring")


def test_the_editions_are_told_apart_by_what_they_hold() -> None:
    for fmt in (Qti21, Qti3):
        data = fmt.write("题库", [sent()]).data
        assert guessed(data, "bank.zip") is fmt
        assert guessed(members(data)["items/item00001.xml"], "item.xml") is fmt
    assert {"qti21", "qti3"} <= set(formats().names())


@BOTH
def test_all_shipped_banks_come_back_without_a_difference(fmt: type[ExchangeFormat]) -> None:
    for bank in read_banks(BANKS).banks:
        found = trip(fmt, bank.title, drafts_of(bank))
        assert (found.changed, found.missing, found.told) == ({}, [], {})
        assert set(found.lost) <= {"case", "chat", "operation", "oral", "typing"}


@settings(max_examples=60, deadline=None)
@given(questions=drafts())
def test_the_drafts_of_these_tests_are_questions(questions: list[Draft]) -> None:
    from cstrain.questions.exchange.contract import Reading

    assert check(Reading(tuple(questions)), "b").faults == ()
