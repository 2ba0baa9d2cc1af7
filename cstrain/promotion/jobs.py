"""What the core of promotion does without being asked: once a day it notes who could apply."""

from __future__ import annotations

from datetime import datetime

from cstrain.extensions import zone
from cstrain.promotion import queries
from cstrain.promotion.eligibility import note_eligible
from cstrain.unit_of_work import unit_of_work

_FROM_HOUR = 5
"""From this hour of the company's day on: before anybody starts to work."""


def run(now: datetime) -> int:
    """Note who could apply today, once a day; return how many could."""
    local = now.astimezone(zone())
    if local.hour < _FROM_HOUR or queries.judged_on(local.date()):
        return 0
    with unit_of_work():
        return note_eligible(now)
