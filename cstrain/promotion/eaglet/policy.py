"""The chapter of the Eaglet plan: places, days, screening sheet, interview, study, exams. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.judgement.rubric import Rubric, RubricCriterion

CHAPTER = "eaglet.yaml"
VIP = "vip"
"""The place in the table of departments that receives who passes."""
HUNDRED = 100


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceRule(_Frozen):
    """A kind of place in the group: how many people, and the platform their department serves."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=20)
    title: str = Field(min_length=1, max_length=40)
    seats: int = Field(ge=1, le=10)
    platform: str = Field(pattern=r"^(soso|google)$")


class Screening(_Frozen):
    """The published sheet: points by item, out of 100; ``invited``: how many per seat are interviewed.

    Awards: ``award_points`` each up to ``award_most``; conversion exam: the mean of its papers as a share of
    ``conversion_points``; duration: ``duration_points`` from ``months_from`` to ``months_to``, else none;
    level: ``levels``.
    """

    award_points: int = Field(ge=0, le=HUNDRED)
    award_most: int = Field(ge=0, le=HUNDRED)
    conversion_points: int = Field(ge=0, le=HUNDRED)
    conversion_papers: tuple[str, ...] = Field(min_length=1)
    duration_points: int = Field(ge=0, le=HUNDRED)
    months_from: Decimal = Field(gt=0)
    months_to: Decimal = Field(gt=0)
    levels: dict[str, int] = Field(min_length=1)
    invited: int = Field(ge=1, le=10)
    clause: str = Field(min_length=1)

    @model_validator(mode="after")
    def _hundred(self) -> Screening:
        top = max(self.levels.values())
        if self.award_most + self.conversion_points + self.duration_points + top != HUNDRED:
            raise ValueError("筛选表各项的满分加起来要正好是100分。")
        if self.months_to < self.months_from:
            raise ValueError("计划时长的上限不能小于下限。")
        return self


class Interview(_Frozen):
    """The interviewers' sheet; whoever stays below ``least`` of 100 is not accepted."""

    offices: tuple[str, ...] = Field(min_length=2)
    criteria: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)
    least: Decimal = Field(ge=0, le=HUNDRED)
    clause: str = Field(min_length=1)
    conflict_clause: str = Field(min_length=1)

    @model_validator(mode="after")
    def _hundred(self) -> Interview:
        if self.rubric.of != HUNDRED:
            raise ValueError("面试评分表各项的满分加起来要正好是100分。")
        return self

    @property
    def rubric(self) -> Rubric:
        """The sheet as a rubric."""
        return Rubric(criteria=self.criteria)


class Thing(_Frozen):
    """Something a leader may ask HR for."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=20)
    title: str = Field(min_length=1, max_length=20)


class EagletRules(_Frozen):
    """An edition of the Eaglet plan's rules (docs/rules.md 10).

    Days count as calendar days after the window's last day. ``topic``: of the superior's endorsement in the
    ladder. ``appeal_days``: working days after a removal. ``check_days``: a knowledge check is due so many
    days after the last. ``answer_days``: calendar days within which a proposal is approved.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    ladder: str = Field(min_length=1)
    topic: str = Field(min_length=1)
    approvals: tuple[str, ...] = Field(min_length=1)
    approval_clause: str = Field(min_length=1)
    places: tuple[PlaceRule, ...] = Field(min_length=1)
    group_clause: str = Field(min_length=1)
    answer_days: int = Field(ge=1, le=60)
    screen_days: int = Field(ge=1, le=30)
    interview_from: int = Field(ge=1, le=60)
    interview_to: int = Field(ge=1, le=60)
    days_clause: str = Field(min_length=1)
    screening: Screening
    interview: Interview
    leader_clause: str = Field(min_length=1)
    removal_clause: str = Field(min_length=1)
    things: tuple[Thing, ...] = Field(min_length=1)
    check_days: int = Field(ge=1, le=90)
    appeal_days: int = Field(ge=1, le=30)
    papers: tuple[str, ...] = Field(min_length=1)
    exam_clause: str = Field(min_length=1)
    post: str = Field(min_length=1)
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> EagletRules:
        if not self.screen_days <= self.interview_from <= self.interview_to:
            raise ValueError("筛选不能晚于面试第一天，面试第一天不能晚于最后一天。")
        names = [each.id for each in self.places]
        if len(set(names)) != len(names) or VIP in names:
            raise ValueError("名额（places）的编号不能重复，也不能叫vip。")
        return self

    def place(self, name: str) -> PlaceRule:
        """Return a kind of place by its name."""
        return next(each for each in self.places if each.id == name)
