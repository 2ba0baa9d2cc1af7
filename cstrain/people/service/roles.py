"""Roles and offices with dates, and stand-ins with dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import rules
from cstrain.people.facts import Status
from cstrain.people.models import RoleAssignment, StandIn
from cstrain.people.policy import HEAD_ROLES, ROLE_WORDS
from cstrain.people.queries.departments import department
from cstrain.people.queries.persons import get_person
from cstrain.people.service.common import not_self, person_row

_LONGEST_STAND_IN_DAYS = 92


def grant_role(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    role: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
    department_id: int | None = None,
) -> int:
    """Grant a role from one day to another (``None``: until revoked); return the assignment's id.

    Never for oneself. Offices that head a department need it. Takes effect at the person's next request.
    """
    not_self(actor, person)
    person_row(person)
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("没有授予：结束日早于开始日。请改正日期。")
    if role not in HEAD_ROLES:
        department_id = None
    overlapping = _overlapping(person, valid_from, valid_to)
    rules.check_role(role, department_id, [row.role for row in overlapping])
    if department_id is not None:
        department(department_id)
    if any(row.role == role and row.department_id == department_id for row in overlapping):
        raise ConflictError("没有授予：这段时间里已经有“%(role)s”。请先结束原来的。", role=ROLE_WORDS[role])
    assignment = RoleAssignment(
        person_id=person,
        role=role,
        department_id=department_id,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=actor,
        granted_at=now,
    )
    session().add(assignment)
    session().flush()
    record(actor, "people.grant_role", f"person:{person}", role=role, department=department_id)
    return assignment.id


def _overlapping(person: PersonId, first: date, last: date | None) -> list[RoleAssignment]:
    statement = sa.select(RoleAssignment).where(
        RoleAssignment.person_id == person,
        RoleAssignment.valid_to.is_(None) | (RoleAssignment.valid_to >= first),
    )
    return [row for row in session().scalars(statement) if last is None or row.valid_from <= last]


def revoke_role(actor: PersonId | None, now: datetime, assignment_id: int) -> PersonId:
    """End a role: its last day was yesterday, so the next request no longer has it; return whose it was."""
    row = session().get(RoleAssignment, assignment_id)
    if row is None:
        raise NotFoundError("没有找到这个角色。")
    person = PersonId(row.person_id)
    not_self(actor, person)
    yesterday = local_date(now) - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= yesterday:
        raise ConflictError("这个角色已经结束，不需要再操作。")
    row.valid_to = yesterday
    session().flush()
    record(actor, "people.revoke_role", f"person:{person}", role=row.role, department=row.department_id)
    return person


def appoint_stand_in(
    actor: PersonId,
    now: datetime,
    principal: PersonId,
    stand_in: PersonId,
    first_day: date,
    last_day: date,
    reason: str,
) -> int:
    """Let ``stand_in`` sign for ``principal`` between two days; return the entry's id.

    It gives no permission: only an opinion that waits for the principal may be given, never about oneself,
    and it is not passed on. Raises ``DomainError`` for dates, people or a circle that cannot be.
    """
    not_self(actor, stand_in)
    _check_stand_in(principal, stand_in, first_day, last_day, reason)
    if last_day < local_date(now):
        raise DomainError("没有保存：代理的日期已经过去。请改正日期。")
    row = StandIn(
        principal_id=principal,
        stand_in_id=stand_in,
        first_day=first_day,
        last_day=last_day,
        reason=reason.strip(),
        created_by=actor,
        created_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "people.stand_in", f"person:{principal}", stand_in=stand_in, first=first_day.isoformat())
    values = {"principal": get_person(principal, first_day).name, "first": first_day, "last": last_day}
    for one in (principal, stand_in):
        notify(one, "%(first)s至%(last)s，由代理人替%(principal)s签署意见。", values=values, now=now)
    return row.id


def _check_stand_in(
    principal: PersonId, stand_in: PersonId, first_day: date, last_day: date, reason: str
) -> None:
    if principal == stand_in:
        raise DomainError("没有保存：不能由本人代理本人。请选择另一位同事。")
    rules.check_span(first_day, last_day, _LONGEST_STAND_IN_DAYS)
    if not reason.strip():
        raise DomainError("没有保存：请写明代理原因。")
    for one in (principal, stand_in):
        if get_person(one, last_day).status is Status.LEFT:
            raise DomainError("没有保存：其中一位在这段时间里已经离职。请选择在职的同事。")
    _check_circle(principal, stand_in, first_day, last_day)


def _check_circle(principal: PersonId, stand_in: PersonId, first_day: date, last_day: date) -> None:
    """Refuse a chain: who stands in is not stood in for, and the other way round, in the same days."""
    overlapping = session().scalars(
        sa.select(StandIn).where(
            StandIn.revoked_at.is_(None), StandIn.first_day <= last_day, StandIn.last_day >= first_day
        )
    )
    for row in overlapping:
        if row.principal_id == stand_in or row.stand_in_id == principal:
            raise DomainError(
                "没有保存：代理不能再转交，这两人中有一位在同一时段已有别的代理安排。请先结束原来的安排。"
            )
        if row.principal_id == principal and row.stand_in_id == stand_in:
            raise ConflictError("没有保存：同一时段已经有这个代理安排。")


def end_stand_in(actor: PersonId, now: datetime, stand_in_id: int) -> None:
    """Revoke a stand-in at once; what was signed stays signed."""
    row = session().get(StandIn, stand_in_id)
    if row is None or row.revoked_at is not None:
        raise NotFoundError("没有找到这个代理安排。")
    row.revoked_at = now
    session().flush()
    record(actor, "people.stand_in_ended", f"person:{row.principal_id}", stand_in=row.stand_in_id)
