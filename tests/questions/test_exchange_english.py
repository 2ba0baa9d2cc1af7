"""Sentences of the formats: Chinese to whoever keeps and compares them, English to who reads English."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from cstrain.questions.exchange.contract import MOST_BYTES, UnreadableError, item, part, row, said_place
from cstrain.questions.exchange.importing import look
from cstrain.questions.exchange.sheets.columns import MEANINGS, in_words
from cstrain.web.i18n import catalogue, worded
from cstrain.wording.said import Said, Tongue, otherwise, reason, said_row, say, together
from cstrain.wording.said_data import from_data, to_data

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")


def english(key: str, values: Mapping[str, object]) -> str:
    text = worded(catalogue("en"), key, values) if key else ""
    return text % values if values else text


TONGUE = Tongue(english, str, str)


def told(text: object) -> str:
    assert isinstance(text, Said), text
    return text.told(TONGUE)


FILES = {
    "a.txt": "1. First?\nA. one\nA. two\nAnswer: B\n\n2. Second?\nA. one\nB. two\n\n9. Third?\nAnswer: F\n",
    "a.gift.txt": "::q:: What? {=a =b ~c}\n\nPair {=a -> b =c -> d}\n\nNumber {#9..1}\n\nBroken } {\n",
    "a.aiken.txt": "What?\nA. one\nC. two\nANSWER: D\n\nNothing\n\n\nA. x\nANSWER: A\n",
    "a.csv": "题型,题干,选项A,选项B,答案\n单选题,Q,a,b,C\n判断题,Q,,,x\n填空题,Q,,,a\n,,a,,\nessays,Q,,,\n",
    "a.yaml": "- type: single_choice\n  stem: ''\n  options: [a]\n  answer: [Z]\n  odd: 1\n"
    "- type: matching\n  stem: s\n  pairs: [[a, b], [a, c]]\n- type: case\n  stem: s\n  text: t\n"
    "  parts: [{type: essay, stem: x, most: 10}]\n",
    "b.yaml": "- type: a\n  type: b\n- &x\n",
    "c.yaml": "bank: 1\n",
    "a.xml": "<quiz><question type='calculated'/><question type='numerical'><questiontext><text>q</text>"
    "</questiontext><answer fraction='x'/></question></quiz>",
    "b.xml": "<quiz><!DOCTYPE x>",
    "c.xml": "<assessmentItem identifier='i'><itemBody><p>q</p></itemBody></assessmentItem>",
    "a.docx": "PK nothing",
    "b.csv": "one,two\n1,2\n",
    "c.csv": "题干,答案,答案\nQ,a,b\n",
    "a.bin": "nothing",
}


def said_of(name: str) -> list[str]:
    """Return all that is said of a file."""
    try:
        found = look(FILES[name].encode(), name, "own")
    except UnreadableError as error:
        return [reason(error)]
    notes = [each for draft in found.checked.drafts for each in draft.notes]
    return [*(each.message for each in found.checked.faults), *notes]


@pytest.mark.parametrize("name", FILES)
def test_what_is_wrong_with_a_file_can_be_told_in_english(name: str) -> None:
    said = said_of(name)
    assert said
    for each in said:
        text = told(each)
        for ours in re.findall(r"“([^”]*)”", each):  # headings and answers of the file
            text = text.replace(ours, "")
        assert not CHINESE.search(text), (each, text)


def test_a_sentence_is_the_same_after_it_was_kept() -> None:
    kinds = said_row("、", [say("单选题"), say("填空题")])
    text = together(
        [
            say("不认识题型“%(name)s”，可以写的有：%(known)s。", name="\0选", known=kinds),
            otherwise(say("缺少“%(name)s”，请补上。", name="stem"), "缺少“题干”，请补上。", {"stem": "题干"}),
        ]
    )
    data = json.loads(json.dumps(to_data(text, lambda each: each.replace("\0", ""))))
    again = from_data(text.replace("\0", ""), data)
    assert again == "不认识题型“选”，可以写的有：单选题、填空题。缺少“题干”，请补上。"
    assert told(again) == told(text).replace("\0", "")
    assert told(again).endswith("what can be written: Single choice, Fill in. “Stem” is missing; add it.")


@pytest.mark.parametrize(
    "data", [None, "", 3, [], {}, {"key": "x%(n)s", "values": {"m": 1}}, {"key": 1, "values": 2}]
)
def test_a_text_of_which_nothing_is_kept_stays_as_it_is(data: object) -> None:
    again = from_data("没有读取。", data)
    assert again == "没有读取。" and not isinstance(again, Said)


def test_places_are_told_in_english() -> None:
    assert told(said_place(str(row(12)))) == "Row 12" and told(said_place(str(item(3)))) == "Question 3"
    assert told(said_place("工作表“甲”第4行")) == "sheet “甲”, Row 4"
    assert told(said_place("工作表“甲”")) == "sheet “甲”"
    assert told(said_place("items/a.xml 第2题")) == "items/a.xml, Question 2"
    for name in ("q-1", "items/a b.xml", "", "第行", str(part("甲 乙"))):
        assert said_place(name) == name and not isinstance(said_place(name), Said)


def test_what_a_column_can_mean_has_its_english() -> None:
    for word in MEANINGS:
        assert in_words(word) == (f"选项{word[-1]}" if word[-1].isascii() else word)
        assert not CHINESE.search(told(in_words(word)))
    assert in_words("别的") == "别的" and not isinstance(in_words("别的"), Said)


def test_a_limit_is_told_with_its_number() -> None:
    with pytest.raises(UnreadableError) as caught:
        look(b"a" * (MOST_BYTES + 1), "a.aiken.txt", "own", "aiken")
    assert "10" in told(reason(caught.value))
