"""What types with options share: letters in YAML, ids in a response, an order that tells nothing. Pure.

In YAML an option is named by its letter; in content, key and response by its index in the version
(``"0"``, ``"1"`` …). The order in which an attempt shows them is kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from cstrain.questions.facts import JsonObject
from cstrain.questions.folding import fold
from cstrain.questions.question_type import QuestionType
from cstrain.wording.said import said_row, say

LETTERS = "ABCDEFGHIJ"


def distinct(options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the options; raises ``ValueError`` when two of them read the same."""
    folded = [fold(option) for option in options]
    for index, text in enumerate(folded):
        if text in folded[:index]:
            raise ValueError(say("第%(number)s项与前面的选项相同，请改写。", number=index + 1))
    return options


Option = Annotated[str, Field(min_length=1, max_length=1000)]
Options = Annotated[tuple[Option, ...], AfterValidator(distinct)]


class ChoiceQuestion(QuestionType):
    """A question with options; ``answer`` holds letters."""

    options: Options = Field(min_length=2, max_length=len(LETTERS))
    answer: tuple[str, ...]

    @field_validator("answer")
    @classmethod
    def _answer_names_options(cls, answer: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = LETTERS[: len(info.data.get("options", LETTERS))]
        wrong = [letter for letter in answer if len(letter) != 1 or letter not in known]
        if wrong:
            raise ValueError(
                say(
                    "里的“%(letter)s”不是选项，只能用字母%(names)s。",
                    letter=wrong[0],
                    names=said_row("、", known),
                )
            )
        if len(set(answer)) != len(answer):
            raise ValueError(say("里同一个字母写了两次，请删掉一个。"))
        return answer

    def content(self) -> JsonObject:
        """Return the stem and the options with their ids."""
        return {"stem": self.stem, "options": numbered(self.options)}

    def key(self) -> JsonObject:
        """Return the ids of the right options, and of all."""
        right = sorted(str(LETTERS.index(letter)) for letter in self.answer)
        return {"right": right, "options": [str(index) for index in range(len(self.options))]}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the options, and the right ones by their letters."""
        options = [option["text"] for option in content["options"]]
        answer = [LETTERS[int(each)] for each in key["right"]]
        return {"stem": content["stem"], "options": options, "answer": answer}


def texts(content: Mapping[str, Any], ids: Iterable[str]) -> str:
    """Return the texts of the options with these ids, in the version's order."""
    wanted = set(ids)
    return "；".join(option["text"] for option in content["options"] if option["id"] in wanted)


def known_ids(content: Mapping[str, Any]) -> set[str]:
    """Return the ids of the options."""
    return {option["id"] for option in content["options"]}


def in_no_telling_order(options: Iterable[str], told: Sequence[str]) -> list[str]:
    """Return the distinct options sorted by their text; backwards where that happens to begin like ``told``.

    Content is stored so, because what nobody shuffles (a preview, a part of a case) must not give the key
    away. ``told`` is the order that would: the right order, or the rights beside their lefts.
    """
    ordered = sorted(set(options))
    return ordered[::-1] if ordered[: len(told)] == list(told) else ordered


def numbered(options: Iterable[str]) -> list[JsonObject]:
    """Return options as content holds them, each with its index as id."""
    return [{"id": str(index), "text": text} for index, text in enumerate(options)]
