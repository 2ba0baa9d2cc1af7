"""The text of a Word file (.docx) as it reads on paper: lists numbered, tables by tabs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.contract import UnreadableError
from cstrain.questions.exchange.docx.numbering import Numbering, W, numbering
from cstrain.questions.exchange.package import Package, opened
from cstrain.questions.exchange.xml_source import MOST_ELEMENTS, TOO_MUCH, items_of, local, parse_xml
from cstrain.wording.said import say

DOCUMENT = "word/document.xml"
MEDIA = {
    "\U00100001": say("图片"),
    "\U00100002": say("公式"),
    "\U00100003": say("嵌入的对象"),
    "\U00100004": say("符号"),
}
"""What stands in the text where Word has something else; a caller puts words for it."""
_PICTURE, _FORMULA, _OBJECT, _SYMBOL = MEDIA
_LEFT_OUT = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "rt", "tblPr", "tcPr", "trPr", "sectPr"}
_SYMBOLS = {"F0FC": "√", "F0FB": "×", "F052": "√", "F0FE": "√", "F0FD": "×", "F054": "×"}
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OLD = b"\xd0\xcf\x11\xe0"
_MOST_LINES = 60_000
_BLOCKS = 2
"""So deep lie paragraphs and tables: document, body. They are read one by one: Word writes a long paper of
plain lines with many times the elements that our own file has."""


def text_of(raw: bytes) -> str:
    """Return the text of a file, a line a paragraph; raises ``UnreadableError``.

    A file with macros is refused: nothing of ours needs one.
    """
    if raw.startswith(_OLD):
        raise UnreadableError(say("文件没有读取：这是旧版Word文件（.doc）。请在Word里另存为“.docx”后再试。"))
    with opened(raw) as package:
        names = set(package.names())
        if any(name.lower().rpartition("/")[2].startswith("vba") for name in names):
            raise UnreadableError(say("文件没有读取：里面有宏。请在Word里另存为不带宏的“.docx”后再试。"))
        if DOCUMENT not in names:
            raise UnreadableError(
                say("文件没有读取：它不是Word文件（.docx）。请检查文件，或在Word里重新保存。")
            )
        _root, blocks = items_of(package.read(DOCUMENT), _BLOCKS, MOST_ELEMENTS)
        lists = numbering(
            *(_optional(package, names, f"word/{each}.xml") for each in ("numbering", "styles"))
        )
    reader = _Reader(lists)
    return "\n".join(
        _bounded(line for block in blocks for one in _chosen([block]) for line in reader.block(one))
    )


def _bounded(lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines; raises ``UnreadableError`` for more than can be looked through in a moment."""
    yield from islice(lines, _MOST_LINES)
    if next(lines, None) is not None:
        raise UnreadableError(TOO_MUCH)


def _optional(package: Package, names: set[str], name: str) -> Element | None:
    return parse_xml(package.read(name)) if name in names else None


class _Reader:
    """Reads paragraphs in order; text boxes follow the paragraph they hang on."""

    def __init__(self, lists: Numbering) -> None:
        self.lists = lists
        self.boxes: list[Element] = []

    def block(self, element: Element) -> Iterator[str]:
        """Yield the lines of a paragraph, a table, or what holds them."""
        kind = local(element)
        if kind == "p":
            yield from self.paragraph(element)
        elif kind == "tbl":
            yield from self.table(element)
        elif kind not in _LEFT_OUT:
            for child in _chosen(element):
                yield from self.block(child)

    def paragraph(self, element: Element) -> Iterator[str]:
        """Yield a paragraph with its number, then its text boxes."""
        shown = self.lists.shown(element)
        text = "".join(self.inline(element))
        yield f"{shown} {text}" if shown else text
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            for child in box:
                yield from self.block(child)

    def table(self, element: Element) -> Iterator[str]:
        """Yield the rows: cells apart by tabs; a row of one cell as its paragraphs."""
        for row in _nearest(element, "tr"):
            cells = [[line for child in cell for line in self.block(child)] for cell in _nearest(row, "tc")]
            if len(cells) == 1:
                yield from cells[0]
            else:
                yield "\t".join("\n".join(line for line in cell if line) for cell in cells)

    def inline(self, element: Element) -> Iterator[str]:
        """Yield the pieces of text inside a paragraph or a run."""
        underlined = _underlined(element)
        for child in _chosen(element):
            kind = local(child)
            if kind in _LEFT_OUT:
                continue
            said = _said(child, kind)
            if said is None and kind in {"drawing", "pict", "object"}:
                said = self._drawn(child, kind)
            if said is None:
                yield from self.inline(child)
            else:
                yield "____" if underlined and said and not said.strip(" \t\xa0\u3000") else said

    def _drawn(self, element: Element, kind: str) -> str:
        boxes = list(_nearest(element, "txbxContent"))
        self.boxes += boxes
        return "" if boxes else _OBJECT if kind == "object" else _PICTURE


def _nearest(element: Element, name: str) -> Iterator[Element]:
    """Yield the descendants of this name that lie in no other of it."""
    for child in _chosen(element):
        if local(child) == name:
            yield child
        elif local(child) not in _LEFT_OUT:
            yield from _nearest(child, name)


def _chosen(element: Iterable[Element]) -> Iterator[Element]:
    """Yield the children; of the versions of one thing for different programs only the first."""
    for child in element:
        if local(child) == "AlternateContent":
            yield from child[:1]
        else:
            yield child


def _said(element: Element, kind: str) -> str | None:
    """Return the text that a leaf stands for; ``None`` where its children must be read."""
    if kind == "t" and element.tag.startswith(W):
        return element.text or ""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "sym":
        return _SYMBOLS.get(element.get(f"{W}char", "").upper(), _SYMBOL)
    return _FORMULA if kind in {"oMath", "oMathPara"} else None


def _underlined(element: Element) -> bool:
    line = element.find(f"{W}rPr/{W}u") if local(element) == "r" else None
    return line is not None and line.get(f"{W}val", "single") != "none"
