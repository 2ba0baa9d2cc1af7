"""Who should sit a paper again after a lesson changed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cstrain.grading.retests.facts import Stage, Touched
from cstrain.grading.rules import SlotMark

LONG_LEAVE_DAYS = 30
"""An absence of at least so many days in a row is long: nobody expects an exam of who is in it."""

_BEGINS = time(14)
_SPARE = timedelta(minutes=60)
_DAYS_AHEAD = 3


def subject_of(ref: str, number: int) -> str:
    """Return what a sitting after a change of a lesson is for, as the sitting keeps it."""
    return f"retest:{ref}/{number}"


def touched(marks: Iterable[SlotMark], slots: Collection[int]) -> Touched:
    """Return what these slots were worth in an attempt."""
    concerned = [mark for mark in marks if mark.slot in slots]
    zero = Decimal(0)
    return Touched(
        len(concerned),
        sum((mark.of for mark in concerned), zero),
        sum((mark.earned for mark in concerned), zero),
    )


def is_long_leave(today: date, leave_days: Collection[date]) -> bool:
    """Tell whether somebody is in the middle of a long absence."""
    if today not in leave_days:
        return False
    day, length = today, 1
    while day - timedelta(days=1) in leave_days:
        day, length = day - timedelta(days=1), length + 1
    day = today
    while day + timedelta(days=1) in leave_days:
        day, length = day + timedelta(days=1), length + 1
    return length >= LONG_LEAVE_DAYS


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the holder of a pass."""

    has_left: bool
    is_away: bool
    has_passed_since: bool
    is_waived: bool
    is_arranged: bool
    has_sat: bool


def stage(known: Situation) -> Stage:
    """Return where it stands: what settles it first, then who cannot come, then what is under way."""
    steps = (
        (known.has_left, Stage.LEFT),
        (known.has_passed_since, Stage.PASSED),
        (known.is_waived, Stage.WAIVED),
        (known.is_arranged, Stage.ARRANGED),
        (known.is_away, Stage.AWAY),
        (known.has_sat, Stage.SAT),
    )
    return next((found for holds, found in steps if holds), Stage.DUE)


def window(days: Iterable[date], minutes: int, *, unified: bool) -> tuple[datetime, datetime]:
    """Return a window on the third working day ahead, without a zone; ``days``: working days after today.

    A unified paper takes its minutes exactly; others leave an hour to spare.
    """
    first = next(day for place, day in enumerate(days, start=1) if place == _DAYS_AHEAD)
    opens_at = datetime.combine(first, _BEGINS)
    return opens_at, opens_at + timedelta(minutes=minutes) + (timedelta(0) if unified else _SPARE)
