"""Work plans: the published holidays, the company's own days, leave and the roster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from chinese_calendar import constants

from cstrain.extensions import Line, columns, session
from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import LeaveFacts, LeaveKind, PersonFacts, Status, WorkPlan
from cstrain.people.models import CompanyDay, Department, EmploymentState, Leave, RosterEntry
from cstrain.people.queries.persons import everybody


@cache
def published_days() -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    """Return the published holidays, make-up workdays and the years they are known for."""
    holidays = frozenset(constants.holidays)
    return holidays, frozenset(constants.workdays), frozenset(day.year for day in holidays)


def _calendar(week: Week, department_id: int, overrides: Sequence[Line]) -> WorkCalendar:
    holidays, makeup, years = published_days()
    own = {row.day: row.working for row in overrides if row.department_id is None}
    own |= {row.day: row.working for row in overrides if row.department_id == department_id}
    return WorkCalendar(week, holidays, makeup, years, own)


_PLACES = (
    sa.select(EmploymentState.person_id, EmploymentState.department_id)
    .where(EmploymentState.person_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(EmploymentState.effective_from, EmploymentState.id)
)
_WEEK = sa.select(Department.week).where(Department.id == sa.bindparam("place"))
_OWN_DAYS = sa.select(CompanyDay.day, CompanyDay.department_id, CompanyDay.working)


def _departments_of(ids: list[int]) -> dict[int, int]:
    """Return each person's department by their last history row."""
    return {row.person_id: row.department_id for row in columns(_PLACES, {"ids": ids})}


def work_plans(persons: Iterable[PersonId]) -> dict[PersonId, WorkPlan]:
    """Return the work plans of several people in a fixed number of statements.

    The calendar is that of the person's last department. A roster entry wins, except a working day that was
    rostered before the leave covering it was recorded.
    """
    ids = sorted(set(persons))
    if not ids:
        return {}
    places = _departments_of(list(ids))
    weeks = {row.id: Week(row.week) for row in session().execute(sa.select(Department.id, Department.week))}
    overrides = columns(_OWN_DAYS, {}).all()
    calendars = {place: _calendar(weeks[place], place, overrides) for place in set(places.values())}
    leave = _leave_days(list(ids))
    rosters = _rosters(list(ids), leave)
    return {
        one: WorkPlan(calendars[places[one]], frozenset(leave.get(one, ())), rosters.get(one, {}))
        for one in ids
        if one in places
    }


def work_plan(person: PersonId) -> WorkPlan:
    """Return a person's work plan; raises ``KeyError`` for somebody without a history."""
    return work_plans([person])[person]


def work_calendar(person: PersonId) -> WorkCalendar:
    """Return the calendar of a person's last department; ``KeyError`` for somebody without a history."""
    place = _departments_of([person])[person]
    week = columns(_WEEK, {"place": place}).scalar_one()
    return _calendar(Week(week), place, columns(_OWN_DAYS, {}).all())


def _leave_days(ids: list[int]) -> dict[int, dict[date, datetime]]:
    """Return per person the days of leave and when each was last recorded."""
    found: dict[int, dict[date, datetime]] = {}
    statement = (
        sa.select(Leave).where(Leave.person_id.in_(ids), Leave.cancelled_at.is_(None)).order_by(Leave.id)
    )
    for row in session().scalars(statement):
        days = found.setdefault(row.person_id, {})
        for offset in range((row.last_day - row.first_day).days + 1):
            days[row.first_day + timedelta(days=offset)] = row.recorded_at
    return found


def _rosters(ids: list[int], leave: dict[int, dict[date, datetime]]) -> dict[int, dict[date, bool]]:
    found: dict[int, dict[date, bool]] = {}
    for row in session().scalars(sa.select(RosterEntry).where(RosterEntry.person_id.in_(ids))):
        recorded = leave.get(row.person_id, {}).get(row.day)
        if row.working and recorded is not None and recorded >= row.set_at:
            continue
        found.setdefault(row.person_id, {})[row.day] = row.working
    return found


def roster_of(person: PersonId, first: date, last: date) -> dict[date, str | None]:
    """Return the shifts rostered between two days (``None``: rostered without a named shift)."""
    statement = sa.select(RosterEntry).where(
        RosterEntry.person_id == person, RosterEntry.day.between(first, last), RosterEntry.working
    )
    return {row.day: row.shift for row in session().scalars(statement)}


def leave_of(person: PersonId) -> list[LeaveFacts]:
    """Return a person's absences, newest first, cancelled ones included."""
    statement = (
        sa.select(Leave).where(Leave.person_id == person).order_by(Leave.first_day.desc(), Leave.id.desc())
    )
    return [
        LeaveFacts(
            row.id,
            PersonId(row.person_id),
            row.first_day,
            row.last_day,
            LeaveKind(row.kind),
            row.reason,
            row.cancelled_at is not None,
        )
        for row in session().scalars(statement)
    ]


def people_of_department(department_id: int, on: date) -> list[PersonFacts]:
    """Return who is employed in a department on a day, by staff number."""
    return [
        facts
        for facts in everybody(on)
        if facts.department_id == department_id and facts.status is not Status.LEFT
    ]
