"""A department whose month is reviewed, step by step.

All functions need an application context and commit.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cstrain.extensions import Row, session
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries, service, store
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.performance.reviews.service.open import NewCycle
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.performance import make_month

MONTH = date(2026, 10, 1)
FIRST = date(2026, 11, 20)
LAST = FIRST + timedelta(days=6)
AGENTS = ("周敏", "钱立", "梁静", "丁晓峰", "戴明", "石磊")


def at(day: date = FIRST, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


OVER = at(LAST + timedelta(days=1))
"""After the window."""


@dataclass
class Cast:
    """Who is who: ``people`` by name, ``agents`` of the department in the order of their staff numbers."""

    people: dict[str, PersonId]
    department: int
    agents: list[PersonId]
    cycle: int = 0

    def subject(self, person: PersonId) -> int:
        """Somebody's part in the cycle."""
        found = queries.find_subject(self.cycle, person)
        assert found is not None
        return found.id


def make_cast(agents: int = 6) -> Cast:
    """A department with its supervisor and director, HR and the offices; everybody since January."""
    centre = make_department("客服中心", code="KF")
    place = make_department("售前客服一部", code="SQ1", parent=centre)
    hr, office = make_department("人力资源部", code="HR"), make_department("总经办", code="ZJB")
    people = {
        "supervisor": make_person("唐志远", roles=["supervisor"], department=place),
        "director": make_person("姜海涛", roles=["service_director"], department=centre),
        "hr": make_person("何静", roles=["hr"], department=hr),
        "hr2": make_person("贺云", roles=["hr"], department=hr),
        "gm": make_person("宋国平", roles=["gm"], department=office),
        "auditor": make_person("沈秋萍", roles=["auditor"], department=office),
        "elsewhere": make_person("魏大勇", department=make_department("仓储部", code="CK")),
        "other_head": make_person("蒋宏伟", roles=["supervisor"], department=make_department("仓储部")),
    }
    names = [*AGENTS, *(f"客服{n}" for n in range(agents))][:agents]
    return Cast(people, place, [make_person(name, department=place) for name in names])


def new_cycle(cast: Cast, **more: object) -> NewCycle:
    """The cycle of October, open for a week."""
    values = {"opens_on": FIRST, "closes_on": LAST, "way": "drawn", "customers": True, **more}
    return NewCycle(cast.department, MONTH, **values)  # type: ignore[arg-type]


def open_cycle(cast: Cast, by: str = "hr", seed: str = "seed", **more: object) -> int:
    """Somebody opens the cycle."""
    with unit_of_work():
        cast.cycle = service.open_cycle(cast.people[by], at(), new_cycle(cast, **more), seed)
    return cast.cycle


def opened(agents: int = 6, **more: object) -> Cast:
    """A cast whose cycle is open."""
    cast = make_cast(agents)
    open_cycle(cast, **more)
    return cast


def answers(choice: str = "good", **but: str) -> dict[str, str]:
    """The same answer to every factor but those named."""
    return {factor.id: choice for factor in store.chapter().factors} | but


def hand_in(
    cast: Cast,
    who: PersonId,
    about: PersonId,
    view: str,
    given: Mapping[str, str] | None = None,
    note: str = "",
) -> None:
    """Somebody hands in a form with a name."""
    with unit_of_work():
        service.hand_in(who, at(hour=10), cast.subject(about), view, given or answers(), note)


def peers_of(cast: Cast, about: PersonId) -> list[PersonId]:
    """Who was asked about somebody."""
    return sorted(queries.named_peers(cast.subject(about)))


def answer(
    cast: Cast, who: PersonId, about: PersonId, given: Mapping[str, str] | None = None, remark: str = ""
) -> None:
    """A colleague answers about somebody."""
    with unit_of_work():
        service.answer_as_peer(
            who, at(hour=11), cast.subject(about), given or answers(), remark, random.Random(remark)
        )


def fill(cast: Cast, about: PersonId, peers: int = 5, given: Mapping[str, str] | None = None) -> None:
    """Everybody answers about somebody: they, their superior, so many colleagues."""
    hand_in(cast, about, about, SELF)
    hand_in(cast, cast.people["supervisor"], about, MANAGER)
    for n, one in enumerate(peers_of(cast, about)[:peers]):
        answer(cast, one, about, given, f"话{n}")


def satisfied(cast: Cast, persons: Iterable[PersonId] | None = None, csat: int = 90) -> None:
    """The month's record has a satisfaction for these people (all agents)."""
    for one in cast.agents if persons is None else persons:
        make_month(one, MONTH, by=cast.people["hr"], at=at(), csat=csat)


def close(cast: Cast, by: str = "hr", now: datetime = OVER) -> None:
    """Somebody closes the cycle."""
    with unit_of_work():
        service.close(cast.people[by], now, cast.cycle)


def closed(agents: int = 6, peers: int = 5) -> Cast:
    """A cast whose first agent has a whole result."""
    cast = opened(agents)
    satisfied(cast)
    fill(cast, cast.agents[0], peers)
    close(cast)
    return cast


def rows(model: type[Row]) -> list[Row]:
    """All rows of a table, in order."""
    return list(session().scalars(sa.select(model).order_by(model.id)))
