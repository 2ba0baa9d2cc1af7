"""Plans, joint assessments and interviews through the services, in an application context; all commit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment import queries, service
from cstrain.performance.assessment.facts import NewInterview, Target
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_department, make_person

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def act(function: Any, *arguments: Any, **options: Any) -> Any:
    """Do one act in a unit of its own."""
    with unit_of_work():
        return function(*arguments, **options)


def target(text: str = "满意度", weight: int = 100, **changes: Any) -> Target:
    """A target that the month's CSAT is held against."""
    fields: dict[str, Any] = {
        "measure": "当月平均",
        "unit": "%",
        "sense": "at_least",
        "number": Decimal(90),
        "source": "csat",
    }
    return Target(text=text, weight=weight, **(fields | changes))


def company() -> dict[str, PersonId]:
    """A department with its offices; the centre above it has a director, the other offices are elsewhere."""
    centre = make_department("客服中心")
    place = make_department("售前客服一部", parent=centre)
    office = make_department("总经办")
    vip = make_department("贵宾部", parent=centre)
    return {
        "person": make_person("林晓雯", "K7001", department=place),
        "mate": make_person("周子昂", "K7002", department=place),
        "leader": make_person("组长王", "K7010", roles=["group_leader"], department=place, post="组长"),
        "supervisor": make_person("主管李", "K7011", roles=["supervisor"], department=place, post="主管"),
        "vip": make_person("贵宾经理吴", "K7012", roles=["vip_manager"], department=vip, post="贵宾经理"),
        "qc": make_person("质检经理赵", "K7013", roles=["qc_manager"], department=office, post="质检经理"),
        "director": make_person(
            "客服总监姜", "K7014", roles=["service_director"], department=centre, post="客服总监"
        ),
        "deputy": make_person("副总范", "K7015", roles=["deputy_gm"], department=office, post="副总"),
        "hr": make_person("人事孙", "K7016", roles=["hr"], department=office, post="人事专员"),
        "hr_manager": make_person(
            "人事经理冯", "K7017", roles=["hr_manager"], department=office, post="人事"
        ),
        "stranger": make_person("何雨桐", "K7018", department=vip),
    }


def place_of() -> int:
    """The department of the agents."""
    return int(make_department("售前客服一部", parent=make_department("客服中心")))


def make_plan(
    people: dict[str, PersonId], first: date = NOVEMBER, at: datetime = START, **changes: Any
) -> int:
    """A plan of the agents' post, drafted, checked and approved; returns its id."""
    targets = changes.pop("targets", [target()])
    made: int = act(service.draft, people["supervisor"], at, place_of(), "客服专员", first, targets)
    act(service.check, people["hr"], at, made)
    act(service.approve, people["director"], at, made)
    return made


def open_round(people: dict[str, PersonId], month: date = OCTOBER, at: datetime = START) -> int:
    """Open the department's month; returns the round's id."""
    made: int = act(service.open_round, people["hr"], at, place_of(), month)
    return made


def sheet_of(person: PersonId) -> int:
    """The id of a person's only sheet."""
    return queries.sheets_of_person(person)[0].id


def points_for(sheet_id: int, office: str, share: str) -> dict[str, Decimal | None]:
    """Points that give this share of each factor, on the step."""
    found = queries.sheet(sheet_id).round.rules.office(office)
    assert found is not None
    half = Decimal("0.5")
    return {
        each.id: (Decimal(each.of) * Decimal(share) / half).to_integral_value() * half
        for each in found.factors
    }


def rate(
    people: dict[str, PersonId], sheet_id: int, office: str, by: str = "", share: str = "0.8", note: str = ""
) -> None:
    """Rate a sheet for an office."""
    who = people[by or {"qc": "qc", "vip": "vip", "leader": "leader"}[office]]
    act(service.rate, who, START, sheet_id, office, points_for(sheet_id, office, share), note)


def rate_all(people: dict[str, PersonId], sheet_id: int, share: str = "0.8") -> None:
    """Rate a sheet for each office."""
    for office in ("qc", "vip", "leader"):
        rate(people, sheet_id, office, share=share)


def make_final(people: dict[str, PersonId], share: str = "0.8", who: str = "person") -> int:
    """A sheet with its final review; returns its id."""
    open_round(people)
    made = sheet_of(people[who])
    rate_all(people, made, share)
    reason = "服务意识不足" if Decimal(share) < Decimal("0.6") else ""
    act(service.finish, people["director"], START, made, None, reason)
    return made


def interview(person: PersonId, **changes: Any) -> NewInterview:
    """An interview about October with two things agreed on."""
    fields: dict[str, Any] = {
        "month": OCTOBER,
        "held_on": date(2026, 11, 20),
        "discussed": "谈了十月的投诉和响应速度",
        "actions": (("复习退换货流程", date(2026, 11, 25)), ("跟听三通电话", date(2026, 11, 30))),
    }
    return NewInterview(person_id=person, **(fields | changes))


def make_interview(by: PersonId, person: PersonId, **changes: Any) -> int:
    """Enter an interview; returns its id."""
    made: int = act(service.hold, by, START, interview(person, **changes))
    return made
