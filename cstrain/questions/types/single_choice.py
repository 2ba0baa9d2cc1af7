"""Single choice: one of the options is right. The response is the id of an option."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field

from cstrain.questions.choices import ChoiceQuestion, known_ids, texts
from cstrain.questions.facts import Control, Marking, Sample
from cstrain.questions.question_type import NOT_ANSWERED, NOT_READABLE, TYPES, useless_samples


@TYPES.register("single_choice")
class SingleChoice(ChoiceQuestion):
    """One right option among two to ten."""

    label: ClassVar[str] = "单选题"
    control: ClassVar[Control] = Control.CHOOSE_ONE

    type: Literal["single_choice"]
    answer: tuple[str, ...] = Field(min_length=1, max_length=1)

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all or nothing; partial credit does not apply."""
        if response is None or response == "":
            return Marking.blank()
        if not isinstance(response, str) or response not in key["options"]:
            return Marking.malformed()
        return Marking.of(Fraction(response in key["right"]))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return every option, no answer, and things that are no option."""
        right = key["right"][0]
        each = [Sample.all(option["id"], int(option["id"] == right)) for option in content["options"]]
        outside = str(len(content["options"]))
        return (*each, *useless_samples([outside, "A", int(right), [right], {"id": right}, True, 0.5]))

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the text of the right option."""
        return texts(content, key["right"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the text of the chosen option."""
        if response is None or response == "":
            return NOT_ANSWERED
        if not isinstance(response, str) or response not in known_ids(content):
            return NOT_READABLE
        return texts(content, [response])
