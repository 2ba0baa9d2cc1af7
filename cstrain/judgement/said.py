"""Sentences of rules that a page can say in the reader's language.

A rule speaks Chinese. What it says is kept, sealed and compared as that text and nothing else; beside it the
sentence remembers its message key and its values, from which a page says it again in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: what it says for a message key with its values, and how it names a day and a month."""

    word: Callable[[str, Mapping[str, object]], str]
    day: Callable[[date], str]
    month: Callable[[date], str]


class Said(str):
    """A Chinese text with its message key and the values of the key's places."""

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, object]

    def told(self, tongue: Tongue) -> str:
        """Say it in another language; values that were said by a rule are said in it as well."""
        return tongue.word(self.key, {name: _told(value, tongue) for name, value in self.values.items()})


class SaidDay(Said):
    """A day of the calendar."""

    __slots__ = ("day",)
    day: date

    def told(self, tongue: Tongue) -> str:
        """Name the day in another language."""
        return tongue.day(self.day)


class SaidMonth(SaidDay):
    """A month of the calendar."""

    __slots__ = ()

    def told(self, tongue: Tongue) -> str:
        """Name the month in another language."""
        return tongue.month(self.day)


class SaidRow(Said):
    """Several things one after another; ``key`` stands between them."""

    __slots__ = ("parts",)
    parts: tuple[object, ...]

    def told(self, tongue: Tongue) -> str:
        """Say each part in another language."""
        return tongue.word(self.key, {}).join(str(_told(part, tongue)) for part in self.parts)


def _told(value: object, tongue: Tongue) -> object:
    return value.told(tongue) if isinstance(value, Said) else value


def said(key: str, **values: object) -> Said:
    """Return the sentence of a message key with ``%(name)s`` places; the catalogue holds its English twin."""
    text = Said(key % values if values else key)
    text.key, text.values = key, values
    return text


def row(between: str, parts: Iterable[str]) -> SaidRow:
    """Return the parts as one text with ``between`` (a message key such as ``、``) between them."""
    every = tuple(parts)
    text = SaidRow(between.join(every))
    text.key, text.values, text.parts = between, {}, every
    return text


@lru_cache(maxsize=4096)
def said_day(day: date) -> SaidDay:
    """Return a day in Chinese: ``2026年11月5日``."""
    text = SaidDay(f"{day.year}年{day.month}月{day.day}日")
    text.key, text.values, text.day = "", {}, day
    return text


@lru_cache(maxsize=4096)
def said_month(day: date) -> SaidMonth:
    """Return the month of a day in Chinese: ``2026年11月``."""
    text = SaidMonth(f"{day.year}年{day.month}月")
    text.key, text.values, text.day = "", {}, day
    return text
