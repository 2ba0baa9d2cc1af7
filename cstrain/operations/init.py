"""Setting a database up: schema, what ships with the product, the first administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cstrain.exams import service as exams
from cstrain.extensions import db, local_date
from cstrain.kernel.ids import PersonId
from cstrain.lessons import service as lessons
from cstrain.onboarding.service.programmes import load_programmes
from cstrain.operations import migrations
from cstrain.operations.errors import OperationError
from cstrain.people import queries as people
from cstrain.people import service as staff
from cstrain.people.facts import Status
from cstrain.questions import service as questions
from cstrain.unit_of_work import unit_of_work

ADMINISTRATOR = "administrator"
_DEPARTMENT = ("ADMIN", "系统管理")

LOADERS: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("lessons", lessons.load_shipped),
    ("banks", lambda at: sum(map(bool, questions.load_banks(at)))),
    ("papers", exams.load_papers),
    ("programmes", load_programmes),
)
"""What ships with the product, in the order in which one needs the other; each runs again without harm."""


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who may sign in first, and the token of the link that sets the password (valid for three days)."""

    person: PersonId
    staff_no: str
    token: str


def bring_up_to_date(at: datetime) -> dict[str, int]:
    """Bring schema and shipped content to this release; return how much of each kind was new.

    Each kind is a unit of work of its own. Raises ``OperationError`` for a database of a newer release and
    ``SourceError`` for shipped files that cannot be used.
    """
    migrations.upgrade(db.engine)
    added = {}
    for name, load in LOADERS:
        with unit_of_work():
            added[name] = load(at)
    return added


def has_administrator(at: datetime) -> bool:
    """Tell whether somebody holds the administrator's role today."""
    return bool(people.persons_with_role(ADMINISTRATOR, local_date(at)))


def first_administrator(at: datetime, staff_no: str, name: str) -> FirstAdministrator:
    """Enter the first administrator and issue their one-time link; the system itself is the actor.

    Run again for the same staff number it issues a new link (the way back in when everybody is locked out).
    Raises ``OperationError`` when another person holds the role already, ``DomainError`` for unusable values.
    """
    today = local_date(at)
    found = people.find_person_by_staff_no(staff_no, today)
    holders = people.persons_with_role(ADMINISTRATOR, today)
    if holders and (found is None or found.id not in holders):
        raise OperationError("there is an administrator already; new ones are named on the people pages")
    with unit_of_work():
        person = found.id if found else _enter(at, staff_no, name)
        if person not in holders:
            staff.grant_role(None, at, person, ADMINISTRATOR, valid_from=today)
        return FirstAdministrator(person, staff_no.strip().upper(), staff.issue_link(None, at, person))


def _enter(at: datetime, staff_no: str, name: str) -> PersonId:
    code, title = _DEPARTMENT
    known = {each.code: each.id for each in people.departments()}
    department = known.get(code) or staff.add_department(None, code, title)
    new = staff.NewPerson(
        staff_no=staff_no,
        name=name,
        department_id=department,
        hire_date=local_date(at),
        status=Status.CONVERTED,
        post="系统管理员",
    )
    return staff.hire(None, at, new, reason="系统设置", source="init")
