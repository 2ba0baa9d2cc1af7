"""The company begins to use the system: departments, people with their past, and their offices."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cstrain.demo.company import PLACES, STAFF, Employee
from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people import service as people
from cstrain.people.facts import ContractKind, Level, Status
from cstrain.people.queries import work_plan
from cstrain.people.service import NewContract, NewPerson

_FIXED_YEARS = 3


def found(world: World, now: datetime) -> None:
    """Enter departments, then everybody with contract, history, offices and password."""
    for place in PLACES:
        world.departments[place.code] = people.add_department(
            None,
            place.code,
            place.name,
            parent_id=world.departments[place.within] if place.within else None,
            week=place.week,
            platform=place.platform,
        )
    for employee in STAFF:
        _enter(world, now, employee)
    for employee in STAFF:
        world.calendars.setdefault(employee.place, work_plan(world.one(employee.staff_no)).calendar)


def _enter(world: World, now: datetime, employee: Employee) -> None:
    """Enter somebody who was there before the system, with what they hold."""
    person = _hire(world, now, employee)
    world.people[employee.staff_no] = person
    for office in employee.offices:
        head = world.departments[office.place] if office.place else None
        people.grant_role(None, now, person, office.role, valid_from=world.founded, department_id=head)
    people.store_password(person, world.password_hash)


def _hire(world: World, now: datetime, employee: Employee) -> PersonId:
    """Enter a person with the levels reached in the past, as opening data."""
    chance = world.chance(employee.staff_no)
    hired = add_months(world.founded, -employee.hired_months_ago) - timedelta(days=chance.randrange(20))
    new = NewPerson(
        staff_no=employee.staff_no,
        name=employee.name,
        department_id=world.departments[employee.place],
        hire_date=hired,
        post=employee.post,
        track=employee.track,
        phone=phone(employee.staff_no),
        extension=employee.extension,
        contract=_contract(hired, world.founded),
    )
    person = people.hire(None, now, new, source="opening")
    rises: list[tuple[date, Level | None]] = [
        (add_months(world.founded, -rise.months_ago), rise.level) for rise in employee.rises
    ]
    for on, level in rises or [(add_months(hired, 2), None)]:
        people.change_state(
            None, now, person, on, status=Status.CONVERTED, level=level, reason="期初数据", source="opening"
        )
    return person


def phone(staff_no: str) -> str:
    """Return a telephone number nobody has."""
    return f"1390000{int(staff_no.removeprefix('HM')):04d}"


def _contract(hired: date, founded: date) -> NewContract:
    """Return a first contract of three years, or the open-ended one that followed it."""
    ends = add_months(hired, 12 * _FIXED_YEARS) - timedelta(days=1)
    if ends <= founded:
        return NewContract(ContractKind.OPEN_ENDED, ends + timedelta(days=1), signed_on=ends)
    probation = add_months(hired, 3) - timedelta(days=1)
    return NewContract(ContractKind.FIXED_TERM, hired, ends, probation, hired)
