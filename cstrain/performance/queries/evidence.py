"""Closed months as evidence for rules: of many people in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.facts import Comparison, MonthRecord, PeerMonth
from cstrain.kernel.ids import PersonId
from cstrain.performance.models import MonthClose, PerformanceMonth
from cstrain.performance.queries.store import closed_on, counts_on, deductions_in, in_force_on, values_of
from cstrain.performance.rules import with_sales_share
from cstrain.performance.slots import deductions_of

_RECORD = PerformanceMonth.__table__.c


def closed_months(department_id: int, until: date) -> tuple[date, ...]:
    """Return the first days of a department's closed months, oldest first, whose close lies on or before
    ``until`` (and was not undone by then)."""
    statement = (
        sa.select(MonthClose.month)
        .where(MonthClose.department_id == department_id, in_force_on(until))
        .distinct()
        .order_by(MonthClose.month)
    )
    return tuple(session().scalars(statement))


def months_of(
    people: Collection[PersonId], until: date, last: int = 24
) -> dict[PersonId, tuple[MonthRecord, ...]]:
    """Return each person's latest ``last`` closed months as they were known on ``until``, oldest first.

    A month is closed where it belongs: in the department the person was in on its last day. Everybody asked
    for is in the answer. Two statements beside those of the deductions, however many people.
    """
    if not people:
        return {}
    place = sa.func.row_number().over(partition_by=_RECORD.person_id, order_by=_RECORD.month.desc())
    ranked = (
        sa.select(*_RECORD, place.label("place"))
        .where(_RECORD.person_id.in_(people), counts_on(until), closed_on(until))
        .subquery()
    )
    rows = session().execute(
        sa.select(ranked).where(ranked.c.place <= last).order_by(ranked.c.person_id, ranked.c.month)
    )
    kept = list(rows)
    counts = deductions_of(people, {row.month for row in kept})
    found: dict[PersonId, list[MonthRecord]] = {person: [] for person in people}
    for row in kept:
        number, points = deductions_in(row, counts)
        values = values_of(row)
        brand_points = values.pop("brand_points", None)
        record = MonthRecord(
            month=row.month,
            ref=str(row.id),
            level=row.level,
            grade=row.grade,
            brand_points=brand_points,
            deductions=number,
            points=points,
            values=with_sales_share(values),
            away=row.away,
            probation=row.probation,
        )
        found[PersonId(row.person_id)].append(record)
    return {person: tuple(records) for person, records in found.items()}


def comparison(department_id: int, until: date, last: int = 6) -> Comparison:
    """Return the latest ``last`` closed months of a department with everybody whose month belongs to it."""
    months = closed_months(department_id, until)[-last:]
    if not months:
        return Comparison(department_id, (), ())
    rows = session().execute(
        sa.select(*_RECORD)
        .where(_RECORD.department_id == department_id, _RECORD.month.in_(months), counts_on(until))
        .order_by(_RECORD.month, _RECORD.person_id)
    )
    return Comparison(department_id, months, tuple(_peer(row) for row in rows))


def _peer(row: sa.Row[tuple[object, ...]]) -> PeerMonth:
    values = values_of(row)
    brand_points = values.pop("brand_points", None)
    return PeerMonth(
        person=row.person_id,
        month=row.month,
        level=row.level,
        post=row.post,
        brand_points=brand_points,
        values=with_sales_share(values),
        away=row.away,
        probation=row.probation,
    )
