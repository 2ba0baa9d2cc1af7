"""The chapter of joint assessment: offices and their factors, who reviews, days; words. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.performance.facts import METRICS, SALES_SHARE

CHAPTER = "assessment.yaml"
PAGE_SIZE = 30
MOST_TARGETS, MOST_ACTIONS = 10, 8

SOURCES: dict[str, tuple[str, str]] = {
    **{name: (metric.word, metric.unit) for name, metric in METRICS.items() if name != "score"},
    SALES_SHARE: ("销售完成率", "%"),
    "deductions": ("扣分条数", "条"),
}
"""What a target may be measured by: word and unit (message ids) by name."""

SENSE_WORDS: dict[str, str] = {"at_least": "不低于", "at_most": "不高于"}
STATE_WORDS: dict[str, str] = {
    "rating": "评分中",
    "review": "等终审",
    "final": "等本人确认",
    "lapsed": "已生效，本人没有回复",
    "acknowledged": "本人已确认",
    "contested": "本人有异议，等决定",
    "decided": "异议已决定",
}
PLAN_WORDS: dict[str, str] = {
    "drafted": "等考核部门审核",
    "checked": "等批准",
    "approved": "已批准",
    "returned": "已退回",
}
REVIEW_WORDS: dict[str, str] = {"returned": "退回重评", "final": "终审", "contest": "异议决定"}
OUTCOME_WORDS: dict[str, str] = {"done": "已完成", "not_done": "没有完成", "moved": "改期"}


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Factor(_Chapter):
    """One thing an office looks at, worth up to ``of`` points."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1, max_length=30)
    hint: str = Field(default="", max_length=200)
    of: int = Field(ge=1, le=100)


class Office(_Chapter):
    """An office that rates. The first of ``roles`` that somebody else holds for the person rates them.

    ``place``: ``department`` looks for holders of the person's department or one above it, ``nearest`` for
    these, else anywhere, ``company`` anywhere. ``weight`` in per cent.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=20)
    title: str = Field(min_length=1, max_length=20)
    roles: tuple[str, ...] = Field(min_length=1)
    place: Literal["department", "nearest", "company"]
    weight: int = Field(ge=1, le=100)
    factors: tuple[Factor, ...] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _adds_up(self) -> Office:
        if sum(each.of for each in self.factors) != 100:
            raise ValueError(f"{self.title}各项的of合计要是100。")
        if len({each.id for each in self.factors}) != len(self.factors):
            raise ValueError(f"{self.title}有重复的编号。")
        return self


class AssessmentRules(_Chapter):
    """The chapter. Days to rate, contest and decide are working days.

    ``directors``: offices of the final review, the first that is held and did not rate. ``not_for``: who
    holds one of these roles gets no joint sheet. ``least``: sheets below which there is no result. ``step``
    of points. ``interview_within`` calendar days after a result below qualified.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str = Field(min_length=1)
    offices: tuple[Office, ...] = Field(min_length=2, max_length=6)
    least: int = Field(ge=1, le=6)
    step: Decimal = Field(gt=0, le=5)
    directors: tuple[str, ...] = Field(min_length=1)
    not_for: tuple[str, ...]
    rate_days: int = Field(ge=1, le=30)
    contest_days: int = Field(ge=1, le=30)
    decide_days: int = Field(ge=1, le=30)
    interview_within: int = Field(ge=1, le=60)

    @model_validator(mode="after")
    def _sound(self) -> AssessmentRules:
        names = [each.id for each in self.offices]
        if len(set(names)) != len(names):
            raise ValueError("offices的id不能重复。")
        if sum(each.weight for each in self.offices) != 100:
            raise ValueError("offices的weight合计要是100。")
        if self.least > len(self.offices):
            raise ValueError("least不能大于offices的个数。")
        return self

    def office(self, name: str) -> Office | None:
        """Return an office by its id."""
        return next((each for each in self.offices if each.id == name), None)
