"""Tables in and out: XLSX and CSV, with limits on the way in and no formulas on the way out.

Reading hands out text only: dates as ``2026-01-31``, whole numbers without a decimal point, shares that a
workbook shows in per cent as ``96.2%``, errors of formulas as ``#DIV/0!``. Writing a CSV
puts an apostrophe before what a spreadsheet would take for a formula; reading takes it away again, so ``-5``,
``+86 …`` and ``@张三`` come back as they were (ASVS 1.2.10).
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import xlsxwriter
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from cstrain.documents.errors import TableError
from cstrain.documents.xlsx_guard import XlsxLimits, check_workbook
from cstrain.documents.xlsx_marks import Marks, Seen, first_sheet_marks, seen_in_sheets

Cell = str | int | float | Decimal | bool | date | datetime | None

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_STARTERS = frozenset("=+-@＝＋－＠\t\r\n\x00")
_DELIMITERS = ",;\t"
_WIDEST = 48
_LINE_HEIGHT = 15
_MOST_LINES_SHOWN = 20
_MOST_SHEETS = 30
_MOST_LINES = 1_000_000
"""Of a CSV, line ends inside cells and empty lines included; a table with more is not looked at."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a table file may hold: bytes of the file, rows with the head, columns, characters in a cell;
    and what a workbook may hold before it is opened."""

    bytes: int = 5_000_000
    rows: int = 5_001
    columns: int = 60
    characters: int = 2_000
    workbook: XlsxLimits = field(default_factory=XlsxLimits)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook by its name, with its rows as text; a CSV is one without a name.

    ``formulas``: the rows (from 1) in which a formula stands; its last result is read as text.
    """

    name: str
    rows: list[tuple[str, ...]]
    formulas: frozenset[int] = frozenset()


def read_table(data: bytes, filename: str, limits: Limits = Limits()) -> list[tuple[str, ...]]:
    """Return the rows of the first sheet as text; index 0 is row 1 of the sheet. Rows have one length.

    Accepts XLSX and CSV (UTF-8 with or without BOM, GB18030, UTF-16 with BOM; comma, semicolon or tab).
    Raises ``TableError`` for anything else, and for a file beyond the limits, before it is unpacked.
    """
    if _is_workbook(data, filename, limits):
        return _trim(_read_xlsx(data, _told(limits)), limits)
    return _trim(_read_csv(data, limits), limits)


def read_sheets(data: bytes, filename: str, limits: Limits = Limits()) -> list[Sheet]:
    """Return all sheets that hold anything, as ``read_table`` reads the first.

    The limits of rows and of the workbook's text are for all sheets together. Raises ``TableError``.
    """
    if not _is_workbook(data, filename, limits):
        return [Sheet("", _trim(_read_csv(data, limits), limits))]
    sheets: list[Sheet] = []
    characters = 0
    for name, rows, formulas in _read_all(data, _told(limits)):
        characters += sum(len(cell) for row in rows for cell in row)
        if characters > limits.workbook.characters:
            raise TableError("文件没有读取：文字太多。请分成几个文件。")
        if any(any(row) for row in rows):
            sheets.append(Sheet(name, _trim(rows, limits), formulas))
            _check_size(sum(len(sheet.rows) for sheet in sheets), 0, limits)
    if not sheets:
        raise TableError("文件没有读取：里面没有内容。请检查是不是选错了文件。")
    return sheets


def _told(limits: Limits) -> XlsxLimits:
    return replace(limits.workbook, told=(limits.rows - 1, limits.columns))


def _is_workbook(data: bytes, filename: str, limits: Limits) -> bool:
    """Tell a workbook from a CSV; raises ``TableError`` for neither, and for too big a file."""
    if len(data) > limits.bytes:
        raise TableError("文件没有读取：它超过%(most)sMB。请分成几个文件。", most=limits.bytes // 1_000_000)
    if data.startswith(_OLD_EXCEL):
        raise TableError("文件没有读取：这是旧版xls或加了密码的文件。请另存为不加密的xlsx后再试。")
    if not data.startswith(_ZIP) and not filename.lower().endswith((".csv", ".txt", ".tsv")):
        raise TableError("文件没有读取：只能上传xlsx或csv文件。")
    return data.startswith(_ZIP)


def _trim(rows: list[list[str]], limits: Limits) -> list[tuple[str, ...]]:
    """Drop empty rows at the end and empty columns at the right, and check what is left."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    if not rows:
        raise TableError("文件没有读取：里面没有内容。请检查是不是选错了文件。")
    _check_size(len(rows), width, limits)
    for number, row in enumerate(rows, start=1):
        if any(len(cell) > limits.characters for cell in row):
            raise TableError(
                "文件没有读取：第%(row)s行有一格超过%(most)s个字。请改短后再试。",
                row=number,
                most=limits.characters,
            )
    return [tuple(row[:width]) + ("",) * (width - len(row)) for row in rows]


def _check_size(rows: int, width: int, limits: Limits) -> None:
    """Raise ``TableError`` for too many rows or columns, with how many there are; the head is not counted."""
    if rows > limits.rows:
        raise TableError(
            "文件没有读取：表头以外有%(found)s行，一次最多%(rows)s行。请分成几个文件，每个都带表头，分次上传。",
            found=rows - 1,
            rows=limits.rows - 1,
        )
    if width > limits.columns:
        raise TableError(
            "文件没有读取：表格有%(found)s列，最多%(columns)s列。请删去多余的列。",
            found=width,
            columns=limits.columns,
        )


def _read_xlsx(data: bytes, limits: XlsxLimits) -> list[list[str]]:
    check_workbook(data, limits)
    try:
        rows = _texts(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0))
    except (CalamineError, IndexError):
        raise _broken() from None
    return _marked(rows, first_sheet_marks(data, limits))


def _read_all(data: bytes, limits: XlsxLimits) -> Iterator[tuple[str, list[list[str]], frozenset[int]]]:
    check_workbook(data, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(book.sheet_names) > _MOST_SHEETS:
            raise TableError("文件没有读取：工作表超过%(most)s个。请分成几个文件。", most=_MOST_SHEETS)
        seen = seen_in_sheets(data, limits)
        for name in book.sheet_names:
            here = seen.get(name, Seen())
            yield name, _marked(_texts(book.get_sheet_by_name(name)), here.marks), here.formulas
    except (CalamineError, IndexError):
        raise _broken() from None


def _broken() -> TableError:
    return TableError("文件没有读取：工作簿内容损坏。请用Excel打开后另存为xlsx再试。")


def _texts(sheet: CalamineSheet) -> list[list[str]]:
    return [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _marked(rows: list[list[str]], marks: Marks) -> list[list[str]]:
    """Put what cells show in the place of their bare values."""
    for (row, column), shown in marks.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = shown
    return rows


def cell_text(value: object) -> str:
    """Return a cell's value as the text that a person would type."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        whole = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        if whole.time() == time():
            return whole.date().isoformat()
        return whole.isoformat(" ", "seconds" if whole.second else "minutes")
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _read_csv(data: bytes, limits: Limits) -> list[list[str]]:
    text = _decode(data)
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        _check_size(max(text.count("\n"), text.count("\r")), 0, limits)
    rows: list[list[str]] = []
    number = filled = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            _check_size(0, len(row) if len(row) > limits.columns * 4 else 0, limits)
            if any(cell.strip() for cell in row):
                filled = number
            if number <= limits.rows * 2:
                rows.append([unguard(cell).strip() for cell in row])
    except csv.Error:
        raise TableError(
            "文件没有读取：第%(row)s行附近的引号没有成对，或有一格太长。请检查后再试。", row=number + 1
        ) from None
    _check_size(filled if filled > limits.rows * 2 else 0, 0, limits)
    return rows


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError("文件没有读取：文字编码无法识别。请另存为UTF-8编码的csv，或直接用xlsx。")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula (spaces and invisible signs before it
    ignored)."""
    if text[:1] in _STARTERS:
        return bool(text)
    for char in text:
        if unicodedata.category(char)[0] not in "ZC":
            return char in _STARTERS
    return False


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; ``unguard`` takes it back."""
    return f"'{text}" if text.startswith("'") or is_risky(text) else text


def unguard(text: str) -> str:
    """Take back what ``guard`` added; other texts stay as they are."""
    rest = text[1:]
    return rest if text.startswith("'") and rest and (rest.startswith("'") or is_risky(rest)) else text


def _clean(text: str) -> str:
    """Drop control characters that neither format can carry."""
    return "".join(char for char in text if char in "\t\n\r" or unicodedata.category(char) != "Cc")


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV in UTF-8 with BOM (so that Excel reads Chinese), every cell quoted, formulas disarmed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_text(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _csv_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return guard(_clean(cell))
    return cell_text(cell)


def write_xlsx(rows: Iterable[Sequence[Cell]], sheet: str = "Sheet1", head: bool = True) -> bytes:
    """Return a workbook with one sheet; text stays text (never formula, link or number), dates are dates.

    With ``head`` the first row is bold, stays in view, carries filters and is printed on every page. Texts
    of several lines, or wider than the widest column, are wrapped.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "default_format_properties": {"valign": "top"},
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (no clock: equal data, equal file)
    page = book.add_worksheet(sheet)
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "long": book.add_format({"text_wrap": True}),
    }
    widths: list[int] = []
    count = 0
    for number, row in enumerate(rows):
        count = number + 1
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, styles, head=head and number == 0)
            _widen(widths, column, cell)
        if (lines := max(map(_lines, row), default=1)) > 1:
            page.set_row(number, _LINE_HEIGHT * min(lines, _MOST_LINES_SHOWN))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 2, _WIDEST))
    if head and count:
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.autofilter(0, 0, count - 1, max(len(widths) - 1, 0))
    book.close()
    return buffer.getvalue()


def _widen(widths: list[int], column: int, cell: Cell) -> None:
    widths.extend([8] * (column + 1 - len(widths)))
    widths[column] = max(widths[column], *map(_width, cell_text(cell).split("\n")))


def _width(line: str, most: int | None = _WIDEST) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line[:most])


def _lines(cell: Cell) -> int:
    """Return how many lines a text takes where it is wrapped; programs do not all reckon it themselves."""
    if not isinstance(cell, str):
        return 1
    most = _WIDEST * _MOST_LINES_SHOWN
    return sum(1 + _width(line, most) // _WIDEST for line in cell[:most].split("\n"))


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    styles: dict[str, xlsxwriter.format.Format],
    *,
    head: bool,
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        style = "head" if head else "long" if "\n" in cell or _width(cell) >= _WIDEST else ""
        page.write_string(row, column, _clean(cell), styles.get(style))
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None), styles["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell)
    else:
        page.write_number(row, column, cell)
