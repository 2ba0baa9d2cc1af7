"""A competition of several candidates with everybody who has a part in it, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.performance import make_month
from tests.factories.promotion import close_month

DAY = date(2026, 11, 20)
"""The first day of the window; it ends two days later."""
PUBLISHED, CLOSES = date(2026, 12, 1), date(2026, 12, 8)
"""When a notice goes up, and the day after its last."""
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
NAMES = ("周敏", "钱立", "梁静", "苏婷", "韩冬")
COLLEAGUES = ("丁晓峰", "戴明", "石磊", "姚瑶", "白露", "余慧")
WORDS = {name: f"{name}的话" for name in SAID}


def at(day: date = DAY, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


RATING = at(DAY + timedelta(days=3), 10)
"""After the window."""


@dataclass
class Cast:
    """Who is who, by name; ``candidates`` in the order of application (person ids)."""

    people: dict[str, PersonId]
    department: int
    candidates: list[PersonId]
    colleagues: list[PersonId]
    competition: int = 0
    applications: dict[PersonId, int] = field(default_factory=dict)

    @property
    def panel(self) -> list[PersonId]:
        """The interviewers."""
        return [self.people[name] for name in ("manager", "office", "deputy")]


def make_cast(candidates: int = 5, *, with_months: bool = True) -> Cast:
    """Make a department with its supervisor and director, HR, the offices, three closed months."""
    centre = make_department("客服中心", code="KF")
    place = make_department("售前客服一部", code="SQ1", parent=centre)
    hr, office = make_department("人力资源部", code="HR"), make_department("总经办", code="ZJB")
    people = {
        "supervisor": make_person("唐志远", roles=["supervisor"], department=place),
        "director": make_person("姜海涛", roles=["service_director"], department=centre),
        "hr": make_person("何静", roles=["hr"], department=hr),
        "hr2": make_person("贺云", roles=["hr"], department=hr),
        "manager": make_person("冯晓岚", roles=["hr_manager"], department=hr),
        "office": make_person("秦月", roles=["gm_office"], department=office),
        "deputy": make_person("范丽华", roles=["deputy_gm"], department=office),
        "gm": make_person("宋国平", roles=["gm"], department=office),
        "auditor": make_person("沈秋萍", roles=["auditor"], department=office),
        "trainee": make_person("林晓雯", status="probation", department=place),
        "elsewhere": make_person("魏大勇", department=make_department("仓储部", code="CK")),
    }
    standing = [make_person(name, department=place) for name in NAMES[:candidates]]
    colleagues = [make_person(name, department=place) for name in COLLEAGUES]
    if with_months:
        for month in MONTHS:
            for person in standing:
                make_month(person, month, by=people["hr"], at=at(), score=85)
            close_month(place, month, people["office"], on=DAY)
    return Cast(people, place, standing, colleagues)


def announce(cast: Cast, seats: int = 1, closes_on: date = DAY + timedelta(days=2)) -> int:
    """HR announces the competition; its window begins on ``DAY``."""
    new = NewCompetition("客服组长", cast.department, seats, "带一个组，全天候。", DAY, closes_on)
    with unit_of_work():
        cast.competition = service.announce(cast.people["hr"], at(), new)
    return cast.competition


def apply(cast: Cast, person: PersonId) -> int:
    """Somebody applies on the first day."""
    with unit_of_work():
        cast.applications[person] = service.apply(person, at(hour=10), cast.competition, WORDS)
    return cast.applications[person]


def examine(cast: Cast, persons: Iterable[PersonId] | None = None) -> None:
    """The supervisor agrees and HR passes these applications (all of them)."""
    for person in cast.candidates if persons is None else persons:
        one = cast.applications[person]
        with unit_of_work():
            service.give_opinion(cast.people["supervisor"], at(hour=11), one, agrees=True, text="支持。")
            service.check(cast.people["hr"], at(hour=12), one, passes=True)


def start(cast: Cast, panel: Iterable[PersonId] | None = None) -> None:
    """HR appoints the panel after the window."""
    chosen = list(cast.panel if panel is None else panel)
    with unit_of_work():
        service.start(cast.people["hr"], RATING, cast.competition, chosen)


def rated(candidates: int = 5, seats: int = 1) -> Cast:
    """Return a competition whose rating has begun."""
    cast = make_cast(candidates)
    announce(cast, seats)
    for person in cast.candidates:
        apply(cast, person)
    examine(cast)
    start(cast)
    return cast


def points(kind: str, off: int = 0) -> dict[str, Decimal]:
    """Points of a sheet: full marks but ``off`` points of the first criterion."""
    given = {each.id: Decimal(each.of) for each in store.chapter().sheet(kind).criteria}
    first = next(iter(given))
    return {**given, first: given[first] - off}


def hand_in(cast: Cast, who: PersonId, person: PersonId, kind: str, off: int = 0) -> None:
    """Somebody hands in a sheet about a candidate."""
    with unit_of_work():
        service.hand_in(who, RATING, cast.applications[person], kind, points(kind, off), "看过")


def answer(cast: Cast, who: PersonId, person: PersonId, choice: str = "good") -> None:
    """A colleague answers every item about a candidate alike."""
    answers = {item.id: choice for item in store.chapter().colleagues.items}
    with unit_of_work():
        service.answer_as_colleague(who, RATING, cast.applications[person], answers)


def rate_all(
    cast: Cast,
    besides: tuple[PersonId, PersonId] | None = None,
    without: PersonId | None = None,
    panel: Iterable[PersonId] | None = None,
) -> None:
    """Everybody hands in; the n-th candidate loses n points. ``panel``: another than that of the beginning.

    ``besides``: (rater, candidate) left out; ``without``: a colleague who answers about nobody.
    """
    for off, person in enumerate(cast.candidates):
        hand_in(cast, cast.people["supervisor"], person, "ability", off)
        hand_in(cast, cast.people["director"], person, "manager", off)
        for who in cast.panel if panel is None else panel:
            if (who, person) != besides:
                hand_in(cast, who, person, "interview", off)
        for who in cast.colleagues:
            if who != without:
                answer(cast, who, person)


def calculated(candidates: int = 5, seats: int = 1) -> Cast:
    """Return a competition whose ranking is sealed."""
    cast = rated(candidates, seats)
    rate_all(cast)
    with unit_of_work():
        service.calculate(cast.people["hr"], RATING, cast.competition)
    return cast


def choose(cast: Cast, persons: Iterable[PersonId], by: str = "office") -> int:
    """Somebody proposes who goes on trial from the first of December on; returns the act."""
    ids = [cast.applications[one] for one in persons]
    with unit_of_work():
        return service.propose_choice(
            cast.people[by], RATING, cast.competition, ids, date(2026, 12, 1), "名次第一"
        )


def on_trial(candidates: int = 2) -> Cast:
    """Return a competition whose winner is on trial in December."""
    cast = calculated(candidates)
    act = choose(cast, cast.candidates[:1])
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, act, agreed=True)
    return cast


def publish(cast: Cast, by: str = "hr") -> int:
    """HR publishes the notice about the winner on the first of December; return it."""
    one = cast.applications[cast.candidates[0]]
    with unit_of_work():
        return service.publish_notice(cast.people[by], at(PUBLISHED), one, "带过三位新人，月度分稳定。")


def clear(cast: Cast) -> None:
    """The notice about the winner is up and closes without an objection."""
    notice = publish(cast)
    with unit_of_work():
        service.close_notice(cast.people["hr"], at(CLOSES), notice)


def progress(cast: Cast) -> queries.Progress:
    """Return how far the rating is."""
    day = RATING.date()
    return queries.progress(queries.competition(cast.competition, day), day)
