"""XML from outside, read so that nothing is fetched, declared or unfolded. Pure.

A first pass with expat, in small steps, refuses document types, deep nesting, and more elements, attributes,
names or longer tags than question files have, before a tree is built: a tree costs many times the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat  # no entity is ever declared: a document type ends the reading

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from cstrain.questions.exchange.contract import MOST_BYTES, UnreadableError
from cstrain.wording.said import say

_DEEPEST = 100
MOST_ELEMENTS = 150_000
"""Of what is built into one tree."""
_MOST_ATTRIBUTES = 300_000
_MOST_IN_ITEMS = 450_000
_MOST_IN_ITEM = 5_000
_MOST_NAMES = 1_000
_LONGEST_NAMESPACE = 300
_LONGEST_TAG = 200_000
_STEP = 65_536
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "cp936", "x-gbk", "csgb2312"}
_NATIVE = {"iso-8859-1", "us-ascii", "ascii", "latin1", "latin-1", "windows-1252"}
_OTHER_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"\x00\x00\x00<", b"<\x00\x00\x00")
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\x00": "utf-16-le"} | {
    b"\x00<": "utf-16-be"
}
_WRONG_ENCODING = say("文件没有读取：文字编码不对，读不出来。请另存为UTF-8后再试。")
_FAULTS = (expat.ExpatError, ParseError, DefusedXmlException, ValueError, LookupError)
_BROKEN = say("文件没有读取：XML不完整或写错了。请重新导出后再试。")
TOO_MUCH = say("文件没有读取：内容太多。请分成几个文件。")
_UNUSUAL = say("文件没有读取：内容不像正常的试题文件（标签过长或种类太多）。请重新导出后再试。")


@dataclass(slots=True)
class _Bounds:
    """Counts depth, elements (also those of one item), attributes and names; items lie ``level`` deep."""

    most: int = MOST_ELEMENTS
    most_in_item: int = MOST_ELEMENTS
    level: int = 1
    depth: int = 0
    elements: int = 0
    in_item: int = 0
    root: str = ""
    attributes: int = 0
    names: set[str] = field(default_factory=set)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        self.in_item = self.in_item + 1 if self.depth > self.level + 1 else 1
        if self.depth > _DEEPEST:
            raise UnreadableError(say("文件没有读取：内容嵌套过深，不像正常的试题文件。"))
        self.root = self.root or name
        self.names.add(name)
        if attributes:
            self._attributes(attributes)
        if self.elements > self.most or self.in_item > self.most_in_item:
            raise UnreadableError(TOO_MUCH)
        if len(self.names) > _MOST_NAMES:
            raise UnreadableError(_UNUSUAL)

    def _attributes(self, attributes: dict[str, str]) -> None:
        self.attributes += len(attributes)
        self.names.update(attributes)
        if self.attributes > max(_MOST_ATTRIBUTES, self.most):
            raise UnreadableError(TOO_MUCH)
        for name, value in attributes.items():
            if name.startswith("xmlns") and len(value) > _LONGEST_NAMESPACE:
                raise UnreadableError(_UNUSUAL)

    def end(self, _name: str) -> None:
        self.depth -= 1


def _no_doctype(*_said: object) -> None:
    raise UnreadableError(say("文件没有读取：里面有DOCTYPE声明，可能带有外部引用。请去掉后再试。"))


def parse_xml(raw: bytes) -> Element:
    """Return the root element of a document of at most 10 MB; raises ``UnreadableError``.

    UTF-8, UTF-16 and, where the document says so, GB18030, GBK, GB2312, Latin-1 or Windows-1252.
    """
    _check_size(raw)
    data = _in_utf8(raw)
    try:
        _check(data, _Bounds())
        parser = DefusedXMLParser(target=TreeBuilder(), encoding="utf-8", forbid_dtd=True)
        parser.feed(data)
        root: Element = parser.close()
    except _FAULTS:
        raise UnreadableError(_BROKEN) from None
    return root


class _Items(TreeBuilder):
    """Builds the elements of one level one by one, and keeps none that was handed out."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self.level = level
        self.depth = 0
        self.holder: Element | None = None
        self.done: list[Element] = []

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element."""
        element = super().start(tag, attrs)
        self.depth += 1
        if self.depth == self.level:
            self.holder = element
        return element

    def end(self, tag: str, /) -> Element:
        """Close an element; one of the level is done."""
        element = super().end(tag)
        self.depth -= 1
        if self.depth == self.level and self.holder is not None:
            self.done.append(element)
            self.holder.clear()
        return element


def items_of(raw: bytes, level: int = 1, most_in_item: int = _MOST_IN_ITEM) -> tuple[str, Iterator[Element]]:
    """Return the root's local name, and its children one by one: memory is that of one child.

    ``level``: 2 for the children of its children, and so on. For long lists. Accepts and refuses as
    ``parse_xml``, but for more elements in all and at most ``most_in_item`` in one child. What is wrong
    anywhere is raised at once, before the first child.
    """
    _check_size(raw)
    data, bounds = _in_utf8(raw), _Bounds(_MOST_IN_ITEMS, most_in_item, level)
    try:
        _check(data, bounds)
    except _FAULTS:
        raise UnreadableError(_BROKEN) from None
    return bounds.root.rpartition(":")[2], _children(data, level)


def _children(data: bytes, level: int) -> Iterator[Element]:
    target = _Items(level)
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    for at in range(0, len(data), _STEP):
        try:
            parser.feed(data[at : at + _STEP])
        except _FAULTS:
            raise UnreadableError(_BROKEN) from None
        done, target.done = target.done, []
        yield from done


def _check_size(raw: bytes) -> None:
    if len(raw) > MOST_BYTES:
        raise UnreadableError(
            say("文件没有读取：它超过%(mb)sMB。请分成几个文件。", mb=MOST_BYTES // 1_000_000)
        )


def _check(data: bytes, bounds: _Bounds) -> None:
    """Raise ``UnreadableError`` for what is out of bounds, ``ExpatError`` for what is no XML.

    Read in steps: expat keeps a tag until it ends, so one that does not end soon is refused.
    """
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = bounds.start, bounds.end
    parser.StartDoctypeDeclHandler = _no_doctype
    for at in range(0, len(data), _STEP):
        parser.Parse(data[at : at + _STEP], False)
        if at + _STEP - parser.CurrentByteIndex > _LONGEST_TAG + _STEP:
            raise UnreadableError(_UNUSUAL)
    parser.Parse(b"", True)


def _in_utf8(raw: bytes) -> bytes:
    """Return a document in UTF-8; its own declaration says something else then, and does not count."""
    if raw.startswith(_OTHER_BOMS):
        raise UnreadableError(_WRONG_ENCODING)
    for mark, encoding in _UTF_16.items():
        if raw.startswith(mark):
            return _recoded(raw, encoding)
    found = None if raw.startswith(codecs.BOM_UTF8) else _DECLARED.match(raw)
    said = found[1].decode("ascii").lower() if found else "utf-8"
    if said in _CHINESE:
        return _recoded(raw, "gb18030")
    if said in _NATIVE:
        return _recoded(raw, "cp1252" if said == "windows-1252" else "latin-1")
    if said.replace("_", "-") not in {"utf-8", "utf8", "utf-16"}:  # .NET writes utf-16 above UTF-8
        raise UnreadableError(say("文件没有读取：不支持文字编码“%(said)s”。请另存为UTF-8后再试。", said=said))
    try:
        codecs.utf_8_decode(raw, "strict", True)
    except UnicodeDecodeError:
        raise UnreadableError(_WRONG_ENCODING) from None
    return raw


def _recoded(raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode(encoding).encode()
    except UnicodeError:
        raise UnreadableError(_WRONG_ENCODING) from None


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
