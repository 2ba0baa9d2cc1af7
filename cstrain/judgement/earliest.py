"""The earliest day on which a step is met on present evidence. Pure.

Assumed is that nothing new happens but time: each month closes on the 22nd of the next one and repeats the
latest closed month, the person's own and that of everybody they are compared with. A month whose close is
late today is assumed to close tomorrow. Windows move on, old entries leave them, passes may lapse
(docs/rules.md 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Comparison, Dossier, MonthRecord
from cstrain.judgement.ladder import Step
from cstrain.judgement.windows import latest_closed
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import State

CLOSE_DAY = 22
_LONGEST = 12
"""No comparison looks further back than so many months."""


def earliest(step: Step, dossier: Dossier, until_months: int = 36) -> date | None:
    """Return the first day, from the dossier's own on, on which ``step`` is met.

    ``None`` when it is not met within ``until_months``. Raises ``ValueError`` for a dossier without a day.
    """
    if dossier.on is None:
        raise ValueError("a dossier without a day has no earliest day")
    open_ones = [one for one in step.criteria if one.check(dossier).state is not State.MET]
    if not open_ones:
        return dossier.on
    if any(not one.turns(dossier) and not one.moves_by_month() for one in open_ones):
        return None
    closes = any(one.moves_by_month() for one in step.criteria)
    for day in _candidates(step.criteria, dossier, until_months, closes=closes):
        later = at(dossier, day)
        if _all_met(open_ones, later) and _all_met(step.criteria, later):
            return day
    return None


def at(dossier: Dossier, day: date) -> Dossier:
    """Return the dossier as it will stand on a later ``day`` if each month to come repeats the latest.

    The day itself, or an earlier one, returns the dossier unchanged but for its day.
    """
    moved = replace(dossier, on=day)
    last = latest_closed(dossier)
    if dossier.on is None or last is None or day <= dossier.on:
        return moved
    new = tuple(month for month, closed in _closings(last, dossier.on, day) if closed <= day)
    if not new:
        return moved
    return replace(
        moved,
        closed=(*(dossier.closed or ()), *new),
        months=None if dossier.months is None else _repeated(dossier.months, last, new),
        comparison=None if dossier.comparison is None else _extended(dossier.comparison, new),
    )


def _closings(last: date, on: date, until: date) -> list[tuple[date, date]]:
    """Return the months after ``last`` with the day of their close, as far as ``until``; from tomorrow on."""
    found = []
    month = add_months(last, 1)
    while (closing := add_months(month, 1).replace(day=CLOSE_DAY)) <= until:
        found.append((month, max(closing, on + timedelta(days=1))))
        month = add_months(month, 1)
    return found


def _repeated(months: tuple[MonthRecord, ...], last: date, new: Iterable[date]) -> tuple[MonthRecord, ...]:
    # a latest month that nobody entered is not repeated: what is missing stays missing
    latest = next((record for record in months if record.month == last), None)
    if latest is None:
        return months
    return (*months, *(replace(latest, month=month) for month in new))


def _extended(comparison: Comparison, new: tuple[date, ...]) -> Comparison:
    key = ("extended", new)
    kept = comparison.kept.get(key)
    if isinstance(kept, Comparison):
        return kept
    base = _extended(comparison, new[:-1]) if len(new) > 1 else comparison
    last, month = max(base.months, default=None), new[-1]
    looked_at = add_months(month, -_LONGEST)
    people = [row for row in base.people if row.month > looked_at]
    people += [replace(row, month=month) for row in base.people if row.month == last]
    found = Comparison(comparison.department, (*base.months, month), tuple(people))
    comparison.kept[key] = found
    return found


def _candidates(
    criteria: Iterable[Criterion], dossier: Dossier, until_months: int, *, closes: bool
) -> list[date]:
    """Return the days on which something may turn better, in order, after the dossier's day."""
    on = dossier.on or date.min
    until = add_months(on, until_months)
    days = {day for one in criteria for day in one.turns(dossier)}
    last = latest_closed(dossier)
    if closes and last is not None:
        days |= {closed for _, closed in _closings(last, on, until)}
    return sorted(day for day in days if on < day <= until)


def _all_met(criteria: Iterable[Criterion], dossier: Dossier) -> bool:
    return all(one.check(dossier).state is State.MET for one in criteria)
