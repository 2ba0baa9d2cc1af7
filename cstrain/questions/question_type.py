"""The contract of a question type: one file in ``types/``, one frozen class, registered under its YAML name.

An instance is a question as somebody wrote it (its YAML fields, checked). It splits into *content*, which a
candidate may see, and *key*, which marking needs: two JSON objects kept in two tables. Everything after that
works on those objects alone and is a class method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cstrain.judgement.rubric import Rubric, read_rubric
from cstrain.kernel.registry import Registry, load_modules
from cstrain.questions.facts import Control, JsonObject, Marking, Sample

NOT_ANSWERED = "未作答"
NOT_READABLE = "无法识别的作答"


class PartToMark(NamedTuple):
    """What a person must mark of a response: the part's index (from 0), its rubric, its weight."""

    part: int
    rubric: Rubric
    of: int


MOST_PICTURES = 6


class Picture(BaseModel):
    """A picture under the stem: the digest of a kept picture, and what it shows, for who cannot see it.

    ``width`` and ``height`` (pixels, 0: not known) keep its place free while it loads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(pattern=r"^[0-9a-f]{64}$")
    alt: str = Field(min_length=1, max_length=200)
    width: int = Field(default=0, ge=0, le=4000)
    height: int = Field(default=0, ge=0, le=4000)


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
    stem: str = Field(min_length=1, max_length=4000)
    difficulty: int = Field(ge=1, le=3)
    situation: bool = False
    explanation: str = Field(default="", max_length=4000)
    source: str = Field(default="", max_length=200)
    pictures: tuple[Picture, ...] = Field(default=(), max_length=MOST_PICTURES)

    def shown(self) -> JsonObject:
        """Return all that a candidate may see: the content, and pictures if there are any."""
        if not self.pictures:
            return self.content()
        return {**self.content(), "pictures": [each.model_dump() for each in self.pictures]}

    def content(self) -> JsonObject:
        """Return what a candidate may see of the type's own: the stem, and what the control needs."""
        raise NotImplementedError

    def key(self) -> JsonObject:
        """Return what marking needs; it never travels with the content."""
        raise NotImplementedError

    def script(self) -> JsonObject | None:
        """Return what the machine needs while a candidate answers and no candidate may fetch, if anything.

        It is kept apart from content and key; only ``turn`` is given it.
        """
        return None

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the YAML fields of this type that say what is stored: the stem and what the type adds.

        The type built from them, with the same id, gives the same content, key and script. What every
        question has besides (id, type, difficulty, situation, explanation, source) is the caller's.
        """
        raise NotImplementedError

    @classmethod
    def turn(cls, content: Mapping[str, Any], script: Mapping[str, Any], response: object) -> JsonObject:
        """Return what the other side says or shows next, given all that the candidate has sent so far."""
        raise NotImplementedError

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the share of the marks that ``response`` earns; ``partial`` as the paper says."""
        raise NotImplementedError

    @classmethod
    def parts_to_mark(cls, key: Mapping[str, Any], response: object) -> tuple[PartToMark, ...]:
        """Return what people must mark of a response: nothing, the whole of it (index 0), or several parts.

        Needs a key with a ``rubric`` where ``mark`` says that a person must mark.
        """
        if cls.mark(key, response).fraction is not None:
            return ()
        return (PartToMark(0, read_rubric(key["rubric"]), 1),)

    @classmethod
    def combine(
        cls,
        key: Mapping[str, Any],
        response: object,
        given: Mapping[int, Fraction],
        partial: bool = False,
    ) -> Fraction:
        """Return the exact share of the marks, from what the machine marks and what people have given.

        ``given`` holds for each part of ``parts_to_mark`` the share (0 to 1) that people gave.
        Raises ``ValueError`` when a part is missing, was not to be marked, or lies outside 0 to 1.
        """
        check_given(cls.parts_to_mark(key, response), given)
        marking = cls.mark(key, response, partial=partial)
        return given[0] if marking.fraction is None else marking.fraction

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

    @classmethod
    def dialogue(cls, key: Mapping[str, Any], response: object) -> tuple[tuple[bool, str], ...]:
        """Return what was said in turn and whether the candidate said it; empty unless it is a chat."""
        return ()


TYPES: Registry[type[QuestionType]] = Registry("question type")


@cache
def question_types() -> Registry[type[QuestionType]]:
    """Return all question types, by YAML name."""
    load_modules("cstrain.questions.types")
    return TYPES


def check_given(due: Iterable[PartToMark], given: Mapping[int, Fraction]) -> None:
    """Raise ``ValueError`` unless ``given`` holds a share (0 to 1) for each part that is due and no other."""
    wanted = {each.part for each in due}
    if wanted != set(given):
        raise ValueError(f"marks are due for the parts {sorted(wanted)}, given for {sorted(given)}")
    outside = [index for index, share in given.items() if not 0 <= share <= 1]
    if outside:
        raise ValueError(f"the share of part {outside[0]} lies outside 0 to 1")


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
