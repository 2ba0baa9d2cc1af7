"""A task done aloud before an examiner: a telephone call, a random oral question. An examiner marks it live.

The candidate's page shows the task; what the examiner plays or asks is part of the key. The response only
says that the candidate is ready; the points come from the examiner's sheet, whatever the response is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from cstrain.judgement.rubric import Rubric, RubricCriterion
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import TYPES, QuestionType
from cstrain.questions.written_fields import criteria_as_written

_ALOUD = "口头作答，由考官当场打分"


@TYPES.register("oral")
class Oral(QuestionType):
    """A task for the candidate, what the examiner does, the rubric, and about how many minutes it takes."""

    label: ClassVar[str] = "口试题"
    control: ClassVar[Control] = Control.LIVE

    type: Literal["oral"]
    task: str = Field(min_length=4, max_length=600)
    examiner: str = Field(min_length=4, max_length=1200)
    minutes: int = Field(ge=1, le=30)
    rubric: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _criteria_fit_together(self) -> Oral:
        Rubric(criteria=self.rubric)
        return self

    def content(self) -> JsonObject:
        """Return the situation, the task and the minutes."""
        return {"stem": self.stem, "task": self.task, "minutes": self.minutes}

    def key(self) -> JsonObject:
        """Return the rubric and the examiner's part."""
        criteria = [each.model_dump(mode="json", exclude_defaults=True) for each in self.rubric]
        return {"rubric": criteria, "examiner": self.examiner, "minutes": self.minutes}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the task, the examiner's part, the minutes and the rubric."""
        return {
            "stem": content["stem"],
            "task": content["task"],
            "examiner": key["examiner"],
            "minutes": key["minutes"],
            "rubric": criteria_as_written(key["rubric"]),
        }

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return that a person must mark it, whatever the response: the points come from the examiner."""
        return Marking.by_person()

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return responses of every shape: all of them wait for the examiner."""
        responses: tuple[object, ...] = (None, "", {"ready": True}, [], 5, "好")
        return tuple(Sample.by_person(response) for response in responses)

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the rubric: each criterion with its points and what earns them."""
        return "；".join(_criterion(each) for each in key["rubric"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return that it was answered aloud."""
        return _ALOUD


def _criterion(criterion: Mapping[str, Any]) -> str:
    hint = criterion.get("hint", "")
    return f"{criterion['title']}（{criterion['of']}分）" + (f"：{hint}" if hint else "")
