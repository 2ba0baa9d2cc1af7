"""Hostile workbooks and CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.hostile.zips import Hostile, links, members_of, packed

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = ("题型", "题干", "选项A", "选项B", "答案")
_ROW = ("单选题", "哪个对？", "甲", "乙", "A")
_ROWS, _COLUMNS = 1_048_576, 16_384


def letters(column: int) -> str:
    """Return a column (from 1) as a workbook names it."""
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def _cells(number: int, values: Iterable[str], first: int = 1) -> str:
    told = "".join(
        f'<c r="{letters(column)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for column, value in enumerate(values, start=first)
    )
    return f'<row r="{number}">{told}</row>'


def sheet(rows: str, before: str = "", behind: str = "") -> str:
    """Return a sheet's XML with two good rows and what else is wanted."""
    good = _cells(1, _HEAD) + _cells(2, _ROW)
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{good}{rows}</sheetData>{behind}</worksheet>'


def sheets(good: bytes) -> Hostile:
    """Yield workbooks made of a good one: too big, lying about it, or with things that act."""
    parts = members_of(good)
    name = "xl/worksheets/sheet1.xml"

    def with_parts(**more: str | bytes) -> bytes:
        return packed({**parts, **{key.replace("__", "/"): value for key, value in more.items()}})

    def with_sheet(text: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
        return packed({**parts, name: text, **(more or {})})

    last = f"{letters(_COLUMNS)}{_ROWS}"
    yield "xlsx", "dimension says all", with_sheet(sheet("", f'<dimension ref="A1:{last}"/>'))
    yield "xlsx", "one cell in the last row", with_sheet(sheet(_cells(_ROWS, ["x"])))
    yield "xlsx", "one cell in the last column", with_sheet(sheet(_cells(3, ["x"], _COLUMNS)))
    yield "xlsx", "an empty last row", with_sheet(sheet(f'<row r="{_ROWS}" ht="15"/>'))
    yield (
        "xlsx",
        "a last row with a style",
        with_sheet(sheet(f'<row r="{_ROWS}"><c r="A{_ROWS}" s="0"/></row>')),
    )
    yield "xlsx", "all rows, empty", with_sheet(sheet("<row/>" * (_ROWS - 2)))
    yield (
        "xlsx",
        "all rows, numbered",
        with_sheet(sheet("".join(f'<row r="{n}"/>' for n in range(3, _ROWS + 1)))),
    )
    yield "xlsx", "all rows, a cell each", with_sheet(sheet("<row><c><v>1</v></c></row>" * 800_000))
    yield "xlsx", "all columns", with_sheet(sheet(_cells(3, ["x"] * _COLUMNS)))
    yield "xlsx", "rows that count past the end", with_sheet(sheet('<row r="9999999"/>'))
    yield "xlsx", "row 0 and below", with_sheet(sheet('<row r="0"><c r="A0"><v>1</v></c></row><row r="-1"/>'))
    yield "xlsx", "a cell before its row", with_sheet(sheet('<row r="5"><c r="A3"><v>1</v></c></row>'))
    yield "xlsx", "odd cell names", with_sheet(sheet('<row r="3"><c r="ZZZZ3"/><c r="A１"/></row>'))
    yield (
        "xlsx",
        "merged all",
        with_sheet(sheet("", behind=f'<mergeCells><mergeCell ref="A1:{last}"/></mergeCells>')),
    )
    many = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 200_000))
    yield "xlsx", "200,000 merged ranges", with_sheet(sheet("", behind=f"<mergeCells>{many}</mergeCells>"))
    yield (
        "xlsx",
        "an array formula over all",
        with_sheet(sheet(f'<row r="3"><c r="A3"><f t="array" ref="A3:{last}">1</f><v>1</v></c></row>')),
    )
    yield (
        "xlsx",
        "shared formulas",
        with_sheet(sheet(f'<row r="3"><c r="A3"><f t="shared" si="0" ref="A3:{last}">A2+1</f></c></row>')),
    )
    dde = '<row r="3"><c r="A3"><f>cmd|\'/c calc\'!A1</f><v>0</v></c></row>'
    yield "xlsx", "DDE", with_sheet(sheet(dde))
    calls = '<row r="3"><c r="A3" t="str"><f>WEBSERVICE("http://127.0.0.1:9/x")</f><v>x</v></c></row>'
    yield "xlsx", "a formula that calls", with_sheet(sheet(calls))
    yield (
        "xlsx",
        "hyperlinks",
        with_sheet(
            sheet("", behind='<hyperlinks><hyperlink ref="A1" r:id="rX0" xmlns:r="x"/></hyperlinks>'),
            {"xl/worksheets/_rels/sheet1.xml.rels": links({"hyperlink": "http://127.0.0.1:9/x"})},
        ),
    )
    yield (
        "xlsx",
        "shared string out of range",
        with_sheet(
            sheet('<row r="3"><c r="A3" t="s"><v>99999999999999999999</v></c><c t="s"><v>-1</v></c></row>')
        ),
    )
    strange = (
        '<row r="3"><c r="A3" t="zzz" s="9999999"><v>1e999</v></c><c r="B3" t="d"><v>9999-99-99</v></c></row>'
    )
    yield "xlsx", "strange values", with_sheet(sheet(strange))
    numbers = "".join(
        f'<c r="{letters(n)}3"><v>{v}</v></c>' for n, v in enumerate(("1e308", "NaN", "-inf", "9" * 400), 1)
    )
    yield "xlsx", "strange numbers", with_sheet(sheet(f'<row r="3">{numbers}</row>'))
    rel = "xl/_rels/workbook.xml.rels"
    outside = {
        "externalLink": "file:///etc/passwd",
        "worksheet": "http://127.0.0.1:9/x",
        "image": "//127.0.0.1/x",
    }
    yield "xlsx", "only outside sheets", packed({**parts, rel: links(outside)})
    yield (
        "xlsx",
        "external link",
        with_parts(
            xl__externalLinks__externalLink1__xml="<a/>",
            **{
                "xl__externalLinks___rels__externalLink1.xml.rels": links(
                    {"externalLinkPath": "http://127.0.0.1:9/a.xlsx"}
                )
            },
        ),
    )
    query = '<connections><connection id="1" odbc="DSN=x"><webPr url="http://127.0.0.1:9/"/></connection></connections>'
    yield "xlsx", "data connection", packed({**parts, "xl/connections.xml": query})
    yield "xlsx", "macros", packed({**parts, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\x00" * 5000})
    typed = parts["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    yield "xlsx", "macros by type", packed({**parts, "[Content_Types].xml": typed})
    yield "xlsx", "sheet of macros", packed({**parts, "xl/macrosheets/sheet1.xml": "<a><f>EXEC(1)</f></a>"})
    book = parts["xl/workbook.xml"].decode()
    one = book[book.index("<sheet ") : book.index("/>", book.index("<sheet ")) + 2]
    yield (
        "xlsx",
        "5,000 names for one sheet",
        packed(
            {
                **parts,
                "xl/workbook.xml": book.replace(
                    one, "".join(one.replace('="Sheet1"', f'="S{n}"') for n in range(5000))
                ),
            }
        ),
    )
    rich = "<si>" + "<r><t>x</t></r>" * 150_000 + "</si>"
    strings = f'<sst xmlns="{_MAIN}">{rich}</sst>'
    point = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 9_000))
    yield "xlsx", "one long string 9,000 times", with_sheet(sheet(point), {"xl/sharedStrings.xml": strings})
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="0%"/>' for n in range(200_000))
    yield (
        "xlsx",
        "200,000 formats",
        packed(
            {
                **parts,
                "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts></styleSheet>',
            }
        ),
    )
    yield (
        "xlsx",
        "binary workbook",
        packed({**{k: v for k, v in parts.items() if "sheet" not in k}, "xl/workbook.bin": b"\x01" * 500}),
    )
    wide = sheet("".join(_cells(n, [_ROW[0], f"题{n}" * 30, *_ROW[2:]]) for n in range(3, 10_002)))
    yield "xlsx", "10,000 rows (good)", with_sheet(wide)
    yield from _elsewhere(parts)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100_000
    yield "xlsx", "old or encrypted", old


def _elsewhere(parts: Mapping[str, bytes]) -> Hostile:
    """Yield workbooks whose sheet, or long strings, stand where nobody looks for them."""
    rel, far = "xl/_rels/workbook.xml.rels", sheet(_cells(_ROWS, ["x"], _COLUMNS))
    for path, target in {
        "xl/other/sheet.xml": "other/sheet.xml",
        "xl/sheet.bin": "sheet.bin",
        "xl/media/picture.png": "xl/media/picture.png",
        "sheet.xml": "../sheet.xml",
        "xl/worksheets/SHEET1.XML": "worksheets/sheet1.xml",
    }.items():
        moved = {name: data for name, data in parts.items() if name != "xl/worksheets/sheet1.xml"}
        links_to = parts[rel].replace(b"worksheets/sheet1.xml", target.encode())
        yield "xlsx", f"far cell in {path}", packed({**moved, rel: links_to, path: far})
    strings = f'<sst xmlns="{_MAIN}"><si><t>{"x" * 900_000}</t></si></sst>'
    point = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 9_000))
    kept = {name: data for name, data in parts.items() if name.lower() != "xl/sharedstrings.xml"}
    names = {"xl/worksheets/sheet1.xml": sheet(point), "xl/SharedStrings.xml": strings}
    yield "xlsx", "long string under another name", packed({**kept, **names})


def tables() -> Hostile:
    """Yield CSV files."""
    head = ",".join(_HEAD) + "\n"
    good = ",".join(_ROW) + "\n"
    yield "csv", "1,048,576 rows", (head + "a,b,c,d,e\n" * 900_000).encode()
    yield "csv", "16,384 columns", (head + "," * _COLUMNS + "\n").encode()
    yield "csv", "quote without end", (head + '"' + "x" * 9_000_000).encode()
    yield "csv", "quotes", (head + '"' * 9_000_000).encode()
    yield "csv", "one line", (head + "x" * 9_900_000).encode()
    yield "csv", "carriage returns", (head + "\r" * 5_000_000).encode()
    yield "csv", "mixed encodings", head.encode() + good.encode("gb18030") + good.encode("big5", "replace")
    yield "csv", "UTF-7", (head + good).encode("utf-7")
    yield "csv", "UTF-16 without mark", (head + good).encode("utf-16-le")
    yield "csv", "UTF-16", (head + good * 20).encode("utf-16")
    yield "csv", "UTF-32", (head + good).encode("utf-32")
    yield (
        "csv",
        "Big5",
        (head + good)
        .replace("题", "題")
        .replace("项", "項")
        .replace("单", "單")
        .replace("选", "選")
        .replace("对", "對")
        .encode("big5", "replace"),
    )
    yield "csv", "NUL", (head + good.replace("甲", "\0")).encode()
    yield "csv", "numbers", (head + "单选题,题,1,2," + "9" * 5000 + "\n").encode()
    yield (
        "csv",
        "10,000 rows (good)",
        (head + "".join(f"单选题,题{n},甲,乙,A\n" for n in range(10_000))).encode(),
    )
