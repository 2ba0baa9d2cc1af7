"""Pieces of text in GIFT files as plain text, whatever format their marker names. Pure."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from cstrain.questions.exchange.gift.syntax import BLANKS, unguarded
from cstrain.questions.exchange.plain_text import PICTURE, from_html
from cstrain.wording.said import say

PLAIN = "[plain]"
HTML = "[html]"
_MARKER = re.compile(r"\[(html|moodle|plain|markdown)\]")
_TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span|strike"
    "|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|audio|video"
)
_ENTITIES = r"lt|gt|amp|quot|nbsp|#\d{1,7}|#x[\da-f]{1,6}"
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:{_ENTITIES});", re.IGNORECASE)
_RAISED = re.compile(r"<su[bp][\s>]", re.IGNORECASE)
_MD_PICTURE = re.compile(r"!\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}\)")
_MD_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)")
_MD_BOLD = re.compile(r"\*\*([^*\n]{1,500})\*\*")


class Said(NamedTuple):
    """A text, the format it was in, and what it could not hold (``图片`` …)."""

    text: str
    format: str
    lost: tuple[str, ...] = ()


def read_text(source: str, inherited: str = "moodle") -> Said:
    """Return a guarded text as plain text; without a marker it is in the ``inherited`` format.

    Text without any marker is HTML only where it holds a known tag or entity: ``a<b`` is plain text.
    """
    kind, source = inherited, source.strip(BLANKS)
    if found := _MARKER.match(source):
        kind, source = found[1], source[found.end() :]
    lines = (line.strip(BLANKS) for line in source.split("\n"))
    text = unguarded("\n".join(line for line in lines if line))
    if kind == "plain":
        return Said(text, kind)
    lost: list[str] = []
    if kind == "markdown":
        text = _without_markdown(text, lost)
    if kind == "html" or _HTML.search(text):
        text = _without_html(text, lost)
    return Said(text, kind, tuple(lost))


def _without_html(text: str, lost: list[str]) -> str:
    if "<" not in text:
        return html.unescape(text)
    if _RAISED.search(text):
        lost.append(say("上标、下标"))
    plain = from_html(text)
    lost.extend(plain.lost)
    return plain.text or text


def _without_markdown(text: str, lost: list[str]) -> str:
    plain, pictures = _MD_PICTURE.subn(lambda found: PICTURE % (found[1] or "图片"), text)
    if pictures:
        lost.append(say("图片"))
    plain = _MD_LINK.sub(r"\1（\2）", plain)
    return _MD_BOLD.sub(r"\1", plain).replace("`", "")


def answer_text(source: str) -> str:
    """Return an accepted answer or the right side of a pair: always plain, on one line."""
    if found := _MARKER.match(source):
        source = source[found.end() :]
    return unguarded(" ".join(line.strip(BLANKS) for line in source.strip(BLANKS).split("\n")))
