"""Tables in and out: round trips, encodings, formulas that stay text, limits."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cstrain.documents.errors import TableError
from cstrain.documents.tables import (
    Limits,
    guard,
    is_risky,
    read_sheets,
    read_table,
    unguard,
    write_csv,
    write_xlsx,
)
from cstrain.documents.xlsx_guard import XlsxLimits

PAYLOADS = Path(__file__).parents[3] / "shared" / "fixtures" / "formula_payloads.json"
LEGAL = ["-5", "+86 138 0000 0000", "@张三", "=1+1", "＝1+1", "'quoted", "''twice", "-", "a=b", "1-2"]


def rows_of(data, name="x.csv"):
    return read_table(data, name)


@pytest.mark.parametrize("value", LEGAL)
def test_texts_that_look_like_formulas_come_back_as_they_were(value):
    rows = [["姓名", "备注"], ["张三", value]]
    assert rows_of(write_csv(rows))[1][1] == value
    assert rows_of(write_xlsx(rows), "x.xlsx")[1][1] == value


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_guarding_is_taken_back_exactly_and_leaves_nothing_risky(text):
    assert unguard(guard(text)) == text
    assert not is_risky(guard(text))


@pytest.mark.parametrize(
    "value", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＠a", " =1", "\u200b=1"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_disarmed(value):
    assert is_risky(value)
    cell = next(csv.reader(io.StringIO(write_csv([[value]]).decode("utf-8-sig"), newline="")))[0]
    assert not is_risky(cell)


def test_every_known_payload_is_text_in_both_formats():
    if not PAYLOADS.exists():
        pytest.skip("the shared formula payloads are not on this machine")
    payloads = json.loads(PAYLOADS.read_text("utf-8"))
    for cell in csv.reader(
        io.StringIO(write_csv([[one] for one in payloads]).decode("utf-8-sig"), newline="")
    ):
        assert not is_risky(cell[0])
    import zipfile

    with zipfile.ZipFile(io.BytesIO(write_xlsx([[one] for one in payloads], head=False))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_values_keep_their_kind():
    rows = [
        ["日", "数", "小数", "时刻", "有", "空"],
        [date(2026, 11, 20), 7, Decimal("79.5"), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), True, None],
    ]
    assert rows_of(write_xlsx(rows), "x.xlsx")[1] == (
        "2026-11-20",
        "7",
        "79.5",
        "2026-01-02 03:04",
        "TRUE",
        "",
    )
    assert rows_of(write_csv(rows))[1][:3] == ("2026-11-20", "7", "79.5")


def test_equal_data_makes_equal_files():
    assert write_xlsx([["a", 1]]) == write_xlsx([["a", 1]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_that_is_met(encoding, delimiter):
    text = delimiter.join(["姓名", "工号"]) + "\r\n" + delimiter.join(["龘㐂", "K1"]) + "\r\n"
    assert rows_of(text.encode(encoding)) == [("姓名", "工号"), ("龘㐂", "K1")]


def test_quoted_line_breaks_and_commas_stay_in_their_cell():
    assert rows_of(b'a,b\n"x,\ny","z""q"\n')[1] == ("x,\ny", 'z"q')


def test_empty_rows_at_the_end_and_empty_columns_are_dropped():
    assert rows_of(b"a,b,,\n1,,,\n,,,\n,,,\n") == [("a", "b"), ("1", "")]


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "x.csv", "没有内容"),
        (b",,\n", "x.csv", "没有内容"),
        (b'a,b\n"open,1\n2,3\n', "x.csv", "引号没有成对"),
        (b"a\x00b", "x.csv", "编码无法识别"),
        (b"\xff\xff\xff\x81", "x.csv", "编码无法识别"),
        (b"%PDF-1.7", "x.pdf", "只能上传"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls", "旧版xls"),
        (b"PK\x03\x04garbage", "x.xlsx", "不是完整"),
    ],
)
def test_other_files_are_refused_in_words(data, name, says):
    with pytest.raises(TableError, match=says):
        read_table(data, name)


def test_limits_on_bytes_rows_columns_and_cells():
    with pytest.raises(TableError, match="超过"):
        read_table(b"a" * 101, "x.csv", Limits(bytes=100))
    with pytest.raises(TableError, match="有20列，最多10列"):
        read_table(b",".join([b"a"] * 20), "x.csv", Limits(columns=10))
    with pytest.raises(TableError, match="有50列，最多10列"):
        read_table(b",".join([b"a"] * 50), "x.csv", Limits(columns=10))
    with pytest.raises(TableError, match="超过5个字"):
        read_table(b"abcdef\n", "x.csv", Limits(characters=5))


@pytest.mark.parametrize("rows", [11, 20, 21, 500])
def test_a_table_with_too_many_rows_is_told_how_many_it_has_and_what_to_do(rows):
    says = f"表头以外有{rows - 1}行，一次最多9行。请分成几个文件，每个都带表头"
    with pytest.raises(TableError) as refused:
        read_table(b"a\n" * rows + b"\n" * 30, "x.csv", Limits(rows=10))
    assert says in str(refused.value.message % refused.value.values)


def test_empty_rows_below_a_table_do_not_make_it_too_long():
    assert len(read_table(b"a\n" * 10 + b"\n" * 500, "x.csv", Limits(rows=10))) == 10


def test_five_thousand_rows_are_read():
    rows = [["姓名", "工号"], *([f"员工{number}", f"K{number:05d}"] for number in range(5000))]
    assert len(rows_of(write_xlsx(rows), "x.xlsx")) == 5001
    assert len(rows_of(write_csv(rows))) == 5001


def _book(*cells, form=None):
    """A workbook with one row: numbers, formulas with their result, moments."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("数据")
    style = book.add_format({"num_format": form}) if form else None
    for column, cell in enumerate(cells):
        if isinstance(cell, tuple):
            page.write_formula(0, column, cell[0], style, cell[1])
        elif isinstance(cell, datetime):
            page.write_datetime(0, column, cell, style)
        else:
            page.write(0, column, cell, style)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "value", "says"),
    [
        ("0.0%", 0.962, "96.2%"),
        ("0%", 1, "100%"),
        ("0.00%", 0.07, "7%"),
        ('0.0"%"', 96.2, "96.2"),
        ("0.00", 0.962, "0.962"),
        ("0.0%", "96.2%", "96.2%"),
        ("0.0%", ("=A2", 0.5), "50%"),
    ],
)
def test_a_share_reads_as_its_cell_shows_it(form, value, says):
    assert read_table(_book(value, form=form), "a.xlsx") == [(says,)]


def test_an_error_and_a_formula_without_a_result_do_not_read_as_nothing():
    book = _book(("=1/0", "#DIV/0!"), ("=NA()", "#N/A"), ("=1+1", ""), ("=1+1", 2), "x")
    assert read_table(book, "a.xlsx") == [("#DIV/0!", "#N/A", "#公式没有结果", "2", "x")]


@pytest.mark.parametrize(
    ("hours", "says"), [("15:20", "15:20"), ("08:05:30", "08:05:30"), ("00:00", "00:00")]
)
def test_a_time_of_day_reads_as_it_was_typed(hours, says):
    book = _book(datetime.fromisoformat(f"1899-12-31T{hours}"), form="hh:mm:ss")
    assert read_table(book, "a.xlsx") == [(says,)]


def test_long_texts_are_wrapped_in_rows_high_enough_to_read_them():
    book = write_xlsx([["题干", "答案"], ["顾客" * 60, "A"], ["甲\n乙\n丙", "B"], ["短", "C"]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        page, styles = (archive.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    heights = [re.findall(r' ht="(\d+)"', row) for row in re.findall("<row [^>]*>", page)]
    assert heights == [[], ["90"], ["45"], []]
    assert 'wrapText="1"' in styles
    assert 'state="frozen"' in page


@pytest.mark.parametrize("second", [0, 1, 5, 29, 30, 59])
def test_a_moment_keeps_its_seconds(second):
    at = datetime(2026, 11, 3, 9, 1, second)  # noqa: DTZ001  # what a cell holds has no zone
    (row,) = read_table(_book(at, form="yyyy-mm-dd hh:mm:ss"), "a.xlsx")
    assert datetime.fromisoformat(row[0]) == at


def test_a_workbook_that_is_too_long_is_told_what_the_table_may_hold():
    rows = [["a"]] * 30
    with pytest.raises(TableError, match=r"最多9行.*每个都带表头"):
        read_table(write_xlsx(rows), "x.xlsx", Limits(rows=10, workbook=XlsxLimits(rows=20)))


def book_of(*sheets, chart=False):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    share = book.add_format({"num_format": "0.0%"})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell, share if isinstance(cell, float) else None)
    if chart:
        drawn = book.add_chart({"type": "line"})
        drawn.add_series({"values": f"={sheets[0][0]}!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(drawn)
    book.close()
    return buffer.getvalue()


def test_all_sheets_are_read_by_name_with_what_their_cells_show():
    data = book_of(("甲", [["a", 0.5]]), ("空", []), ("乙", [["b", 0.962], ["c", 1]]), chart=True)
    sheets = read_sheets(data, "x.xlsx")
    assert [(sheet.name, sheet.rows) for sheet in sheets] == [
        ("甲", [("a", "50%")]),
        ("乙", [("b", "96.2%"), ("c", "1")]),
    ]
    assert read_table(data, "x.xlsx") == [("a", "50%")]


def test_a_csv_is_one_sheet_without_a_name():
    (sheet,) = read_sheets(b"a,b\n1,2\n", "x.csv")
    assert (sheet.name, sheet.rows) == ("", [("a", "b"), ("1", "2")])


def test_the_limits_hold_for_all_sheets_together():
    rows = [["字" * 50]] * 4
    data = book_of(*((name, rows) for name in "甲乙丙"))
    with pytest.raises(TableError, match="最多9行"):
        read_sheets(data, "x.xlsx", Limits(rows=10))
    with pytest.raises(TableError, match="文字太多"):
        read_sheets(data, "x.xlsx", Limits(workbook=XlsxLimits(characters=500)))
    with pytest.raises(TableError, match="工作表超过30个"):
        read_sheets(book_of(*((f"s{number}", rows) for number in range(31))), "x.xlsx")
    with pytest.raises(TableError, match="没有内容"):
        read_sheets(book_of(("甲", [])), "x.xlsx")
