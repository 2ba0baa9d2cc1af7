"""Closes of departments' months, wishes to reopen them, corrections that wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import DepartmentFacts
from cstrain.performance.facts import CloseFacts, CorrectionFacts, ReopeningFacts
from cstrain.performance.models import MonthClose, MonthReopening, PerformanceCorrection, PerformanceMonth
from cstrain.performance.queries.records import MISSING, members
from cstrain.performance.queries.store import closed_on, counts_on, in_force_on
from cstrain.performance.rules import closes_from, first_of, last_of
from cstrain.performance.store import month_rules

_MONTHS = 12


def closes(department_id: int, months: Collection[date]) -> list[CloseFacts]:
    """Return every close of a department in these months, newest first; those reopened stay in the list."""
    statement = (
        sa.select(MonthClose)
        .where(MonthClose.department_id == department_id, MonthClose.month.in_(months))
        .order_by(MonthClose.month.desc(), MonthClose.number.desc())
    )
    return _close_facts(list(session().scalars(statement)))


def close(close_id: int) -> CloseFacts:
    """Return one close; raises ``NotFoundError``."""
    row = session().get(MonthClose, close_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _close_facts([row])[0]


def waiting_reopenings(except_asked_by: PersonId) -> list[CloseFacts]:
    """Return the closes that somebody else asks to open again, the oldest wish first."""
    statement = (
        sa.select(MonthClose)
        .join(MonthReopening, MonthReopening.close_id == MonthClose.id)
        .where(MonthReopening.agreed.is_(None), MonthReopening.asked_by != except_asked_by)
        .order_by(MonthReopening.id)
    )
    return _close_facts(list(session().scalars(statement)))


def _close_facts(rows: Sequence[MonthClose]) -> list[CloseFacts]:
    statement = (
        sa.select(MonthReopening)
        .where(MonthReopening.close_id.in_([row.id for row in rows]))
        .order_by(MonthReopening.id)
    )
    asks: dict[int, MonthReopening] = {}
    for each in session().scalars(statement) if rows else ():
        asks[each.close_id] = each
    return [_close(row, asks.get(row.id)) for row in rows]


def _close(row: MonthClose, ask: MonthReopening | None) -> CloseFacts:
    asks = None
    if ask is not None:
        decided = PersonId(ask.decided_by) if ask.decided_by is not None else None
        asks = ReopeningFacts(
            ask.id, row.id, ask.reason, PersonId(ask.asked_by), ask.asked_at, decided, ask.agreed
        )
    return CloseFacts(
        id=row.id,
        department_id=DepartmentId(row.department_id),
        month=row.month,
        number=row.number,
        opening=row.opening,
        people=row.people,
        gaps=tuple(PersonId(one) for one in row.gaps),
        closed_by=PersonId(row.closed_by),
        closed_at=row.closed_at,
        reopened_on=ask.decided_on if ask is not None and ask.agreed else None,
        asks=asks,
    )


def gaps(department_id: int, month: date) -> list[PersonId]:
    """Return who was in a department on a month's last day and has no record of the month."""
    everybody = members(department_id, month)
    statement = sa.select(PerformanceMonth.person_id).where(
        PerformanceMonth.month == month, PerformanceMonth.person_id.in_(everybody)
    )
    held = set(session().scalars(statement))
    return [person for person in everybody if person not in held]


@dataclass(frozen=True, slots=True)
class MonthState:
    """Where a department stands with a month: records entered, people, and whether it is closed."""

    department: DepartmentFacts
    month: date
    records: int
    people: int
    closed: CloseFacts | None


def month_states(month: date, department_ids: Collection[int] | None = None) -> list[MonthState]:
    """Return where each active department with people stands with a month, those not closed first."""
    last_day_people = _people_by_department(month)
    counted = (
        sa.select(PerformanceMonth.department_id, sa.func.count())
        .where(PerformanceMonth.month == month, counts_on())
        .group_by(PerformanceMonth.department_id)
    )
    recorded = {row[0]: row[1] for row in session().execute(counted)}
    in_force = session().scalars(sa.select(MonthClose).where(MonthClose.month == month, in_force_on()))
    closed = {one.department_id: one for one in _close_facts(list(in_force))}
    found = [
        MonthState(one, month, recorded.get(one.id, 0), last_day_people.get(one.id, 0), closed.get(one.id))
        for one in people.departments()
        if (department_ids is None or one.id in department_ids)
        and (last_day_people.get(one.id) or recorded.get(one.id))
    ]
    return sorted(found, key=lambda state: state.closed is not None)


def to_close(today: date) -> list[tuple[date, DepartmentId]]:
    """Return the months that may be closed today, of which a department has records and no close in force,
    the oldest first. One statement.

    The year before the latest month is looked at, so that a close that was forgotten is not lost from sight.
    """
    month, place = PerformanceMonth.month, PerformanceMonth.department_id
    last = add_months(first_of(today), -1)
    statement = (
        sa.select(month, place)
        .where(month.between(add_months(last, -_MONTHS), last), counts_on(), ~closed_on())
        .group_by(month, place)
        .order_by(month, place)
    )
    found = [(row[0], DepartmentId(row[1])) for row in session().execute(statement)]
    return [(on, where) for on, where in found if closes_from(on, month_rules(on)) <= today]


def _people_by_department(month: date) -> dict[DepartmentId, int]:
    found: dict[DepartmentId, int] = {}
    last = last_of(month)
    for one in people.everybody(last):
        if one.hire_date <= last:
            found[one.department_id] = found.get(one.department_id, 0) + 1
    return found


def correction(correction_id: int) -> CorrectionFacts:
    """Return one correction; raises ``NotFoundError``."""
    row = session().get(PerformanceCorrection, correction_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _correction(row)


def corrections_of(person: PersonId, month: date) -> list[CorrectionFacts]:
    """Return the corrections asked for of a person's month, newest first."""
    statement = sa.select(PerformanceCorrection).where(
        PerformanceCorrection.person_id == person, PerformanceCorrection.month == month
    )
    rows = session().scalars(statement.order_by(PerformanceCorrection.id.desc()))
    return [_correction(row) for row in rows]


def waiting_corrections(reader: PersonId) -> list[CorrectionFacts]:
    """Return the corrections that ``reader`` may decide: asked by somebody else, about somebody else."""
    statement = (
        sa.select(PerformanceCorrection)
        .where(
            PerformanceCorrection.agreed.is_(None),
            PerformanceCorrection.asked_by != reader,
            PerformanceCorrection.person_id != reader,
        )
        .order_by(PerformanceCorrection.id)
    )
    return [_correction(row) for row in session().scalars(statement)]


def _correction(row: PerformanceCorrection) -> CorrectionFacts:
    return CorrectionFacts(
        id=row.id,
        person_id=PersonId(row.person_id),
        month=row.month,
        base=row.base,
        changes=row.changes,
        reason=row.reason,
        asked_by=PersonId(row.asked_by),
        asked_at=row.asked_at,
        decided_by=PersonId(row.decided_by) if row.decided_by is not None else None,
        decided_at=row.decided_at,
        agreed=row.agreed,
        note=row.note,
    )
