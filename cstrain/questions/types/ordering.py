"""Put the steps in order. The response is the list of all option ids in the candidate's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from cstrain.questions.choices import Option, distinct, in_no_telling_order, known_ids, numbered
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)

Steps = Annotated[tuple[Option, ...], AfterValidator(distinct)]


@TYPES.register("ordering")
class Ordering(QuestionType):
    """Three to eight steps, written in the right order and shown in another."""

    label: ClassVar[str] = "排序题"
    control: ClassVar[Control] = Control.ORDER

    type: Literal["ordering"]
    steps: Steps = Field(min_length=3, max_length=8)

    def _options(self) -> list[str]:
        return in_no_telling_order(self.steps, self.steps)

    def content(self) -> JsonObject:
        """Return the stem and the steps as options, sorted by text (each attempt shuffles them anew)."""
        return {"stem": self.stem, "options": numbered(self._options())}

    def key(self) -> JsonObject:
        """Return the ids of the steps in the right order, and of all options."""
        options = self._options()
        order = [str(options.index(step)) for step in self.steps]
        return {"order": order, "options": [str(index) for index in range(len(options))]}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the steps in the right order."""
        texts = {option["id"]: option["text"] for option in content["options"]}
        return {"stem": content["stem"], "steps": [texts[each] for each in key["order"]]}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all or nothing, or, with partial credit, the share of right successions.

        Formula: of the n - 1 pairs of steps that follow each other in the right order, the share whose second
        step stands directly behind the first in the response. Places are not compared one by one, because a
        single step put too early shifts all that follow and would cost everything, though the rest of the
        procedure is known; a succession is what one needs to know while working. The right order earns 1,
        its reverse 0; no order but the right one earns 1.
        """
        if response is None or response == "" or response == []:
            return Marking.blank()
        order = _order(response, key["options"])
        if order is None:
            return Marking.malformed()
        if order == key["order"] or not partial:
            return Marking.of(Fraction(order == key["order"]))
        return Marking.of(_successions(key["order"], order))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the right order, its first step at the end, its reverse, lists that are no order."""
        right: list[str] = key["order"]
        turned = [*right[1:], right[0]]
        share = Fraction(len(right) - 2, len(right) - 1)
        useless = [right[:-1], [*right, right[0]], [*right[:-1], right[0]], [*right[:-1], "99"], [right]]
        return (
            Sample.all(right, 1),
            Sample(turned, Fraction(0), share),
            Sample.all(right[::-1], 0),
            *useless_samples([[], *useless, "".join(right), {"0": right[0]}, 1, True]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the steps in the right order."""
        return _told(content, key["order"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the steps in the candidate's order."""
        if response is None or response == "" or response == []:
            return NOT_ANSWERED
        order = _order(response, known_ids(content))
        return NOT_READABLE if order is None else _told(content, order)


def _order(response: object, options: Sequence[str] | set[str]) -> list[str] | None:
    """Return the ids of a response that names every option once; ``None`` otherwise."""
    if not isinstance(response, list) or not all(isinstance(each, str) for each in response):
        return None
    return response if sorted(response) == sorted(options) else None


def _successions(right: Sequence[str], order: Sequence[str]) -> Fraction:
    given = set(pairwise(order))
    return Fraction(sum(pair in given for pair in pairwise(right)), len(right) - 1)


def _told(content: Mapping[str, Any], order: Sequence[str]) -> str:
    texts = {option["id"]: option["text"] for option in content["options"]}
    return " → ".join(texts[each] for each in order)
