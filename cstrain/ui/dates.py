"""Dates, times and lengths of time in words, Chinese or English; pure functions.

Formats of the house's language guide: ``2026年11月21日 周六``, ``11月23日 周一 14:00``, 24-hour clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

_ZH_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date, year: int | None, *, english: bool) -> str:
    """Say a day with its weekday; its year only when ``year`` is given and differs."""
    if year is not None and day.year != year:
        return long_day(day, english=english)
    if english:
        return f"{_EN_DAYS[day.weekday()]} {day.day} {_EN_MONTHS[day.month - 1]}"
    return f"{day.month}月{day.day}日 {_ZH_DAYS[day.weekday()]}"


def long_day(day: date, *, english: bool) -> str:
    """Say a day with its year and weekday."""
    if english:
        return f"{_EN_DAYS[day.weekday()]} {day.day} {_EN_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日 {_ZH_DAYS[day.weekday()]}"


def month(day: date, *, english: bool) -> str:
    """Say the month of a day with its year."""
    if english:
        return f"{_EN_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月"


def short_month(day: date, *, english: bool) -> str:
    """Say the month of a day alone, short enough for the axis of a chart on a phone."""
    return _EN_MONTHS[day.month - 1] if english else f"{day.month}月"


def clock(at: datetime, *, seconds: bool) -> str:
    """Say the time of day of a local datetime."""
    return at.strftime("%H:%M:%S" if seconds else "%H:%M")


def period(start: datetime, end: datetime, year: int | None, *, english: bool) -> str:
    """Say a span of local time; the day is not repeated when both ends share it."""
    first = f"{short_day(start.date(), year, english=english)} {clock(start, seconds=False)}"
    if start.date() == end.date():
        return f"{first}–{clock(end, seconds=False)}"
    last = f"{short_day(end.date(), year, english=english)} {clock(end, seconds=False)}"
    return f"{first} – {last}" if english else f"{first}至{last}"


def duration(length: timedelta, *, english: bool) -> str:
    """Say a length of time with its two largest units of days, hours and minutes (cut, not rounded).

    Under one minute it is said in seconds. A negative length is said as zero.
    """
    seconds = max(0, int(length.total_seconds()))
    names = ("d", "h", "min") if english else ("天", "小时", "分钟")
    if 0 < seconds < 60:
        return f"{seconds} s" if english else f"{seconds}秒"
    amounts = (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60)
    parts = [(amount, name) for amount, name in zip(amounts, names, strict=True) if amount][:2]
    parts = parts or [(0, names[2])]
    if english:
        return " ".join(f"{amount} {name}" for amount, name in parts)
    return "".join(f"{amount}{name}" for amount, name in parts)
