"""Leaving the company: state, roles, stand-ins, account, hand-over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people.events import PersonLeft, person_left
from cstrain.people.facts import Status
from cstrain.people.models import RoleAssignment, StandIn
from cstrain.people.queries.persons import get_person, state_days
from cstrain.people.queries.roles import supervisor_of
from cstrain.people.service.accounts import close_account
from cstrain.people.service.common import not_self
from cstrain.people.service.employment import change_state


def leave_company(
    actor: PersonId,
    now: datetime,
    person: PersonId,
    last_day: date,
    reason: str,
    successor: PersonId | None = None,
    *,
    close_now: bool = False,
) -> None:
    """Record that a person leaves after ``last_day``.

    The account closes at the end of that day, or at once when the day has come or ``close_now`` is set;
    roles and stand-ins end; ``PersonLeft`` lets the packages above hand over trainees and open cases to
    ``successor``.
    """
    not_self(actor, person)
    if successor == person:
        raise DomainError("没有保存：不能把工作交给离职者本人。请选择另一位同事。")
    if successor is not None:
        _check_employed(successor, local_date(now))
    change_state(
        actor,
        now,
        person,
        last_day + timedelta(days=1),
        status=Status.LEFT,
        reason=reason,
        source="leave_company",
    )
    _end_roles(person, last_day, now)
    at_once = close_now or last_day < local_date(now)
    close_account(actor, now, person, None if at_once else last_day)
    person_left.send(PersonLeft(person, last_day, reason, successor, actor, now))
    if successor is None:
        _tell_superior(person, last_day, now)
    record(actor, "people.leave", f"person:{person}", last_day=last_day.isoformat(), successor=successor)


def _tell_superior(person: PersonId, last_day: date, now: datetime) -> None:
    """Ask who is above to arrange what nobody was named for."""
    upper = supervisor_of(person, local_date(now))
    if upper is None:
        return
    values = {"name": get_person(person, last_day).name, "day": last_day}
    says = "%(name)s的最后工作日是%(day)s，没有指定接手人。请安排所带的学员和未办完的事项。"
    notify(upper, says, now=now, values=values, url=f"/people/{person}", kind="reminder")


def _check_employed(person: PersonId, on: date) -> None:
    states = [row.state for row in state_days(person) if row.effective_from <= on]
    if not states or states[-1].status is Status.LEFT:
        raise DomainError("没有保存：接手的人已经离职或尚未入职。请选择在职的同事。")


def _end_roles(person: PersonId, last_day: date, now: datetime) -> None:
    for role in session().scalars(sa.select(RoleAssignment).where(RoleAssignment.person_id == person)):
        if role.valid_to is None or role.valid_to > last_day:
            role.valid_to = last_day
    involved = (StandIn.principal_id == person) | (StandIn.stand_in_id == person)
    for stand_in in session().scalars(sa.select(StandIn).where(involved, StandIn.revoked_at.is_(None))):
        if stand_in.first_day > last_day:
            stand_in.revoked_at = now
        else:
            stand_in.last_day = min(stand_in.last_day, last_day)
