"""Workbooks made to hurt: each is refused quickly and without growing."""

from __future__ import annotations

import io
import resource
import stat
import time
import zipfile

import pytest

from cstrain.documents.errors import TableError
from cstrain.documents.tables import read_sheets, read_table, write_xlsx

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def rebuilt(changes=None, extra=(), compress=zipfile.ZIP_DEFLATED, drop=()):
    """A good workbook with some of its parts replaced."""
    source = zipfile.ZipFile(io.BytesIO(write_xlsx([["姓名", "工号"], ["张三", "K1"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as book:
        for name in source.namelist():
            if name not in drop:
                book.writestr(name, (changes or {}).get(name, source.read(name)))
        for name, data in extra:
            book.writestr(name, data)
    return out.getvalue()


def sheet(body):
    return rebuilt({"xl/worksheets/sheet1.xml": f"{HEAD}{SHEET}<sheetData>{body}</sheetData></worksheet>"})


def strings(body):
    return f'{HEAD}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</sst>'


def lying_size():
    """A member whose directory entry says 10 bytes and that holds 30 million."""
    data = rebuilt({"docProps/core.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})
    return data.replace((30_000_007).to_bytes(4, "little"), (10).to_bytes(4, "little"))


SHEET_1 = "xl/worksheets/sheet1.xml"
FAR = f'{SHEET}<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
LONG = strings(f"<si><t>{'x' * 900_000}</t></si>")


def good_sheet(encoding):
    return f"<?xml version='1.0' encoding='{encoding}'?>{SHEET}<sheetData/></worksheet>"


def moved(path, target):
    """The sheet elsewhere, with a cell far away: the reader finds it by the link alone."""
    links = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(rebuilt())) as book:
        changed = book.read(links).replace(b"worksheets/sheet1.xml", target.encode())
    return rebuilt({links: changed}, [(path, FAR)], drop=(SHEET_1,))


def many_strings():
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 5000))
    return f"{SHEET}<sheetData>{rows}</sheetData></worksheet>"


def with_link(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as book:
        info = zipfile.ZipInfo("xl/link")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        book.writestr(info, "/etc/passwd")
    return out.getvalue()


def broken_inside(data):
    place = data.find(b"sheet1.xml") + 12
    return data[:place] + b"\xff" * 30 + data[place + 30 :]


HOSTILE = {
    "zip bomb": lambda: rebuilt(extra=[("xl/media/bomb.bin", b"\0" * 60_000_000)]),
    "many members": lambda: rebuilt(extra=[(f"xl/media/{number}.bin", b"x") for number in range(500)]),
    "huge text": lambda: rebuilt({"docProps/app.xml": b"<a>" + b"x" * 30_000_000 + b"</a>"}),
    "lying size": lying_size,
    "far cell": lambda: sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "wide cell": lambda: sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "far row": lambda: sheet('<row r="900000"><c><v>1</v></c></row>'),
    "many rows": lambda: sheet("<row/>" * 20_000),
    "odd reference": lambda: sheet('<row r="1"><c r="A99999999999"><v>1</v></c></row>'),
    "odd row": lambda: sheet('<row r="-5"><c><v>1</v></c></row>'),
    "shared string many times": lambda: rebuilt(
        {
            "xl/sharedStrings.xml": strings(f"<si><t>{'x' * 200_000}</t></si>"),
            "xl/worksheets/sheet1.xml": f"{HEAD}{SHEET}<sheetData>"
            + "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 5000))
            + "</sheetData></worksheet>",
        }
    ),
    "deep nesting": lambda: sheet("<x>" * 20_000 + "</x>" * 20_000),
    "entity bomb": lambda: rebuilt(
        {
            "xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
            + strings("<si><t>&c;</t></si>").removeprefix(HEAD)
        }
    ),
    "outside entity": lambda: rebuilt(
        {
            "xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + f"{SHEET}<sheetData><row><c t='inlineStr'><is><t>&x;</t></is></c></row></sheetData></worksheet>"
        }
    ),
    "slip path": lambda: rebuilt(extra=[("../../evil.xml", b"<a/>")]),
    "absolute path": lambda: rebuilt(extra=[("/etc/cron.d/x", b"x")]),
    "same name twice": lambda: rebuilt(extra=[("xl/workbook.xml", b"<a/>")]),
    "broken xml": lambda: sheet("<row><c></row>"),
    "no workbook": lambda: rebuilt(drop=("xl/workbook.xml",)),
    "cut in half": lambda: rebuilt()[:800],
    "sheet in an encoding nobody reads": lambda: rebuilt({SHEET_1: good_sheet("gb18030")}),
    "sheet in utf-7": lambda: rebuilt({SHEET_1: good_sheet("utf-7")}),
    "far cell where nobody looks": lambda: moved("xl/other/sheet.xml", "other/sheet.xml"),
    "far cell in a picture": lambda: moved("xl/media/a.png", "xl/media/a.png"),
    "far cell in capitals": lambda: moved("xl/worksheets/SHEET1.XML", "worksheets/sheet1.xml"),
    "long string under another name": lambda: rebuilt(
        {SHEET_1: many_strings()}, [("xl/SharedStrings.xml", LONG)], drop=("xl/sharedStrings.xml",)
    ),
    "link": lambda: with_link(rebuilt()),
    "macros": lambda: rebuilt(extra=[("xl/vbaProject.bin", b"x")]),
    "broken inside": lambda: broken_inside(rebuilt()),
    "directory out of place": lambda: rebuilt()[:-6] + b"\x05\0\0\0\0\0",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_it_is_refused_in_two_seconds_and_64_megabytes(name):
    data = HOSTILE[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with pytest.raises(TableError):
        read_table(data, "staff.xlsx")
    assert time.monotonic() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_many_names_for_one_sheet_are_refused():
    name = b'<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
    with zipfile.ZipFile(io.BytesIO(rebuilt())) as book:
        text = book.read("xl/workbook.xml")
    assert name in text
    several = b"".join(name.replace(b"Sheet1", b"S%d" % each) for each in range(20))
    with pytest.raises(TableError, match="损坏"):
        read_sheets(rebuilt({"xl/workbook.xml": text.replace(name, several)}), "a.xlsx")


def test_a_csv_of_more_lines_than_any_sheet_has_is_refused_before_it_is_read():
    with pytest.raises(TableError, match="一次最多"):
        read_table(b"a,b\n" + b"\n" * 1_100_000, "a.csv")


def test_rows_with_a_formula_are_told():
    cells = "<c><f>1+1</f><v>2</v></c><c t='inlineStr'><is><t>x</t></is></c>"
    found = read_sheets(sheet(f"<row r='1'><c><v>1</v></c></row><row r='2'>{cells}</row>"), "a.xlsx")
    assert found[0].rows == [("1", ""), ("2", "x")] and found[0].formulas == {2}


def test_an_encrypted_member_is_refused():
    data = bytearray(rebuilt())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(TableError):
        read_table(bytes(data), "staff.xlsx")


def test_a_good_workbook_that_was_packed_again_is_read():
    assert read_table(rebuilt(), "staff.xlsx") == [("姓名", "工号"), ("张三", "K1")]
