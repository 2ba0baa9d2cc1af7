"""Monthly performance: grades from scores, months away, brand ranks. Pure (docs/rules.md 7)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import DomainError
from cstrain.people.facts import WorkPlan
from cstrain.performance.facts import METRICS, SALES_SHARE
from cstrain.performance.policy import GRADES, PerformanceRules

K = TypeVar("K")

_MOST_BEHIND = 60
"""Months back that opening data may reach."""


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_back(month: date, count: int) -> tuple[date, ...]:
    """Return ``count`` months ending with ``month``, oldest first."""
    return tuple(add_months(month, -back) for back in range(count - 1, -1, -1))


def check_month(month: date, today: date) -> None:
    """Refuse a month that is not over, or too long ago: only what has happened can be recorded."""
    if last_of(month) >= today:
        raise DomainError("没有保存：这个月还没有过完，过完才能登记。")
    if month < earliest(today):
        raise DomainError("没有保存：这个月太早，最多登记%(n)s个月以前的。", n=_MOST_BEHIND)


def earliest(today: date) -> date:
    """Return the first day of the earliest month that can still be recorded."""
    return add_months(first_of(today), -_MOST_BEHIND)


def closes_from(month: date, rules: PerformanceRules) -> date:
    """Return the first day on which a month may be closed: the chapter's day of the next month."""
    return add_months(first_of(month), 1).replace(day=rules.close_from)


def check_close(month: date, today: date, rules: PerformanceRules) -> None:
    """Refuse to close a month before the chapter's day: until then its quality sheets, contests and
    assessments are not settled."""
    if today < closes_from(month, rules):
        raise DomainError("没有关账：从%(day)s起才能关账。", day=closes_from(month, rules))


def grade_of(score: Decimal, rules: PerformanceRules) -> str:
    """Return the grade of a score (0–100) by the chapter's thresholds; a threshold belongs to its grade."""
    return next(grade for grade in GRADES if score >= rules.grades[grade])  # type: ignore[index]


def settled_grade(score: Decimal | None, given: str | None, rules: PerformanceRules) -> str | None:
    """Return the grade to record: that of the score, else the one given.

    Refuses a given grade that the score does not earn: one of the two is a slip.
    """
    if score is None:
        return given
    earned = grade_of(score, rules)
    if given is not None and given != earned:
        raise DomainError(
            "绩效等级写的是%(given)s，按%(score)s分应是%(earned)s。请核对后改正其中一个。",
            given=given,
            score=f"{score.normalize():f}",
            earned=earned,
        )
    return earned


def is_grade_at_least(grade: str, least: str) -> bool:
    """Tell whether a grade is as good as another or better."""
    return GRADES.index(grade) <= GRADES.index(least)


def is_away(plan: WorkPlan, month: date, rules: PerformanceRules) -> bool:
    """Tell whether leave covers more than the chapter's share of the month's working days.

    Working days are the calendar's and what the roster adds; a day rostered to work is not away.
    """
    days = [month + timedelta(days=offset) for offset in range(last_of(month).day)]
    due = [day for day in days if plan.rostered.get(day) or plan.calendar.is_working(day)]
    away = [day for day in due if day in plan.leave_days and not plan.rostered.get(day)]
    return len(away) > rules.away_above * len(due)


def ranks(points: Mapping[K, Decimal | None]) -> dict[K, int]:
    """Return the place of everybody with points, the most first; ties share the better place."""
    known = {who: value for who, value in points.items() if value is not None}
    ordered = sorted(known.values(), reverse=True)
    place: dict[Decimal, int] = {}
    for number, value in enumerate(ordered, start=1):
        place.setdefault(value, number)
    return {who: place[value] for who, value in known.items()}


def mean_points(
    by_month: Sequence[Mapping[K, Decimal | None]], rules: PerformanceRules
) -> dict[K, Decimal | None]:
    """Return each person's mean over the given months; ``None`` below the chapter's least number of them.

    The caller leaves a person's months away out.
    """
    everybody = {who for month in by_month for who in month}
    found: dict[K, Decimal | None] = {}
    for who in everybody:
        known = [value for month in by_month if (value := month.get(who)) is not None]
        enough = len(known) >= rules.brand_rank.least
        found[who] = sum(known, Decimal(0)) / len(known) if enough else None
    return found


def with_sales_share(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the values with sales in per cent of their target where both are known and one was set."""
    sales, target = values.get("sales"), values.get("sales_target")
    if sales is None or not target:
        return dict(values)
    return {**values, SALES_SHARE: sales * 100 / target}


def checked_values(values: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Return the known metrics, rounded to what is kept; refuses one outside what it can be."""
    found: dict[str, Decimal] = {}
    for name, value in values.items():
        if value is not None:
            found[name] = checked_value(name, value)
    if "attendance_days" in found and "due_days" in found and found["attendance_days"] > found["due_days"]:
        raise DomainError("出勤天数不能多于应出勤天数。请核对。")
    if "wrong_tickets" in found and "tickets" in found and found["wrong_tickets"] > found["tickets"]:
        raise DomainError("错误工单不能多于工单数。请核对。")
    return found


def checked_value(name: str, value: Decimal) -> Decimal:
    """Return one metric as it is kept; refuses one outside its range, or in parts where it is whole."""
    metric = METRICS[name]
    if not value.is_finite() or not 0 <= value <= metric.most:
        raise DomainError("“%(word)s”要在0到%(most)s之间。", word=metric.word, most=f"{metric.most:f}")
    kept = value.quantize(Decimal(1).scaleb(-metric.places), rounding=ROUND_HALF_UP)
    if metric.kind == "count" and kept != value:
        raise DomainError("“%(word)s”要是整数。", word=metric.word)
    return kept


def known_months(months: Iterable[date]) -> tuple[date, ...]:
    """Return months without repetition, oldest first."""
    return tuple(sorted(set(months)))
