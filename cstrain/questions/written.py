"""What answers in writing share: a limit in characters, a model answer, a rubric. Pure.

A character is a Unicode code point, white space and punctuation included; a line end is one. The player
counts the same way. The response is the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from cstrain.judgement.rubric import Rubric, RubricCriterion
from cstrain.questions.facts import JsonObject, Marking, Sample
from cstrain.questions.question_type import NOT_ANSWERED, NOT_READABLE, QuestionType
from cstrain.questions.written_fields import criteria_as_written, filled
from cstrain.wording.said import say


def characters(text: str) -> int:
    """Return how many characters a text has (see above)."""
    return len(text.replace("\r\n", "\n"))


class WrittenQuestion(QuestionType):
    """A question that is answered in writing and marked by a person against the rubric, within ``most``."""

    model: str = Field(default="", max_length=4000)
    rubric: tuple[RubricCriterion, ...] = Field(min_length=1, max_length=20)
    most: int

    @field_validator("rubric")
    @classmethod
    def _criteria_differ(cls, rubric: tuple[RubricCriterion, ...]) -> tuple[RubricCriterion, ...]:
        names = [criterion.id for criterion in rubric]
        if len(set(names)) != len(names):
            raise ValueError(say("里有两条的“id”相同，请改成不同的。"))
        return Rubric(criteria=rubric).criteria

    @field_validator("most")
    @classmethod
    def _holds_the_model(cls, most: int, info: ValidationInfo) -> int:
        model = characters(info.data.get("model", ""))
        if model > most:
            raise ValueError(
                say(
                    "是%(most)s字，参考答案“model”却有%(model)s字；请放宽上限或缩短参考答案。",
                    most=most,
                    model=model,
                )
            )
        return most

    def content(self) -> JsonObject:
        """Return the stem and the limits in characters (``least`` 0: none)."""
        return {"stem": self.stem, "least": 0, "most": self.most}

    def key(self) -> JsonObject:
        """Return the limit, the model answer and the rubric."""
        rubric = [criterion.model_dump(mode="json") for criterion in self.rubric]
        return {"most": self.most, "model": self.model, "rubric": rubric}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the limits, the model answer if there is one, the rubric."""
        return {
            "stem": content["stem"],
            "most": key["most"],
            **filled(least=content["least"] or None, model=key["model"]),
            "rubric": criteria_as_written(key["rubric"]),
        }

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Leave a text within the limit to a person; partial credit is in the rubric."""
        if response is None or (isinstance(response, str) and not response.strip()):
            return Marking.blank()
        if not isinstance(response, str) or characters(response) > key["most"]:
            return Marking.malformed()
        return Marking.by_person()

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the model answer and the longest text, what says nothing, what is too long or no text."""
        most = key["most"]
        written = [key["model"].strip() or "见", "答", "\r\n" * (most - 1) + "答", "字" * most]
        useless = (None, "", " \n　", "字" * (most + 1), ["答"], {"text": "答"}, 5, True)
        return (
            *(Sample.by_person(text) for text in written),
            *(Sample.all(response, 0) for response in useless),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the model answer."""
        return str(key["model"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the text as written."""
        if response is None or (isinstance(response, str) and not response.strip()):
            return NOT_ANSWERED
        if not isinstance(response, str):
            return NOT_READABLE
        return response.strip()
