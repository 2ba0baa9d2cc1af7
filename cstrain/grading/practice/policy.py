"""The chapter of practice: which banks are open to it, and the rhythm of repeating."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class PracticeRules(BaseModel):
    """Numbers of practice; sources in ``practice.yaml``.

    ``open_banks`` may be practised unless a paper forbids it (``rules.closed_banks``). ``spacing_days``: days
    until the next turn after a wrong answer, after one right in a row, after two …; as many right
    in a row as it has entries, each in its turn, and a question is mastered. ``good_share``: from which share
    of the marks a task of skill (typing, operation, chat) counts as right; others must be wholly right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    open_banks: tuple[str, ...]
    counts: tuple[int, ...] = Field(min_length=1)
    most_in_book_set: int = Field(ge=1, le=50)
    spacing_days: tuple[int, ...] = Field(min_length=1, max_length=10)
    good_share: Decimal = Field(gt=0, le=1)
    most_value_bytes: int = Field(ge=1000)

    @property
    def mastered_after(self) -> int:
        """How many right answers in a row, each in its turn, master a question."""
        return len(self.spacing_days)

    @model_validator(mode="after")
    def _sensible(self) -> PracticeRules:
        if list(self.spacing_days) != sorted(self.spacing_days) or self.spacing_days[0] < 1:
            raise ValueError("“spacing_days”要从1天起，一次比一次长")
        if not all(1 <= count <= 50 for count in self.counts):
            raise ValueError("“counts”里的题数要在1到50之间")
        return self
