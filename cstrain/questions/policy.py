"""What a bank must meet: the chapter behind ``bank_standards.yaml``. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Chapter(BaseModel):
    """A part of the chapter: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EveryBank(Chapter):
    """What every bank must meet, shipped or not."""

    similarity: int = Field(ge=50, le=100)
    """Stem and key together may not be this similar (0-100) to another question's."""
    position_p: Decimal = Field(gt=0, lt=1)
    """The positions of right options must look uniform: chi-square p above this."""
    over_chance: Decimal = Field(ge=0, lt=1)
    """A length strategy may earn this share more than chance."""
    always_true: Decimal = Field(gt=0, le=1)
    """The largest share that always answering "true" may earn."""
    least_single_choice: int = Field(ge=1)
    """Below this many single-choice questions, positions and length strategies are withheld."""
    least_true_false: int = Field(ge=1)
    """Below this many true/false questions, "always true" is withheld."""
    forms: int = Field(ge=1)
    """Every cell of a blueprint holds this many times what one form takes."""
    all_of_the_above: tuple[str, ...]
    """Regular expressions that no option may match."""

    @field_validator("all_of_the_above")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"里的“{pattern}”不是正则表达式（{error}）。") from None
        return patterns


class ShippedBank(Chapter):
    """What one of the banks we ship must meet besides."""

    questions: int = Field(ge=1)
    by_topic: dict[str, int] = Field(default_factory=dict)
    true_false_share: Decimal = Field(ge=0, le=1)
    situation_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    situation_word: str = Field(default="", max_length=20)
    """A question marked as a situation has this word in its stem."""
    types: tuple[str, ...]
    explanation: int = Field(default=4, ge=0)
    """A question is explained in at least so many characters."""
    options: dict[str, tuple[int, int]] = Field(default_factory=dict)
    """Least and most options, by question type."""


class BankStandards(Chapter):
    """The edition in force of what banks must meet."""

    effective_from: date
    source: str = Field(min_length=1)
    every_bank: EveryBank
    shipped_banks: dict[str, ShippedBank]
