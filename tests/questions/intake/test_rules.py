"""Where topics of a file go, which files are small, how headings are remembered."""

from __future__ import annotations

import pytest

from cstrain.documents.tables import Sheet
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.exporting import NO_PICTURES, written
from cstrain.questions.exchange.sheets.columns import columns_of, renamed
from cstrain.questions.exchange.sheets.head import head_of
from cstrain.questions.facts import TopicPath
from cstrain.questions.formats.xlsx import Xlsx
from cstrain.questions.formats.yaml_bank import YamlBank
from cstrain.questions.intake.facts import Placed
from cstrain.questions.intake.rules import headings_digest, is_small, placed
from tests.questions.makers import fields

TOPICS = (
    TopicPath(1, "one", "售后"),
    TopicPath(2, "t-2", "售后/退货"),
    TopicPath(3, "t-3", "售前"),
    TopicPath(4, "t-4", "售前/退货"),
    TopicPath(5, "t-5", "A/B类"),
)


@pytest.mark.parametrize(
    ("name", "placing", "place"),
    [
        ("", "file", Placed("t-3")),
        (" / ", "file", Placed("t-3")),
        ("售后", "file", Placed("one")),
        ("t-2", "file", Placed("t-2")),
        ("售后 / 退货", "file", Placed("t-2")),
        ("退货", "file", Placed("", ("退货",))),  # two topics have this title
        ("退货", "known", Placed("t-3")),
        ("售后/换货/时限", "file", Placed("one", ("换货", "时限"))),
        ("甲/乙/丙/丁/戊", "file", Placed("", ("甲", "乙", "丙", "丁"))),
        ("售后", "default", Placed("t-3")),
        ("A/B类", "file", Placed("t-5")),
    ],
)
def test_a_topic_goes_where_its_name_says(name: str, placing: str, place: Placed) -> None:
    assert placed([name], TOPICS, placing, "t-3") == {name: place}


def test_packed_files_are_small_up_to_less() -> None:
    assert is_small(b"x" * 200_000) and not is_small(b"x" * 200_001)
    assert is_small(b"PK" + b"x" * 40_000) and not is_small(b"PK" + b"x" * 60_000)


def test_headings_are_remembered_whatever_their_order() -> None:
    assert headings_digest(["a", "b"]) == headings_digest(["b", "a"]) != headings_digest(["a"])


def test_the_head_below_a_title_is_found_and_renamed() -> None:
    rows = [("售后题库", "", ""), ("问", "答", "备"), ("几天？", "七天", "x")]
    (stem, answer, more) = columns_of([Sheet("题", rows), Sheet("填写说明", [("列",), ("怎么写",)])])
    assert (stem.heading, stem.known_as, stem.samples) == ("问", "", ("几天？",))
    assert answer.heading == "答" and more.heading == "备"
    (sheet,) = renamed([Sheet("题", rows)], {"问": "题干", "备": ""})
    assert sheet.rows[1] == ("题干", "答", "（不读）备") and sheet.rows[2] == rows[2]


def test_a_column_marked_as_not_read_is_neither_read_nor_asked_about_again() -> None:
    rows = [("题干", "答案", "（不读）解析", "（不读）备"), ("几____？", "七", "x", "y")]
    columns = columns_of([Sheet("题", rows)])
    assert [each.heading for each in columns] == ["题干", "答案"]
    head = head_of(rows[0], 1)
    assert not head.has("explanation") and not head.unknown and head.known == 2


def test_known_headings_are_told_as_what() -> None:
    head = ("题目", "A", "答案解析", "选项B是否正确", "分值", "题千")
    found = {
        each.heading: (each.known_as, each.nearest) for each in columns_of([Sheet("", [head, ("",) * 6])])
    }
    assert found["题目"] == ("题干", "") and found["A"] == ("选项A", "") and found["分值"] == ("分值", "")
    assert found["选项B是否正确"][0] == "选项B是否正确"


def test_pictures_are_left_out_by_name_where_a_format_has_none() -> None:
    draft = Draft(part("q-1"), {**fields("true_false"), "pictures": [{"digest": "d" * 64, "alt": "图"}]})
    lost = written(Xlsx, "题", [draft]).lost
    assert [(str(each.place), each.message) for each in lost] == [("q-1", NO_PICTURES)]
    assert b"d" * 64 in written(YamlBank, "题", [draft]).data
