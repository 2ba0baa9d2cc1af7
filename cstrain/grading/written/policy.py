"""The marking chapter: how many people mark an answer, and what happens when they differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CHAPTER = "marking.yaml"
Third = Literal["closest_two", "third"]


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MarkingRule(_Chapter):
    """How a paper's answers are marked.

    ``second``: ``all`` are marked by two people, or a ``sample`` of at least ``share`` of each queue.
    ``tolerance``: by how much of the part's marks two people may differ before a third marks it.
    ``third``: the mean of the ``closest_two`` of three counts (the third's where both are as close), or what
    the ``third`` gave.
    """

    second: Literal["sample", "all"]
    share: Decimal = Field(default=Decimal("0.2"), ge=Decimal("0.2"), le=1)
    tolerance: Decimal = Field(default=Decimal("0.1"), ge=0, le=1)
    third: Third = "closest_two"


class MarkingRules(_Chapter):
    """The rules by kind of paper; ``papers`` holds what a single paper has of its own, by its ref.

    ``hold_hours``: a sheet that was not touched for so long may go to somebody else.
    """

    ref: str
    edition: int
    effective_from: date
    source: str
    usual: MarkingRule
    consequences: MarkingRule
    papers: dict[str, MarkingRule] = {}
    hold_hours: int = Field(ge=1, le=24 * 14)

    def rule_for(self, paper_ref: str, *, consequences: bool) -> MarkingRule:
        """Return the rule of a paper; ``consequences``: it decides about people."""
        return self.papers.get(paper_ref) or (self.consequences if consequences else self.usual)
