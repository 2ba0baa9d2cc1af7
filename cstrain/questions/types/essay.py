"""An essay. The response is the text; a person marks it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from cstrain.questions.facts import Control, JsonObject
from cstrain.questions.question_type import TYPES
from cstrain.questions.written import WrittenQuestion
from cstrain.wording.said import say


@TYPES.register("essay")
class Essay(WrittenQuestion):
    """A longer text, up to 4,000 characters.

    ``least`` is advice to the candidate: what is too short is for the marker to judge, not for a counter.
    """

    label: ClassVar[str] = "论述题"
    control: ClassVar[Control] = Control.TEXT

    type: Literal["essay"]
    most: int = Field(default=2000, ge=100, le=4000, validate_default=True)
    least: int = Field(default=0, ge=0, le=4000)

    @field_validator("least")
    @classmethod
    def _below_most(cls, least: int, info: ValidationInfo) -> int:
        most = info.data.get("most")
        if most is not None and least > most:
            raise ValueError(
                say("是%(least)s字，比上限“most”的%(most)s字还多，请改小。", least=least, most=most)
            )
        return least

    def content(self) -> JsonObject:
        """Return the stem and the limits in characters (``least`` 0: none)."""
        return {**super().content(), "least": self.least}
