"""Template filters: how dates, times, marks, money and text look on a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import get_locale, gettext
from markupsafe import Markup

from cstrain.kernel import units
from cstrain.ui import charts, dates, prose
from cstrain.ui.assets import asset
from cstrain.ui.memo import memo
from cstrain.wording.said import Said, Tongue

NOTHING = "—"


def register(app: Flask) -> None:
    """Give the application's templates every filter of this module, ``asset``, ``charts``, ``memo``."""
    dated = (day, full_day, month, moment, period, clock_time, minutes)
    for function in (*dated, mark, money, percent, listing, told, nb, markdown):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(asset=asset, charts=charts, memo=memo)


def day(value: date | datetime | None, reference: date | int | None = None) -> str:
    """Say a day: ``11月23日 周一``, in English ``Mon 23 Nov``.

    The year is said when ``reference`` (a date or a year, mostly today) lies in another one. An instant is
    taken to the company's calendar first; ``None`` is a dash.
    """
    if value is None:
        return NOTHING
    return dates.short_day(_local_day(value), _year(reference), english=_english())


def full_day(value: date | datetime | None) -> str:
    """Say a day with its year: ``2026年11月21日 周六``."""
    return NOTHING if value is None else dates.long_day(_local_day(value), english=_english())


def month(value: date | datetime | None) -> str:
    """Say a month: ``2026年11月``."""
    return NOTHING if value is None else dates.month(_local_day(value), english=_english())


def short_month(value: date) -> str:
    """Say a month without its year, as under a chart: ``11月``, in English ``Nov``."""
    return dates.short_month(value, english=_english())


def moment(value: datetime | None, reference: date | int | None = None) -> str:
    """Say an instant in the company's time: ``11月23日 周一 14:00``; the year as in :func:`day`."""
    if value is None:
        return NOTHING
    at = _local(value)
    said = dates.short_day(at.date(), _year(reference), english=_english())
    return f"{said} {dates.clock(at, seconds=False)}"


def period(start: datetime, end: datetime | None, reference: date | int | None = None) -> str:
    """Say a span: ``11月23日 周一 14:00–15:30``; with an open end the start alone."""
    if end is None:
        return moment(start, reference)
    return dates.period(_local(start), _local(end), _year(reference), english=_english())


def clock_time(value: datetime | None, seconds: bool = True) -> str:
    """Say the time of day in the company's zone: ``14:38:08``, without seconds ``14:38``."""
    return NOTHING if value is None else dates.clock(_local(value), seconds=seconds)


def minutes(value: int | timedelta | None) -> str:
    """Say a length of time (whole minutes or a timedelta): ``52分钟``, ``1小时30分钟``, ``2天21小时``."""
    if value is None:
        return NOTHING
    length = value if isinstance(value, timedelta) else timedelta(minutes=value)
    return dates.duration(length, english=_english())


def mark(
    value: Decimal | int | None,
    pass_mark: Decimal | None = None,
    among: Iterable[Decimal | int | None] | None = None,
) -> str:
    """Say a mark with one decimal: ``79.5``; ``None`` is a dash, never 0.

    With ``pass_mark`` a raw mark below it is rounded down, so that a fail is never shown as a pass
    (domain rule on shown marks). ``among``: the exact marks of its list, which all get as many decimals as
    the finest of them needs (at most two), so that they line up and none is rounded to another grade.
    """
    if value is None:
        return NOTHING
    raw = Decimal(value)
    if pass_mark is not None:
        return str(units.shown(raw, pass_mark))
    return decimals(raw, 1 if among is None else finest([raw, *among]))


def finest(values: Iterable[Decimal | int | None]) -> int:
    """Return how many decimals the finest of some numbers needs, at most two; 0 for none."""
    known = [Decimal(value).normalize() for value in values if value is not None]
    return min(2, max([0, *(-int(value.as_tuple().exponent) for value in known)]))


def decimals(value: Decimal, places: int) -> str:
    """Write a number with so many decimals, rounded half up, and commas between thousands."""
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,f}"


def money(value: Decimal | int | None) -> str:
    """Say an amount of yuan: ``¥3,000.00``."""
    if value is None:
        return NOTHING
    amount = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = "−" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,}"


def percent(value: Decimal | float | None, places: int = 0) -> str:
    """Say a fraction as a percentage: ``0.855`` with one place is ``85.5%``."""
    if value is None:
        return NOTHING
    step = Decimal(1).scaleb(-places)
    return f"{(Decimal(str(value)) * 100).quantize(step, rounding=ROUND_HALF_UP)}%"


def listing(values: Iterable[object]) -> str:
    """Join words as a list: ``、`` in Chinese, a comma in English; nothing is a dash."""
    return (", " if _english() else "、").join(str(told(value)) for value in values) or NOTHING


def told(value: object) -> object:
    """Say a rule's sentence in the reader's language; whatever else it is stays as it is."""
    if not isinstance(value, Said) or not _english():
        return value
    return value.told(Tongue(_worded, full_day, month))


def _worded(key: str, values: Mapping[str, object]) -> str:
    return str(gettext(key, **values)) if key else ""


def nb(value: object) -> Markup:
    """Keep numbers with their measure words on one line; plain text is escaped, mark-up is kept.

    What a rule says is said in the reader's language.
    """
    return prose.keep_numbers(told(value))


def markdown(value: str | None, shift: int = 1) -> Markup:
    """Turn Markdown into safe HTML whose headings start below the page's ``h1``."""
    return prose.to_html(value or "", shift)


def _english() -> bool:
    """Tell whether the reader's language is English; Chinese where no language is known."""
    if "babel" not in current_app.extensions:
        return False
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _zone() -> tzinfo:
    zone = current_app.config["TIMEZONE"]
    return zone if isinstance(zone, tzinfo) else ZoneInfo(zone)


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no place on a page")
    return value.astimezone(_zone())


def _local_day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _year(reference: date | int | None) -> int | None:
    if isinstance(reference, datetime):
        return _local(reference).year
    return reference.year if isinstance(reference, date) else reference
