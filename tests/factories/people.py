"""Departments, persons, roles and contracts for tests. All functions need an application context and commit.

Ids come back; use ``cstrain.people.queries`` to look at what was made.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime

from cstrain.kernel.calendar import Week
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import service
from cstrain.people.facts import ContractKind, LeaveKind, Level, Status, Track
from cstrain.people.passwords import hash_password
from cstrain.people.policy import HEAD_ROLES
from cstrain.people.queries import find_department
from cstrain.people.service import NewContract, NewPerson
from cstrain.unit_of_work import unit_of_work

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
HIRED = date(2026, 1, 5)
_LETTERS = "JKQVWXYZ"
#: Letters only: a number made here is never one that a test wrote itself (K7001), and no mark or rank that
#: a test wants hidden is ever found inside one, however many were made before.
_numbers = ("".join(letters) for letters in itertools.product(_LETTERS, repeat=6))


def make_department(
    name: str = "售前客服一部",
    code: str | None = None,
    parent: int | None = None,
    week: str | Week = Week.SIX_DAYS,
) -> DepartmentId:
    """Make a department; an existing one of the same name is returned as it is (unless a code is given)."""
    if code is None and (found := find_department(name)) is not None and found.parent_id == parent:
        return found.id
    with unit_of_work():
        return service.add_department(
            None, code or f"T{next(_numbers)}", name, parent_id=parent, week=Week(week)
        )


def make_person(
    name: str = "林晓雯",
    staff_no: str | None = None,
    roles: Iterable[str] = (),
    department: int | None = None,
    hire_date: date = HIRED,
    status: str | Status = Status.CONVERTED,
    level: str | Level | None = None,
    track: str | Track | None = None,
    post: str = "客服专员",
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
) -> PersonId:
    """Make a person (converted unless said otherwise) with roles from the day of hiring on.

    Offices that head a department head the person's own. ``status="probation"`` makes a trainee.
    """
    place = department if department is not None else make_department()
    new = NewPerson(
        staff_no=staff_no or f"K{next(_numbers)}",
        name=name,
        department_id=place,
        hire_date=hire_date,
        post=post,
        status=Status(status),
        level=Level(level) if level else None,
        track=Track(track) if track else None,
        phone=phone,
        email=email,
    )
    hashed = hash_password(password) if password else None
    with unit_of_work():
        person = service.hire(None, MADE_AT, new)
        for role in roles:
            _grant(person, role, hire_date, place)
        if hashed:
            service.store_password(person, hashed)
    return person


def _grant(person: PersonId, role: str, valid_from: date, department: int) -> None:
    head = department if role in HEAD_ROLES else None
    service.grant_role(None, MADE_AT, person, role, valid_from=valid_from, department_id=head)


def make_role(
    person: PersonId,
    role: str,
    valid_from: date = HIRED,
    valid_to: date | None = None,
    department: int | None = None,
) -> int:
    """Grant a role; return the assignment's id."""
    with unit_of_work():
        return service.grant_role(
            None, MADE_AT, person, role, valid_from=valid_from, valid_to=valid_to, department_id=department
        )


def make_contract(
    person: PersonId,
    kind: str | ContractKind = ContractKind.FIXED_TERM,
    starts_on: date = HIRED,
    ends_on: date | None = date(2029, 1, 4),
    probation_end: date | None = None,
    signed_on: date | None = None,
) -> None:
    """Record a contract (three years from the default day of hiring unless said otherwise)."""
    with unit_of_work():
        contract = NewContract(ContractKind(kind), starts_on, ends_on, probation_end, signed_on)
        service.record_contract(None, MADE_AT, person, contract)


def make_leave(
    person: PersonId,
    first_day: date,
    last_day: date,
    kind: str | LeaveKind = LeaveKind.SICK,
    at: datetime = MADE_AT,
) -> int:
    """Record an absence; return its id."""
    with unit_of_work():
        return service.record_leave(None, at, person, first_day, last_day, LeaveKind(kind), "测试")


def make_roster(person: PersonId, days: dict[date, bool], at: datetime = MADE_AT) -> None:
    """Set the roster's word for single days."""
    with unit_of_work():
        service.set_roster(None, at, person, days)


def make_company_day(day: date, working: bool, department: int | None = None, note: str = "") -> None:
    """Set the company's own word for a day."""
    with unit_of_work():
        service.set_company_day(None, day, working, note, department)


def make_stand_in(
    principal: PersonId,
    stand_in: PersonId,
    first_day: date,
    last_day: date,
    created_by: PersonId | None = None,
    at: datetime = MADE_AT,
) -> int:
    """Appoint a stand-in (by a fresh HR clerk unless somebody is named); return the entry's id."""
    actor = created_by if created_by is not None else make_person("测试人事", roles=["hr"])
    with unit_of_work():
        return service.appoint_stand_in(actor, at, principal, stand_in, first_day, last_day, "休假")
