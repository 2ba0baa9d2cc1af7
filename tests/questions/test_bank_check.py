"""Every kind of fault a bank can have is found, at its file and line; a good bank has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cstrain.policies.yaml_source import SourceError
from cstrain.questions.bank_check import Report, check_banks, missing_banks, standards
from cstrain.questions.bank_source import read_banks
from cstrain.questions.cells import Cell, PaperCells
from tests.questions.makers import OWN, choices, fields, unlike, write_bank

HALF = (
    "topic: one\nquestions:\n  - id: a\n    type: true_false\n    stem: 一句陈述。\n"
    "    difficulty: 1\n    explanation: 写明了。\n"
)
HEADINGS = {"page": frozenset({"标题"})}


def check(path: Path, **options: Any) -> Report:
    return check_banks([path], HEADINGS, **options)


def messages(path: Path, **options: Any) -> list[str]:
    return [fault.message for fault in check(path, **options).faults]


def one_of_each() -> list[dict[str, Any]]:
    return [fields(kind, stem=OWN[kind].get("stem", unlike(at))) for at, kind in enumerate(OWN, 50)]


def test_a_good_bank_has_no_faults_and_exact_numbers(tmp_path) -> None:
    report = check(write_bank(tmp_path / "b", one_of_each() + choices(40)))
    assert report.faults == ()
    (bank,) = report.as_json()["banks"]
    assert bank["name"] == "b"
    assert bank["questions"] == 45
    assert bank["by_topic"] == {"one": 45}
    assert bank["by_difficulty"] == {"1": 0, "2": 45, "3": 0}
    assert bank["by_type"] == {
        "fill_in": 1,
        "multiple_choice": 1,
        "number": 1,
        "single_choice": 41,
        "true_false": 1,
    }
    assert bank["test_wiseness"]["chance"] == 0.25
    assert bank["test_wiseness"]["always_true"] is None
    assert bank["test_wiseness"]["withheld_below"] == {"single_choice": 20, "true_false": 10}


def test_test_wiseness_is_null_on_a_small_bank(tmp_path) -> None:
    report = check(write_bank(tmp_path / "b", choices(19, right="A", longest=True)))
    assert report.faults == ()
    found = report.as_json()["banks"][0]["test_wiseness"]
    assert (found["chance"], found["longest"], found["shortest"]) == (None, None, None)
    assert found["positions"] == [{"options": 4, "counts": [19, 0, 0, 0], "p": None}]


def test_always_the_longest_always_a_and_always_true_are_faults(tmp_path) -> None:
    judged = [fields("true_false", id=f"j-{at}", stem=unlike(at), answer=True) for at in range(100, 112)]
    found = messages(write_bank(tmp_path / "b", choices(24, right="A", longest=True) + judged))
    assert any("最长的选项能得100.0%，不能超过30.0%" in message for message in found)
    assert any("答案位置不均匀（A 24、B 0、C 0、D 0；p=0.0000）" in message for message in found)
    assert any("总答“正确”能得100.0%，不能超过55.0%" in message for message in found)


def test_always_the_shortest_is_a_fault(tmp_path) -> None:
    questions = choices(24)
    for question in questions:
        right = "ABCD".index(question["answer"][0])
        question["options"] = [text + "呀" * (at != right) for at, text in enumerate(question["options"])]
    assert [message for message in messages(write_bank(tmp_path / "b", questions)) if "最短" in message]


def test_ids_repeated_within_and_across_banks_are_faults(tmp_path) -> None:
    write_bank(tmp_path / "all" / "x", [fields("true_false", id="same", stem=unlike(1))])
    write_bank(tmp_path / "all" / "y", [fields("true_false", id="same", stem=unlike(2))])
    (fault,) = check(tmp_path / "all").faults
    assert (fault.file, fault.line) == ("y/one.yaml", 3)
    assert fault.message == "same：编号已在 x/one.yaml 第3行用过，请换一个没用过的编号。"


def test_near_duplicates_within_and_across_banks_are_faults(tmp_path) -> None:
    stem = "顾客付款后问最晚什么时候能发货，应该怎么回答才对"
    write_bank(tmp_path / "all" / "x", [fields("true_false", id="a", stem=stem + "？")])
    write_bank(
        tmp_path / "all" / "y",
        [
            fields("true_false", id="b", stem=unlike(5)),
            fields("true_false", id="c", stem="顾客 付款后，问最晚什么时候能发货，应当怎么回答才对?"),
        ],
    )
    (fault,) = check(tmp_path / "all").faults
    assert fault.file == "y/one.yaml"
    assert "c：与 a（x/one.yaml 第3行）" in fault.message


def test_the_same_stem_with_another_key_may_stand(tmp_path) -> None:
    one = fields("fill_in", id="a", stem="填____。", blanks=[["一二三四五六七八"]])
    other = fields("fill_in", id="b", stem="填____。", blanks=[["甲乙丙丁戊己庚辛"]])
    assert messages(write_bank(tmp_path / "b", [one, other])) == []


def test_options_for_all_are_faults(tmp_path) -> None:
    for at, text in enumerate(["以上都对", "以上选项均不正确", "都不对", "All of the above"]):
        options = ["甲", "乙", "丙", text]
        found = messages(write_bank(tmp_path / str(at), [fields("single_choice", options=options)]))
        assert len(found) == 1 and "以上都对" in found[0]
    fine = ["满59元以上都包邮", "前后都要复述", "全部退回", "都由主管批"]
    assert messages(write_bank(tmp_path / "fine", [fields("single_choice", options=fine)])) == []


def test_a_source_must_name_a_heading(tmp_path) -> None:
    questions = [
        fields("true_false", id="ok", stem=unlike(1)),
        fields("true_false", id="page", stem=unlike(2), source="other#标题"),
        fields("true_false", id="head", stem=unlike(3), source="page#没有"),
        fields("true_false", id="none", stem=unlike(4), source=""),
    ]
    found = messages(write_bank(tmp_path / "b", questions))
    assert [message.split("，")[0] for message in found] == [
        "page：出处的页面“other”不存在",
        "head：页面“page”没有标题“没有”（有：标题）",
        "none：缺少“source”",
    ]


def test_sources_of_a_bank_without_our_lessons_are_left_alone_unless_shipped(tmp_path) -> None:
    path = write_bank(tmp_path / "b", [fields("true_false", source="theirs#x")])
    assert messages(path) == []
    assert len(messages(path, shipped=True)) == 1


def test_a_shipped_bank_must_hold_enough_and_mix_well(tmp_path) -> None:
    path = write_bank(
        tmp_path / "product",
        [
            fields("true_false", id="j", stem=unlike(1), situation=True),
            fields("single_choice", id="s", stem=unlike(2), options=["甲", "乙", "丙"]),
        ],
    )
    assert messages(path) == []
    found = messages(path, shipped=True)
    assert "只有2题，至少要150题，还差148题。" in found
    assert "缺少题型：multiple_choice、fill_in、number，请补题。" in found
    assert "判断题占50.0%，不能超过15.0%；请换成其他题型。" in found
    assert "s：有3个选项，应为4到4个。" in found
    assert any(message.startswith("j：标为情景题，题干里却没有“顾客”") for message in found)


def test_situations_and_topics_are_counted_in_shipped_banks(tmp_path) -> None:
    assert "情景题占0.0%，至少要40.0%；请增加有顾客的情景题。" in messages(
        write_bank(tmp_path / "rules", choices(4)), shipped=True
    )
    daily = messages(write_bank(tmp_path / "daily", choices(4)), shipped=True)
    assert "主题“day-7”只有0题，至少要20题，还差20题。" in daily
    assert "主题“day-20”只有0题，至少要10题，还差10题。" in daily


def test_the_depth_of_papers_is_checked(tmp_path) -> None:
    path = write_bank(tmp_path / "b", choices(8))
    papers = [
        PaperCells("产品卷", "b", [Cell(3, frozenset({"one"}))]),
        PaperCells("另一卷", "elsewhere", [Cell(99)]),
        PaperCells("小卷", "b", [Cell(2)]),
    ]
    assert messages(path, papers=papers) == [
        "试卷“产品卷”的单元（主题one）每卷取3题，3份不重复的卷要9题，题库只有8题，还差1题。"
    ]


SHIPPED = {
    "product": 150,
    "rules": 150,
    "oa": 150,
    "daily": 210,
    "soso": 80,
    "gap": 80,
    "service": 100,
    "management": 60,
    "basics": 110,
}


def test_missing_shipped_banks_are_told(tmp_path) -> None:
    report = check(write_bank(tmp_path / "product", choices(1)))
    assert [fault.file for fault in missing_banks(report)] == [
        f"{name}/bank.yaml" for name in SHIPPED if name != "product"
    ]


def test_the_standards_are_those_of_the_issue() -> None:
    found = standards()
    assert {name: bank.questions for name, bank in found.shipped_banks.items()} == SHIPPED
    assert sum(found.shipped_banks["daily"].by_topic.values()) == 210
    assert (found.every_bank.similarity, found.every_bank.forms) == (85, 3)


@pytest.mark.parametrize(
    ("topic_file", "line", "words"),
    [
        ("topic: two\nquestions:\n  - {}\n", 1, "不在 bank.yaml 里（有：one）"),
        ("topic: one\n", 1, "缺少“questions”"),
        ("topic: one\nquestions:\n  - 5\n", 3, "应为若干行"),
        ("topic: one\nquestions:\n  - id: a\n", 3, "缺少“type”，可以写的有：case、"),
        ("topic: one\nquestions:\n  - id: a\n    type: poem\n", 4, "不认识题型“poem”"),
        ("topic: one\nquestions:\n  - id: a\n    type: [number]\n", 4, "不认识题型"),
        (
            HALF,
            3,
            "缺少“answer”",
        ),
        (
            HALF + "    answer: no\n",
            8,
            "“answer”只能写 true 或 false",
        ),
        (
            HALF + "    answer: true\n    option: [a]\n",
            9,
            "不认识“option”；这里可以写的有：answer、",
        ),
        ("topic: one\ntopic: one\n", 2, "第1行已经写过"),
        ("\tx", 1, "制表符"),
    ],
)
def test_faults_of_a_file_name_the_line(tmp_path, topic_file: str, line: int, words: str) -> None:
    folder = write_bank(tmp_path / "b", [])
    (folder / "one.yaml").write_text(topic_file, encoding="utf-8")
    (fault,) = read_banks(folder).faults
    assert (fault.file, fault.line) == ("one.yaml", line)
    assert words in fault.message


def test_a_wrong_answer_letter_is_told_at_the_answer(tmp_path) -> None:
    folder = write_bank(tmp_path / "b", [fields("single_choice", answer=["E"])])
    (fault,) = read_banks(folder).faults
    text = (folder / "one.yaml").read_text(encoding="utf-8").splitlines()
    assert text[fault.line - 1] == "  answer:"
    assert fault.message == "“answer”里的“E”不是选项，只能用字母A、B、C、D。"


def test_one_bad_question_does_not_hide_the_others(tmp_path) -> None:
    questions = [fields("true_false", id="a", answer="x"), *choices(3), fields("number", id="b", answer=None)]
    reading = read_banks(write_bank(tmp_path / "b", questions))
    assert len(reading.banks[0].questions) == 3
    assert len(reading.faults) == 2


def test_a_bank_without_a_usable_head_is_still_read(tmp_path) -> None:
    folder = write_bank(tmp_path / "b", choices(2))
    (folder / "bank.yaml").unlink()
    (fault,) = (reading := read_banks(folder)).faults
    assert fault.message == "缺少 bank.yaml，请写明 bank、title 和 topics。"
    assert [topic.id for topic in reading.banks[0].topics] == ["one"]
    write_bank(folder, choices(2), topics=[{"id": "one", "title": "一"}, {"id": "one", "title": "二"}])
    assert "写了两次" in read_banks(folder).faults[0].message
    (folder / "bank.yaml").write_text("bank: B\n")
    assert {fault.file for fault in read_banks(folder).faults} == {"bank.yaml"}


def test_a_single_file_is_a_bank(tmp_path) -> None:
    folder = write_bank(tmp_path / "b", choices(3), topics=[{"id": at, "title": at} for at in ("one", "two")])
    (bank,) = read_banks(folder / "one.yaml").banks
    assert (bank.name, bank.file, [topic.id for topic in bank.topics]) == ("b", "one.yaml", ["one"])
    (folder / "bank.yaml").unlink()
    assert read_banks(folder / "one.yaml").banks[0].name == "one"


def test_where_there_is_no_bank_the_reader_says_so(tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, words in [
        ("nothing", "没有这个"),
        ("notes.txt", "不是题库"),
        ("empty", "没有题库"),
        ("x" * 300, "打不开"),
    ]:
        with pytest.raises(SourceError, match=words):
            read_banks(tmp_path / name)
