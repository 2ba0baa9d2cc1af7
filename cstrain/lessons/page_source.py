"""Lesson pages as files: Markdown with a YAML front matter, read to facts and faults with lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.policies.yaml_source import Fault, SourceError, parse, read_text, validate

_MOST_BYTES = 200_000
_HEADING = re.compile(r"(#{2,3})[ \t]+(.+?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_MARKUP = re.compile(r"[\s#>*|`\-]")
_ENDS = "。，、；：！？.,;:!?"


class Head(BaseModel):
    """The front matter: a daily page names its day, a handbook page its handbook."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)
    title: str = Field(min_length=1, max_length=80)
    kind: Literal["daily", "handbook"]
    handbook: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]*$")
    day: int | None = Field(default=None, ge=1, le=366)
    version: int = Field(ge=1)

    @model_validator(mode="after")
    def _kind_fits(self) -> Self:
        if self.kind == "daily" and (self.day is None or self.handbook is not None):
            raise ValueError("每日课（kind: daily）要写 day，不写 handbook。")
        if self.kind == "handbook" and (self.handbook is None or self.day is not None):
            raise ValueError("手册页（kind: handbook）要写 handbook，不写 day。")
        return self


@dataclass(frozen=True, slots=True)
class Heading:
    """A second or third level heading and its line in the file."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A lesson page as read; ``body`` is Markdown without the front matter."""

    id: str
    title: str
    kind: str
    handbook: str | None
    day: int | None
    version: int
    headings: tuple[Heading, ...]
    body: str
    file: str

    @property
    def characters(self) -> int:
        """The length of the body in characters, spaces and markup left out."""
        return characters_in(self.body)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All pages of a folder, in the order of their ids, and what is wrong with the others."""

    pages: tuple[Page, ...]
    faults: tuple[Fault, ...]


def read_pages(folder: Path, prefix: str = "") -> Shelf:
    """Read every ``*.md`` of ``folder``; ``prefix`` goes before the file names in faults."""
    pages: dict[str, Page] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.md")):
        try:
            page = read_page(path, prefix + path.name)
        except SourceError as error:
            faults.extend(error.faults)
            continue
        if page.id in pages:
            faults.append(Fault(page.file, 1, f"编号“{page.id}”已被{pages[page.id].file}使用，请换一个。"))
        pages.setdefault(page.id, page)
    return Shelf(tuple(pages[name] for name in sorted(pages)), tuple(faults))


def read_page(path: Path, file: str | None = None) -> Page:
    """Read a page; raises ``SourceError`` with a fault for each thing that is wrong."""
    name = file or path.name
    return parse_page(read_text(path, name, _MOST_BYTES), name)


def parse_page(text: str, file: str) -> Page:
    """Read a page from its text; its id is the file's name without the ending. Raises ``SourceError``."""
    lines = text.splitlines()
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not end or lines[0].rstrip() != "---":
        raise SourceError((Fault(file, 1, "开头缺少两行“---”之间的说明（id、title、kind、version）。"),))
    head = validate(Head, parse("\n".join(lines[1:end]), file, first_line=2))
    headings = headings_in(lines, end + 1)
    body = "\n".join(lines[end + 1 :]).strip() + "\n"
    page = Page(file=file, headings=headings, body=body, **head.model_dump())
    faults = tuple(_faults(page))
    if faults:
        raise SourceError(faults)
    return page


def headings_by_page(pages: Iterable[Page]) -> Mapping[str, frozenset[str]]:
    """Return the heading texts of each page, by page id: what a question's source may name."""
    return {page.id: frozenset(heading.text for heading in page.headings) for page in pages}


def headings_in(lines: Sequence[str], start: int = 0) -> tuple[Heading, ...]:
    """Return the headings from line ``start`` (from 0) on, code blocks left out."""
    return tuple(_headings(lines, start))


def characters_in(body: str) -> int:
    """Return the length of a text in characters, spaces, mark-up and pictures left out."""
    return len(_MARKUP.sub("", _PICTURE.sub("", body)))


def ends_in_a_sign(heading: str) -> bool:
    """Tell whether a heading ends with a punctuation mark."""
    return heading[-1] in _ENDS


def _headings(lines: Sequence[str], start: int) -> Iterator[Heading]:
    fenced = False
    for at, line in enumerate(lines[start:], start + 1):
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _HEADING.fullmatch(line)
        if found:
            yield Heading(len(found[1]), found[2], at)


def _faults(page: Page) -> Iterator[Fault]:
    if page.id != Path(page.file).stem:
        yield Fault(page.file, 2, f"编号“{page.id}”与文件名不同，请改成一致。")
    if not page.headings:
        yield Fault(page.file, 1, "没有“##”标题，试题无法注明出处，请分节。")
    times = Counter(heading.text for heading in page.headings)
    for heading in page.headings:
        if times[heading.text] > 1:
            yield Fault(
                page.file, heading.line, f"标题“{heading.text}”不止一处，试题会指错地方，请改成不同。"
            )
        if ends_in_a_sign(heading.text):
            yield Fault(page.file, heading.line, f"标题“{heading.text}”末尾不要标点。")
