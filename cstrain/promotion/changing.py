"""Changed ladders for a simulation: read from a file, or a shipped one with other numbers. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import DomainError
from cstrain.policies.yaml_source import decoded
from cstrain.promotion import ladders

MOST_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a ladder that a form may change: ``key`` names its place, ``name`` the parameter."""

    key: str
    step: int
    start: str | None
    goal: str
    text: str
    name: str
    value: Decimal

    @property
    def whole(self) -> bool:
        """It is written without decimals."""
        return self.value == self.value.to_integral_value()


def read_ladder(data: bytes, name: str) -> Ladder:
    """Read a ladder from the bytes of a YAML file the way shipped ones are read.

    Raises ``SourceError`` with the line of each fault.
    """
    return ladders.parse_ladder(decoded(data, name, MOST_BYTES), name)


def numbers(ladder: Ladder) -> list[Number]:
    """Return every number of a ladder's conditions, in the order of the policy."""
    return [
        Number(
            f"n-{index}-{'-'.join(map(str, path))}", index, step.start, step.goal, text, str(path[-1]), value
        )
        for index, step in enumerate(ladder.steps)
        for path, text, value in _of_criteria(step.criteria, ())
    ]


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """The numbers of one step, by condition, in the order of the policy."""

    start: str | None
    goal: str
    conditions: tuple[tuple[str, tuple[Number, ...]], ...]


def by_step(every: Sequence[Number]) -> list[StepNumbers]:
    """Return numbers by step and condition, each in the order they came in."""
    found = []
    for _step, group in groupby(every, key=lambda one: one.step):
        of_step = list(group)
        conditions = tuple(
            (text, tuple(numbers)) for text, numbers in groupby(of_step, key=lambda one: one.text)
        )
        found.append(StepNumbers(of_step[0].start, of_step[0].goal, conditions))
    return found


_Place = tuple[str | int, ...]


def _of_criteria(criteria: Sequence[Criterion], path: _Place) -> Iterator[tuple[_Place, str, Decimal]]:
    for index, criterion in enumerate(criteria):
        here = (*path, index)
        for name in type(criterion).model_fields:
            value = getattr(criterion, name)
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                yield (*here, name), criterion.text, Decimal(value)
        if criterion.kind in {"all_of", "any_of"}:
            yield from _of_criteria(getattr(criterion, "of", ()), (*here, "of"))


def with_numbers(ladder: Ladder, changed: Mapping[str, Decimal]) -> Ladder:
    """Return the ladder with other numbers, by their keys.

    Raises ``DomainError`` when a number is not possible where it stands.
    """
    data: dict[str, Any] = ladder.model_dump(mode="json", by_alias=True)
    for one in numbers(ladder):
        if one.key in changed and changed[one.key] != one.value:
            value = changed[one.key]
            _put(data, one, int(value) if value == value.to_integral_value() else f"{value:f}")
    try:
        return Ladder.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        where = [str(step) for step in error.errors()[0]["loc"] if not isinstance(step, int)]
        raise DomainError(
            "没有计算：参数%(name)s不能取这个值。请改回允许的范围再试。", name=where[-1] if where else ""
        ) from None


def _put(data: dict[str, Any], one: Number, value: int | str) -> None:
    _n, step, *path = one.key.split("-")
    here: Any = data["steps"][int(step)]["criteria"]
    for part in path[:-1]:
        here = here[int(part)] if part.isdigit() else here[part]
    here[path[-1]] = value


def as_text(ladder: Ladder) -> str:
    """Return a ladder as text that ``read_ladder`` reads again (JSON is YAML)."""
    return json.dumps(ladder.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1)
