"""Plain data written as the strict YAML that ``yaml_source`` reads back, in the style of the shipped banks.

Block style; short flat lists and tables on one line; several lines as a literal block; quotes only where
somebody (or another reader of YAML) would take a text for something else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

DEEPEST = 12
_WIDTH = 110
_SHORT = 16
"""A list on one line holds texts of at most so many characters."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_MOST_DIGITS = 15
_LIKE_A_NUMBER = re.compile(r"[-+.0-9][-+.:,/_0-9eExXoOaAbBcCdDfFTZtz ]*")
_WORDS = frozenset(
    ("true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "=", "<<", ".inf", ".nan")
)
_SHOWN = "\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_PLAIN = re.compile(f"(?![\\s!\"#%&'*,:>?@\\[\\]`{{|}}-])[{_SHOWN}]+")
_SEPARATES = re.compile(r":(\s|$)|\s#|\s$")
_FLOW_MARKS = re.compile(r"[\[\]{},:?]")
_LITERAL = re.compile(f"[\n{_SHOWN}]+")
_ODD = re.compile(f"[^{_SHOWN}]")


def plain_data(value: Any, depth: int = 0) -> Any:
    """Return data as strict YAML holds it: tables, lists, text, yes and no, nothing, numbers it can write.

    A number that the reader would refuse (too many digits, an exponent) becomes text.
    Raises ``ValueError`` for anything else, and for what is nested too deep.
    """
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, Mapping):
        return {str(name): plain_data(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(each, depth + 1) for each in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    raise ValueError(f"no plain data: {type(value).__name__}")


def _number(value: float | Decimal) -> int | float | str:
    text = f"{Decimal(repr(value)):f}" if isinstance(value, float) and math.isfinite(value) else str(value)
    if isinstance(value, Decimal) and value.is_finite():
        text = f"{value:f}"
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if repr(number) == text else text


def as_yaml(data: Any, indent: int = 0, blocks: frozenset[str] = frozenset()) -> str:
    """Return plain data (see ``plain_data``) as YAML text, each line indented, a line end behind the last.

    ``blocks``: keys under which every item begins a line, and a table takes a line an entry.
    """
    return "".join(f"{line}\n" if line else "\n" for line in _Writer(blocks).lines(data, indent))


class _Writer:
    def __init__(self, blocks: frozenset[str]) -> None:
        self.blocks = blocks

    def lines(self, value: Any, indent: int, *, block: bool = False) -> list[str]:
        """Return the lines of a table, a list (``block``: no item on one line) or a scalar on its own."""
        if isinstance(value, dict) and value:
            return [line for name, each in value.items() for line in self._entry(name, each, indent)]
        if isinstance(value, list) and value:
            return [line for each in value for line in self._item(each, indent, block)]
        return [" " * indent + _in_flow(value)]

    def _entry(self, name: str, value: Any, indent: int) -> list[str]:
        head = f"{' ' * indent}{_key(name)}:"
        if isinstance(value, str) and _is_literal(value):
            return [f"{head} {_literal_mark(value)}", *_literal(value, indent + 2)]
        if not isinstance(value, dict | list) or not value:
            return [f"{head} {_scalar(value)}"]
        if isinstance(value, list) and name not in self.blocks and _is_short(value):
            line = f"{head} {_in_flow(value)}"
            if len(line) <= _WIDTH:
                return [line]
        return [head, *self.lines(value, indent + 2, block=name in self.blocks)]

    def _item(self, value: Any, indent: int, block: bool) -> list[str]:
        start = " " * indent + "- "
        if isinstance(value, str) and _is_literal(value):
            return [f"{start}{_literal_mark(value)}", *_literal(value, indent + 2)]
        if not isinstance(value, dict | list) or not value:
            return [start + _scalar(value)]
        if not block and _is_flat(value):
            line = start + _in_flow(value)
            if len(line) <= _WIDTH:
                return [line]
        inner = self.lines(value, indent + 2)
        return [start + inner[0][indent + 2 :], *inner[1:]]


def _is_short(values: Sequence[Any]) -> bool:
    return all(not isinstance(each, dict | list) and len(str(each)) <= _SHORT for each in values)


def _is_flat(value: Any) -> bool:
    """Tell whether a table or list holds only scalars, one-line texts, and lists of such."""
    parts = value.values() if isinstance(value, dict) else value
    return all(
        _is_one_line(each) or (isinstance(each, list) and all(_is_one_line(one) for one in each))
        for each in parts
    )


def _is_one_line(value: Any) -> bool:
    return not isinstance(value, dict | list) and "\n" not in str(value)


def _in_flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {_in_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_in_flow(each) for each in value) + "]"
    text = _scalar(value)
    return _quoted(value) if isinstance(value, str) and _FLOW_MARKS.search(text) and text == value else text


def _key(name: str) -> str:
    return _quoted(name) if _FLOW_MARKS.search(name) else _text(name)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value) if value is None or isinstance(value, bool | dict | list) else repr(value)


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and not _SEPARATES.search(text)
    if not plain or _LIKE_A_NUMBER.fullmatch(text) or text.casefold() in _WORDS:
        return _quoted(text)
    return text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _ODD.sub(_escaped, escaped) + '"'


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _is_literal(text: str) -> bool:
    """Tell whether a text of several lines stands in a literal block as it is."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and bool(lines[0])
        and bool(lines[-1])
        and not lines[0].startswith(" ")
        and bool(_LITERAL.fullmatch(text))
        and all(line == line.rstrip() for line in lines)
    )


def _literal_mark(text: str) -> str:
    return "|" if text.endswith("\n") else "|-"


def _literal(text: str, indent: int) -> list[str]:
    lines = text.removesuffix("\n").split("\n")
    return [" " * indent + line if line else "" for line in lines]
