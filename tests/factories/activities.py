"""Reports, contests and titles through the services. All need an application context and commit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.performance.activities import service
from cstrain.performance.activities.facts import Announcement, Draft, Kind, Measure, Span
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START

DAY = date(2026, 11, 19)
SAID = {
    "events": "双十一返场，接待平稳",
    "problems": "两位新人不熟悉改价流程",
    "next": "早会讲改价",
    "help": "",
}
WEEK_SAID = {"events": "完成周目标", "problems": "没有", "people": "面谈一人", "next": "补改价培训"}


def draft(kind: str = "day", **changes: str) -> Draft:
    """What a leader writes: every section that must be there."""
    return Draft((SAID if kind == "day" else WEEK_SAID) | changes)


def make_report(
    leader: PersonId,
    department: int,
    day: date = DAY,
    kind: str = "day",
    at: datetime = START,
    what: Draft | None = None,
) -> int:
    """Hand a report in; return its id."""
    with unit_of_work():
        return service.submit(leader, at, department, Span(Kind(kind), day), what or draft(kind))


def announcement(department: int, **changes: Any) -> Announcement:
    """A contest on satisfaction in December, two winners."""
    fields: dict[str, Any] = {
        "title": "年末满意度评比",
        "notice": "看十二月的满意度",
        "department_id": department,
        "metric": "csat",
        "measure": Measure.MEAN,
        "first_month": date(2026, 12, 1),
        "last_month": date(2026, 12, 1),
        "least_months": 1,
        "seats": 2,
        "award": "service_star",
    }
    return Announcement(**(fields | changes))


def make_contest(actor: PersonId, department: int, at: datetime = START, **changes: Any) -> int:
    """Announce a contest; return its id."""
    with unit_of_work():
        return service.announce(actor, at, announcement(department, **changes))


def make_proposal(
    actor: PersonId,
    person: PersonId,
    code: str = "excellent_agent",
    month: date = date(2026, 10, 1),
    at: datetime = START,
) -> int:
    """Propose somebody for a title; return its id."""
    with unit_of_work():
        return service.propose(actor, at, person, code, month, "替新人补位三次，客户点名表扬")
