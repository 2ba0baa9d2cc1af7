"""Reading sealed facts back, and judging them again under the conditions sealed with them. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from cstrain.judgement.assess import assess
from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Dossier
from cstrain.judgement.sealing import canonical
from cstrain.kernel.finding import Finding

_CRITERIA: TypeAdapter[tuple[Criterion, ...]] = TypeAdapter(tuple[AnyCriterion, ...])


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding that comes out otherwise: sentence and state as sealed, and as judged now.

    ``None`` where one of the two has no finding in this place.
    """

    clause: str
    was: tuple[str, str] | None
    now: tuple[str, str] | None


def dossier_of(sealed: Mapping[str, Any]) -> Dossier:
    """Return the facts of a sealed record.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is none.
    """
    found = _read(Dossier, sealed)
    if not isinstance(found, Dossier):
        raise TypeError("no dossier")
    return found


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        inner = [each for each in get_args(kind) if each is not NoneType]
        return None if value is None else _read(inner[0], value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], each) for name, each in _plain(value, dict).items()})
    if get_origin(kind) is not None:
        return _many(kind, value)
    if kind in _FROM_TEXT:
        return _FROM_TEXT[kind](value)
    return _plain(value, kind)


_FROM_TEXT: dict[type, Any] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _many(kind: Any, value: Any) -> Any:
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(_read(arguments[0], each) for each in _plain(value, list))
    if get_origin(kind) is frozenset:
        return frozenset(_read(arguments[0], each) for each in _plain(value, list))
    return {name: _read(arguments[1], each) for name, each in _plain(value, dict).items()}


def _plain(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def criteria_of(sealed: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """Return the conditions that were sealed with a record; raises ``ValueError`` for what is none."""
    return _CRITERIA.validate_json(canonical(list(sealed)), strict=True)


def judge_again(facts: Mapping[str, Any], criteria: Sequence[Criterion]) -> tuple[Finding, ...]:
    """Judge sealed facts by conditions, as on the day they were sealed."""
    return assess(criteria, dossier_of(facts)).findings


def differences(sealed: Sequence[Mapping[str, Any]], again: Sequence[Finding]) -> tuple[Difference, ...]:
    """Return where findings differ from the sealed ones, in order; state, sentence and records count."""
    found = []
    for place in range(max(len(sealed), len(again))):
        was = sealed[place] if place < len(sealed) else None
        now = again[place] if place < len(again) else None
        if was is not None and now is not None and canonical(was) == canonical(now):
            continue
        clause = str(was["clause"]) if was is not None else (now.clause if now is not None else "")
        found.append(
            Difference(
                clause,
                (str(was["state"]), str(was["says"])) if was is not None else None,
                (str(now.state), now.says) if now is not None else None,
            )
        )
    return tuple(found)
