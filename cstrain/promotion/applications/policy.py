"""The chapter of panels, public notices and appeals. Pure; sources in ``panels.yaml``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator

CHAPTER = "panels.yaml"
STATE_WORDS: dict[str, str] = {
    "submitted": "等部门评审",
    "reviewed": "等人力资源部审核",
    "checked": "等答辩",
    "defended": "等决定",
    "approved": "等公示",
    "notice": "公示中",
    "cleared": "等任命",
    "trial": "试岗中",
    "returned": "退回",
    "declined": "未通过",
    "stopped": "公示后停止",
    "withdrawn": "已撤回",
    "left": "已离职",
    "appointed": "已任命",
    "confirmed": "试岗合格",
    "unconfirmed": "试岗不合格",
}
"""States of an application in words (message ids)."""

EVENT_WORDS: dict[str, str] = {
    "submit": "提出申请",
    "review": "部门评审",
    "pass": "资格审核通过",
    "pass_without_panel": "资格审核通过，不用答辩",
    "return": "资格审核退回",
    "defend": "答辩记录签完",
    "approve": "决定通过",
    "approve_without_notice": "决定通过，不用公示",
    "decline": "决定不通过",
    "publish": "发布公示",
    "clear": "公示无异议",
    "stop": "异议成立，停止",
    "appoint": "任命",
    "begin_trial": "任命，开始试岗",
    "confirm_trial": "试岗合格",
    "fail_trial": "试岗不合格",
    "withdraw": "本人撤回",
    "leave": "离职",
    "reopen_check": "申诉成立，重新审核",
    "reopen_decision": "申诉成立，重新决定",
    "reopen_trial": "申诉成立，继续试岗",
}
"""What may happen to an application, in words (message ids)."""

TIE_WORDS: dict[str, str] = {"mentor": "当过申请人的导师", "superior": "申请人的直接上级"}
"""Ties of a juror to an applicant in words (message ids)."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Element(_Frozen):
    """One thing that jurors score from 0 to 100; ``weight`` in per cent."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1, max_length=30)
    hint: str = Field(default="", max_length=200)
    weight: int = Field(ge=1, le=100)


class Panel(_Frozen):
    """How a defence goes: who sits, what is scored, how the mean is taken, what is asked.

    ``offices``: who may sit; ``required``: offices of which one must sit. ``tied_may_sit``: offices that stay
    in although they mentored or supervise the applicant (declared in the minutes). From ``trim_from`` scores
    on the highest and the lowest total are left out. ``questions`` drawn of the ``pool``, ``step`` of points.
    """

    ref: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    least: int = Field(ge=2, le=15)
    most: int = Field(ge=2, le=15)
    offices: tuple[str, ...] = Field(min_length=1)
    required: tuple[str, ...] = ()
    tied_may_sit: tuple[str, ...] = ()
    elements: tuple[Element, ...] = Field(min_length=1)
    step: Decimal = Field(default=Decimal("0.5"), gt=0)
    trim_from: int = Field(ge=4)
    pass_mark: Decimal = Field(ge=0, le=100)
    speech_minutes: int = Field(ge=1, le=120)
    answer_minutes: int = Field(ge=1, le=120)
    questions: int = Field(ge=0, le=10)
    pool: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Panel:
        if self.most < self.least:
            raise ValueError("most 不能小于 least")
        if sum(one.weight for one in self.elements) != 100:
            raise ValueError("elements 的 weight 合计要是100")
        names = [one.id for one in self.elements]
        if len(set(names)) != len(names):
            raise ValueError("elements 的 id 不能重复")
        if len(self.pool) < self.questions or len(set(self.pool)) != len(self.pool):
            raise ValueError("pool 里的题要够抽，而且不能重复")
        if not set(self.required) | set(self.tied_may_sit) <= set(self.offices):
            raise ValueError("required 和 tied_may_sit 里的要先写在 offices 里")
        return self

    def element(self, name: str) -> Element | None:
        """Return an element by its id."""
        return next((one for one in self.elements if one.id == name), None)


class NoticeRules(_Frozen):
    """Working days to begin and to answer the investigation of an objection; whom to turn to."""

    start_within: int = Field(ge=1, le=30)
    answer_within: int = Field(ge=1, le=60)
    contact: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> NoticeRules:
        if self.answer_within < self.start_within:
            raise ValueError("answer_within 不能小于 start_within")
        return self


class AppealRules(_Frozen):
    """How many working days after the outcome an appeal may be filed, and within how many it is decided."""

    file_within: int = Field(ge=1, le=60)
    decide_within: int = Field(ge=1, le=60)


class PanelsChapter(_Frozen):
    """Panels by name, public notices and appeals."""

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str = Field(min_length=1)
    panels: tuple[Panel, ...] = Field(min_length=1)
    notice: NoticeRules
    appeal: AppealRules

    @model_validator(mode="after")
    def _distinct(self) -> PanelsChapter:
        names = [one.ref for one in self.panels]
        if len(set(names)) != len(names):
            raise ValueError("panels 的 ref 不能重复")
        return self

    def panel(self, ref: str) -> Panel | None:
        """Return a panel by its name."""
        return next((one for one in self.panels if one.ref == ref), None)
