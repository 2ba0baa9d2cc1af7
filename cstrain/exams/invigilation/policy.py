"""The chapter of invigilation: when a second person is asked, and what is noted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class InvigilationRules(BaseModel):
    """Numbers of invigilation; sources in ``invigilation.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int
    effective_from: date
    source: str
    pause_alone_minutes: int = Field(ge=1)
    hold_hours: int = Field(ge=1)
    silence_seconds: int = Field(ge=3, le=120)
    contact_seconds: int = Field(ge=25)
    rush_ms: int = Field(ge=100)
    rush_run: int = Field(ge=3)
    most_signals: int = Field(ge=50)
    most_signal_batch: int = Field(ge=1, le=100)
