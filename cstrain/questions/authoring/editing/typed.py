"""What a page of fields sends: texts by name, rows by their tokens, and the button that was pressed. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from cstrain.ui.forms import clean

T = TypeVar("T")

_TOKEN = re.compile(r"[0-9]{1,4}")
_VERBS = frozenset({"add", "remove", "up", "down"})


class Values(Protocol):
    """A form as it arrived: values by name, in the order of the page."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a name."""


class Act(NamedTuple):
    """A button of a row or of a list of rows: what it does, which list, which row (``add``: which kind)."""

    verb: str
    at: str
    token: str


@dataclass(frozen=True)
class Typed:
    """Reads the values of a page; ``act`` is done to the rows while they are read."""

    values: Values
    act: Act | None = None

    def text(self, name: str) -> str:
        """Return a text without outer blanks and signs nobody types; lines end with one sign."""
        sent = self.values.getlist(name)
        return str(clean(sent[0].replace("\r\n", "\n"))) if sent else ""

    def ticked(self, name: str, token: str = "") -> bool:
        """Tell whether a box is ticked; of several with one name the one with this value."""
        sent = self.values.getlist(name)
        return token in sent if token else bool(sent)

    def tokens(self, name: str, most: int) -> list[str]:
        """Return the tokens of the rows of a list, in order, each once; at most so many."""
        sent = (each for each in self.values.getlist(name) if _TOKEN.fullmatch(each))
        return list(dict.fromkeys(sent))[:most]

    def changed(
        self, at: str, tokens: list[str], rows: list[T], most: int, new: Callable[[str], T]
    ) -> list[T]:
        """Return the rows after the button, if it belongs to this list; ``new`` makes a row."""
        act = self.act
        if act is None or act.at != at:
            return rows
        if act.verb == "add":
            return [*rows, new(act.token)] if len(rows) < most else rows
        if act.token not in tokens:
            return rows
        place = tokens.index(act.token)
        if act.verb == "remove":
            return [row for index, row in enumerate(rows) if index != place]
        other = place + (-1 if act.verb == "up" else 1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        return rows


def act_of(value: str) -> Act | None:
    """Return the act that a button's value names: ``add:options``, ``up:options:3``; ``None`` for others."""
    verb, _, rest = value.partition(":")
    at, _, token = rest.partition(":")
    return Act(verb, at, token) if verb in _VERBS and at else None
