"""Sealed calculations looked at again: is the text whole, and does it come out the same? Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cstrain.judgement.sealing import intact
from cstrain.judgement.unsealing import Difference
from cstrain.kernel.errors import NotFoundError

_UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, NotFoundError)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value that is another one now. ``what``: a code; ``of``: whose it is (a number), empty for the whole.

    ``None``: one of the two is not there.
    """

    what: str
    of: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What a second look found: how many results there are, values and findings that differ."""

    results: int
    deviations: tuple[Deviation, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Recounted:
    """A sealed calculation, looked at again.

    ``kind``: what it is; ``of``: the number of the competition, run or plan it belongs to; ``at``: when
    it was sealed. ``whole``: the text is what was sealed; ``readable``: it could be worked out again.
    """

    kind: str
    id: int
    of: int
    at: datetime
    sha256: str
    whole: bool
    readable: bool
    found: Compared

    @property
    def same(self) -> bool:
        """The seal is whole and working it out again gives the same."""
        return self.whole and self.readable and not self.found.deviations and not self.found.differences

    @property
    def faults(self) -> int:
        """How many values and findings differ."""
        return len(self.found.deviations) + len(self.found.differences)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text with where it stands, before it is looked at."""

    kind: str
    id: int
    of: int
    at: datetime
    text: str
    sha256: str


def recount(one: Sealed, work: Callable[[Mapping[str, Any]], Compared], *, whole: bool = True) -> Recounted:
    """Look at a sealed text again: ``work`` gets what it holds and compares.

    ``whole``: what it rests on beside its text is whole too. A text that cannot be read is named, not raised.
    """
    try:
        found, readable = work(json.loads(one.text)), True
    except _UNREADABLE:
        found, readable = Compared(0), False
    return Recounted(
        one.kind,
        one.id,
        one.of,
        one.at,
        one.sha256,
        whole and intact(one.text, one.sha256),
        readable,
        found,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """One of the places where texts are sealed: how many, and some from a place on, newest first or last."""

    number: Callable[[], int]
    some: Callable[[int, int, bool], list[Recounted]]


def one_after_another(sources: Sequence[Source], start: int, most: int, *, newest: bool) -> list[Recounted]:
    """Return a page through several sources as if they were one; the newest first: the last source first."""
    found: list[Recounted] = []
    for source in reversed(sources) if newest else sources:
        held = source.number()
        if start < held and len(found) < most:
            found += source.some(start, most - len(found), newest)
        start = max(start - held, 0)
    return found


def deviation(what: str, of: object, was: Any, now: Any) -> tuple[Deviation, ...]:
    """Return a deviation where two values are not the same, as text; none where they are."""
    if was == now:
        return ()
    return (Deviation(what, str(of), _text(was), _text(now)),)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
