"""Monthly records as pages and acts see them: what counts now, revisions, standings, ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.performance import rules
from cstrain.performance.facts import MonthFacts, Standing
from cstrain.performance.models import MonthClose, PerformanceMonth
from cstrain.performance.queries.store import closed_on, counts_on, in_force_on, month_facts
from cstrain.performance.slots import deductions_of
from cstrain.performance.store import month_rules

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def standings(persons: Collection[PersonId], month: date) -> dict[PersonId, Standing | None]:
    """Return what each person was on the last day of a month; ``None``: not employed on it."""
    last = rules.last_of(month)
    chapter = month_rules(month)
    facts = people.people(persons, last)
    plans = people.work_plans(facts)
    found: dict[PersonId, Standing | None] = {}
    for person, one in facts.items():
        employed = one.status is not Status.LEFT and one.hire_date <= last
        found[person] = (
            Standing(
                one.department_id,
                one.level,
                one.post,
                one.status is Status.PROBATION,
                rules.is_away(plans[person], month, chapter),
            )
            if employed
            else None
        )
    return found


def members(department_id: int, month: date) -> list[PersonId]:
    """Return who was employed in a department on the last day of a month, by staff number."""
    last = rules.last_of(month)
    return [one.id for one in people.people_of_department(department_id, last) if one.hire_date <= last]


def records(person_ids: Collection[PersonId], months: Collection[date]) -> list[MonthFacts]:
    """Return the records that count of these people in these months, by month and person."""
    return _facts(PerformanceMonth.person_id.in_(person_ids), PerformanceMonth.month.in_(months))


def department_month(department_id: int, months: Collection[date]) -> list[MonthFacts]:
    """Return the records that count of a department in these months."""
    return _facts(PerformanceMonth.department_id == department_id, PerformanceMonth.month.in_(months))


def _facts(*conditions: sa.ColumnElement[bool]) -> list[MonthFacts]:
    statement = (
        sa.select(PerformanceMonth, closed_on().label("closed"))
        .where(counts_on(), *conditions)
        .order_by(PerformanceMonth.month, PerformanceMonth.person_id)
    )
    rows = list(session().execute(statement))
    counts = deductions_of({PersonId(row.person_id) for row, _ in rows}, {row.month for row, _ in rows})
    return [month_facts(row, counts, closed=closed) for row, closed in rows]


def record(record_id: int) -> MonthFacts:
    """Return one revision of a month; raises ``NotFoundError``."""
    row = session().get(PerformanceMonth, record_id)
    if row is None:
        raise NotFoundError(MISSING)
    return next(one for one in revisions(PersonId(row.person_id), row.month) if one.id == record_id)


def revisions(person: PersonId, month: date) -> list[MonthFacts]:
    """Return every revision of a person's month, newest first; ``closed`` tells of the month as it is now."""
    statement = (
        sa.select(PerformanceMonth, closed_on().label("closed"))
        .where(PerformanceMonth.person_id == person, PerformanceMonth.month == month)
        .order_by(PerformanceMonth.revision.desc())
    )
    counts = deductions_of([person], [month])
    return [month_facts(row, counts, closed=closed) for row, closed in session().execute(statement)]


def closed_pairs(department_ids: Iterable[int], months: Iterable[date]) -> frozenset[tuple[int, date]]:
    """Return which of these departments' months are closed now."""
    statement = sa.select(MonthClose.department_id, MonthClose.month).where(
        MonthClose.department_id.in_(set(department_ids)),
        MonthClose.month.in_(set(months)),
        in_force_on(),
    )
    return frozenset((row.department_id, row.month) for row in session().execute(statement))


@dataclass(frozen=True, slots=True)
class RankRow:
    """A person in a department's ranking of a month.

    ``rank``: by the month's brand points; ``mean`` and ``mean_rank``: over the latest closed months. ``why``
    tells why somebody is not ranked: away, few (too few months), none (no points).
    """

    person_id: PersonId
    record: MonthFacts | None
    rank: int | None
    mean: Decimal | None
    mean_rank: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A department's month: its people, the best first, and the months that the mean is taken over."""

    department_id: int
    month: date
    closed: bool
    months: tuple[date, ...]
    rows: tuple[RankRow, ...]


def ranking(department_id: int, month: date) -> Ranking:
    """Return a department's ranking of a month; the mean is over its latest closed months up to this one.

    A person's months away are left out of both (docs/rules.md 7).
    """
    chapter = month_rules(month)
    taken = _mean_months(department_id, month, chapter.brand_rank.months)
    found = department_month(department_id, {*taken, month})
    now = {one.person_id: one for one in found if one.month == month}
    means = rules.mean_points(
        [
            {one.person_id: one.brand_points for one in found if one.month == each and not one.standing.away}
            for each in taken
        ],
        chapter,
    )
    points = {who: None if one.standing.away else one.brand_points for who, one in now.items()}
    ranks, mean_ranks = rules.ranks(points), rules.ranks(means)
    everybody = dict.fromkeys([*members(department_id, month), *now])
    rows = [
        RankRow(who, now.get(who), ranks.get(who), means.get(who), mean_ranks.get(who), _why(now.get(who)))
        for who in everybody
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0))
    closed = (department_id, month) in closed_pairs([department_id], [month])
    return Ranking(department_id, month, closed, taken, tuple(rows))


def _why(found: MonthFacts | None) -> str:
    if found is None:
        return "none"
    if found.standing.away:
        return "away"
    return "points" if found.brand_points is None else ""


def _mean_months(department_id: int, month: date, count: int) -> tuple[date, ...]:
    statement = (
        sa.select(MonthClose.month)
        .where(MonthClose.department_id == department_id, MonthClose.month <= month, in_force_on())
        .distinct()
        .order_by(MonthClose.month.desc())
        .limit(count)
    )
    return tuple(reversed(list(session().scalars(statement))))


def brand_ranks(
    department_months: Collection[tuple[int, date]],
) -> dict[tuple[int, date], dict[PersonId, int]]:
    """Return the brand ranks of everybody in these departments' months (people away are not ranked)."""
    if not department_months:
        return {}
    pair = sa.tuple_(PerformanceMonth.department_id, PerformanceMonth.month)
    statement = sa.select(
        PerformanceMonth.department_id,
        PerformanceMonth.month,
        PerformanceMonth.person_id,
        PerformanceMonth.brand_points,
    ).where(counts_on(), PerformanceMonth.away.is_(False), pair.in_(sorted(department_months)))
    points: dict[tuple[int, date], dict[PersonId, Decimal | None]] = {}
    for row in session().execute(statement):
        points.setdefault((row.department_id, row.month), {})[PersonId(row.person_id)] = row.brand_points
    return {key: rules.ranks(found) for key, found in points.items()}
