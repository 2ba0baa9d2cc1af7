"""The chapter of editions: which office drafts, checks and approves, and when people are reminded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CHAPTER = "editions.yaml"
Act = Literal["drafted", "checked", "approved"]
ACTS: tuple[Act, ...] = ("drafted", "checked", "approved")


class EditionRules(BaseModel):
    """Offices of the three acts, and days from the approval until people and superiors are reminded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int
    effective_from: date
    source: str = Field(min_length=1)
    drafted: tuple[str, ...] = Field(min_length=1)
    checked: tuple[str, ...] = Field(min_length=1)
    approved: tuple[str, ...] = Field(min_length=1)
    remind_days: int = Field(ge=0, le=60)
    escalate_days: int = Field(ge=1, le=90)

    def office(self, act: Act, roles: Iterable[str]) -> str | None:
        """Return the office in which somebody of these roles does an act; ``None``: they may not."""
        held = set(roles)
        return next((one for one in getattr(self, act) if one in held), None)
