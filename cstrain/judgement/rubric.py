"""Rubrics: what a person marks by, criterion by criterion. Pure; shared by exams and quality sampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from cstrain.wording.said import say


class RubricCriterion(BaseModel):
    """One thing to look at, worth up to ``of`` points. ``levels`` describe the work from worst to best."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1, max_length=60)
    of: int = Field(ge=1, le=100)
    hint: str = Field(default="", max_length=300)
    levels: tuple[str, ...] = Field(default=(), max_length=6)


class Rubric(BaseModel):
    """The criteria a person marks a response by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criteria: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _distinct(self) -> Rubric:
        names = [criterion.id for criterion in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError(say("评分标准里有重复的编号，请改正。"))
        return self

    @property
    def of(self) -> int:
        """The most points all criteria give together."""
        return sum(criterion.of for criterion in self.criteria)

    def share(self, points: Mapping[str, Decimal]) -> Fraction:
        """Return the share (0 to 1) of the marks that these points earn.

        Raises ``RubricError`` that names the criterion without points, or with points outside 0 to its most.
        """
        for criterion in self.criteria:
            given = points.get(criterion.id)
            if given is None:
                raise RubricError(criterion.title, "missing")
            if not Decimal(0) <= given <= criterion.of:
                raise RubricError(criterion.title, "outside")
        unknown = set(points) - {criterion.id for criterion in self.criteria}
        if unknown:
            raise RubricError(sorted(unknown)[0], "unknown")
        total = sum((Fraction(given) for given in points.values()), Fraction(0))
        return total / self.of


class RubricError(ValueError):
    """Points that do not fit the rubric: which criterion, and what is wrong (missing, outside, unknown)."""

    def __init__(self, criterion: str, problem: str) -> None:
        super().__init__(f"{criterion}: {problem}")
        self.criterion, self.problem = criterion, problem


_CRITERIA: TypeAdapter[tuple[RubricCriterion, ...]] = TypeAdapter(tuple[RubricCriterion, ...])


def read_rubric(criteria: Sequence[Mapping[str, Any]]) -> Rubric:
    """Return a rubric from its JSON form, a list of criteria; raises ``pydantic.ValidationError``."""
    return Rubric(criteria=_CRITERIA.validate_python(criteria))
