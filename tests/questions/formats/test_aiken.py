"""Aiken: what a file becomes, what is refused, and that what is written comes back."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    Place,
    Reading,
    UnreadableError,
    guessed,
    part,
)
from cstrain.questions.exchange.drafts import check
from cstrain.questions.formats.aiken import Aiken
from tests.questions.formats.drafts import drafts
from tests.questions.formats.round_trip import BANKS, drafts_of, trip

GOOD = "先做哪一步？\nA) 道歉\nB) 查单\nC) 退款\nANSWER: B\n"
FIELDS = {
    "type": "single_choice",
    "stem": "先做哪一步？",
    "options": ["道歉", "查单", "退款"],
    "answer": ["B"],
}


def read(text: str) -> Reading:
    return Aiken.read(text.encode(), "a.aiken.txt")


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(")", "."),
        GOOD.replace(") ", "."),
        GOOD.replace(")", "、"),
        GOOD.replace("A)", "Ａ．").replace("B)", "Ｂ．").replace("C)", "Ｃ．"),
        GOOD.replace("A)", "a)").replace("B)", "b)").replace("C)", "c)"),
        GOOD.replace("ANSWER: B", "Answer : b."),
        GOOD.replace("ANSWER: B", "答案：B"),
        GOOD.replace("ANSWER: B", "正确答案: Ｂ"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("\n", "  \n\t"),
        GOOD.rstrip(),
    ],
)
def test_the_spellings_of_a_question_read_the_same(text: str) -> None:
    reading = read(text)
    assert (reading.faults, [each.fields for each in reading.drafts]) == ((), [FIELDS])
    assert check(reading, "库").faults == ()


def test_stems_and_options_may_go_over_lines() -> None:
    (draft,) = read("第一行\nU.S.是缩写\nA) 甲\n还是甲\nB) 乙\nU.S.\nANSWER: A").drafts
    assert (draft.fields["stem"], draft.fields["options"]) == (
        "第一行\nU.S.是缩写",
        ["甲\n还是甲", "乙\nU.S."],
    )


def test_a_stem_in_paragraphs_is_read_whole_and_noted() -> None:
    (draft,) = read(f"第一章\n\n{GOOD}").drafts
    assert draft.fields["stem"] == "第一章\n先做哪一步？"
    assert "请核对" in draft.notes[0]


def test_an_explanation_right_below_the_answer_is_read() -> None:
    first, second = read(f"{GOOD}解析：先查单。\n{GOOD}").drafts
    assert first.fields["explanation"] == "先查单。"
    assert second.fields == FIELDS


def test_a_stem_that_begins_with_the_word_for_explanation_stays_a_stem() -> None:
    _first, second = read(f"{GOOD}\n解析：谁来写？\nA. 甲\nB. 乙\nANSWER: A").drafts
    assert second.fields["stem"] == "解析：谁来写？"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("题\nA) 甲\nANSWER: A\n", "不到两个"),
        ("题\nA) 甲\nC) 乙\nANSWER: A\n", "应该是B，写的是C"),
        ("题\nA) 甲\nB) 乙\n题二\nA) 甲\nB) 乙\nANSWER: A\n", "检查上一题有没有答案行"),
        ("题\nA) 甲\nB) 乙\n", "没有答案行"),
        ("题\nA) 甲\nB) 乙\nANSWER: C\n", "不是一个选项的字母"),
        ("题\nA) 甲\nB) 乙\nANSWER: A, B\n", "只写一个字母"),
        ("题\nA) 甲\nB) 乙\nANSWER:\n", "不是一个选项的字母"),
        ("题" + "".join(f"\n{chr(65 + each)}) {each}" for each in range(11)) + "\nANSWER: A\n", "超过10个"),
        ("ANSWER: A\n", "没有题目"),
        ("题" * 20_001 + "\nA) 甲\nB) 乙\nANSWER: A\n", "太长"),
    ],
)
def test_one_wrong_question_is_refused_with_its_line_and_the_next_is_read(text: str, reason: str) -> None:
    reading = read(f"{text}\n{GOOD}")
    (fault,) = reading.faults
    assert (reason in fault.message, str(fault.place)) == (True, "第1行")
    assert [each.fields for each in reading.drafts] == [FIELDS]


def test_text_behind_the_last_answer_is_named() -> None:
    (fault,) = read(f"{GOOD}\n完。").faults
    assert (str(fault.place), "不是试题" in fault.message) == ("第7行", True)


@pytest.mark.parametrize(
    "raw", [b"", "只是文字。\n还有。".encode(), b"PK\x03\x04\0", b"\xff\xff\xff", b"a\n" * 150_001]
)
def test_a_file_that_is_no_aiken_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="没有读取"):
        Aiken.read(raw, "a.aiken")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_usual_encodings_and_line_ends_are_read(coding: str, end: str) -> None:
    (draft,) = Aiken.read(GOOD.replace("\n", end).encode(coding), "a.aiken").drafts
    assert draft.fields == FIELDS


@pytest.mark.parametrize(
    ("text", "name", "is_aiken"),
    [
        (GOOD, "a.txt", True),
        (GOOD, "pasted", True),
        ("随便", "a.aiken.txt", True),
        (GOOD.replace("ANSWER: B", "答案：B"), "a.txt", False),
        (f"1. {GOOD}", "a.txt", False),
        (f"{GOOD}解析：先查单。", "a.txt", False),
        (GOOD, "a.csv", False),
        ("ANSWER: B", "a.txt", False),
    ],
)
def test_only_text_with_answer_lines_is_taken_for_aiken(text: str, name: str, is_aiken: bool) -> None:
    assert Aiken.looks_right(text.encode(), name) is is_aiken


def test_aiken_is_guessed_by_name_and_content() -> None:
    assert guessed(GOOD.encode(), "a.aiken.txt") is Aiken
    assert guessed(GOOD.encode(), "a.txt") is Aiken


@settings(max_examples=300)
@given(questions=drafts())
def test_what_is_written_comes_back_and_the_rest_is_named(questions: list[Draft]) -> None:
    done = Aiken.write("库", questions)
    named = {each.place: each.message for each in done.lost}
    sent = [
        each for each in questions if each.fields["type"] == "single_choice" and not _left_out(each, named)
    ]
    assert set(named) >= {each.place for each in questions} - {each.place for each in sent}
    back = Aiken.read(done.data, "a").drafts if sent else ()
    for draft, read_back in zip(sent, back, strict=True):
        fields = draft.fields
        assert read_back.fields["answer"] == fields["answer"]
        if draft.place not in named:
            assert "explanation" not in fields
            assert read_back.fields == {name: fields[name] for name in read_back.fields}


def _left_out(draft: Draft, named: dict[Place, str]) -> bool:
    return "会读错" in named.get(draft.place, "")


def test_what_has_no_place_is_named() -> None:
    def lost(**own: object) -> str:
        (fault,) = Aiken.write("库", [Draft(part("q-1"), {**FIELDS, **own})]).lost
        return fault.message

    assert "题型“判断题”这个格式放不下" in lost(type="true_false")
    assert lost(explanation="因为") == "解析放不下，没有导出。"
    assert lost(id="q-1", difficulty=3, source="手册") == "编号、难度、出处放不下，没有导出。"
    assert lost(difficulty=2, tags=(), id="q-1") == "编号放不下，没有导出。"
    (fault,) = Aiken.write("库", [Draft(part("q-1"), FIELDS, "退货/物流", ("新",))]).lost
    assert fault.message == "主题、标签放不下，没有导出。"
    assert "换行改成了空格" in lost(stem="一行\n两行")
    assert "会读错" in lost(stem="A) 甲")
    assert "会读错" in lost(stem="A.甲类商品怎样退？")
    assert "会读错" in lost(stem="答案：甲")


def test_a_written_question_reads_as_others_write_it() -> None:
    expected = "先做哪一步？\nA. 道歉\nB. 查单\nC. 退款\nANSWER: B\n"
    assert Aiken.write("库", [Draft(part("q-1"), FIELDS)]).data.decode() == expected


def test_the_shipped_banks_come_back_as_they_were_or_are_named() -> None:
    for bank in read_banks(BANKS).banks:
        sent = [each for each in drafts_of(bank) if each.fields["type"] == "single_choice"]
        if not sent:
            continue
        found = trip(Aiken, bank.title, sent)
        changed = {name for _kind, name in found.changed}
        assert (
            found.missing,
            changed - {"id", "topic", "difficulty", "explanation", "source", "situation"},
        ) == (
            [],
            set(),
        )


HOSTILE = {
    "empty lines": "\n" * 3_000_000,
    "lines": "a\n" * 1_500_000,
    "blanks": ("a" + " " * 30_000 + "\n") * 100,
    "one line": "a" * 3_000_000,
    "options": "q\n" + "A) a\n" * 140_000,
    "a long option": "q\nA) a\n" + "a" * 20 + "\n" * 1 + ("a" * 20 + "\n") * 140_000,
    "answers": "ANSWER: A\n" * 300_000,
    "blank answers": ("ANSWER" + " " * 30_000 + "\n") * 100,
    "questions": "q\nA. a\nB. b\nANSWER: A\n" * 9_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_read_or_refused_in_little_memory(kind: str) -> None:
    raw = HOSTILE[kind].encode()
    tracemalloc.start()
    try:
        reading = Aiken.read(raw, "a.aiken.txt")
        assert len(reading.drafts) + len(reading.faults) <= MOST_QUESTIONS
    except UnreadableError:
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64_000_000, peak
