"""Looks at a workbook before it is opened: archive, sizes, XML depth, document types, used area, text volume.

A reader that opens first is too late: a small file can unfold into gigabytes, a single far cell into a
billion empty ones, one long shared string into many copies. Everything here is read in bounded steps with
expat.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat  # no entity is ever declared: a document type ends the reading

from cstrain.documents.errors import TableError
from cstrain.documents.zip_guard import BROKEN, is_packed_oddly, points_outside, unfolds_too_far

_CHUNK = 65_536
_DEEPEST = 64
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MACROS = re.compile(r"(?:^|/)vba[^/]*\.bin$|^xl/macrosheets/")
_BEFORE_XML = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
_STRINGS = "xl/sharedstrings.xml"
"""Names of parts are compared in small letters: readers take any case."""


@dataclass(frozen=True, slots=True)
class XlsxLimits:
    """What a workbook may hold: bytes unpacked, files inside, packing ratio, used area, characters of
    text. ``told``: rows and columns that a refusal names, where the table inside may hold fewer."""

    unpacked: int = 24_000_000
    members: int = 200
    ratio: int = 150
    rows: int = 10_000
    columns: int = 100
    cells: int = 300_000
    characters: int = 8_000_000
    told: tuple[int, int] | None = None


def check_workbook(data: bytes, limits: XlsxLimits) -> None:
    """Raise ``TableError`` unless the bytes are a workbook that can be opened safely.

    Every part that is XML is read as if it were a sheet: which of them are, only the reader that comes later
    decides.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive, limits)
            lengths: list[int] = []
            for info in sorted(archive.infolist(), key=lambda each: each.filename.lower() != _STRINGS):
                with archive.open(info) as stream:
                    _check_member(info.filename.lower(), stream, limits, lengths)
    except BROKEN:
        raise TableError(
            "文件没有读取：它不是完整的Excel工作簿，或加了密码。请另存为不加密的xlsx后再试。"
        ) from None


def _check_members(archive: zipfile.ZipFile, limits: XlsxLimits) -> None:
    infos = archive.infolist()
    names = {info.filename.lower() for info in infos}
    if len(infos) > limits.members or len(names) != len(infos):
        raise TableError("文件没有读取：压缩包里的文件太多或重名，不像正常的工作簿。请另存为新的xlsx后再试。")
    if "xl/workbook.xml" not in names:
        raise TableError("文件没有读取：它不是Excel工作簿（xlsx）。请选择xlsx或csv文件。")
    if any(_MACROS.search(name) for name in names):
        raise TableError("文件没有读取：里面有宏。请在Excel里另存为不带宏的xlsx后再试。")
    for info in infos:
        if points_outside(info):
            raise TableError("文件没有读取：压缩包里有不安全的路径或链接。请另存为新的xlsx后再试。")
        if is_packed_oddly(info) or unfolds_too_far(info, limits.ratio):
            raise TableError("文件没有读取：它的压缩率异常，展开后会过大。请另存为新的xlsx后再试。")
    if sum(info.file_size for info in infos) > limits.unpacked:
        raise TableError("文件没有读取：它展开后太大。请删去图片和多余的工作表，或分成几个文件。")


def _check_member(name: str, stream: IO[bytes], limits: XlsxLimits, lengths: list[int]) -> None:
    """Read a member to its real end (sizes in the archive's directory may lie) and look at it if it is
    XML, by its name or its beginning."""
    start = stream.read(_CHUNK)
    if name.endswith((".xml", ".rels", ".vml")) or start.lstrip(_BEFORE_XML).startswith(b"<"):
        reader = _Strings(limits, lengths) if name == _STRINGS else _Sheet(limits, lengths)
        reader.read(stream, start)
        return
    total = len(start)
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > limits.unpacked:
            raise TableError("文件没有读取：它展开后太大。请删去图片和多余的工作表，或分成几个文件。")


@dataclass
class BoundedXml:
    """Reads XML in chunks; refuses document types, deep nesting and too much of it."""

    limits: XlsxLimits
    depth: int = field(default=0, init=False)

    def read(self, stream: IO[bytes], start: bytes = b"") -> None:
        """Read a part to its end, of which ``start`` was read before; raises ``TableError``."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        total, chunk = 0, start or stream.read(_CHUNK)
        try:
            while chunk:
                total += len(chunk)
                if total > self.limits.unpacked:
                    raise TableError("文件没有读取：它展开后太大。请分成几个文件。")
                parser.Parse(chunk, False)
                chunk = stream.read(_CHUNK)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError):  # the last two: encodings that expat cannot read
            raise TableError("文件没有读取：工作簿内容损坏。请用Excel打开后另存为xlsx再试。") from None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Count how deep it goes, and look."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TableError("文件没有读取：内容嵌套过深，不像正常的工作簿。")
        self.element(name.rpartition(" ")[2], attributes)

    def end(self, name: str) -> None:
        """Come out again, and look."""
        self.depth -= 1
        self.closed(name.rpartition(" ")[2])

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Look at an opening element."""

    def closed(self, name: str) -> None:
        """Look at a closing element."""

    def text(self, data: str) -> None:
        """Look at text."""


def _refuse_doctype(*_what: object) -> None:
    raise TableError("文件没有读取：工作簿里含有文档类型声明，不安全。请另存为新的xlsx后再试。")


@dataclass
class _Strings(BoundedXml):
    """Collects how long each shared string is."""

    lengths: list[int]
    here: int = field(default=0, init=False)

    def text(self, data: str) -> None:
        self.here += len(data)

    def closed(self, name: str) -> None:
        if name == "si":
            self.lengths.append(self.here)
            self.here = 0


@dataclass
class _Sheet(BoundedXml):
    """Follows the used area of a sheet and the text its cells will hold."""

    lengths: list[int]
    row: int = field(default=0, init=False)
    column: int = field(default=0, init=False)
    furthest: tuple[int, int] = field(default=(0, 0), init=False)
    characters: int = field(default=0, init=False)
    shared: bool = field(default=False, init=False)
    value: str = field(default="", init=False)
    inside: bool = field(default=False, init=False)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = _number(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
            self._reach(self.row, 0)
        elif name == "c":
            self._cell(attributes)
        elif name == "v":
            self.value, self.inside = "", True

    def _cell(self, attributes: dict[str, str]) -> None:
        row, self.column = self.row, self.column + 1
        if "r" in attributes:
            match = _CELL.fullmatch(attributes["r"])
            if match is None:
                raise TableError("文件没有读取：单元格位置写法异常。请另存为新的xlsx后再试。")
            self.column, row = _column(match[1]), int(match[2])
        self.shared = attributes.get("t") == "s"
        self._reach(row, self.column)

    def _reach(self, row: int, column: int) -> None:
        rows, columns = max(self.furthest[0], row), max(self.furthest[1], column)
        self.furthest = (rows, columns)
        limits = self.limits
        if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
            raise TableError(
                "文件没有读取：表格太大，表头以外最多%(rows)s行、%(columns)s列。"
                "请删去多余的行列，或分成几个文件，每个都带表头，分次上传。",
                rows=limits.told[0] if limits.told else limits.rows - 1,
                columns=limits.told[1] if limits.told else limits.columns,
            )

    def text(self, data: str) -> None:
        self._count(len(data))
        if self.inside:
            self.value += data

    def closed(self, name: str) -> None:
        if name != "v":
            return
        self.inside = False
        if self.shared and self.value.isdecimal() and int(self.value[:9]) < len(self.lengths):
            self._count(self.lengths[int(self.value[:9])])

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > self.limits.characters:
            raise TableError("文件没有读取：文字太多。请分成几个文件。")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 7:
        raise TableError("文件没有读取：行号写法异常。请另存为新的xlsx后再试。")
    return int(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
