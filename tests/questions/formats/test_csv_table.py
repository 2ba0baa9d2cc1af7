"""Question sheets as CSV: encodings, delimiters, hostile files."""

from __future__ import annotations

import tracemalloc

import pytest

from cstrain.questions.exchange.contract import UnreadableError
from cstrain.questions.formats.csv_table import Csv

TEXT = "题型,题干,选项A,选项B,答案\n单选题,退货？,七天,八天,A\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    (draft,) = Csv.read(TEXT.encode(encoding), "题库.csv").drafts
    assert draft.fields["options"] == ["七天", "八天"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_usual_delimiters_are_read(delimiter):
    (draft,) = Csv.read(TEXT.replace(",", delimiter).encode(), "题库.txt").drafts
    assert draft.fields["answer"] == ["A"]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 100, b"PK\x03\x04", b"", b'a,"b\n' * 3])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(UnreadableError, match="没有读取"):
        Csv.read(data, "x.csv")


HEAD = "题型,题干,选项,选项数,答案,解析,评分标准,标签\n"
HOSTILE = {
    "backslashes": HEAD + "填空,____,,,{},,,\n",
    "gaps": HEAD + "填空,{},,,x,,,\n",
    "options": HEAD + "单选,x,{},,A,,,\n",
    "rubric": HEAD + "简答,x,,,y,,{},\n",
    "tags": HEAD + "判断,x,,,对,,,{}\n",
    "stem": HEAD + "判断,{},,,对,,,\n",
}
FILLS = ("\\", "\\|", "(", "（ ", "_", "A.", "|", "/", "<", " ", "1,", "±", "、", "<p ", "&lt;")


@pytest.mark.parametrize("place", HOSTILE)
def test_hostile_cells_are_read_or_refused_row_by_row(place):
    for fill in FILLS:
        found = Csv.read(hostile(place, fill, rows=20), "x.csv")
        assert len(found.drafts) + len({one.place for one in found.faults}) >= 20, fill


@pytest.mark.parametrize(("place", "fill"), [("backslashes", "|"), ("tags", "、"), ("options", "A.")])
def test_hostile_files_need_little_memory(place, fill):
    raw = hostile(place, fill, rows=100)
    tracemalloc.start()
    try:
        Csv.read(raw, "x.csv")
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


def hostile(place, fill, rows):
    head, _newline, row = HOSTILE[place].partition("\n")
    cell = '"' + (fill * 19_000)[:19_000] + '"'
    return (head + "\n" + row.format(cell) * rows).encode()


@pytest.mark.parametrize("raw", [b"," * 3_000_000, b"\n" * 3_000_000, b"a\n" * 1_500_000, b"a;b," * 700_000])
def test_files_of_nothing_but_signs_are_refused(raw):
    with pytest.raises(UnreadableError):
        Csv.read(raw, "x.csv")
