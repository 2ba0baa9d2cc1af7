"""The chapter of the quarterly rating: windows, and how far back a quarter may be rated. Pure."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

CHAPTER = "rating.yaml"


class RatingRules(BaseModel):
    """The rules of the quarterly rating (docs/rules.md 7).

    ``contest_within`` and ``decide_within``: working days after the person was told, and after the contest.
    ``quarters_back``: so many quarters that are over may still be rated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    contest_within: int = Field(ge=1, le=30)
    contest_clause: str = Field(min_length=1)
    decide_within: int = Field(ge=1, le=60)
    decide_clause: str = Field(min_length=1)
    quarters_back: int = Field(ge=1, le=8)
    notes: tuple[str, ...] = ()
