"""The chapter of the group-leader competition: factors, bands, sheets, least numbers, order of ties. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.judgement.rubric import Rubric, RubricCriterion

CHAPTER = "leader_competition.yaml"

FactorId = Literal["ability", "pm", "interview", "manager", "colleagues"]
Tie = Literal["ability", "interview", "tenure"]
SHEETS = ("ability", "interview", "manager")
"""Factors given on sheets of criteria, each by a named person; colleagues answer without a name."""
RATES = {"ability": "competition.rate_ability", "manager": "competition.rate_manager"}
"""The permission by which a sheet is filled that no appointment but an office gives."""
HUNDRED = Decimal(100)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Factor(_Frozen):
    """A factor of the total: its weight in per cent and the clause it rests on."""

    id: FactorId
    title: str = Field(min_length=1)
    weight: Decimal = Field(gt=0, le=100)
    clause: str = Field(min_length=1)


class Band(_Frozen):
    """From ``start`` (included) up to the next band's start, a mean earns so many of the factor's 100."""

    start: Decimal = Field(ge=0, le=100)
    points: Decimal = Field(ge=0, le=100)


class Months(_Frozen):
    """How monthly scores count: the mean of the latest ``count`` closed months, read off the bands."""

    count: int = Field(ge=1, le=12)
    bands: tuple[Band, ...] = Field(min_length=1)
    clause: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Months:
        starts = [band.start for band in self.bands]
        if starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("各档（bands）的起点要从0开始，一档比一档高。")
        return self


class Sheet(_Frozen):
    """A sheet of criteria that a named person fills; their points add up to 100."""

    criteria: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)
    least: int = Field(ge=1, le=20)
    clause: str = Field(min_length=1)

    @model_validator(mode="after")
    def _hundred(self) -> Sheet:
        if self.rubric.of != HUNDRED:
            raise ValueError("评分表各项的满分加起来要正好是100分。")
        return self

    @property
    def rubric(self) -> Rubric:
        """The sheet as a rubric."""
        return Rubric(criteria=self.criteria)


class Named(_Frozen):
    """A question or an answer of the colleagues' sheet."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1, max_length=60)


class Answer(Named):
    """An answer a colleague may choose, worth so many of 100 points."""

    points: Decimal = Field(ge=0, le=100)


class Colleagues(_Frozen):
    """The colleagues' sheet: every item answered by one of the answers, counted without names."""

    items: tuple[Named, ...] = Field(min_length=1, max_length=20)
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=6)
    least: int = Field(ge=3, le=50)
    clause: str = Field(min_length=1)


class CompetitionRules(_Frozen):
    """An edition of the competition's rules (docs/rules.md 9).

    ``tie_order``: what is compared one after another where totals are equal. ``panel_offices``: offices
    whose holder may interview although they are a candidate's direct superior (empty: none).
    ``manager_offices``: who gives the manager's sheet. How a trial ended may be decided from
    ``trial_decided_before`` days before its last day on. ``role``: what the winner holds.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    who_clause: str = Field(min_length=1)
    factors: tuple[Factor, ...]
    months: Months
    ability: Sheet
    interview: Sheet
    manager: Sheet
    colleagues: Colleagues
    tie_order: tuple[Tie, ...] = Field(min_length=1)
    tie_clause: str = Field(min_length=1)
    panel_offices: tuple[str, ...] = ()
    manager_offices: tuple[str, ...] = Field(min_length=1)
    conflict_clause: str = Field(min_length=1)
    trial_months: int = Field(ge=1, le=6)
    trial_decided_before: int = Field(ge=0, le=28)
    trial_clause: str = Field(min_length=1)
    role: str = Field(min_length=1)
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> CompetitionRules:
        names = [factor.id for factor in self.factors]
        if sorted(names) != sorted(("ability", "pm", "interview", "manager", "colleagues")):
            raise ValueError("五个因素（factors）各写一次，不能多也不能少。")
        if sum(factor.weight for factor in self.factors) != HUNDRED:
            raise ValueError("五个因素的权重加起来要正好是100。")
        return self

    def sheet(self, kind: str) -> Sheet:
        """Return the sheet of a factor; raises ``KeyError`` for a factor without one."""
        return {"ability": self.ability, "interview": self.interview, "manager": self.manager}[kind]

    def factor(self, name: str) -> Factor:
        """Return a factor by its name."""
        return next(factor for factor in self.factors if factor.id == name)
