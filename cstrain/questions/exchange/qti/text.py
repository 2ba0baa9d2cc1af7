"""What a candidate reads of a QTI item: its marked-up content as plain text. Pure.

Texts of ours (``toolName`` cstrain) are taken letter by letter, a paragraph a line; of other authors' as a
reader would see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.plain_text import Plain, from_html
from cstrain.wording.said import say

MARK = "\ue000"
"""Stands where an inline interaction or a gap was, until a type says what is shown there."""
INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction", "gap"})
UNWRAPPED = say("没有保留：文字里的HTML标记")

_MOST_HTML = 100_000
_LEFT_OUT = frozenset(
    {"feedbackBlock", "feedbackInline", "gapImg", "gapText", "infoControl", "modalFeedback", "stylesheet"}
    | {"inlineChoice", "simpleAssociableChoice", "simpleChoice", "simpleMatchSet", "catalogInfo"}
)
_HTML = frozenset(
    {"address", "article", "aside", "audio", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "embed"}
    | {"figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "iframe", "img", "li", "math"}
    | {"ol", "p", "pre", "script", "section", "style", "svg", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"tr", "ul", "video"}
)
_MEDIA = {"image": "img", "audio": "audio", "video": "video"}
_EMPTY = frozenset({"br", "hr", "img", "embed"})
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SMALL = {"sup": (_RAISED, "^"), "sub": (_LOWERED, "")}
_HTML_AS_TEXT = re.compile(r"\s*<(p|div)\b[^<>]*>.*</\1>\s*", re.DOTALL)


class TooLongError(Exception):
    """A text is longer than any question of ours may be."""


def read_text(element: Element, *, own: bool) -> Plain:
    """Return what is read inside an element, ``MARK`` where something is to be filled in.

    Raises ``TooLongError``.
    """
    if own:
        return Plain(_joined(_as_written(element)), ())
    if len(element) == 0 and _HTML_AS_TEXT.fullmatch((element.text or "")[:_MOST_HTML]):
        plain = from_html(element.text or "")
        return Plain(plain.text, (*plain.lost, UNWRAPPED))
    return from_html(_joined(_inner(element)))


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces of a text as one; raises ``TooLongError`` before it grows beyond bounds."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > _MOST_HTML:
            raise TooLongError
        kept.append(piece)
    return "".join(kept)


def _as_written(element: Element) -> Iterator[str]:
    lines = element.findall("p") or element.findall("contentBody/p")
    if not lines:
        yield from _letters(element)
    for index, line in enumerate(line for line in lines if line.get("class") != "answer"):
        yield "\n" if index else ""
        yield from _letters(line)


def _letters(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in INLINE:
            yield MARK
        elif child.tag not in _LEFT_OUT:
            yield from _letters(child)
        yield child.tail or ""


def _inner(element: Element) -> Iterator[str]:
    yield _escaped(element.text)
    for child in element:
        yield from _outer(child)
        yield _escaped(child.tail)


def _outer(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag in INLINE:
        yield MARK
    elif tag in _SMALL:
        yield _small(element)
    elif tag == "object":
        yield _media(element)
    elif tag in _HTML:
        yield f'<{tag} alt="{_escaped(element.get("alt"))}">' if tag in _EMPTY else f"<{tag}>"
        if tag not in _EMPTY:
            yield from (*_inner(element), f"</{tag}>")
    elif tag not in _LEFT_OUT and not (tag == "rubricBlock" and not for_candidates(element)):
        yield from _inside(element)


def _inside(element: Element) -> Iterator[str]:
    """Yield the inside of what is no HTML: of interactions and prompts it stands on lines of its own."""
    apart = element.tag in {"prompt", "rubricBlock"} or str(element.tag).endswith("Interaction")
    yield "<p>" if apart else ""
    yield from _inner(element)
    yield "</p>" if apart else ""


def _small(element: Element) -> str:
    """Return raised or lowered text so that ten squared does not read as a hundred and two."""
    letters, before = _SMALL[str(element.tag)]
    text = "".join(element.itertext()).strip()
    small = text.translate(letters)
    if text and not set(small) & set(text):
        return small
    return _escaped(f"{before}({text})" if before and len(text) > 1 else f"{before}{text}" if text else "")


def _media(element: Element) -> str:
    kind = _MEDIA.get(element.get("type", "").partition("/")[0], "embed")
    return f"<{kind}></{kind}>" if kind in {"audio", "video"} else f"<{kind}>"


def _escaped(text: str | None) -> str:
    plain = (text or "").replace(MARK, "")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def for_candidates(block: Element) -> bool:
    """Tell whether a ``rubricBlock`` is for candidates."""
    return "candidate" in block.get("view", "candidate").split()
