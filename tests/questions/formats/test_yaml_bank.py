"""Our own YAML as an exchange format: everything comes back, and what is wrong is said with its line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.bank_source import read_banks, read_written
from cstrain.questions.exchange.contract import Draft, UnreadableError, formats, guessed, part
from cstrain.questions.formats.yaml_bank import YamlBank
from cstrain.questions.question_type import question_types
from cstrain.questions.store import digest_of
from tests.questions.formats.round_trip import BANKS, drafts_of, trip
from tests.questions.makers import fields
from tests.questions.test_written_fields import SAMPLES

TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    " ~=#{}:\\%<>&'\"\n\t[]|!*?-答案：解析。1.A、\u2028\ufeff", max_size=20
)


def draft(topic: str = "", **own: Any) -> Draft:
    return Draft(part(own.get("id", "q-1")), {"type": "true_false", "stem": "题干", **own}, topic)


def written(*drafts: Draft, title: str = "") -> str:
    done = YamlBank.write(title, drafts)
    assert done.lost == ()
    return done.data.decode()


def refusal(raw: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        YamlBank.read(raw, "bank.yaml")
    return str(caught.value)


def test_every_type_comes_back_as_it_was_written() -> None:
    sent = [Draft(part(each["id"]), each, "主题") for each in SAMPLES]
    back = YamlBank.read(written(*sent).encode(), "x.yaml")
    assert [(each.topic, each.fields) for each in back.drafts] == [(each.topic, each.fields) for each in sent]
    assert {each.fields["type"] for each in back.drafts} == set(question_types().names())


def test_all_shipped_banks_come_back_without_a_difference() -> None:
    for bank in read_banks(BANKS).banks:
        found = trip(YamlBank, bank.title, drafts_of(bank))
        assert (found.same, found.lost, found.told) == (len(bank.questions), {}, {})
        assert (found.changed, found.missing) == ({}, [])


def test_the_shipped_files_themselves_are_read() -> None:
    for path in sorted(BANKS.glob("*/*.yaml")):
        if path.name == "bank.yaml":
            continue
        reading = YamlBank.read(path.read_bytes(), path.name)
        assert reading.faults == ()
        assert len(reading.drafts) == len(read_banks(path).banks[0].questions)


def test_a_topic_is_written_as_a_file_of_a_bank_that_the_bank_reader_reads() -> None:
    bank = next(each for each in read_banks(BANKS).banks if each.name == "basics")
    typing = [each for each in bank.questions if each.topic == "typing"]
    sent = [Draft(each.place, each.fields, "typing") for each in drafts_of(bank) if each.topic == "打字"]
    again = read_written(written(*sent, title="打字").encode(), "typing.yaml")
    assert again.faults == ()
    assert list(map(digest_of, again.banks[0].questions)) == list(map(digest_of, typing))


def test_it_is_written_as_somebody_would_write_it() -> None:
    sent = Draft(part("q"), fields("single_choice", source=""), "改址")
    assert written(sent, title="试题\n库") == (
        "topic: 改址\nquestions:\n  - id: t-single_choice-001\n    type: single_choice\n    difficulty: 2\n"
        "    stem: 顾客问什么时候发货，怎么答？\n    options:\n      - 甲方案\n      - 乙方案\n"
        '      - 丙方案\n      - 丁方案\n    answer: [B]\n    explanation: 规则里写明了。\n    source: ""\n'
    )


def test_several_topics_and_none_stand_in_one_list_in_their_order() -> None:
    sent = [draft("甲", id="a"), draft("甲", id="b"), draft("", id="c"), draft("乙/丙", id="d")]
    text = written(*sent, title="题库")
    assert text.splitlines()[:3] == ["# 题库", "- topic: 甲", "  questions:"]
    back = YamlBank.read(text.encode(), "x.yaml").drafts
    assert [(each.topic, each.fields["id"]) for each in back] == [
        ("甲", "a"),
        ("甲", "b"),
        ("", "c"),
        ("乙/丙", "d"),
    ]


def test_nothing_to_write_is_an_empty_list() -> None:
    assert written() == "[]\n"
    assert YamlBank.read(b"[]\n", "x.yaml").drafts == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_it_is_read_in_the_usual_encodings(encoding: str) -> None:
    back = YamlBank.read("- type: true_false\n  stem: 先核对订单\n".encode(encoding), "x.yaml")
    assert back.drafts[0].fields == {"type": "true_false", "stem": "先核对订单"}


def test_places_are_lines() -> None:
    text = "# 题库\ntopic: a\nquestions:\n  - stem: 一\n    type: essay\n\n  - type: oral\n"
    back = YamlBank.read(text.encode(), "x.yaml")
    assert [(str(each.place), each.topic) for each in back.drafts] == [("第4行", "a"), ("第7行", "a")]


def test_one_question_alone_is_read() -> None:
    assert YamlBank.read(b"type: true_false\nstem: a\n", "x.yml").drafts[0].place.number == 1


def test_what_is_no_question_is_named_and_the_others_are_read() -> None:
    text = "- type: essay\n- 一句话\n- stem: 没有题型\n- [a]\n- topic: a\n  questions: 无\n- type: oral\n"
    back = YamlBank.read(text.encode(), "x.yaml")
    assert [each.fields["type"] for each in back.drafts] == ["essay", "oral"]
    assert [str(each.place) for each in back.faults] == ["第2行", "第3行", "第4行", "第5行"]
    assert all("type" in each.message for each in back.faults)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("一句话".encode(), "不是题库"),
        (b"bank: x\ntitle: y\n", "里面没有试题"),
        ("- stem: 一\n  stem: 二\n".encode(), "第2行"),
        ("- stem: *引用\n".encode(), "第1行"),
        (b"- stem: 'a\n", "第1行"),
        (b"- !!python/object:os.system {}\n", "不支持标签"),
        (b"&a [*a]\n", "锚点"),
        (b"", "空"),
        (b"\x00\x01\x02" * 50, "不是文本"),
        (b"\xff\x00\x81 \xfe\xff", "编码"),
        (b"---\n[]\n---\n[]\n", "一份内容"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(raw: bytes, said: str) -> None:
    assert said in refusal(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 2_000_000,
        b"- " * 1_000_000,
        b"- a\n" * 1_200_000,
        b"- {type: a}\n" * 400_000,
        b"{a: " * 500_000,
        b"- '" + b"x" * 5_000_000,
        b"? " * 1_000_000,
        b"- a: |\n" + b"   x\n" * 900_000 + b"b",
        ("- type: a\n  stem: " + "甲: " * 900_000).encode(),
        b"a" * 21_000_000,
        b"&a [" + b"*a," * 1_000_000 + b"]",
    ],
)
def test_hostile_files_are_refused(raw: bytes) -> None:
    assert refusal(raw)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "甲", "a/b", "no"]), TEXT, TEXT, st.lists(TEXT)), max_size=5))
def test_texts_come_back_whatever_they_hold(items: list[tuple[str, str, str, list[str]]]) -> None:
    sent = [
        draft(topic, id=f"q-{number}", stem=stem, explanation=more, options=options)
        for number, (topic, stem, more, options) in enumerate(items)
    ]
    back = YamlBank.read(written(*sent, title="库").encode(), "x.yaml")
    assert [(each.topic, each.fields) for each in back.drafts] == [(each.topic, each.fields) for each in sent]


def test_what_yaml_cannot_hold_is_named_and_the_others_are_written() -> None:
    odd = [draft(id="a", stem="\ud800"), draft(id="b", options=object()), draft(id="c", extra={"": "x"})]
    done = YamlBank.write("", [*odd, draft(id="d")])
    assert [str(each.place) for each in done.lost] == ["a", "b", "c"]
    assert [each.fields["id"] for each in YamlBank.read(done.data, "x.yaml").drafts] == ["d"]


def test_the_format_is_known_by_its_endings() -> None:
    assert formats().get("yaml") is YamlBank
    assert guessed(b"- type: essay\n", "Bank.YML") is YamlBank


def test_a_bank_of_ten_thousand_questions_is_written_and_read_back() -> None:
    many = [draft("主题", **{**fields("single_choice"), "id": f"q-{number}"}) for number in range(10_000)]
    raw = written(*many).encode()
    assert len(YamlBank.read(raw, "x.yaml").drafts) == 10_000
    assert "10000" in refusal(raw + b"  - type: essay\n")
