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

    def changed(self, change: Callable[[object], object]) -> Said:
        """Return the sentence with each of its values changed."""
        return say(self.key, **{name: change(value) for name, value in self.values.items()})


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


class SaidOtherwise(Said):
    """A sentence whose Chinese text was reworded.

    ``words``: names that stand in it between ``“”``, by what is now said for them (a message key).
    """

    __slots__ = ("sentence", "words")
    sentence: Said
    words: Mapping[str, str]

    def told(self, tongue: Tongue) -> str:
        """Say the sentence in another language, with the other names."""
        text = self.sentence.told(tongue)
        for name, word in self.words.items():
            text = text.replace(f"“{name}”", f"“{tongue.word(word, {})}”")
        return text


def _told(value: object, tongue: Tongue) -> object:
    return value.told(tongue) if isinstance(value, Said) else value


def say(key: str, /, **values: object) -> Said:
    """Return the sentence of a message key with ``%(name)s`` places; the catalogue holds its English twin."""
    text = Said(key % values if values else key)
    text.key, text.values = key, values
    return text


def together(sentences: Iterable[str]) -> str:
    """Return sentences one behind another as one text; "" for none."""
    first, *others = (*sentences, "")
    for each in others[:-1]:
        first = say("%(one)s%(two)s", one=first, two=each)
    return first


def otherwise(sentence: str, text: str, words: Mapping[str, str] | None = None) -> str:
    """Return ``text`` as the Chinese of a sentence; see :class:`SaidOtherwise`."""
    if not isinstance(sentence, Said):
        return text
    made = SaidOtherwise(text)
    made.key, made.values, made.sentence, made.words = sentence.key, sentence.values, sentence, words or {}
    return made


def reason(error: Exception) -> str:
    """Return the sentence that an error was raised with, in all its languages: ``str`` keeps one."""
    return error.args[0] if error.args and isinstance(error.args[0], Said) else str(error)


def said_row(between: str, parts: Iterable[str]) -> SaidRow:
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
