"""What differs between two editions, clause by clause, and what a new edition must keep to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.ladder import Ladder, Step
from cstrain.judgement.sealing import canonical, digest
from cstrain.promotion.editions.facts import Changed

_OF_LADDER = ("title", "source", "kind", "levels", "titles", "skip_by", "notes")
_OF_STEP = ("clause", "road", "panel", "notice_working_days", "trial_months")
_NAMES = {"clause", "kind"}


def digest_of(ladder: Ladder) -> str:
    """Return the SHA-256 of what an edition says; who approved it does not count."""
    return digest(canonical(ladder.model_dump(mode="json", by_alias=True, exclude={"approvals"})))


def differences(before: Ladder, after: Ladder) -> list[Changed]:
    """Return what an edition changes: the ladder as a whole, then each step's conditions by their clause."""
    found = list(_of_ladder(before, after))
    old = {(step.start, step.goal): step for step in before.steps}
    new = {(step.start, step.goal): step for step in after.steps}
    for key, step in new.items():
        if key not in old:
            found.append(Changed("added", key, step.clause, "", ()))
            found.extend(_whole("added", key, step.criteria))
        else:
            found.extend(_of_step(key, old[key], step))
    for key, step in old.items():
        if key not in new:
            found.append(Changed("removed", key, step.clause, "", ()))
            found.extend(_whole("removed", key, step.criteria))
    return found


def _of_ladder(before: Ladder, after: Ladder) -> Iterator[Changed]:
    values = _values(before.model_dump(mode="json"), after.model_dump(mode="json"), _OF_LADDER)
    if values:
        yield Changed("changed", None, "", "", values)


def _whole(what: str, key: tuple[str | None, str], criteria: Iterable[Criterion]) -> Iterator[Changed]:
    for one in criteria:
        yield Changed(what, key, one.clause, one.text, _listed(what, one))


def _of_step(key: tuple[str | None, str], before: Step, after: Step) -> Iterator[Changed]:
    values = _values(before.model_dump(mode="json"), after.model_dump(mode="json"), _OF_STEP)
    if values:
        yield Changed("changed", key, after.clause, "", values)
    old = {one.clause: one for one in before.criteria}
    new = {one.clause: one for one in after.criteria}
    for clause, one in new.items():
        if clause not in old:
            yield Changed("added", key, clause, one.text, _listed("added", one))
        elif (values := _of_criterion(old[clause], one)) != ():
            yield Changed("changed", key, clause, one.text, values)
    for clause, one in old.items():
        if clause not in new:
            yield Changed("removed", key, clause, one.text, _listed("removed", one))


def _of_criterion(before: Criterion, after: Criterion) -> tuple[tuple[str, str, str], ...]:
    old, new = flat(before), flat(after)
    return _values(old, new, dict.fromkeys((*old, *new)))


def _listed(what: str, one: Criterion) -> tuple[tuple[str, str, str], ...]:
    """Return the parameters of a whole condition, as those that come or go."""
    known = {name: value for name, value in flat(one).items() if name.split(".")[-1] not in {*_NAMES, "text"}}
    added = what == "added"
    return tuple(
        (name, "" if added else said(value), said(value) if added else "") for name, value in known.items()
    )


def flat(one: Criterion) -> dict[str, Any]:
    """Return the parameters of a condition by name; those of its parts under ``1.``, ``2.`` …"""
    return dict(_flat(one.model_dump(mode="json", by_alias=True), ""))


def _flat(data: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if name == "of" and isinstance(value, list):
            for number, part in enumerate(value, start=1):
                yield from _flat(part, f"{before}{number}.")
        elif value not in (None, "", [], {}):
            yield f"{before}{name}", value


def _values(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str]
) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, said(before.get(name)), said(after.get(name))) for name in names)
    return tuple(each for each in pairs if each[1] != each[2])


def said(value: Any) -> str:
    """Return a parameter as a reader sees it; empty for none."""
    if isinstance(value, Mapping):
        return "、".join(f"{name}：{said(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "、".join(said(each) for each in value)
    return "" if value is None else str(value)


class Numbered(Protocol):
    """An edition: its number and its first day."""

    @property
    def edition(self) -> int:
        """Its number, from 1."""

    @property
    def effective_from(self) -> date:
        """Its first day."""


def next_number(known: Iterable[Numbered]) -> int:
    """Return the number of the edition that comes next."""
    return max(one.edition for one in known) + 1


def earliest_start(known: Iterable[Numbered], today: date) -> date:
    """Return the day that the next edition must start after: today, and the start of every other one."""
    return max(today, *(one.effective_from for one in known))
