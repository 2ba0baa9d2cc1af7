"""The chapter of monthly performance: grades by score, brand rank, leave months, metrics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

CHAPTER = "performance.yaml"
GRADES = ("S", "A", "B", "C", "D")
"""Grades from the best."""

Grade = Literal["S", "A", "B", "C", "D"]


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BrandRank(_Chapter):
    """How brand points are ranked: the mean of the latest ``months`` closed months, at least ``least`` of
    them known."""

    months: int = Field(ge=1, le=12)
    least: int = Field(ge=1, le=12)

    @model_validator(mode="after")
    def _fits(self) -> BrandRank:
        if self.least > self.months:
            raise ValueError("least不能大于months。")
        return self


class PerformanceRules(_Chapter):
    """The chapter. ``grades``: the least score of each grade; ``qualified``: the lowest that is enough.

    ``away_above``: leave on more than this share of a month's working days makes it a month away.
    ``close_from``: from this day of the next month on a month may be closed (domain.md: the 21st–22nd).
    ``chart_months``: how many months a person's charts show.
    """

    ref: str
    edition: int
    effective_from: date
    source: str
    grades: dict[Grade, Decimal]
    qualified: Grade
    brand_rank: BrandRank
    away_above: Decimal = Field(ge=0, lt=1)
    close_from: int = Field(default=21, ge=1, le=28)
    chart_months: int = Field(ge=3, le=24)

    @model_validator(mode="after")
    def _falls(self) -> PerformanceRules:
        if tuple(self.grades) != GRADES:
            raise ValueError("grades要按S、A、B、C、D的顺序写全。")
        least = list(self.grades.values())
        if any(high <= low for high, low in pairwise(least)) or least[-1] != 0:
            raise ValueError("grades的分数线要从高到低，D从0分起。")
        return self
