"""The automatic numbers of a Word file: shown before a paragraph, not said in the file. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.text.words import chinese_number
from cstrain.questions.exchange.xml_source import local

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MOST = 9_999
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "koreanCounting",
}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


class _Level(NamedTuple):
    start: int
    kind: str
    text: str


@dataclass(slots=True)
class Numbering:
    """Counts the paragraphs of each list, as Word does."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def shown(self, paragraph: Element) -> str:
        """Return what Word shows before this paragraph, counted on; empty for none and for bullets."""
        name, depth = self._list_of(paragraph)
        abstract = self.lists.get(name, "")
        level = self.levels.get(abstract, {}).get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(abstract, [None] * _LEVELS)
        if name not in self.seen:
            self.seen.add(name)
            for at, start in self.starts.get(name, {}).items():
                counts[at] = start - 1
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return self._said(abstract, level, counts)

    def _list_of(self, paragraph: Element) -> tuple[str, int]:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name, depth = self.styles.get(style.get(f"{W}val", "") if style is not None else "", ("", 0))
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            name, depth = _value(own, "numId") or name, _whole(_value(own, "ilvl"), depth)
        return name, min(max(depth, 0), _LEVELS - 1)

    def _said(self, abstract: str, level: _Level, counts: list[int | None]) -> str:
        if level.kind in {"bullet", "none"}:
            return ""

        def one(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            other = self.levels[abstract].get(at, level)
            count = counts[at]
            return counted(other.start if count is None else count, other.kind)

        return re.sub("%([1-9])", one, level.text).strip()


def counted(number: int, kind: str) -> str:
    """Return a number in one of Word's spellings; an unknown one is decimal."""
    if not 0 < number <= _MOST:
        return str(number)
    if kind in {"upperLetter", "lowerLetter"}:
        letter = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    if kind in {"upperRoman", "lowerRoman"}:
        return _roman(number) if kind == "upperRoman" else _roman(number).lower()
    if kind in _CHINESE:
        return chinese_number(number)
    if kind in _CIRCLED and number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        said += letters * times
    return said


def numbering(lists: Element | None, styles: Element | None) -> Numbering:
    """Return the lists of ``numbering.xml`` and the styles of ``styles.xml`` that belong to one."""
    found = Numbering()
    for each in lists if lists is not None else ():
        if local(each) == "abstractNum":
            levels = {_whole(one.get(f"{W}ilvl"), 0): _level(one) for one in each.findall(f"{W}lvl")}
            found.levels[each.get(f"{W}abstractNumId", "")] = levels
        elif local(each) == "num":
            name = each.get(f"{W}numId", "")
            found.lists[name] = _value(each, "abstractNumId")
            overrides = each.findall(f"{W}lvlOverride")
            found.starts[name] = {
                min(_whole(one.get(f"{W}ilvl"), 0), _LEVELS - 1): _whole(said, 1)
                for one in overrides
                if (said := _value(one, "startOverride"))
            }
    for each in styles.findall(f"{W}style") if styles is not None else ():
        own = each.find(f"{W}pPr/{W}numPr")
        if own is not None and (name := _value(own, "numId")):
            found.styles[each.get(f"{W}styleId", "")] = (name, _whole(_value(own, "ilvl"), 0))
    return found


def _level(level: Element) -> _Level:
    text = _value(level, "lvlText")[:100]
    return _Level(_whole(_value(level, "start"), 1), _value(level, "numFmt") or "decimal", text)


def _value(element: Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return found.get(f"{W}val", "") if found is not None else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else otherwise
