"""The chapter of moves: windows, what is preferred, how successors are compared. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CHAPTER = "moves.yaml"
Compared = Literal["score", "brand", "deductions", "tenure"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SuccessionRules(_Frozen):
    """Who may succeed a supervisor, what is compared one after another, how long the notice is up."""

    role: str = Field(min_length=1)
    post: str = Field(min_length=1)
    levels: tuple[str, ...] = Field(min_length=1)
    months: int = Field(ge=1, le=12)
    order: tuple[Compared, ...] = Field(min_length=1)
    notice_working_days: int = Field(ge=1, le=30)
    clause: str = Field(min_length=1)


class InitialRules(_Frozen):
    """What is rated for the first level, and as which office each of the two ratings counts."""

    topics: dict[str, str] = Field(min_length=1)
    raters: dict[Literal["rate", "rate_hr"], str]
    clause: str = Field(min_length=1)


class MovesRules(_Frozen):
    """An edition of the chapter (docs/rules.md 7). Appeals count working days, effects calendar days.

    ``authorised_months``: how long an authorisation to skip a level counts.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    appeal_within: int = Field(ge=1, le=30)
    decide_within: int = Field(ge=1, le=60)
    appeal_clause: str = Field(min_length=1)
    effect_within: int = Field(ge=1, le=365)
    authorised_months: int = Field(ge=1, le=36)
    skip_clause: str = Field(min_length=1)
    transfer_clause: str = Field(min_length=1)
    promotion_clause: str = Field(min_length=1)
    promotion_posts: tuple[str, ...] = Field(min_length=1)
    succession: SuccessionRules
    initial: InitialRules
