"""Fill in the blanks, each with its accepted answers. The response is a list with one text a blank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.folding import fold
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)
from cstrain.wording.said import say

_GAP = "____"
_MOST_CHARACTERS = 500


def _readable(text: str) -> str:
    if not fold(text):
        raise ValueError(say("没有内容，请写出可接受的答案。"))
    return text


Accepted = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_readable)]
Blank = Annotated[tuple[Accepted, ...], Field(min_length=1, max_length=30)]


@TYPES.register("fill_in")
class FillIn(QuestionType):
    """A stem with ``____`` for each blank; each blank right earns its share."""

    label: ClassVar[str] = "填空题"
    control: ClassVar[Control] = Control.BLANKS

    type: Literal["fill_in"]
    blanks: tuple[Blank, ...] = Field(min_length=1, max_length=8)

    @field_validator("blanks")
    @classmethod
    def _one_gap_each(cls, blanks: tuple[Blank, ...], info: ValidationInfo) -> tuple[Blank, ...]:
        gaps = re.findall("_+", info.data.get("stem", _GAP * len(blanks)))
        if any(gap != _GAP for gap in gaps) or ("stem" in info.data and len(gaps) != len(blanks)):
            raise ValueError(
                say(
                    "有%(n)s个空，题干里有%(there)s处下划线；每空恰好四条下划线“%(gap)s”，个数要一致。",
                    n=len(blanks),
                    there=len(gaps),
                    gap=_GAP,
                )
            )
        return blanks

    def content(self) -> JsonObject:
        """Return the stem and the number of blanks."""
        return {"stem": self.stem, "blanks": len(self.blanks)}

    def key(self) -> JsonObject:
        """Return the accepted answers of each blank."""
        return {"blanks": [list(blank) for blank in self.blanks]}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the accepted answers of each blank."""
        return {"stem": content["stem"], "blanks": [list(blank) for blank in key["blanks"]]}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the share of blanks that are right, with or without partial credit."""
        typed = _typed(response, len(key["blanks"]))
        if typed is None:
            return Marking.malformed()
        if not any(typed):
            return Marking.blank()
        pairs = zip(typed, key["blanks"], strict=True)
        right = sum(text in {fold(each) for each in accepted} for text, accepted in pairs)
        return Marking.of(Fraction(right, len(typed)))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return every accepted spelling (also in full width), one blank alone, a wrong text, the useless."""
        blanks: list[list[str]] = key["blanks"]
        first = [blank[0] for blank in blanks]
        share = Fraction(1, len(blanks))
        spelt = [
            Sample.all([*first[:index], spelling, *first[index + 1 :]], 1)
            for index, blank in enumerate(blanks)
            for each in blank
            for spelling in (each, _loudly(each))
        ]
        alone = [
            Sample.all([text if at == index else "" for at in range(len(blanks))], share)
            for index, text in enumerate(first)
        ]
        wrong = Sample.all(["※" * 3 for _ in blanks], 0)
        return (
            *spelt,
            *alone,
            wrong,
            *useless_samples([[], [*first, "x"], [[first]], {"0": first[0]}, 5, True]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the accepted answers, blank by blank."""
        return "；".join(" 或 ".join(blank) for blank in key["blanks"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return what was typed, blank by blank."""
        typed = _typed(response, content["blanks"])
        if typed is None:
            return NOT_READABLE
        if not any(typed) or not isinstance(response, list):
            return NOT_ANSWERED
        return "；".join(str(each or "").strip() or "（空）" for each in response)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _loudly(accepted: str) -> str:
    """Return an answer in wide capitals and between blanks, as some type it.

    Of a letter whose capital is another letter's (the dotless ı has that of i) it stays as it is.
    """
    loud = f" {accepted.upper()} ".translate(_WIDE)
    return loud if fold(loud) == fold(accepted) else accepted


def _typed(response: object, blanks: int) -> list[str] | None:
    """Return the folded text of each blank; ``None`` when the response is not a list of that many texts."""
    if response is None or response == "" or response == []:
        return [""] * blanks
    if not isinstance(response, list) or len(response) != blanks:
        return None
    if not all(each is None or isinstance(each, str) for each in response):
        return None
    return [fold((each or "")[:_MOST_CHARACTERS]) for each in response]
