"""The quality chapter: how many chats are drawn, how long things take, when a month is compiled."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

CHAPTER = "quality.yaml"
RUBRIC = "chat_rubric.yaml"
"""The rubric of real chats, shared with exams."""

MOST_LINES = 50_000
MOST_FILE = 12_000_000
MOST_TEXT = 2_000
"""Limits of a chat file: lines, bytes, characters of one line."""
MOST_WORDS = 1_000


class DailyReport(BaseModel):
    """The offices that are told each morning how fast their agents answered: those of the track ``vip``, and
    all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basic: tuple[str, ...] = ()
    vip: tuple[str, ...] = ()


class QualityRules(BaseModel):
    """The rules of quality sampling (docs/rules.md 7).

    ``chats_a_day``: drawn for each person and day; who has fewer has all of them drawn. ``draw_hour``: from
    this hour of the company's day on, yesterday is drawn. ``hold_hours``: a sheet nobody touched for so long
    may go to somebody else. ``contest_days``: working days after the publication in which a rating may be
    contested. A month is compiled from day ``close_from`` of the next month on; after ``close_until`` it is
    late. ``transcript_days``: so long after its day the words of a chat are kept; then its transcript is
    emptied, and sheets and marks stay.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    edition: int
    effective_from: date
    source: str = Field(min_length=1)
    chats_a_day: int = Field(ge=1, le=50)
    draw_hour: int = Field(ge=0, le=23)
    hold_hours: int = Field(ge=1, le=24 * 14)
    contest_days: int = Field(ge=1, le=30)
    close_from: int = Field(ge=1, le=28)
    close_until: int = Field(ge=1, le=28)
    transcript_days: int = Field(ge=90, le=3650)
    daily_report: DailyReport

    @model_validator(mode="after")
    def _in_order(self) -> QualityRules:
        if self.close_until < self.close_from:
            raise ValueError("close_until 不能早于 close_from。")
        return self
