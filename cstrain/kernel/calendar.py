"""Work calendars and calendar arithmetic on company-local dates.

A ``WorkCalendar`` is plain data; who reads the published holidays builds it. Dates are days of the company.
"""

from __future__ import annotations

import calendar as _calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Week(StrEnum):
    """Which weekdays are working days before holidays and overrides are looked at."""

    SIX_DAYS = "six_days"
    FIVE_DAYS = "five_days"
    EVERY_DAY = "every_day"


_WORKING_WEEKDAYS = {
    Week.SIX_DAYS: frozenset(range(6)),
    Week.FIVE_DAYS: frozenset(range(5)),
    Week.EVERY_DAY: frozenset(range(7)),
}


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days of a department.

    ``holidays`` and ``makeup_days`` are the published ones, ``published_years`` the years for which they are
    known; ``overrides`` are the company's own (True: a working day) and win over everything.
    On an every-day calendar published holidays are not days off.
    """

    week: Week
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    published_years: frozenset[int] = frozenset()
    overrides: dict[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Tell whether ``day`` is a working day."""
        if day in self.overrides:
            return self.overrides[day]
        if self.week is Week.EVERY_DAY:
            return True
        if day in self.holidays:
            return False
        return day in self.makeup_days or day.weekday() in _WORKING_WEEKDAYS[self.week]

    def is_published(self, day: date) -> bool:
        """Tell whether the holidays of the day's year are known (else weekends alone were used)."""
        return self.week is Week.EVERY_DAY or day.year in self.published_years

    def working_days(self, first: date) -> Iterator[date]:
        """Yield working days from ``first`` on, for at most ten years."""
        for offset in range(3653):
            day = first + timedelta(days=offset)
            if self.is_working(day):
                yield day

    def nth_working_day_after(self, day: date, n: int) -> date:
        """Return the ``n``-th working day strictly after ``day`` (n >= 1)."""
        days = self.working_days(day + timedelta(days=1))
        for _ in range(n - 1):
            next(days)
        return next(days)


def add_months(day: date, months: int) -> date:
    """Shift by whole calendar months, clamped to the month's end (31 Aug + 6 -> 28/29 Feb)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
