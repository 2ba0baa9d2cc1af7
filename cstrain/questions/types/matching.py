"""Matching: for each thing on the left the one on the right. The response maps left ids to option ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from cstrain.questions.choices import LETTERS, Option, distinct, in_no_telling_order, numbered
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.folding import fold
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)
from cstrain.questions.written_fields import filled
from cstrain.wording.said import say

_LEFT_IDS = LETTERS.lower()


@TYPES.register("matching")
class Matching(QuestionType):
    """Two to ten pairs, and rights that belong to nothing. Several lefts may share a right.

    Left ids are letters and stand as keys of the response, which marking never translates; option ids are
    numbers, which are places on the candidate's page until they are translated.
    """

    label: ClassVar[str] = "配对题"
    control: ClassVar[Control] = Control.MATCH

    type: Literal["matching"]
    pairs: tuple[tuple[Option, Option], ...] = Field(min_length=2, max_length=len(_LEFT_IDS))
    extra: tuple[Option, ...] = Field(default=(), max_length=4)

    @field_validator("pairs")
    @classmethod
    def _lefts_differ(cls, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        lefts = [fold(left) for left, _right in pairs]
        for index, left in enumerate(lefts):
            if left in lefts[:index]:
                raise ValueError(say("第%(number)s对的左边与前面的相同，请改写。", number=index + 1))
        rights = {right for _left, right in pairs}
        if len({fold(right) for right in rights}) < len(rights):
            raise ValueError(say("里有两个右边只差空格、大小写或标点，请改成完全一样，或改得不同。"))
        if len(rights) == 1:
            raise ValueError(say("的右边全都一样，请改成至少两种。"))
        return pairs

    @field_validator("extra")
    @classmethod
    def _extras_are_wrong(cls, extra: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        rights = {fold(right) for _left, right in info.data.get("pairs", ())}
        for index, text in enumerate(distinct(extra)):
            if fold(text) in rights:
                raise ValueError(say("第%(number)s项与某一对的右边相同，请改写。", number=index + 1))
        return extra

    def _options(self) -> list[str]:
        rights = [right for _left, right in self.pairs]
        return in_no_telling_order([*rights, *self.extra], rights)

    def content(self) -> JsonObject:
        """Return the stem, the lefts as written, the options sorted by text (each attempt shuffles them)."""
        left = [
            {"id": name, "text": text} for name, (text, _right) in zip(_LEFT_IDS, self.pairs, strict=False)
        ]
        return {"stem": self.stem, "left": left, "options": numbered(self._options())}

    def key(self) -> JsonObject:
        """Return the right option of each left, and the ids of all options."""
        options = self._options()
        pairs = {
            name: str(options.index(right))
            for name, (_left, right) in zip(_LEFT_IDS, self.pairs, strict=False)
        }
        return {"pairs": pairs, "options": [str(index) for index in range(len(options))]}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the pairs in the order of the lefts; rights of no pair by their text."""
        texts = {option["id"]: option["text"] for option in content["options"]}
        pairs = [[left["text"], texts[key["pairs"][left["id"]]]] for left in content["left"]]
        extra = [text for name, text in texts.items() if name not in key["pairs"].values()]
        return {"stem": content["stem"], "pairs": pairs, **filled(extra=sorted(extra))}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all or nothing, or, with partial credit, the share of right pairs (empty is wrong)."""
        chosen = _chosen(response, key["pairs"], key["options"])
        if chosen is None:
            return Marking.malformed()
        if not chosen:
            return Marking.blank()
        right = sum(chosen.get(left) == option for left, option in key["pairs"].items())
        share = Fraction(right, len(key["pairs"]))
        return Marking.of(share if partial else Fraction(share == 1))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the key, one pair missing, one wrong, one alone, all wrong, and the useless."""
        right: dict[str, str] = key["pairs"]
        options: list[str] = key["options"]
        first, option = next(iter(right.items()))
        wrong = {left: options[(options.index(each) + 1) % len(options)] for left, each in right.items()}
        pairs = len(right)
        but_one = Fraction(pairs - 1, pairs)
        return (
            Sample.all(right, 1),
            Sample.all(dict(reversed(right.items())), 1),
            Sample({**right, first: ""}, Fraction(0), but_one),
            Sample({**right, first: wrong[first]}, Fraction(0), but_one),
            Sample({first: option}, Fraction(0), Fraction(1, pairs)),
            Sample.all(wrong, 0),
            *useless_samples(
                [{}, {first: None}, {**right, "z": option}, {**right, first: "99"}, [option], option, 1, True]
            ),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the right pairs."""
        return _told(content, key["pairs"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the pairs that were chosen."""
        lefts = [left["id"] for left in content["left"]]
        chosen = _chosen(response, lefts, [option["id"] for option in content["options"]])
        if chosen is None:
            return NOT_READABLE
        return _told(content, chosen) if chosen else NOT_ANSWERED


def _chosen(response: object, lefts: Iterable[str], options: Iterable[str]) -> dict[str, str] | None:
    """Return the option chosen for each left, empty places left out; ``None`` for what is no such map."""
    if response is None or response == "":
        return {}
    if not isinstance(response, dict) or not set(response) <= set(lefts):
        return None
    chosen = {left: option for left, option in response.items() if option is not None and option != ""}
    known = set(options)
    return chosen if all(isinstance(each, str) and each in known for each in chosen.values()) else None


def _told(content: Mapping[str, Any], pairs: Mapping[str, str]) -> str:
    texts = {option["id"]: option["text"] for option in content["options"]}
    return "；".join(
        f"{left['text']} → {texts[pairs[left['id']]] if left['id'] in pairs else '（空）'}"
        for left in content["left"]
    )
