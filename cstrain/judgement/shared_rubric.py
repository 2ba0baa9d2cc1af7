"""The rubric of real chats as policy data, the same for quality sampling and for exams. Pure."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.judgement.rubric import Rubric, RubricCriterion


class SharedRubric(BaseModel):
    """The edition in force of a rubric that several packages mark by; questions name it by ``id``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str = Field(min_length=1)
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)
    title: str = Field(min_length=1, max_length=60)
    rubric: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _criteria_fit_together(self) -> SharedRubric:
        Rubric(criteria=self.rubric)
        return self
