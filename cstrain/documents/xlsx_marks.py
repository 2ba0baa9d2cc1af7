"""What a workbook shows and its bare values do not say: per cent formats, formulas without a result.

A cell that shows 96.2% holds 0.962; one that shows #DIV/0! reads as empty, and so does a formula that was
never worked out. Whoever reads values alone takes the first for a tiny number and the others for nothing.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from cstrain.documents.errors import TableError
from cstrain.documents.xlsx_guard import BoundedXml, XlsxLimits

_BOOK, _LINKS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_BUILT_IN = frozenset({9, 10})
"""Number formats that every spreadsheet knows by their number: 0% and 0.00%."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
UNKNOWN = "#公式没有结果"
"""What stands in a cell whose formula was never worked out."""

Marks = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the values of a sheet do not say: ``marks``, and the rows (from 1) in which a formula stands."""

    marks: Marks = field(default_factory=dict)
    formulas: frozenset[int] = frozenset()


def first_sheet_marks(data: bytes, limits: XlsxLimits) -> Marks:
    """Return what cells of the first sheet show instead of their value, by row and column from 0.

    The workbook must have passed ``check_workbook``. A file without the usual parts has no marks.
    """
    return next(iter(_seen(data, limits, most=1).values()), Seen()).marks


def seen_in_sheets(data: bytes, limits: XlsxLimits) -> dict[str, Seen]:
    """Return what is seen in all sheets, by the name of the sheet."""
    return _seen(data, limits, most=None)


def _seen(data: bytes, limits: XlsxLimits, most: int | None) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        styles = _Styles(limits)
        if _STYLES in names:
            _read(archive, _STYLES, styles)
        for name, path in _sheets(archive, names, limits)[:most]:
            if path in names:
                sheet = _Cells(limits, styles.per_cent())
                _read(archive, path, sheet)
                seen[name] = Seen(sheet.marks, frozenset(sheet.formulas))
    return seen


def _read(archive: zipfile.ZipFile, name: str, reader: BoundedXml) -> None:
    with archive.open(name) as stream:
        reader.read(stream)


def _sheets(archive: zipfile.ZipFile, names: set[str], limits: XlsxLimits) -> list[tuple[str, str]]:
    """Return the names of the sheets in their order, each with the part that holds it ("" for none)."""
    if not {_BOOK, _LINKS} <= names:
        return []
    book, links = _Book(limits), _Links(limits)
    _read(archive, _BOOK, book)
    _read(archive, _LINKS, links)
    sheets = [(name, _part(links.targets.get(link))) for name, link in book.sheets]
    if len({path for _name, path in sheets}) != len(sheets):
        raise TableError("文件没有读取：工作簿内容损坏。请用Excel打开后另存为xlsx再试。")
    return sheets


def _part(target: str | None) -> str:
    if target is None:
        return ""
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target))


@dataclass
class _Book(BoundedXml):
    """The names and links of the sheets."""

    sheets: list[tuple[str, str]] = field(default_factory=list, init=False)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), link))


@dataclass
class _Links(BoundedXml):
    """Parts of the workbook by their links."""

    targets: dict[str, str] = field(default_factory=dict, init=False)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


@dataclass
class _Styles(BoundedXml):
    """The number formats of the workbook, and which of them each style of a cell uses."""

    codes: dict[str, str] = field(default_factory=dict, init=False)
    used: list[str] = field(default_factory=list, init=False)
    inside: bool = field(default=False, init=False)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.used.append(attributes.get("numFmtId", ""))

    def closed(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def per_cent(self) -> frozenset[str]:
        """Return the styles of cells whose numbers are shown in per cent."""
        return frozenset(str(index) for index, number in enumerate(self.used) if self._is_per_cent(number))

    def _is_per_cent(self, number: str) -> bool:
        if number in self.codes:
            return "%" in _QUOTED.sub("", self.codes[number])
        return number.isdecimal() and int(number) in _BUILT_IN


@dataclass
class _Cells(BoundedXml):
    """What the cells of a sheet show beside their values."""

    per_cent: frozenset[str]
    marks: Marks = field(default_factory=dict, init=False)
    formulas: set[int] = field(default_factory=set, init=False)
    row: int = field(default=0, init=False)
    column: int = field(default=0, init=False)
    cell: Mapping[str, str] = field(default_factory=dict, init=False)
    formula: bool = field(default=False, init=False)
    inside: bool = field(default=False, init=False)
    value: str = field(default="", init=False)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "c":
            self._begin(attributes)
        elif name in {"v", "t"}:
            self.inside = True
        elif name == "f":
            self.formula = True
            self.formulas.add(self.row)

    def _begin(self, attributes: dict[str, str]) -> None:
        self.column += 1
        match = _PLACE.fullmatch(attributes.get("r", ""))
        if match is not None:
            self.column, self.row = _number(match[1]), int(match[2])
        self.cell, self.formula, self.value = attributes, False, ""

    def text(self, data: str) -> None:
        if self.inside:
            self.value += data

    def closed(self, name: str) -> None:
        if name in {"v", "t"}:
            self.inside = False
        elif name == "c":
            shown = self._shown()
            if shown is not None:
                self.marks[self.row - 1, self.column - 1] = shown

    def _shown(self) -> str | None:
        kind = self.cell.get("t", "n")
        if kind == "e":
            return self.value or UNKNOWN
        if self.formula and not self.value and kind != "str":
            return UNKNOWN
        if kind == "n" and self.value and self.cell.get("s", "") in self.per_cent:
            return _per_cent(self.value)
        return None


def _per_cent(text: str) -> str | None:
    """Return a share as it is shown, without the noise of binary fractions: ``0.962`` -> ``96.2%``."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > 10**9:
        return None
    return f"{round(number * 100, 10).normalize():f}%"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
