"""A person's year of each metric as a small chart, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from cstrain.performance import rules
from cstrain.performance.facts import METRICS, SALES_SHARE
from cstrain.performance.presenting import YearMonth, number, unit, word
from cstrain.ui.charts import Point
from cstrain.ui.filters import decimals, finest

_ELSEWHERE = frozenset({"score", "brand_points", "sales", "sales_target", "due_days"})
"""Drawn above (score, brand points by rank), or told by another (sales and their target by the share)."""
_LEAST = 2
_STEP = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric over the months: its title with the unit, the points, the scale, and what it says."""

    title: str
    points: tuple[Point, ...]
    low: Decimal
    high: Decimal
    says: str


def trends(months: Sequence[YearMonth]) -> tuple[Trend, ...]:
    """Return a chart for each metric of which at least two months are known, in the order of the tables.

    Counts and amounts begin at 0. Shares, which hardly differ, begin at the ten below the smallest, and
    say so.
    """
    values = [rules.with_sales_share(one.record.values) if one.record is not None else {} for one in months]
    names = [*(name for name in METRICS if name not in _ELSEWHERE), SALES_SHARE]
    found = []
    for name in names:
        known = [each[name] for each in values if name in each]
        if len(known) >= _LEAST:
            places = min(finest(known), 1)
            points = [_point(one, each.get(name), places) for one, each in zip(months, values, strict=True)]
            found.append(_trend(name, known, tuple(points), places))
    return tuple(found)


def _point(one: YearMonth, value: Decimal | None, places: int) -> Point:
    if value is None:
        return Point(one.label, None)
    return Point(one.label, value, decimals(value, places))


def _title(name: str) -> str:
    if name == SALES_SHARE:
        return str(gettext("%(word)s（%(unit)s）", word=gettext("销售完成率"), unit="%"))
    if not unit(name):
        return word(name)
    return str(gettext("%(word)s（%(unit)s）", word=word(name), unit=unit(name)))


def _trend(name: str, known: Sequence[Decimal], points: tuple[Point, ...], places: int) -> Trend:
    share = name == SALES_SHARE or METRICS[name].kind == "share"
    low = max(min(known) // _STEP * _STEP - _STEP, Decimal(0)) if share else Decimal(0)
    high = max(*known, low + 1)
    says = gettext(
        "%(n)s个月有数据，最低%(low)s，最高%(high)s，最近%(last)s。",
        n=len(known),
        low=decimals(min(known), places),
        high=decimals(max(known), places),
        last=decimals(known[-1], places),
    )
    if low:
        says += gettext("纵轴从%(n)s起。", n=number(low))
    return Trend(_title(name), points, low, high, str(says))
