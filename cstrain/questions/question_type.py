"""The contract of a question type: one file in ``types/``, one frozen class, registered under its YAML name.

An instance is a question as somebody wrote it (its YAML fields, checked). It splits into *content*, which a
candidate may see, and *key*, which marking needs: two JSON objects kept in two tables. Everything after that
works on those objects alone and is a class method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from cstrain.kernel.registry import Registry, load_modules
from cstrain.questions.facts import Control, JsonObject, Marking, Sample

NOT_ANSWERED = "未作答"
NOT_READABLE = "无法识别的作答"


class QuestionType(BaseModel):
    """A question as written, and the class methods that mark and show its type.

    A response is any JSON value; ``mark`` and ``summarise`` never raise on one. Content and key are objects
    made by ``content()`` and ``key()``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: ClassVar[str]
    control: ClassVar[Control]

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)
    type: str
    stem: str = Field(min_length=4, max_length=600)
    difficulty: int = Field(ge=1, le=3)
    situation: bool = False
    explanation: str = Field(min_length=4, max_length=800)
    source: str = Field(default="", max_length=200)

    def content(self) -> JsonObject:
        """Return what a candidate may see: the stem, and what the control needs."""
        raise NotImplementedError

    def key(self) -> JsonObject:
        """Return what marking needs; it never travels with the content."""
        raise NotImplementedError

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the share of the marks that ``response`` earns; ``partial`` as the paper says."""
        raise NotImplementedError

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return right, wrong, blank and malformed responses with what they must earn."""
        raise NotImplementedError

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the right answer in plain text, for result pages after release."""
        raise NotImplementedError

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return in plain text what the candidate answered."""
        raise NotImplementedError


TYPES: Registry[type[QuestionType]] = Registry("question type")


@cache
def question_types() -> Registry[type[QuestionType]]:
    """Return all question types, by YAML name."""
    load_modules("cstrain.questions.types")
    return TYPES


def useless_samples(responses: Iterable[object]) -> tuple[Sample, ...]:
    """Return samples that earn nothing under any type: no answer, and the given malformed ones."""
    return tuple(Sample.all(response, 0) for response in (None, "", *responses))


def unearned(
    kind: type[QuestionType], content: Mapping[str, Any], key: Mapping[str, Any]
) -> list[tuple[Sample, Fraction | None]]:
    """Return the samples that do not earn what they must, with what they earned instead."""
    failed: list[tuple[Sample, Fraction | None]] = []
    for sample in kind.samples(content, key):
        for partial, due in ((False, sample.fraction), (True, sample.partial)):
            earned = kind.mark(key, sample.response, partial=partial).fraction
            if earned != due:
                failed.append((sample, earned))
    return failed
