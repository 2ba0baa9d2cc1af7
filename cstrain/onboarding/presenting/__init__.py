"""Timelines in words and addresses, for the pages of this package and for the homes above it."""

from cstrain.onboarding.presenting.days import (
    Item,
    StripDay,
    StripWeek,
    checklist,
    exam_says,
    own_day_url,
    sheet_says,
    short_date,
    staff_day_url,
    state_words,
    strip_weeks,
    tick_days,
)
from cstrain.onboarding.presenting.summary import ScoreRow, heading, next_exam, own_left, score_rows

__all__ = [
    "Item",
    "ScoreRow",
    "StripDay",
    "StripWeek",
    "checklist",
    "exam_says",
    "heading",
    "next_exam",
    "own_day_url",
    "own_left",
    "score_rows",
    "sheet_says",
    "short_date",
    "staff_day_url",
    "state_words",
    "strip_weeks",
    "tick_days",
]
