"""Multiple choice: two or more of the options are right. The response is a list of option ids."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field

from cstrain.questions.choices import ChoiceQuestion, known_ids, texts
from cstrain.questions.facts import Control, Marking, Sample
from cstrain.questions.question_type import NOT_ANSWERED, NOT_READABLE, TYPES, useless_samples


@TYPES.register("multiple_choice")
class MultipleChoice(ChoiceQuestion):
    """Two or more right options; all of them may be right, as other systems allow."""

    label: ClassVar[str] = "多选题"
    control: ClassVar[Control] = Control.CHOOSE_MANY

    type: Literal["multiple_choice"]
    answer: tuple[str, ...] = Field(min_length=2)

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all or nothing, or, with partial credit, (right picks - wrong picks) / keys, at least 0."""
        if response is None or response == "" or response == []:
            return Marking.blank()
        picks = _picks(response, set(key["options"]))
        if picks is None:
            return Marking.malformed()
        right = set(key["right"])
        if picks == right or not partial:
            return Marking.of(Fraction(picks == right))
        return Marking.of(max(Fraction(0), Fraction(len(picks & right) - len(picks - right), len(right))))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the key in two orders, with an option less and one more, all options, and the useless."""
        right = list(key["right"])
        wrong = [option["id"] for option in content["options"] if option["id"] not in right]
        keys = len(right)
        return (
            Sample.all(right, 1),
            Sample.all(right[::-1], 1),
            Sample(right[1:], Fraction(0), Fraction(keys - 1, keys)),
            *(Sample([*right, each], Fraction(0), Fraction(keys - 1, keys)) for each in wrong[:1]),
            Sample([*right, *wrong], Fraction(not wrong), _all_picked(keys, len(wrong))),
            Sample.all(wrong, 0),
            Sample.all([], 0),
            *useless_samples([right[0], [[right[0]]], [*right, "99"], {"right": right}, 1, True]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the texts of the right options."""
        return texts(content, key["right"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the texts of the chosen options."""
        if response is None or response == "" or response == []:
            return NOT_ANSWERED
        picks = _picks(response, known_ids(content))
        return NOT_READABLE if picks is None else texts(content, picks)


def _picks(response: object, known: set[str]) -> set[str] | None:
    """Return the chosen ids (each counts once); ``None`` when the response is not a list of options."""
    if not isinstance(response, list) or not all(isinstance(each, str) for each in response):
        return None
    picks = set(response)
    return picks if picks <= known else None


def _all_picked(keys: int, wrong: int) -> Fraction:
    return max(Fraction(0), Fraction(keys - wrong, keys))
