"""Windows in working days. Pure; docs/rules.md 7."""

from __future__ import annotations

from datetime import date

from cstrain.kernel.calendar import WorkCalendar
from cstrain.kernel.errors import ConflictError


def notice_window(calendar: WorkCalendar, published_on: date, working_days: int) -> tuple[date, date]:
    """Return first and last day of a notice: the day it is published does not count, both ends are open."""
    return published_on, calendar.nth_working_day_after(published_on, working_days)


def investigation(
    calendar: WorkCalendar, filed_on: date, start_within: int, answer_within: int
) -> tuple[date, date]:
    """Return the last days to begin and to answer the investigation of an objection."""
    begin = calendar.nth_working_day_after(filed_on, start_within)
    return begin, calendar.nth_working_day_after(filed_on, answer_within)


def is_open(first_day: date, last_day: date, today: date) -> bool:
    """Tell whether a notice is up on a day; its last day is included."""
    return first_day <= today <= last_day


def check_close(last_day: date, today: date, waiting: int) -> None:
    """Refuse to close a notice before its window is over or while an objection waits for its answer."""
    if today <= last_day:
        raise ConflictError("还不能结束公示：公示到%(day)s，当天也可以提异议。", day=last_day)
    if waiting:
        raise ConflictError("还不能结束公示：有%(n)s个异议没有答复。请先调查并答复。", n=waiting)


def check_effect(effective_on: date, last_day: date | None) -> None:
    """Refuse an appointment that takes effect while the notice was still up."""
    if last_day is not None and effective_on <= last_day:
        raise ConflictError("没有任命：生效日不能早于公示结束（%(day)s）的次日。", day=last_day)
