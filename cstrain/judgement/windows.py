"""Which closed months a condition looks at, and what is known of each. Pure.

Months are counted back in the calendar from the latest closed one. A month of the window is *known* (a closed
record exists), *before* (it ended before the person joined: it cannot exist) or *missing* (nobody knows).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from cstrain.judgement.facts import Dossier, MonthRecord
from cstrain.kernel.calendar import add_months
from cstrain.wording.said import Said, said_month, said_row, say


@dataclass(frozen=True, slots=True)
class Window:
    """The months a condition looks at, oldest first, sorted by what is known of them."""

    months: tuple[date, ...]
    known: tuple[MonthRecord, ...]
    missing: tuple[date, ...]
    before: tuple[date, ...]


def month_end(month: date) -> date:
    """Return the last day of the month that ``month`` lies in."""
    return add_months(month.replace(day=1), 1) - timedelta(days=1)


def first_of(day: date) -> date:
    """Return the first day of the month that ``day`` lies in."""
    return day.replace(day=1)


def latest_closed(facts: Dossier) -> date | None:
    """Return the latest closed month known of (own or of the department), ``None`` without one."""
    own = (record.month for record in facts.months or ())
    return max((*(facts.closed or ()), *own), default=None)


@lru_cache(maxsize=4096)
def back(last: date, number: int) -> tuple[date, ...]:
    """Return ``number`` calendar months that end with ``last``, oldest first."""
    return tuple(add_months(last, -ago) for ago in range(number - 1, -1, -1))


def through(first: date, last: date) -> tuple[date, ...]:
    """Return all calendar months from ``first`` to ``last``, none when ``first`` lies after ``last``."""
    number = (last.year - first.year) * 12 + last.month - first.month + 1
    return back(last, max(number, 0))


def look(facts: Dossier, months: tuple[date, ...]) -> Window | None:
    """Sort ``months`` by what is known of them; ``None`` when no monthly records could be had at all."""
    if facts.months is None:
        return None
    records = {record.month: record for record in facts.months}
    joined = facts.standing.hired_on if facts.standing else None
    known, missing, before = [], [], []
    for month in months:
        record = records.get(month)
        if record is not None:
            known.append(record)
        elif joined is not None and month_end(month) < joined:
            before.append(month)
        else:
            missing.append(month)
    return Window(months, tuple(known), tuple(missing), tuple(before))


def latest(facts: Dossier, number: int) -> Window | None:
    """Return the latest ``number`` closed months; ``None`` while no month is closed."""
    last = latest_closed(facts)
    return None if last is None else look(facts, back(last, number))


def latest_quarter(facts: Dossier) -> Window | None:
    """Return the latest calendar quarter whose last month is closed; ``None`` while there is none."""
    last = latest_closed(facts)
    if last is None:
        return None
    end = add_months(last, -(last.month % 3))
    window = look(facts, back(end, 3))
    return window if window and end in _closed(facts) else None


def _closed(facts: Dossier) -> set[date]:
    return {*(facts.closed or ()), *(record.month for record in facts.months or ())}


def since(facts: Dossier, day: date) -> Window | None:
    """Return the closed months whose last day is not before ``day``; ``None`` while no month is closed."""
    last = latest_closed(facts)
    return None if last is None else look(facts, through(first_of(day), last))


def named(months: tuple[date, ...], most: int = 3) -> Said:
    """Name months: the latest few by name, the number of the others."""
    if len(months) == 1:
        return said_month(months[0])
    words = said_row("、", [said_month(month) for month in months[-most:]])
    return words if len(months) <= most else say("%(months)s等%(n)s个月", months=words, n=len(months))


def number(value: Decimal) -> str:
    """Write a number without needless zeros, rounded half up to at most two decimals."""
    text = f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def too_few(wanted: int, lacking: int) -> Said:
    """Say that not enough months have gone by since the person joined."""
    return say(
        "入职后只有%(n)s个已关账月份，要求%(wanted)s个，还差%(lacking)s个月。",
        n=wanted - lacking,
        wanted=wanted,
        lacking=lacking,
    )
