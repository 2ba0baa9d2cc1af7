"""A number within a tolerance. The response is text as typed, or a JSON number. Exact arithmetic only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)
from cstrain.questions.written_fields import filled, plain_number
from cstrain.wording.said import say

_MOST_CHARACTERS = 40
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_YUAN = "元"


@TYPES.register("number")
class Number(QuestionType):
    """A number that may differ from the answer by the tolerance, in the stated unit."""

    label: ClassVar[str] = "数字题"
    control: ClassVar[Control] = Control.NUMBER

    type: Literal["number"]
    answer: Decimal = Field(gt=-(10**12), lt=10**12, decimal_places=6)
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=10**12, decimal_places=6)
    unit: str = Field(default="", max_length=12)

    @field_validator("unit")
    @classmethod
    def _no_figures(cls, unit: str) -> str:
        if re.search("[0-9]", unit):
            raise ValueError(say("里不能有数字，请只写单位，例如“元”。"))
        return unit

    def content(self) -> JsonObject:
        """Return the stem and the unit shown beside the input."""
        return {"stem": self.stem, "unit": self.unit}

    def key(self) -> JsonObject:
        """Return answer and tolerance as decimal text, and the unit."""
        return {"answer": f"{self.answer:f}", "tolerance": f"{self.tolerance:f}", "unit": self.unit}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return answer and tolerance as numbers that read the same, and the unit if there is one."""
        return {
            "stem": content["stem"],
            "answer": plain_number(key["answer"]),
            "tolerance": plain_number(key["tolerance"]),
            **filled(unit=key["unit"]),
        }

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return all when the number is within the tolerance (its bounds included), else nothing."""
        if _is_blank(response):
            return Marking.blank()
        said = _number(response, key["unit"])
        if said is None:
            return Marking.malformed()
        return Marking.of(Fraction(abs(said - Fraction(key["answer"])) <= Fraction(key["tolerance"])))

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the answer in several spellings, the bounds and beyond them, and the useless."""
        answer, tolerance = Decimal(key["answer"]), Decimal(key["tolerance"])
        plain, step = key["answer"], Decimal("0.000001")
        right = [plain, f"{answer:,f}", f"{plain}{key['unit']}", f" {plain.translate(_WIDE)} "]
        bounds = [f"{answer - tolerance:f}", f"{answer + tolerance:f}"]
        beyond = [f"{answer - tolerance - step:f}", f"{answer + tolerance + 1:f}"]
        return (
            *(Sample.all(text, 1) for text in (*right, *bounds)),
            *(Sample.all(text, 0) for text in beyond),
            *useless_samples(["-", "abc", f"{plain}{plain}x", [plain], {"answer": plain}, True, "9" * 5000]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the answer with its unit and, where there is one, the tolerance."""
        within = f"（相差不超过{key['tolerance']}）" if Decimal(key["tolerance"]) else ""
        return f"{key['answer']}{key['unit']}{within}"

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return what was typed."""
        if _is_blank(response):
            return NOT_ANSWERED
        if _number(response, content["unit"]) is None:
            return NOT_READABLE
        return str(response).strip()


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _is_blank(response: object) -> bool:
    return response is None or (isinstance(response, str) and not response[:_MOST_CHARACTERS].strip())


def _number(response: object, unit: str) -> Fraction | None:
    """Read a number as typed: any width, thousands separators, the unit behind it; ``None`` if it is none."""
    text = _as_text(response)
    if text is None or len(text) > _MOST_CHARACTERS:
        return None
    text = _folded(text).removesuffix(_folded(unit)).rstrip()
    if unit == _YUAN:
        text = text.removeprefix("¥").lstrip()
    if not text.strip("+-") or not _NUMBER.fullmatch(text):
        return None
    return Fraction(text.replace(",", ""))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("−", "-").casefold().strip()


def _as_text(response: object) -> str | None:
    if isinstance(response, str):
        return response
    if isinstance(response, bool) or not isinstance(response, int | float):
        return None
    if isinstance(response, int) and response.bit_length() > 4 * _MOST_CHARACTERS:
        return None
    return repr(response)
