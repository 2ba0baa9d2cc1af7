"""Where many people stand and since when, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.facts import Level, StandingFacts, Status, Track
from cstrain.people.models import Department, EmploymentState, Person

_IMPORTED = "import"


def staff_by_department(on: date) -> dict[DepartmentId, list[PersonId]]:
    """Return the ids of everybody hired by a day who has not left by then, by department. One statement."""
    newest = (
        sa.select(
            EmploymentState.person_id,
            EmploymentState.department_id,
            EmploymentState.status,
            sa.func.row_number()
            .over(
                partition_by=EmploymentState.person_id,
                order_by=(EmploymentState.effective_from.desc(), EmploymentState.id.desc()),
            )
            .label("place"),
        )
        .where(EmploymentState.effective_from <= on)
        .subquery()
    )
    statement = (
        sa.select(newest.c.department_id, newest.c.person_id)
        .where(newest.c.place == 1, newest.c.status != Status.LEFT)
        .order_by(newest.c.department_id, newest.c.person_id)
    )
    found: dict[DepartmentId, list[PersonId]] = {}
    for department, person in session().execute(statement):
        found.setdefault(DepartmentId(department), []).append(PersonId(person))
    return found


def standings(people: Collection[PersonId], on: date) -> dict[PersonId, StandingFacts]:
    """Return where these people stand on a day and since when, by id; unknown ids are left out.

    Two statements, however many people. A level that came with an imported staff file has no known first day:
    the file says the level held when it was read, not when it was reached.
    """
    if not people:
        return {}
    names = {row.id: row.name for row in session().execute(sa.select(Department.id, Department.name))}
    statement = (
        sa.select(
            Person.id,
            Person.staff_no,
            Person.name,
            Person.hire_date,
            EmploymentState.id.label("state_id"),
            EmploymentState.effective_from,
            EmploymentState.status,
            EmploymentState.level,
            EmploymentState.track,
            EmploymentState.department_id,
            EmploymentState.post,
            EmploymentState.source,
        )
        .join(EmploymentState, EmploymentState.person_id == Person.id)
        .where(Person.id.in_(people))
        .order_by(Person.id, EmploymentState.effective_from, EmploymentState.id)
    )
    rows = groupby(session().execute(statement), key=lambda row: row.id)
    found = {PersonId(person): _standing(list(states), on, names) for person, states in rows}
    return dict(sorted(found.items(), key=lambda pair: pair[1].staff_no))


def _standing(rows: list[Any], on: date, names: dict[int, str]) -> StandingFacts:
    """Return the standing of one person from their history rows, oldest first."""
    by_day = {row.effective_from: row for row in rows}  # of several on one day the last recorded counts
    days = [by_day[day] for day in sorted(by_day) if day <= on] or [by_day[min(by_day)]]
    here = days[-1]
    level, place = _began(days, "level"), _began(days, "department_id")
    imported = level is days[0] and level.source == _IMPORTED and here.level is not None
    return StandingFacts(
        id=PersonId(here.id),
        staff_no=here.staff_no,
        name=here.name,
        department_id=DepartmentId(here.department_id),
        department_name=names[here.department_id],
        post=here.post,
        status=Status(here.status),
        level=Level(here.level) if here.level else None,
        track=Track(here.track) if here.track else None,
        hired_on=here.hire_date,
        department_since=place.effective_from,
        level_since=None if imported or here.level is None else level.effective_from,
        history_id=level.state_id,
        reached=_reached(days),
        places=_places(days),
    )


def _reached(days: list[Any]) -> dict[str, date]:
    """Return the first day of each level; not of one that an imported staff file says was held."""
    first: dict[str, Any] = {}
    for row in days:
        if row.level:
            first.setdefault(row.level, row)
    told = days[0] if days[0].source == _IMPORTED else None
    return {level: row.effective_from for level, row in first.items() if row is not told}


def _places(days: list[Any]) -> tuple[tuple[date, DepartmentId], ...]:
    """Return since when which department, oldest first."""
    found: list[tuple[date, DepartmentId]] = []
    for row in days:
        if not found or found[-1][1] != row.department_id:
            found.append((row.effective_from, DepartmentId(row.department_id)))
    return tuple(found)


def _began(days: Iterable[Any], what: str) -> Any:
    """Return the row with which the present value of a column began without a break."""
    first = None
    for row in days:
        if first is None or getattr(first, what) != getattr(row, what):
            first = row
    return first
