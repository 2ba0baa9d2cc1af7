"""What a new version of a page changed, section by section. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

_HEADING = re.compile(r"(#{2,3})[ \t]+(.+?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")


class Kind(StrEnum):
    """What became of a section."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page: the level of its heading (0: what stands before the first one), and its text.

    ``own`` ends at the next heading, ``text`` at the next one that is not below it.
    """

    level: int
    own: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that differs between two versions; ``heading`` is empty for what precedes the first one."""

    heading: str
    kind: Kind
    old: str
    new: str


def sections(body: str) -> dict[str, Section]:
    """Return the sections of a page's Markdown by heading, in order; a heading that comes twice is one.

    What stands before the first heading is there under the empty heading, if there is anything.
    """
    parts = _parts(body)
    found: dict[str, Section] = {}
    for at, (level, heading, own) in enumerate(parts):
        text = "\n".join([own, *_below(level, parts[at + 1 :])])
        if heading in found:
            own, text = f"{found[heading].own}\n{own}", f"{found[heading].text}\n{text}"
        if heading or own:
            found[heading] = Section(level, own, text.strip())
    return found


def _below(level: int, parts: list[tuple[int, str, str]]) -> list[str]:
    """Return the parts that belong to a heading of this level, which they follow."""
    mine = takewhile(lambda part: part[0] > level > 0, parts)
    return [f"{'#' * below} {heading}\n{own}" for below, heading, own in mine]


def _parts(body: str) -> list[tuple[int, str, str]]:
    """Return level, heading and own text of each part of a page; code blocks hold no headings."""
    parts: list[tuple[int, str, list[str]]] = [(0, "", [])]
    fenced = False
    for line in body.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _HEADING.fullmatch(line)
        if found:
            parts.append((len(found[1]), found[2], []))
        else:
            parts[-1][2].append(line.rstrip())
    return [(level, heading, "\n".join(lines).strip()) for level, heading, lines in parts]


def touched(old: str, new: str) -> frozenset[str]:
    """Return the headings of an old version whose section reads otherwise in the new one, or is gone."""
    before, after = sections(old), sections(new)
    return frozenset(
        heading
        for heading, section in before.items()
        if heading and (heading not in after or after[heading].text != section.text)
    )


def differences(old: str, new: str) -> tuple[SectionChange, ...]:
    """Return the sections that differ, in the order of the new version, those that are gone at the end.

    Each is compared by its own text, so that nothing is told twice.
    """
    before, after = sections(old), sections(new)
    found = []
    for heading, section in after.items():
        was = before.get(heading)
        if was is None:
            found.append(SectionChange(heading, Kind.ADDED, "", section.own))
        elif was.own != section.own:
            found.append(SectionChange(heading, Kind.CHANGED, was.own, section.own))
    gone = (heading for heading in before if heading not in after)
    return (*found, *(SectionChange(each, Kind.REMOVED, before[each].own, "") for each in gone))
