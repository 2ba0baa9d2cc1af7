"""What differs between two editions of a chapter: every value that changed, by its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cstrain.promotion.editions.facts import PART, Changed

_HEAD = {"ref", "edition", "effective_from"}
_NAMES = ("id", "ref", "code")
"""What names an item of a list; without one its number does."""
ORDER = "(order)"
"""The name under which another order of the same items is told."""

_Place = tuple[str, ...]
_Value = tuple[str, str, str]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Return what an edition of a chapter changes, by place from the top; its number and first day apart."""
    old, new = ({key: one for key, one in each.items() if key not in _HEAD} for each in (before, after))
    return list(_of_mapping((), old, new))


def _of_mapping(place: _Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Changed]:
    keys = list(dict.fromkeys((*old, *new)))
    plain = [key for key in keys if _is_plain(old.get(key)) and _is_plain(new.get(key))]
    yield from _changed(place, [(key, said(old.get(key)), said(new.get(key))) for key in plain])
    for key in keys:
        if key not in plain:
            yield from _of_part((*place, key), old.get(key), new.get(key))


def _of_part(place: _Place, old: Any, new: Any) -> Iterator[Changed]:
    if _is_empty(old) or _is_empty(new):
        yield from _whole(place, old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mapping(place, old, new)
    elif isinstance(old, Sequence) and isinstance(new, Sequence):
        yield from _of_list(place, old, new)
    else:
        yield from _changed(place, [("", said(old), said(new))])


def _of_list(place: _Place, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Changed]:
    had, has = _named(old), _named(new)
    for name, one in has.items():
        if name not in had:
            yield from _whole((*place, _title(name, one)), None, one)
        elif had[name] != one:
            yield from _of_mapping((*place, _title(name, one)), had[name], one)
    for name, one in had.items():
        if name not in has:
            yield from _whole((*place, _title(name, one)), one, None)
    both = [name for name in had if name in has], [name for name in has if name in had]
    if both[0] != both[1]:
        told = [
            "、".join(_title(name, each[name]) for name in names)
            for names, each in zip(both, (had, has), strict=True)
        ]
        yield Changed("changed", None, "", PART.join(place), ((ORDER, told[0], told[1]),))


def _named(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for number, one in enumerate(items, start=1):
        name = next((str(one[key]) for key in _NAMES if one.get(key)), f"#{number}")
        found[name] = one
    return found


def _title(name: str, one: Mapping[str, Any]) -> str:
    return str(one.get("title") or name)


def _whole(place: _Place, old: Any, new: Any) -> Iterator[Changed]:
    """Yield a part that came or went as a whole."""
    added = _is_empty(old)
    values = [(name, text) for name, text in _flat("", new if added else old) if text]
    if values:
        told = tuple((name, "", text) if added else (name, text, "") for name, text in values)
        yield Changed("added" if added else "removed", None, "", PART.join(place), told)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(f"{name}.{key}" if name else key, one)
    elif _is_plain(value):
        yield name, said(value)
    else:
        for title, one in _named(value).items():
            yield from _flat(f"{name}.{_title(title, one)}" if name else _title(title, one), one)


def _changed(place: _Place, values: Sequence[_Value]) -> Iterator[Changed]:
    differ = tuple(each for each in values if each[1] != each[2])
    if differ:
        yield Changed("changed", None, "", PART.join(place), differ)


def _is_plain(value: Any) -> bool:
    """Tell whether a value is told in one piece: no mapping, and no list of mappings."""
    if isinstance(value, list | tuple):
        return not any(isinstance(each, Mapping) for each in value)
    return not isinstance(value, Mapping)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping | list | tuple) and not value)


def said(value: Any) -> str:
    """Return a value as it is written in the text; empty for none. Equal numbers are told alike."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "、".join(said(each) for each in value)
    return str(value)
