"""Who is drawn, in which order chats are rated, what a month says, how fast somebody answered. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from cstrain.judgement.rubric import Rubric
from cstrain.kernel.calendar import WorkCalendar, add_months
from cstrain.performance.quality.facts import CriterionMean, Line, Who
from cstrain.performance.quality.policy import QualityRules

_DIGITS = re.compile(r"(?<![\d.])(?:\d[ -]?){6,}\d(?![\d.])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_KEPT = 4


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_ends(week: date) -> date:
    """Return the Sunday of a week given by its Monday."""
    return week + timedelta(days=6)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_ends(month: date) -> date:
    """Return the last day of a month given by its first."""
    return add_months(month, 1) - timedelta(days=1)


def last_day_to_draw(today: date, hour: int, rule: QualityRules) -> date:
    """Return the last day that is drawn by itself: yesterday from the hour of the rule on, else the day
    before."""
    return today - timedelta(days=1 if hour >= rule.draw_hour else 2)


def close_days(month: date, rule: QualityRules, calendar: WorkCalendar | None = None) -> tuple[date, date]:
    """Return from which day on a month may be compiled, and until which that is in time: a last day that is
    a rest day moves to the next working day of the ``calendar``."""
    following = add_months(month, 1)
    last = following.replace(day=rule.close_until)
    if calendar is not None:
        last = next(calendar.working_days(last))
    return following.replace(day=rule.close_from), last


def chance(seed: str, *of: object) -> str:
    """Return 64 hexadecimal digits that nobody can foresee without ``seed``; the same for the same."""
    return hashlib.sha256("/".join([seed, *map(str, of)]).encode()).hexdigest()


def drawn(seed: str, chats: Collection[int], most: int) -> tuple[int, ...]:
    """Draw at most ``most`` of the chats: those with the smallest ``chance``; all where there are fewer.

    Each chat is as likely as any other, and whoever knows the seed can repeat it.
    """
    return tuple(sorted(set(chats), key=lambda chat: (chance(seed, chat), chat))[:most])


def mask_customer(name: str) -> str:
    """Return a customer's name or nickname with its middle hidden: one sign stays at either end."""
    text = name.strip()
    if not text:
        return "***"
    return f"{text[0]}***{text[-1] if len(text) > 2 else ''}"


def mask_text(text: str) -> str:
    """Return what was said without long numbers (telephone, identity, card; the last four digits stay) and
    mail addresses."""

    def hidden(match: re.Match[str]) -> str:
        if _DATE.fullmatch(match.group()):
            return match.group()
        digits = re.sub(r"\D", "", match.group())
        return "*" * (len(digits) - _KEPT) + digits[-_KEPT:]

    return _DIGITS.sub(hidden, _MAIL.sub("***@***", text))


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as a month counts it; ``changed``: it replaced an earlier one."""

    rubric: Rubric
    points: Mapping[str, Decimal]
    share: Fraction
    changed: bool


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the exact mean; ``None`` of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def by_criterion(ratings: Iterable[Rated]) -> tuple[CriterionMean, ...]:
    """Return the mean share of each criterion over the chats that were rated by it, in the rubric's order."""
    found: dict[str, list[Fraction]] = {}
    titles: dict[str, str] = {}
    for rating in ratings:
        for each in rating.rubric.criteria:
            found.setdefault(each.id, []).append(Fraction(rating.points[each.id]) / each.of)
            titles[each.id] = each.title
    return tuple(
        CriterionMean(name, titles[name], sum(shares, Fraction(0)) / len(shares), len(shares))
        for name, shares in found.items()
    )


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds until the customer's first words were answered, and each wait of the customer.

    ``first`` is unknown when the customer said nothing or nobody answered.
    """

    first: Fraction | None
    waits: tuple[Fraction, ...]
    unanswered: bool


def timing(lines: Sequence[Line]) -> Timing:
    """Measure how long the customer waited: from the first of their lines in a row to the agent's next."""
    waits: list[Fraction] = []
    since: datetime | None = None
    asked = False
    for line in lines:
        if line.who is Who.CUSTOMER:
            since, asked = since or line.at, True
        elif line.who is Who.AGENT and since is not None:
            waits.append(Fraction((line.at - since) // timedelta(milliseconds=1), 1000))
            since = None
    return Timing(waits[0] if waits else None, tuple(waits), asked and not waits)
