"""Statements about monthly records: which revision counts, which months are closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.performance.facts import METRICS, MonthFacts, Standing
from cstrain.performance.models import MonthClose, MonthReopening, PerformanceMonth

Record = PerformanceMonth


def counts_on(until: date | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of ``PerformanceMonth`` is the revision that counts.

    With ``until``: that counted at the end of that day.
    """
    newer = aliased(Record)
    later = [newer.person_id == Record.person_id, newer.month == Record.month]
    later.append(newer.revision > Record.revision)
    if until is None:
        return ~sa.select(newer.id).where(*later).exists()
    return (Record.entered_on <= until) & ~sa.select(newer.id).where(
        *later, newer.entered_on <= until
    ).exists()


def in_force_on(until: date | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of ``MonthClose`` is in force (at the end of a day)."""
    opened = sa.select(MonthReopening.id).where(MonthReopening.close_id == MonthClose.id)
    opened = opened.where(MonthReopening.agreed.is_(True))
    if until is None:
        return ~opened.exists()
    return (MonthClose.closed_on <= until) & ~opened.where(MonthReopening.decided_on <= until).exists()


def closed_on(until: date | None = None) -> ColumnElement[bool]:
    """Return the condition that the month of a row of ``PerformanceMonth`` is closed where it belongs."""
    close = sa.select(MonthClose.id).where(
        MonthClose.department_id == Record.department_id, MonthClose.month == Record.month
    )
    return close.where(in_force_on(until)).exists()


def values_of(row: Any) -> dict[str, Decimal]:
    """Return the known metrics of a row by name."""
    found = {name: getattr(row, name) for name in METRICS}
    return {name: Decimal(value) for name, value in found.items() if value is not None}


def month_facts(
    row: Any, counts: Mapping[tuple[PersonId, date], tuple[int, int]], *, closed: bool
) -> MonthFacts:
    """Return the facts of a row; ``counts``: what discipline says of its month."""
    number, points = deductions_in(row, counts)
    return MonthFacts(
        id=row.id,
        person_id=PersonId(row.person_id),
        month=row.month,
        revision=row.revision,
        standing=Standing(DepartmentId(row.department_id), row.level, row.post, row.probation, row.away),
        grade=row.grade,
        values=values_of(row),
        deductions=number,
        points=points,
        opening=row.opening,
        source=row.source,
        source_note=row.source_note,
        reason=row.reason,
        entered_by=PersonId(row.entered_by),
        entered_at=row.entered_at,
        closed=closed,
    )


def deductions_in(
    row: Any, counts: Mapping[tuple[PersonId, date], tuple[int, int]]
) -> tuple[int | None, int | None]:
    """Return number and points of a month's deductions, each ``None`` while unknown.

    Of a month brought in as opening data nothing was booked here: what the file said counts; where it said
    nothing, only entries that are there, and no entry tells nothing.
    """
    if row.deductions is not None:
        return row.deductions, row.deduction_points
    found = counts.get((PersonId(row.person_id), row.month))
    if found is None or (row.opening and found[0] == 0):
        return None, None
    return found
