"""Reading contests: one, lists, standings from the months' records, what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import DepartmentFacts, Status
from cstrain.performance import queries as months
from cstrain.performance.activities import rules, store
from cstrain.performance.activities.facts import (
    Announcement,
    ContestFacts,
    Measure,
    Phase,
    ResultFacts,
    Standing,
)
from cstrain.performance.activities.models import ContestResult, DepartmentContest
from cstrain.performance.activities.policy import DEDUCTIONS, PAGE_SIZE
from cstrain.performance.facts import MonthFacts
from cstrain.performance.rules import last_of, with_sales_share


@dataclass(frozen=True, slots=True)
class ContestPage:
    """One page of a list: what is on it, how many there are, which page of how many."""

    rows: tuple[ContestFacts, ...]
    total: int
    page: int
    pages: int


def contest(contest_id: int) -> ContestFacts:
    """Return one contest; raises ``NotFoundError``."""
    row = session().get(DepartmentContest, contest_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _facts([row])[0]


def contest_page(page: int, size: int = PAGE_SIZE) -> ContestPage:
    """Return a page of all contests, those that end last first; a fixed number of statements."""
    total = session().scalar(sa.select(sa.func.count(DepartmentContest.id))) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = sa.select(DepartmentContest).order_by(
        DepartmentContest.last_month.desc(), DepartmentContest.id.desc()
    )
    rows = list(session().scalars(ordered.limit(size).offset((page - 1) * size)))
    return ContestPage(tuple(_facts(rows)), total, page, pages)


def open_contests(today: date) -> list[tuple[ContestFacts, Phase]]:
    """Return the contests whose months are over and that have no agreed result, with where they stand."""
    ended = sa.select(ContestResult.id).where(
        ContestResult.contest_id == DepartmentContest.id, ContestResult.agreed.is_(True)
    )
    statement = sa.select(DepartmentContest).where(
        DepartmentContest.last_month < today.replace(day=1), ~ended.exists()
    )
    found = _facts(list(session().scalars(statement.order_by(DepartmentContest.id))))
    where = phases(found, today)
    return [(one, where[one.id]) for one in found]


def phase_of(one: ContestFacts, today: date) -> Phase:
    """Return where a contest stands on a day."""
    return phases([one], today)[one.id]


def phases(contests: Sequence[ContestFacts], today: date) -> dict[int, Phase]:
    """Return where contests stand on a day, by id; statements for each month that is counted, not each
    contest."""
    counted = [one for one in contests if one.result is None and today > last_of(one.announced.last_month)]
    open_months = _unclosed(counted)
    return {one.id: rules.phase(one, today, closed=not open_months.get(one.id, [])) for one in contests}


def unclosed(one: ContestFacts) -> list[date]:
    """Return the months of a contest that are not closed in each of its departments with people."""
    return _unclosed([one])[one.id]


def _unclosed(contests: Sequence[ContestFacts]) -> dict[int, list[date]]:
    if not contests:
        return {}
    every = {month for one in contests for month in _months(one)}
    staff = {month: people.staff_by_department(last_of(month)) for month in every}
    departments = people.departments()
    closed = months.closed_pairs([one.id for one in departments], every)
    found: dict[int, list[date]] = {}
    for one in contests:
        places = _below(one.announced.department_id, departments)
        found[one.id] = [
            month for month in _months(one) if not _is_closed(month, places, staff[month], closed)
        ]
    return found


def _is_closed(
    month: date,
    places: Collection[int],
    staff: Mapping[DepartmentId, Collection[PersonId]],
    closed: Collection[tuple[int, date]],
) -> bool:
    peopled = [place for place in places if staff.get(DepartmentId(place))]
    return bool(peopled) and all((place, month) in closed for place in peopled)


def _below(top: int, departments: Sequence[DepartmentFacts]) -> frozenset[int]:
    """Return a department and all those below it."""
    found = {top}
    while more := {one.id for one in departments if one.parent_id in found} - found:
        found |= more
    return frozenset(found)


def standings(one: ContestFacts, today: date) -> tuple[Standing, ...]:
    """Return everybody's place by the records as they are now.

    Whoever was in the department, or one below it, on the last day of one of the months so far; a month
    counts where the record belongs to it.
    """
    so_far = [month for month in _months(one) if month <= today]
    places = people.subtree(one.announced.department_id)
    values: dict[PersonId, dict[date, Decimal | None]] = {}
    for month in so_far:
        staff = people.staff_by_department(min(last_of(month), today))
        for who in (each for place in places for each in staff.get(place, [])):
            values.setdefault(who, {})
    for place in sorted(places):
        for record in months.department_month(place, so_far):
            values.setdefault(record.person_id, {})[record.month] = _value(record, one)
    facts = people.people(values, today)
    left = {who for who, each in facts.items() if each.status is Status.LEFT}
    return rules.standings(one, values, left)


def _months(one: ContestFacts) -> tuple[date, ...]:
    return rules.months_between(one.announced.first_month, one.announced.last_month)


def _value(record: MonthFacts, one: ContestFacts) -> Decimal | None:
    """Return the metric of a month; of a month away only a total takes it: a mean would be unfair."""
    metric = one.announced.metric
    if record.standing.away and one.announced.measure is Measure.MEAN:
        return None
    if metric == DEDUCTIONS:
        return None if record.deductions is None else Decimal(record.deductions)
    return with_sales_share(record.values).get(metric)


def _facts(rows: Sequence[DepartmentContest]) -> list[ContestFacts]:
    names = {one.id: one.name for one in people.departments()}
    statement = (
        sa.select(ContestResult)
        .where(ContestResult.contest_id.in_([row.id for row in rows]))
        .order_by(ContestResult.id)
    )
    results: dict[int, list[ResultFacts]] = {}
    for row in session().scalars(statement):
        results.setdefault(row.contest_id, []).append(_result(row))
    return [_contest(row, results.get(row.id, []), names) for row in rows]


def _contest(row: DepartmentContest, results: Iterable[ResultFacts], names: dict[Any, str]) -> ContestFacts:
    every = list(results)
    announced = Announcement(
        title=row.title,
        notice=row.notice,
        department_id=row.department_id,
        metric=row.metric,
        measure=Measure(row.measure),
        first_month=row.first_month,
        last_month=row.last_month,
        least_months=row.least_months,
        seats=row.seats,
        award=row.award,
    )
    return ContestFacts(
        id=row.id,
        announced=announced,
        department_name=names[row.department_id],
        award_title=row.award_title,
        more=row.more,
        edition=row.edition,
        announced_by=PersonId(row.announced_by),
        announced_at=row.announced_at,
        result=next((one for one in every if one.agreed is not False), None),
        refused=tuple(one for one in every if one.agreed is False),
    )


def _result(row: ContestResult) -> ResultFacts:
    return ResultFacts(
        id=row.id,
        contest_id=row.contest_id,
        standings=tuple(_standing(each) for each in row.standings),
        digest=row.digest,
        note=row.note,
        proposed_by=PersonId(row.proposed_by),
        proposed_at=row.proposed_at,
        answered_by=PersonId(row.answered_by) if row.answered_by is not None else None,
        answered_at=row.answered_at,
        agreed=row.agreed,
        answer=row.answer,
    )


def _standing(each: dict[str, Any]) -> Standing:
    value = None if each["value"] is None else Decimal(each["value"])
    return Standing(
        PersonId(each["person"]), value, each["months"], each["rank"], each["winner"], each["why"]
    )
