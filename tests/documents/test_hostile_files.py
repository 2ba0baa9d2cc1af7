"""Workbooks made to hurt: each is refused quickly and without growing."""

from __future__ import annotations

import io
import resource
import time
import zipfile

import pytest

from cstrain.documents.errors import TableError
from cstrain.documents.tables import read_table, write_xlsx

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


def test_an_encrypted_member_is_refused():
    data = bytearray(rebuilt())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(TableError):
        read_table(bytes(data), "staff.xlsx")


def test_a_good_workbook_that_was_packed_again_is_read():
    assert read_table(rebuilt(), "staff.xlsx") == [("姓名", "工号"), ("张三", "K1")]
