"""The approvals chapter: when an opinion that is due is reminded of, and how long its text may be."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class ApprovalRules(BaseModel):
    """Numbers that rule chains of opinions; sources in ``approvals.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    remind_after_days: int = Field(ge=0)
    escalate_after_days: int = Field(ge=0)
    text_least: int = Field(ge=1)
    text_most: int = Field(ge=10)
