"""A ladder: dated editions of levels and of the conditions for each step, with source and approvals. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.judgement.catalogue import AnyCriterion

Road = Literal["conversion", "application", "rating", "competition", "project", "appointment"]
"""How a step is taken: by the conversion case, on application (with defence), by the quarterly rating, by a
competition for a post, by a project (the Eaglet plan), or by appointment (initial level, succession)."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Approval(_Frozen):
    """Who drafted, checked or approved an edition, and when."""

    act: Literal["drafted", "checked", "approved"]
    office: str = Field(min_length=1)
    by: str = Field(min_length=1)
    on: date


class Step(_Frozen):
    """One step up: ``start`` is ``None`` for who has no level yet (probation). Words are the policy's own."""

    start: str | None = Field(alias="from", default=None)
    goal: str = Field(alias="to", min_length=1)
    clause: str = Field(min_length=1)
    road: Road
    criteria: tuple[AnyCriterion, ...] = Field(min_length=1)
    panel: str = ""
    notice_working_days: int | None = Field(default=None, ge=1, le=30)
    trial_months: int | None = Field(default=None, ge=1, le=6)

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Ladder(_Frozen):
    """One edition of a ladder. ``levels`` from the lowest; ``kind`` ``level``: bound to departments, one at a
    time; ``post``: a post ladder or competition that stands beside it.

    ``skip_by``: offices of which one may authorise that a level is skipped (empty: nobody may).
    """

    ref: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    kind: Literal["level", "post"]
    levels: tuple[str, ...] = Field(min_length=1)
    titles: dict[str, str]
    steps: tuple[Step, ...] = Field(min_length=1)
    approvals: tuple[Approval, ...] = ()
    skip_by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Ladder:
        if set(self.titles) != set(self.levels):
            raise ValueError("每个级别（levels）都要有名称（titles），名称也不能多出来。")
        known = (None, *self.levels)
        for step in self.steps:
            if step.start not in known or step.goal not in self.levels:
                raise ValueError(f"{step.clause}的起点或终点不在级别（levels）里。")
            if known.index(step.start) >= known.index(step.goal):
                raise ValueError(f"{step.clause}不是向上的一步。")
        pairs = [(step.start, step.goal) for step in self.steps]
        if len(set(pairs)) != len(pairs):
            raise ValueError("同一步写了两次，请删去一处。")
        return self

    def step_from(self, level: str | None) -> Step | None:
        """Return the next step up from a level (``None``: from probation), or ``None`` at the top."""
        return next((step for step in self.steps if step.start == level), None)

    def step_to(self, start: str | None, goal: str) -> Step | None:
        """Return the step between two levels, if the ladder has it."""
        return next((step for step in self.steps if (step.start, step.goal) == (start, goal)), None)
