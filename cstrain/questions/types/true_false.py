"""True or false. The response is a JSON boolean (a plain form may send the words)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)

_WORDS = {True: "正确", False: "错误"}


@TYPES.register("true_false")
class TrueFalse(QuestionType):
    """A statement that is right or wrong."""

    label: ClassVar[str] = "判断题"
    control: ClassVar[Control] = Control.TRUE_FALSE

    type: Literal["true_false"]
    answer: bool

    def content(self) -> JsonObject:
        """Return the statement."""
        return {"stem": self.stem}

    def key(self) -> JsonObject:
        """Return whether the statement is right."""
        return {"right": self.answer}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the statement and whether it is right."""
        return {"stem": content["stem"], "answer": key["right"]}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all or nothing."""
        if response is None or response == "":
            return Marking.blank()
        said = _said(response)
        return Marking.malformed() if said is None else Marking.of(Fraction(said is key["right"]))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return both answers, as booleans and as words, and the useless."""
        both = [Sample.all(each, int(each is key["right"])) for each in (True, False)]
        words = [Sample.all(str(each).lower(), int(each is key["right"])) for each in (True, False)]
        return (*both, *words, *useless_samples([0, 1, "yes", "TRUE", [key["right"]], {"right": True}]))

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the word for the right answer."""
        return _WORDS[key["right"]]

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the word for what was answered."""
        if response is None or response == "":
            return NOT_ANSWERED
        said = _said(response)
        return NOT_READABLE if said is None else _WORDS[said]


def _said(response: object) -> bool | None:
    """Return the boolean that a response says; ``None`` when it says neither (1 and 0 do not)."""
    if isinstance(response, bool):
        return response
    if isinstance(response, str):
        return {"true": True, "false": False}.get(response)
    return None
