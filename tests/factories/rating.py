"""A department on a quarterly track with a closed quarter: who rises, stays, falls, and who is not tested."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.performance.models import PerformanceMonth
from cstrain.promotion.rating import queries, service
from cstrain.promotion.rating.facts import Line, Quarter
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.promotion import bind, close_month

Q3 = Quarter(date(2026, 7, 1))
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
CLOSED_WINDOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
EFFECT = date(2026, 12, 1)
HIRED = date(2025, 1, 6)

GOOD = {"csat": 95, "first_response_seconds": 25, "resolution": 98, "chats": 1200}
FAIR = {"csat": 91, "first_response_seconds": 50, "resolution": 95, "chats": 1200}
POOR = {"csat": 85, "first_response_seconds": 60, "resolution": 80, "chats": 1200}


@dataclass
class Cast:
    """Everybody by a short name, the department, and the run once it was started."""

    place: DepartmentId
    people: dict[str, PersonId] = field(default_factory=dict)
    run: int = 0

    def __getitem__(self, name: str) -> PersonId:
        return self.people[name]

    def line(self, name: str) -> Line:
        """Return somebody's newest line."""
        (found,) = queries.lines(self.run, [self.people[name]])
        return found


def month(person: PersonId, place: int, first: date, by: PersonId, **columns: Any) -> None:
    """Enter a month as it counts; no deductions unless said otherwise."""
    values = {"level": "junior", "grade": "B", "probation": False, "away": False, **columns}
    values = {"deductions": 0, "deduction_points": 0, "post": "客服专员", "revision": 1, **values}
    with unit_of_work():
        session().add(
            PerformanceMonth(
                person_id=person,
                month=first,
                department_id=place,
                source="entry",
                entered_by=by,
                entered_at=datetime(first.year, first.month, 28, tzinfo=UTC),
                entered_on=values.pop("on", date(first.year, first.month, 28)),
                **values,
            )
        )


def cast(*, closed: bool = True, ladder: str = "basic") -> Cast:
    """Make the department and its people; ``closed``: all three months are closed."""
    place, office = make_department("售后客服部"), make_department("人力资源部")
    bind(place, ladder)
    found = Cast(place)
    for name, role in (("hr", "hr"), ("hr2", "hr_manager"), ("office", "gm_office"), ("gm", "deputy_gm")):
        found.people[name] = make_person({"hr": "何静"}.get(name, name), roles=[role], department=office)
    found.people["head"] = make_person("彭建军", roles=["supervisor"], department=place, post="主管")
    for name, level, figures in (
        ("rises", "junior", GOOD),
        ("stays", "junior", FAIR),
        ("falls", "intermediate", POOR),
        ("low", "junior", POOR),
        ("gap", "junior", GOOD),
    ):
        found.people[name] = make_person(name, department=place, hire_date=HIRED, level=level)
        for first in Q3.months:
            if (name, first.month) != ("gap", 8):
                month(found[name], place, first, found["hr"], **{**figures, "level": level})
    found.people["new"] = make_person("new", department=place, hire_date=date(2026, 9, 1), status="probation")
    month(found["new"], place, Q3.months[2], found["hr"], level=None, probation=True, csat=70, chats=300)
    for first in Q3.months if closed else Q3.months[:2]:
        close_month(place, first, found["hr"])
    return found


def started(now: datetime = NOW) -> Cast:
    """Make the department and start the run."""
    found = cast()
    with unit_of_work():
        found.run = service.start(found["hr"], now, "basic", Q3)
    return found


def contested(now: datetime = NOW) -> tuple[Cast, int]:
    """Start the run; who falls contests."""
    found = started(now)
    with unit_of_work():
        made = service.contest(found["falls"], now, found.line("falls").id, "八月有两天系统故障，没有计入。")
    return found, made


def proposed(found: Cast, now: datetime = CLOSED_WINDOW, effect: date = EFFECT) -> int:
    """Propose what is ready; return the confirmation's id."""
    with unit_of_work():
        return service.propose_confirmation(found["hr"], now, found.run, effect, "按季度评级办法")


def confirmed(found: Cast, now: datetime = CLOSED_WINDOW) -> int:
    """Propose and agree; return how many took effect."""
    act = proposed(found, now)
    with unit_of_work():
        return service.answer_confirmation(found["hr2"], now, act, agreed=True)
