"""Text with mark-up: Markdown to safe HTML, and numbers kept with their measure words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_cjk_friendly import cjk_friendly  # type: ignore[import-untyped]

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "th": {"scope"}}
_ATTRIBUTES |= {heading: {"id"} for heading in _HEADINGS}
_LAST_HEADING = 6
_STORED = re.compile(r"/files/([0-9a-f]{64})")

# A number with its sign, unit or range; a date with its weekday; "第N…". Longest forms come first.
_MEASURE = (
    "个工作日|个自然日|个月|工作日|小时|分钟|季度|星期|"
    "年|月|日|天|周|时|分|秒|人|名|位|项|题|条|次|份|种|类|级|岁|元|页|卷|章|节|段|行|列|步|期|届|场|轮|遍|"
    "字|组|座|台|张|件|单|笔|处|点|倍|成|个|版|封|批|班|层|套|门|科|道|星|站|区|号"
)
_NUMBER = r"[<>≤≥±+\-−¥]?\d[\d,]*(?:\.\d+)*"
_NB = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日(?: 周[一二三四五六日])?)?"
    r"|\d{1,2}月\d{1,2}日(?: 周[一二三四五六日])?"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:–\d{1,2}:\d{2})?"
    rf"|第?{_NUMBER}(?:[–~]{_NUMBER})? ?(?:{_MEASURE})"
    rf"|{_NUMBER}(?:[–~]{_NUMBER})?%"
)
_PIECES = re.compile(r"(<[^>]*>|&#?\w+;)")


def keep_numbers(text: object) -> Markup:
    """Wrap each number and its measure word, each date and each time, so that no line breaks inside.

    Plain text is escaped. Mark-up is kept: only what stands between its tags is wrapped.
    """
    return _kept(text if isinstance(text, str) else escape(text))


@lru_cache(maxsize=8192, typed=True)  # typed: mark-up and the same plain text are two things
def _kept(text: str) -> Markup:
    """Wrap a text once: three hundred candidates read the same questions."""
    pieces = _PIECES.split(str(escape(text)))
    return Markup("".join(piece if _PIECES.fullmatch(piece) else _wrap(piece) for piece in pieces))  # noqa: S704


def _wrap(text: str) -> str:
    return _NB.sub(lambda found: f'<span class="nb">{found.group()}</span>', text)


def to_html(text: str, shift: int = 1) -> Markup:
    """Turn Markdown into safe HTML with ids on its headings.

    HTML in the source is shown as text. Headings go down by ``shift`` levels and never above ``h2``, so that
    the page keeps its one ``h1``. Pictures come from the stored files alone; links may leave this site.
    """
    return Markup(_to_html(text, shift))  # noqa: S704  (cleaned against an allow-list below)


@lru_cache(maxsize=256)
def _to_html(text: str, shift: int) -> str:
    parser = _parser()
    tokens = parser.parse(text)
    _mark_headings(tokens, max(0, shift))
    _mark_columns(tokens)
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": False})
    return parser.enable(["table", "strikethrough"]).use(cjk_friendly)


def _mark_headings(tokens: list[Token], shift: int) -> None:
    """Shift every heading and give each a stable id made of its words."""
    seen: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        token.tag = f"h{min(_LAST_HEADING, max(2, int(token.tag[1]) + shift))}"
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[index + 1].content, seen))


def _mark_columns(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")


def heading_id(text: str) -> str:
    """Return the id that :func:`to_html` gives the first heading with these words: where a link can point."""
    return _slug(text, {})


def _slug(text: str, seen: dict[str, int]) -> str:
    """Return an id: letters and figures of any script, prefixed so that it meets no id of the page."""
    words = unicodedata.normalize("NFKC", text).lower()
    slug = "s-" + (re.sub(r"[^\w]+", "-", words).strip("-") or "section")
    seen[slug] = seen.get(slug, 0) + 1
    return slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"


def picture_sources(text: str) -> list[str]:
    """Return the addresses of a Markdown text's pictures, in order."""
    lines = [token.children or [] for token in _parser().parse(text) if token.type == "inline"]
    return [str(each.attrs["src"]) for line in lines for each in line if each.type == "image"]


def stored_digest(source: str) -> str | None:
    """Return the digest of the stored file that an address leads to; ``None`` for any other address."""
    found = _STORED.fullmatch(source)
    return found[1] if found else None


def short_pictures(text: str) -> str:
    """Return a Markdown text whose stored pictures are named by the start of their digest: for comparing."""
    return _STORED.sub(lambda found: f"…{found[1][:6]}", text)


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Drop the address of a picture that is no stored file."""
    if tag == "img" and attribute == "src":
        return value if stored_digest(value) else None
    return value
