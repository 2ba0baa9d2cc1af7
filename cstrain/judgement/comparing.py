"""Comparing a person's closed months with those of everybody in the department. Pure.

What is the same for all people of a department is worked out once and kept in ``Comparison.kept``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cstrain.judgement.facts import Comparison, Dossier, PeerMonth
from cstrain.judgement.metrics import value_of
from cstrain.judgement.windows import back, month_end


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody compared: the sorted means, and the people whose mean is not known for want of a figure."""

    means: tuple[Decimal, ...]
    by_person: dict[int, Decimal]
    unknown: frozenset[int]


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own months of the window: with points, missing, of leave, and spent elsewhere."""

    held: tuple[PeerMonth, ...]
    missing: tuple[date, ...]
    away: tuple[date, ...]
    elsewhere: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """The mean of a metric over the agents of a post in a month, and how many have no figure."""

    total: Decimal
    agents: int
    unknown: int


def last_months(comparison: Comparison, number: int) -> tuple[date, ...]:
    """Return ``number`` calendar months up to the latest one the department closed, none without one."""
    return back(max(comparison.months), number) if comparison.months else ()


def rows_of(comparison: Comparison, person: int) -> tuple[PeerMonth, ...]:
    """Return the rows of one person."""
    kept = comparison.kept.get("rows")
    if isinstance(kept, dict):
        return tuple(kept.get(person, ()))
    rows: dict[int, list[PeerMonth]] = {}
    for row in comparison.people:
        rows.setdefault(row.person, []).append(row)
    comparison.kept["rows"] = rows
    return tuple(rows.get(person, ()))


def field_of(comparison: Comparison, months: tuple[date, ...], least: int, level: str | None) -> Field:
    """Rank everybody by the mean of their brand points; ``level``: only who holds it in the latest month.

    Months of leave are left out; who has fewer than ``least`` of the months is not ranked.
    """
    key = ("field", months, least, level)
    kept = comparison.kept.get(key)
    if isinstance(kept, Field):
        return kept
    people: dict[int, list[PeerMonth]] = {}
    for row in comparison.people:
        if row.month in months:
            people.setdefault(row.person, []).append(row)
    means: dict[int, Decimal] = {}
    unknown: set[int] = set()
    for person, rows in people.items():
        counting = [row for row in rows if not row.away]
        if len(counting) < least or (level is not None and _latest_level(rows) != level):
            continue
        points = [row.brand_points for row in counting if row.brand_points is not None]
        if len(points) == len(counting):
            means[person] = sum(points, Decimal(0)) / len(points)
        else:
            unknown.add(person)
    found = Field(tuple(sorted(means.values())), means, frozenset(unknown))
    comparison.kept[key] = found
    return found


def _latest_level(rows: list[PeerMonth]) -> str | None:
    return max(rows, key=lambda row: row.month).level


def better_than(field: Field, mean: Decimal) -> int:
    """Return how many means are strictly better: ties share the better rank."""
    return len(field.means) - bisect_right(field.means, mean)


def own_months(facts: Dossier, comparison: Comparison, months: tuple[date, ...]) -> Own:
    """Sort the window's months by what is known of the person in this department."""
    rows = {row.month: row for row in rows_of(comparison, facts.person or 0)}
    others = {record.month for record in facts.months or ()}
    arrived = facts.standing.department_since if facts.standing else None
    held, missing, away, elsewhere = [], [], [], []
    for month in months:
        row = rows.get(month)
        if row is not None and row.away:
            away.append(month)
        elif row is not None and row.brand_points is not None:
            held.append(row)
        elif row is None and (month in others or (arrived is not None and month_end(month) < arrived)):
            elsewhere.append(month)
        else:
            missing.append(month)
    return Own(tuple(held), tuple(missing), tuple(away), tuple(elsewhere))


def base_of(comparison: Comparison, month: date, post: str, metric: str) -> Base:
    """Add up a metric over the agents of a post in a month; probationers and people on leave are outside."""
    key = ("base", month, post, metric)
    kept = comparison.kept.get(key)
    if isinstance(kept, Base):
        return kept
    agents = [
        row
        for row in comparison.people
        if row.month == month and row.post == post and not row.away and not row.probation
    ]
    values = [value for row in agents if (value := value_of(row, metric)) is not None]
    found = Base(sum(values, Decimal(0)), len(agents), len(agents) - len(values))
    comparison.kept[key] = found
    return found
