"""A company with everybody who has a part in moves: skips, transfers, successions, first levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from cstrain.kernel.ids import PersonId
from cstrain.promotion.moves import service
from cstrain.promotion.moves.service import NewPost, Word
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.promotion import bind

DAY = date(2026, 11, 20)


def at(day: date = DAY, hour: int = 9) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@dataclass
class Cast:
    """Who is who, by name, and the departments."""

    people: dict[str, PersonId]
    place: int
    brand: int
    store: int

    def __getitem__(self, name: str) -> PersonId:
        return self.people[name]


def make_cast() -> Cast:
    """Make a service department (general ladder), brand and store departments (annual), and the offices."""
    centre = make_department("客服中心", code="KF")
    place = make_department("售前客服一部", code="SQ1", parent=centre)
    brand, store = make_department("品牌部", code="PP"), make_department("仓储部", code="CK")
    hr, office = make_department("人力资源部", code="HR"), make_department("总经办", code="ZJB")
    bind(place, "general")
    bind(store, "annual")
    old = date(2023, 3, 1)
    people = {
        "agent": make_person("周敏", department=place, level="junior"),
        "senior": make_person("梁静", department=place, level="senior", hire_date=old),
        "senior2": make_person("韩冬", department=place, level="senior", hire_date=old),
        "fresh": make_person("余慧", department=store),
        "trainee": make_person("林晓雯", status="probation", department=place),
        "supervisor": make_person("唐志远", roles=["supervisor"], department=place),
        "keeper": make_person("魏大勇", roles=["supervisor"], department=store),
        "director": make_person("姜海涛", roles=["service_director"], department=centre),
        "brand": make_person("顾青", roles=["department_director"], department=brand),
        "hr": make_person("何静", roles=["hr"], department=hr),
        "hr2": make_person("贺云", roles=["hr"], department=hr),
        "manager": make_person("冯晓岚", roles=["hr_manager"], department=hr),
        "office": make_person("秦月", roles=["gm_office"], department=office),
        "deputy": make_person("范丽华", roles=["deputy_gm"], department=office),
        "gm": make_person("宋国平", roles=["gm"], department=office),
        "auditor": make_person("沈秋萍", roles=["auditor"], department=office),
    }
    return Cast(people, place, brand, store)


def skip(cast: Cast, by: str = "supervisor", day: date = DAY) -> int:
    """Ask that the agent may skip a level."""
    with unit_of_work():
        return service.ask_skip(cast[by], at(day), cast["agent"], "连续三个季度带出两位新人。")


def post(cast: Cast, seats: int = 1) -> int:
    """HR announces a post of the brand department."""
    new = NewPost("品牌专员", cast.brand, "promotion", seats, "负责品牌活动。", DAY, date(2026, 11, 30))
    with unit_of_work():
        return service.announce_post(cast["hr2"], at(), new)


def transfer(cast: Cast, who: str = "agent", post_id: int | None = None) -> int:
    """Somebody asks for a transfer, to an announced post or to the store."""
    place = None if post_id is not None else cast.store
    with unit_of_work():
        return service.ask_transfer(
            cast[who], at(), "想做品牌。", post_id=post_id, department=place, post="库管员"
        )


def initial(cast: Cast) -> int:
    """The store's head opens the assessment of the new person's first level."""
    with unit_of_work():
        return service.open_initial(cast["keeper"], at(), cast["fresh"], "入职一个月，评初始级别。")


def take(
    cast: Cast,
    case: int,
    who: str,
    kind: str,
    *,
    agreed: bool | None = True,
    on: date | None = None,
    points: int | None = None,
    day: date = DAY,
) -> str:
    """Somebody takes a step of a case; ``points`` alike for all topics. Returns where the case stands."""
    topics = ("performance", "service", "attitude", "learning")
    given = dict.fromkeys(topics, points) if points is not None else {}
    with unit_of_work():
        return str(service.take(cast[who], at(day), case, kind, Word(agreed, "看过材料。", on, given)))


def succession(cast: Cast) -> int:
    """HR opens the succession in the service department."""
    with unit_of_work():
        return service.open_succession(cast["hr"], at(), cast.place, date(2026, 12, 1), "主管将调岗")


def chosen(cast: Cast, who: str = "senior", starts_on: date = date(2026, 12, 10)) -> int:
    """A succession for which the director has chosen somebody."""
    found = succession(cast)
    with unit_of_work():
        service.choose(cast["director"], at(), found, cast[who], starts_on, "综合能力最强。")
    return found


def shown(cast: Cast, who: str = "senior") -> int:
    """A succession whose notice is up."""
    found = chosen(cast, who)
    with unit_of_work():
        service.second(cast["hr"], at(), found, "", agreed=True)
    return found


def shown_again(cast: Cast, found: int) -> int:
    """Choose and confirm the senior in a succession that is open; returns the succession."""
    with unit_of_work():
        service.choose(cast["director"], at(), found, cast["senior"], date(2026, 12, 10), "综合能力最强。")
        service.second(cast["hr"], at(), found, "", agreed=True)
    return found
