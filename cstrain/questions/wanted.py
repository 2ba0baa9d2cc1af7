"""What a field of a simulated back office must hold in the end: rules, reading of values, words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cstrain.questions.back_office import TICKED
from cstrain.questions.folding import fold

NUMERIC = ("number", "money")
_MOST_DIGITS = 30
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")


def number(value: str, unit: str = "") -> Decimal | None:
    """Read a number in any width, with thousands separators, ¥ before it or its unit behind it."""
    text = unicodedata.normalize("NFKC", value[: 2 * _MOST_DIGITS]).replace("−", "-").strip()
    behind = unicodedata.normalize("NFKC", unit)
    text = text.removeprefix("¥").removesuffix(behind or "元").strip()
    if len(text) > _MOST_DIGITS or not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


def day(value: str) -> date | None:
    """Read a date: 2026-12-01, 2026/12/1, 2026.12.1 or 2026年12月1日, in any width."""
    found = _DATE.fullmatch("".join(unicodedata.normalize("NFKC", value[:40]).split()))
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def read(kind: str, value: str, unit: str = "") -> Decimal | date | str | None:
    """Return what a value says: a number, a date, else folded text; ``None`` for what says no such thing."""
    if kind in NUMERIC:
        return number(value, unit)
    if kind == "date":
        return day(value)
    return fold(value)


def ways(word: str) -> list[str]:
    """Return the ways to write what a text must contain: ``11月23日|1123`` are two."""
    return [each for each in word.split("|") if each.strip()]


def meets(rule: Mapping[str, Any], kind: str, value: str, unit: str = "") -> bool:
    """Tell whether a value is what the rule wants; ``lacks`` names words it may not hold in any case."""
    folded = fold(value)
    if any(fold(word) in folded for word in rule.get("lacks", ())):
        return False
    if "contains" in rule:
        return all(any(fold(each) in folded for each in ways(word)) for word in rule["contains"])
    said = read(kind, value, unit)
    if "filled" in rule:
        return bool(folded) and said is not None
    if "between" in rule:
        return _between(rule["between"], kind, said, unit)
    accepted = rule["any_of"] if "any_of" in rule else [rule["equals"]]
    return said is not None and any(read(kind, each, unit) == said for each in accepted)


def _between(bounds: list[str], kind: str, said: Decimal | date | str | None, unit: str) -> bool:
    """Compare numbers and dates (both bounds included); text lies between nothing."""
    low, high = (read(kind, each, unit) for each in bounds)
    if isinstance(said, Decimal) and isinstance(low, Decimal) and isinstance(high, Decimal):
        return low <= said <= high
    if isinstance(said, date) and isinstance(low, date) and isinstance(high, date):
        return low <= said <= high
    return False


def example(rule: Mapping[str, Any], kind: str, options: list[str], start: str) -> str:
    """Return a value that meets the rule."""
    if "equals" in rule:
        return str(rule["equals"])
    if "any_of" in rule:
        return str(rule["any_of"][0])
    if "between" in rule:
        return str(rule["between"][0])
    if "contains" in rule:
        return "，".join(ways(word)[0] for word in rule["contains"])
    filled = {"date": "2026-12-01", "number": "1", "money": "1", "check": TICKED}
    if kind == "choice":
        return next(option for option in options if option != start)
    return filled.get(kind, "已填写")


def shown(kind: str, value: str, unit: str = "") -> str:
    """Return a value for a reader."""
    if kind == "check":
        return "已勾选" if value == TICKED else "未勾选"
    text = value.strip()
    if not text:
        return "（空）"
    return text if not unit or text.endswith(unit) else f"{text}{unit}"


def told(rule: Mapping[str, Any], kind: str, unit: str = "") -> str:
    """Return in Chinese what the rule wants."""
    if "equals" in rule:
        words = shown(kind, rule["equals"], unit)
    elif "any_of" in rule:
        words = "或".join(shown(kind, each, unit) for each in rule["any_of"])
    elif "between" in rule:
        words = "至".join(shown(kind, each, unit) for each in rule["between"])
    elif "contains" in rule:
        words = "写明" + "、".join("或".join(f"“{each}”" for each in ways(word)) for word in rule["contains"])
    else:
        words = "不留空"
    lacks = "".join(f"“{word}”" for word in rule.get("lacks", ()))
    return f"{words}，不出现{lacks}" if lacks else words
