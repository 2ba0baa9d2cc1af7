"""HTML from question files as plain text: our questions hold text only. Pure.

A scanner of our own, because the time of the library's parser grows with the square of broken markup. What a
reader would see is kept: white space collapses as in a browser, blocks stand on lines of their own, a tag
that is none (``<b`` at the end, ``a < b``) is text.
"""

from __future__ import annotations

import html as entities
import re
from typing import NamedTuple

from cstrain.wording.said import say

MOST_CHARACTERS = 100_000
"""So many characters of one text are looked at."""
_LONG_DATA = re.compile(r"data:[^\"'\s<>)]{100,}")
_LONG_ENTITY = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_MARKUP = re.compile(r"<(?:/?([a-zA-Z][a-zA-Z0-9:_-]{0,30})|!--|[!?])")
_STOP = re.compile(r"[\"'>]")
_WHOLE = re.compile(r"<pre>\n([^<]*)</pre>")
_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|font)(?:\s[^<>\"']*)?>", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']?(?!#)[^\s"'>]""", re.IGNORECASE)
_COLLAPSING = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile("[ \u00a0]{2,}|^\u00a0|\u00a0$", re.MULTILINE)
_KEPT = "\u0000"
"""Stands for a space of preformatted text while spaces collapse."""
_SKIPPED = {
    "script": say("脚本"),
    "style": "",
    "title": "",
    "head": "",
    "template": "",
    "noscript": "",
    "iframe": say("嵌入的网页"),
    "object": say("附件"),
    "svg": say("图片"),
    "math": say("公式"),
    "audio": say("音频"),
    "video": say("视频"),
    "select": say("输入框"),
    "textarea": say("输入框"),
}
"""What is passed over together with what stands inside, and what it is called."""
_MEDIA = {"img": say("图片"), "embed": say("附件"), "input": say("输入框")}
_SHOWN = frozenset({"图片", "音频", "视频", "公式", "附件"})
_BREAKS = frozenset(
    {"address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"}
    | {"main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_LOSSES = {
    "table": say("表格的样子"),
    "ol": say("列表的编号"),
    "del": say("删除线"),
    "s": say("删除线"),
    "strike": say("删除线"),
}
_SAYS = {"br": "\n", "td": " ", "th": " "}
_RAISED = {
    "sup": ("^", str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")),
    "sub": ("_", str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")),
}
_KNOWN = (
    _BREAKS
    | {"abbr", "acronym", "area", "b", "base", "bdi", "bdo", "big", "body", "button", "center", "cite"}
    | {"code", "col", "colgroup", "data", "dfn", "em", "embed", "font", "html", "i", "img", "input", "ins"}
    | {"kbd", "label", "link", "map", "mark", "meta", "nobr", "option", "param", "picture", "q", "rb", "rp"}
    | {"rt", "ruby", "samp", "small", "source", "span", "strong", "sub", "sup", "td", "th", "time", "track"}
    | {"tt", "u", "var", "wbr", "br"}
)
PICTURE = "［%s］"
"""What stands in a text where a picture or the like was."""


class Plain(NamedTuple):
    """The text, and what it could not hold (``图片`` …), each once."""

    text: str
    lost: tuple[str, ...]


class _Reader:
    """Reads a text once from left to right. What failed to close once is not looked for again."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.said: list[str] = []
        self.lost: dict[str, None] = {}
        self.unclosed: set[str] = set()
        self.raised = ""
        self.verbatim = False

    def read(self) -> str:
        """Return the text; ``lost`` is complete afterwards."""
        start = at = 0
        while ">" not in self.unclosed and (found := _MARKUP.search(self.source, at)):
            end = self._end(found)
            if not end:
                at = found.end()
                continue
            self.text(self.source[start : found.start()])
            start = at = self._tag(found, end)
        self.text(self.source[start:])
        return "".join(self.said)

    def text(self, piece: str) -> None:
        """Add a piece of text between tags."""
        piece = entities.unescape(piece) if "&" in piece else piece
        if self.raised and piece.strip():
            sign, table = _RAISED[self.raised]
            put = piece.strip().translate(table)
            piece = put if not set(put) & set(piece) else f"{sign}{piece}"
        if self.verbatim:
            piece = piece.replace(" ", _KEPT)
        else:
            piece = _COLLAPSING.sub(" ", piece)
            if piece.startswith(" ") and (not self.said or self.said[-1].endswith((" ", "\n"))):
                piece = piece[1:]
        if piece:
            self.said.append(piece)

    def _end(self, found: re.Match[str]) -> int:
        """Return the place behind a tag, comment or declaration; 0 where it does not end."""
        if found[0] == "<!--":
            return self._after("-->", found.end())
        return self._tag_end(found.end()) if found[1] else self._after(">", found.end())

    def _after(self, mark: str, at: int) -> int:
        found = -1 if mark in self.unclosed else self.source.find(mark, at)
        if found < 0:
            self.unclosed.add(mark)
        return found + len(mark) if found >= 0 else 0

    def _tag_end(self, at: int) -> int:
        """Return the place behind the ``>`` that is not within quotes."""
        while stop := _STOP.search(self.source, at):
            at = stop.end()
            if stop[0] == ">":
                return at
            at = self._after(stop[0], at) or at
        self.unclosed.add(">")
        return 0

    def _tag(self, found: re.Match[str], end: int) -> int:
        if not found[1]:
            return end
        tag = found[1].lower()
        if found[0][1] == "/":
            self._closing(tag)
            return end
        return self._opening(tag, self.source[found.end() : end - 1], end)

    def _opening(self, tag: str, attributes: str, end: int) -> int:
        if tag in _SKIPPED:
            return self._skipped(tag, attributes, end)
        if tag in _BREAKS:
            self._line()
            self.verbatim = tag == "pre" or self.verbatim
            end += tag == "pre" and self.source.startswith("\n", end)
        elif tag in _RAISED:
            self.raised = tag
        elif tag in _MEDIA:
            self._stands_for(_MEDIA[tag], attributes)
        elif tag in _SAYS:
            self.said.append(_SAYS[tag])
        if lost := self._loss(tag, attributes):
            self.lost[lost] = None
        return end

    @staticmethod
    def _loss(tag: str, attributes: str) -> str:
        if tag == "a":
            return say("链接") if _HREF.search(attributes) else ""
        if tag in _LOSSES:
            return _LOSSES[tag]
        return "" if tag in _KNOWN or ":" in tag else say("不认识的标记")

    def _closing(self, tag: str) -> None:
        if tag == "pre":
            self.verbatim = False
        if tag in _BREAKS:
            self._line()
        elif tag == self.raised:
            self.raised = ""

    def _line(self) -> None:
        """Begin a new line unless the text stands at the beginning of one."""
        if self.said and not self.said[-1].endswith("\n"):
            self.said.append("\n")

    def _skipped(self, tag: str, attributes: str, end: int) -> int:
        if word := _SKIPPED[tag]:
            self._stands_for(word, attributes)
        if attributes.endswith("/") or tag in self.unclosed:
            return end
        closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(self.source, end)
        if closing is None:
            self.unclosed.add(tag)
            return end
        return closing.end()

    def _stands_for(self, word: str, attributes: str) -> None:
        self.lost[word] = None
        if word in _SHOWN:
            alt = _ALT.search(attributes)
            said = next((each for each in alt.groups() if each), "") if alt else ""
            self.text(PICTURE % (said or word))


def without_long_data(html: str) -> str:
    """Return HTML without the bytes of pictures that are written into it."""
    return _LONG_DATA.sub("data:", html) if len(html) > 100 else html


def from_html(html: str) -> Plain:
    """Return what a reader would read: lines and blank lines kept, markup gone.

    At most 100,000 characters are looked at (pictures written into the text do not count); that more was
    there is among ``lost``.
    """
    if whole := _WHOLE.fullmatch(html):
        return Plain(entities.unescape(_LONG_ENTITY.sub("\ufffd", whole[1])), ())
    source = _LONG_ENTITY.sub("\ufffd", without_long_data(html.replace(_KEPT, "")))
    if "<" not in source and "&" not in source and len(source) <= MOST_CHARACTERS:
        return Plain(_trimmed(_COLLAPSING.sub(" ", source)), ())
    reader = _Reader(_INLINE.sub("", source[:MOST_CHARACTERS]))
    text = _trimmed(reader.read())
    if len(source) > MOST_CHARACTERS:
        reader.lost[say("10万字以后的内容")] = None
    return Plain(text, tuple(reader.lost))


def _trimmed(text: str) -> str:
    """Return the text without blanks at the ends of its lines; spaces that do not collapse become plain."""
    lines = "\n".join(line.strip(" ") for line in text.split("\n"))
    lines = _SPACES.sub(lambda found: " " * len(found[0]), lines).replace(_KEPT, " ")
    return "\n".join(line.rstrip(" ") for line in lines.split("\n")).strip(" \n")


def to_html(text: str) -> str:
    """Return a text as HTML that reads the same: escaped, line ends as ``<br/>``.

    Text with white space that HTML would swallow stands in ``<pre>``.
    """
    escaped = _escaped(text)
    simple = escaped.replace("  ", " \u00a0").replace("\n", "<br/>")
    if from_html(simple).text == text:
        return simple
    return "<pre>\n" + escaped.replace("\r", "&#13;") + "</pre>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
