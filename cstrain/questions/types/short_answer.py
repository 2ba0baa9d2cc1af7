"""A short answer in writing. The response is the text; a person marks it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from cstrain.questions.facts import Control
from cstrain.questions.question_type import TYPES
from cstrain.questions.written import WrittenQuestion


@TYPES.register("short_answer")
class ShortAnswer(WrittenQuestion):
    """A few sentences, up to 800 characters."""

    label: ClassVar[str] = "简答题"
    control: ClassVar[Control] = Control.TEXT

    type: Literal["short_answer"]
    most: int = Field(default=300, ge=20, le=800, validate_default=True)
