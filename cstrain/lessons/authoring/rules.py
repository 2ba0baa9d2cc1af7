"""What a page must fulfil before it is published, and what a link to a video must be. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from cstrain.kernel.errors import DomainError
from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.page_source import ends_in_a_sign, headings_in
from cstrain.ui.prose import picture_sources, stored_digest

MOST_BODY, MOST_TITLE, MOST_HANDBOOK, MOST_LINK, MOST_NOTE = 60_000, 80, 20, 500, 200
MOST_ATTACHMENTS = 10
LAST_DAY = 366
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


def faults(content: Content, known: Collection[str]) -> list[DomainError]:
    """Return what keeps a page from being published; ``known`` are the digests of stored files."""
    return [*_heading_faults(content.body), *_picture_faults(content.body, known)]


def pictures_of(body: str) -> set[str]:
    """Return the digests of the stored pictures that a text shows."""
    return {digest for source in picture_sources(body) if (digest := stored_digest(source))}


def _heading_faults(body: str) -> Iterator[DomainError]:
    headings = headings_in(body.splitlines())
    if not headings:
        yield DomainError("正文还没有“##”标题：试题要靠标题注明出处，请分节。")
    times = Counter(heading.text for heading in headings)
    for text, count in times.items():
        if count > 1:
            yield DomainError("标题“%(heading)s”不止一处：试题会指错地方，请改成不同。", heading=text)
        if ends_in_a_sign(text):
            yield DomainError("标题“%(heading)s”末尾不要标点，请去掉。", heading=text)


def _picture_faults(body: str, known: Collection[str]) -> Iterator[DomainError]:
    for source in dict.fromkeys(picture_sources(body)):
        if stored_digest(source) is None:
            yield DomainError(
                "图片“%(source)s”不在本系统里，读者看不到：请用“插入图片”上传。", source=source[:100]
            )
        elif stored_digest(source) not in known:
            yield DomainError("有一张图片没有找到：%(source)s。请重新上传。", source=source)


def is_safe_link(text: str) -> bool:
    """Tell whether a link may stand on a page as a video outside: https, a host, no name, no odd signs."""
    if len(text) > MOST_LINK or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None
