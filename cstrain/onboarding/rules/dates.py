"""Which date a day of the programme falls on, and what moves when the plan changes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta

Rostered = Callable[[date], bool]

_LOOK_AHEAD = 3653


class NoWorkingDayError(LookupError):
    """The calendar has no working day within ten years."""


def _rostered_from(first: date, is_rostered: Rostered) -> Iterator[date]:
    for offset in range(_LOOK_AHEAD):
        day = first + timedelta(days=offset)
        if is_rostered(day):
            yield day
    raise NoWorkingDayError(f"no working day from {first.isoformat()} on")


def day_dates(start: date, count: int, is_rostered: Rostered) -> list[date]:
    """Return the dates of days 1 to ``count``: day N is the N-th rostered day from ``start`` on.

    Source: docs/rules.md 1. Raises ``NoWorkingDayError`` when there are not enough.
    """
    days = _rostered_from(start, is_rostered)
    return [next(days) for _ in range(count)]


def pre_start_dates(start: date, count: int, is_rostered: Rostered) -> list[date]:
    """Return the ``count`` rostered days right before ``start``, oldest first."""
    found: list[date] = []
    for offset in range(1, _LOOK_AHEAD):
        if len(found) == count:
            return found[::-1]
        day = start - timedelta(days=offset)
        if is_rostered(day):
            found.append(day)
    raise NoWorkingDayError(f"no working day before {start.isoformat()}")


def window_end(hired: date, days: int) -> date:
    """Return the last date on which the last day may fall: hire date + ``days``."""
    return hired + timedelta(days=days)


def days_over(last: date, hired: date, days: int) -> int:
    """Return by how many days the last day lies beyond the window; 0 when it is inside."""
    return max(0, (last - window_end(hired, days)).days)


def replan(
    planned: Mapping[int, date],
    begun: Collection[int],
    from_day: date,
    is_rostered: Rostered,
    keep_before: date = date.min,
) -> dict[int, date]:
    """Return new dates for all days of a plan.

    A day keeps its date when something of it is on record (``begun``), or when it is a working day before
    ``keep_before``. All others move, in the order of their numbers, to the free rostered days from
    ``from_day`` on, each after the kept days with a smaller number. Planning twice changes nothing more.
    """
    kept = {
        number: day
        for number, day in planned.items()
        if number in begun or (day < keep_before and is_rostered(day))
    }
    taken = set(kept.values())
    result = dict(kept)
    floor = from_day
    for number in sorted(planned):
        if number in kept:
            floor = max(floor, kept[number] + timedelta(days=1))
            continue
        day = next(day for day in _rostered_from(floor, is_rostered) if day not in taken)
        result[number] = day
        taken.add(day)
        floor = day + timedelta(days=1)
    return dict(sorted(result.items()))


def working_days_between(first: date, last: date, is_rostered: Rostered) -> int:
    """Return how many rostered days lie after ``first``, up to and including ``last``."""
    span = range(1, (last - first).days + 1)
    return sum(1 for offset in span if is_rostered(first + timedelta(days=offset)))
