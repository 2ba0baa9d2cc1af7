"""Roles, offices, superiors and stand-ins on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.facts import RoleFacts, StandInFacts, Status
from cstrain.people.models import Department, RoleAssignment, StandIn
from cstrain.people.policy import HEAD_ROLES, SUPERIOR_ROLES
from cstrain.people.queries.departments import upwards
from cstrain.people.queries.persons import people, status_of


def _valid(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    return (RoleAssignment.valid_from <= on) & (
        RoleAssignment.valid_to.is_(None) | (RoleAssignment.valid_to >= on)
    )


def roles_of(person: PersonId, on: date) -> frozenset[str]:
    """Return the roles a person holds on a day.

    Everybody employed is an ``employee``; on probation also a ``trainee``; who left holds none.
    """
    granted = session().scalars(
        sa.select(RoleAssignment.role).where(RoleAssignment.person_id == person, _valid(on))
    )
    return held_roles(status_of(person, on), granted)


def held_roles(status: Status | None, granted: Iterable[str]) -> frozenset[str]:
    """Return the roles somebody of this status holds, given those granted to them."""
    if status is None or status is Status.LEFT:
        return frozenset()
    implied = {"employee", "trainee"} if status is Status.PROBATION else {"employee"}
    return frozenset(implied | set(granted))


def roles_on(person: ColumnElement[int], on: ColumnElement[date]) -> ColumnElement[str | None]:
    """Return the roles granted to a person on a day as one column, separated by commas."""
    # a separator given as text would be written into the statement anew each time it runs
    joined = sa.func.aggregate_strings(RoleAssignment.role, sa.literal_column("','"))  # type: ignore[arg-type]
    granted = sa.select(joined)
    return granted.where(RoleAssignment.person_id == person, _valid(on)).scalar_subquery()


def assignments_of(person: PersonId, on: date | None = None) -> list[RoleFacts]:
    """Return a person's granted roles, newest first; only those of a day when ``on`` is given."""
    statement = (
        sa.select(RoleAssignment, Department.name)
        .outerjoin(Department, Department.id == RoleAssignment.department_id)
        .where(RoleAssignment.person_id == person)
        .order_by(RoleAssignment.valid_from.desc(), RoleAssignment.id.desc())
    )
    if on is not None:
        statement = statement.where(_valid(on))
    return [_role_facts(row, name) for row, name in session().execute(statement)]


def _role_facts(row: RoleAssignment, department_name: str | None) -> RoleFacts:
    department = DepartmentId(row.department_id) if row.department_id is not None else None
    return RoleFacts(
        row.id, PersonId(row.person_id), row.role, department, department_name, row.valid_from, row.valid_to
    )


def persons_with_role(role: str, on: date, department_id: int | None = None) -> list[PersonId]:
    """Return who holds a role on a day and is employed, by id.

    With a department: holders for that department or one above it, the nearest first.
    """
    statement = sa.select(RoleAssignment.person_id, RoleAssignment.department_id).where(
        RoleAssignment.role == role, _valid(on)
    )
    rows = [(PersonId(row.person_id), row.department_id) for row in session().execute(statement)]
    employed = {
        one for one, facts in people([row[0] for row in rows], on).items() if facts.status is not Status.LEFT
    }
    if department_id is None:
        return sorted(employed)
    rank = {one: place for place, one in enumerate(upwards(department_id))}
    near = {
        person: min(
            rank[DepartmentId(department)] for who, department in rows if who == person and department in rank
        )
        for person, department in rows
        if person in employed and department in rank
    }
    return sorted(near, key=lambda person: (near[person], person))


def role_holders(role: str, on: date) -> list[RoleFacts]:
    """Return every grant of a role that is valid on a day, with its department, by person."""
    statement = (
        sa.select(RoleAssignment, Department.name)
        .outerjoin(Department, Department.id == RoleAssignment.department_id)
        .where(RoleAssignment.role == role, _valid(on))
        .order_by(RoleAssignment.person_id, RoleAssignment.id)
    )
    return [_role_facts(row, name) for row, name in session().execute(statement)]


def department_ids_headed(
    person: PersonId, on: date, roles: Iterable[str] = HEAD_ROLES
) -> frozenset[DepartmentId]:
    """Return the departments for which a person holds one of ``roles`` on a day (those below not
    included)."""
    found = session().scalars(
        sa.select(RoleAssignment.department_id).where(
            RoleAssignment.person_id == person,
            RoleAssignment.role.in_(list(roles)),
            RoleAssignment.department_id.is_not(None),
            _valid(on),
        )
    )
    return frozenset(DepartmentId(one) for one in found if one is not None)


def superiors_of(person: PersonId, on: date) -> list[PersonId]:
    """Return who is above a person, nearest first: by department upwards, then by office.

    Never the person, nor who holds the same office beside them or one below it.
    """
    found = (holder for office in _offices_above(person, on) for holder in office)
    return list(dict.fromkeys(found))


def direct_superiors_of(person: PersonId, on: date) -> list[PersonId]:
    """Return who holds the nearest office above a person: where there are two supervisors, both."""
    return next(iter(_offices_above(person, on)), [])


def led_by(actor: PersonId, persons: Collection[PersonId], on: date) -> list[PersonId]:
    """Return those of ``persons`` whose direct superior ``actor`` acts as, in their own place or standing in.

    The offices of a department are asked for once, however many of its people there are.
    """
    places = {one.id: one.department_id for one in people(persons, on).values()}
    offices = {place: _offices_of(place, on) for place in set(places.values())}
    acts_as = {actor, *standing_in_for(actor, on)}
    above = {one: next(iter(_above(one, offices[place])), []) for one, place in places.items()}
    return [one for one in persons if one != actor and acts_as & set(above.get(one, ()))]


def superior_acting(actor: PersonId, person: PersonId, on: date) -> PersonId | None:
    """Return in whose place ``actor`` acts as a person's direct superior: their own, else that of one whom
    they stand in for on the day; ``None`` when in nobody's."""
    above = direct_superiors_of(person, on)
    if actor in above:
        return actor
    return (
        next((one for one in standing_in_for(actor, on) if one in above), None) if actor != person else None
    )


def _offices_above(person: PersonId, on: date) -> list[list[PersonId]]:
    """Return the holders of each office above a person, the nearest office first."""
    facts = people([person], on).get(person)
    return _above(person, _offices_of(facts.department_id, on)) if facts is not None else []


def _offices_of(department_id: DepartmentId, on: date) -> list[list[PersonId]]:
    """Return the holders of each office of a department and those above it, the nearest first."""
    return [_holders_of(role, place, on) for place in upwards(department_id) for role in SUPERIOR_ROLES]


def _above(person: PersonId, offices: list[list[PersonId]]) -> list[list[PersonId]]:
    own = max((rank for rank, holders in enumerate(offices, start=1) if person in holders), default=0)
    return [holders for holders in offices[own:] if holders]


def _holders_of(role: str, department_id: DepartmentId, on: date) -> list[PersonId]:
    rows = session().scalars(
        sa.select(RoleAssignment.person_id).where(
            RoleAssignment.role == role, RoleAssignment.department_id == department_id, _valid(on)
        )
    )
    holders = people([PersonId(one) for one in rows], on)
    return sorted(one for one, facts in holders.items() if facts.status is not Status.LEFT)


def supervisor_of(person: PersonId, on: date) -> PersonId | None:
    """Return the nearest superior (supervisor of the department, else who heads it or one above), or
    ``None``."""
    return next(iter(direct_superiors_of(person, on)), None)


def _stand_in_facts(row: StandIn) -> StandInFacts:
    return StandInFacts(
        row.id, PersonId(row.principal_id), PersonId(row.stand_in_id), row.first_day, row.last_day, row.reason
    )


def _active(on: date) -> ColumnElement[bool]:
    return StandIn.revoked_at.is_(None) & (StandIn.first_day <= on) & (StandIn.last_day >= on)


def stand_ins_for(principal: PersonId, on: date) -> list[PersonId]:
    """Return who stands in for ``principal`` on a day."""
    rows = session().scalars(
        sa.select(StandIn.stand_in_id).where(StandIn.principal_id == principal, _active(on))
    )
    return sorted(PersonId(one) for one in rows)


def standing_in_for(person: PersonId, on: date) -> list[PersonId]:
    """Return for whom ``person`` stands in on a day."""
    rows = session().scalars(
        sa.select(StandIn.principal_id).where(StandIn.stand_in_id == person, _active(on))
    )
    return sorted(PersonId(one) for one in rows)


def stand_in_list(since: date) -> list[StandInFacts]:
    """Return the stand-ins that have not ended before ``since`` and were not revoked, by first day."""
    statement = (
        sa.select(StandIn)
        .where(StandIn.revoked_at.is_(None), StandIn.last_day >= since)
        .order_by(StandIn.first_day, StandIn.id)
    )
    return [_stand_in_facts(row) for row in session().scalars(statement)]
