"""An Eaglet plan with everybody who has a part in it, step by step. All need an application context."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.service import SAID, NewNotice
from cstrain.unit_of_work import unit_of_work
from tests.factories import credentials
from tests.factories import exams as exam_make
from tests.factories.people import make_department, make_person
from tests.factories.promotion import bind

DAY = date(2026, 11, 20)
"""The first day of the window, a Friday; it ends on Sunday."""
HIRED = date(2020, 1, 6)
NAMES = {"soso": ("周敏", "钱立", "梁静"), "one": ("苏婷", "韩冬"), "two": ("赵倩",)}
WORDS = {name: f"{name}的话" for name in SAID}
OFFICES = ("gm", "deputy", "manager")
PANEL = ("gm", "deputy", "director", "manager")
PAPERS = ("soso-upgrade", "gap-machine")


def at(day: date = DAY, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


SCREENING = at(DAY + timedelta(days=3), 10)
INTERVIEWS = at(DAY + timedelta(days=7), 10)
STUDY = at(date(2026, 12, 1), 10)
EXAMS = at(date(2026, 12, 21), 9)
AFTER = at(date(2026, 12, 23), 10)


@dataclass
class Cast:
    """Who is who, by name; ``applicants`` by place."""

    people: dict[str, PersonId]
    departments: dict[str, int]
    applicants: dict[str, list[PersonId]]
    plan: int = 0
    applications: dict[PersonId, int] = field(default_factory=dict)

    @property
    def everybody(self) -> list[PersonId]:
        """All applicants, in the order in which they apply."""
        return [one for each in self.applicants.values() for one in each]

    @property
    def members(self) -> list[PersonId]:
        """Who is accepted when all goes well: the first of each place."""
        return [*self.applicants["soso"][:2], self.applicants["one"][0], self.applicants["two"][0]]


def make_cast(names: dict[str, tuple[str, ...]] | None = None, level: str = "senior") -> Cast:
    """Make the three departments, the VIP department, HR and the offices."""
    centre = make_department("客服中心", code="KF")
    titles = {"soso": "SOSO客服部", "one": "客服一部", "two": "客服二部"}
    places = {key: make_department(title, parent=centre) for key, title in titles.items()}
    places["vip"] = make_department("贵宾客服部", parent=centre)
    for one in places.values():
        bind(one, "basic")
    hr, office = make_department("人力资源部", code="HR"), make_department("总经办", code="ZJB")
    people = {
        "director": make_person("姜海涛", roles=["service_director"], department=centre),
        "hr": make_person("何静", roles=["hr"], department=hr),
        "hr2": make_person("贺云", roles=["hr"], department=hr),
        "manager": make_person("冯晓岚", roles=["hr_manager"], department=hr),
        "deputy": make_person("范丽华", roles=["deputy_gm"], department=office),
        "gm": make_person("宋国平", roles=["gm"], department=office),
        "auditor": make_person("沈秋萍", roles=["auditor"], department=office),
        "elsewhere": make_person("魏大勇", department=make_department("仓储部", code="CK")),
    }
    for key in titles:
        people[key] = make_person(f"{titles[key]}主管", roles=["supervisor"], department=places[key])
    applicants = {
        key: [make_person(name, department=places[key], hire_date=HIRED, level=level) for name in each]
        for key, each in (names or NAMES).items()
    }
    return Cast(people, places, applicants)


def set_places(cast: Cast) -> None:
    """HR says which department takes which place."""
    for key, department in cast.departments.items():
        platform = "soso" if key == "soso" else "google"
        with unit_of_work():
            service.set_place(cast.people["hr"], at(), key, department, platform)


def approved(cast: Cast) -> int:
    """Propose and approve a plan."""
    with unit_of_work():
        cast.plan = service.propose(cast.people["director"], at(), "雏鹰计划", "贵宾部缺人")
    for name, office in zip(OFFICES, ("gm", "deputy_gm", "hr_manager"), strict=True):
        with unit_of_work():
            service.approve(cast.people[name], at(), cast.plan, office, agrees=True)
    return cast.plan


def announced(names: dict[str, tuple[str, ...]] | None = None) -> Cast:
    """Return a plan whose window is open."""
    cast = make_cast(names)
    set_places(cast)
    approved(cast)
    with unit_of_work():
        service.publish_notice(
            cast.people["hr"], at(), cast.plan, NewNotice("欢迎报名", DAY, DAY + timedelta(days=2))
        )
    return cast


def apply(cast: Cast, person: PersonId, months: str = "1.5") -> int:
    """Somebody applies on the first day."""
    with unit_of_work():
        made = service.apply(person, at(hour=10), cast.plan, Decimal(months), WORDS)
    cast.applications[person] = made
    return made


def comment(cast: Cast, place: str, person: PersonId, rating: int = 5) -> None:
    """The superior comments."""
    with unit_of_work():
        service.comment(
            cast.people[place], at(hour=11), cast.applications[person], rating=rating, text="支持。"
        )


def state(cast: Cast, person: PersonId, about: str = "conversion", value: str = "90") -> None:
    """HR states what the system does not know."""
    with unit_of_work():
        service.state(
            cast.people["hr"], at(hour=12), cast.applications[person], about, value, "看了档案里的成绩单"
        )


def applied(names: dict[str, tuple[str, ...]] | None = None) -> Cast:
    """Return a plan with all applications, comments and conversion marks: the later the lower."""
    cast = announced(names)
    for place, each in cast.applicants.items():
        for number, person in enumerate(each):
            apply(cast, person)
            comment(cast, place, person)
            state(cast, person, value=str(90 - number))
    return cast


def screened(cast: Cast, now: datetime = SCREENING) -> Cast:
    """HR closes the screening."""
    with unit_of_work():
        service.screen(cast.people["hr"], now, cast.plan)
    return cast


def points(off: int = 0) -> dict[str, Decimal]:
    """Points of an interview sheet: full marks but ``off`` points of the first criterion."""
    given = {each.id: Decimal(each.of) for each in store.chapter().interview.criteria}
    first = next(iter(given))
    return {**given, first: given[first] - off}


def interviewed(cast: Cast, now: datetime = INTERVIEWS) -> Cast:
    """All four offices score the invited; the n-th of a place loses n points."""
    plan = queries.plan(cast.plan, now.date())
    invited = {one.id for one in queries.progress(plan, queries.standing_of(plan), now.date()).invited}
    for each in cast.applicants.values():
        for number, person in enumerate(each):
            if cast.applications[person] in invited:
                for name in PANEL:
                    with unit_of_work():
                        service.hand_in(
                            cast.people[name], now, cast.applications[person], points(number), "看过"
                        )
    return cast


def opened(cast: Cast, now: datetime = INTERVIEWS) -> Cast:
    """HR opens the seals."""
    with unit_of_work():
        service.open_interviews(cast.people["hr"], now, cast.plan)
    return cast


def deciding() -> Cast:
    """Return a plan that waits for the director; the clock must stand at ``INTERVIEWS``."""
    return opened(interviewed(screened(applied())))


def studying(leader: bool = True) -> Cast:
    """Return a plan whose group of four studies."""
    cast = deciding()
    with unit_of_work():
        service.form_group(cast.people["director"], INTERVIEWS, cast.plan, {}, "祝贺入选")
    if leader:
        with unit_of_work():
            service.name_leader(cast.people["director"], INTERVIEWS, cast.plan, cast.members[0], "基础好")
    return cast


def exempt(cast: Cast, person: PersonId, now: datetime = STUDY) -> None:
    """Grant somebody the exemption from GAP on a result of the former department."""
    from cstrain.grading.credentials import service as held

    two = (cast.people["hr"], cast.people["manager"])
    credentials.make_papers(*PAPERS)
    credentials.make_outside(person, two, "86.5", date(2026, 9, 1))
    with unit_of_work():
        asked = held.ask_exemption(person, now, "gap-machine", "")
    with unit_of_work():
        held.decide_exemption(two[0], now, asked, granted=True, reason="")


def sat(cast: Cast, right: dict[tuple[PersonId, str], int], waived: PersonId | None = None) -> None:
    """All members sit both papers in unified sittings; ``right`` of ten answers (else all)."""
    from cstrain.grading import service as grading

    credentials.make_papers(*PAPERS)
    two = (cast.people["hr"], cast.people["manager"])
    for hours, paper in enumerate(PAPERS):
        begins = EXAMS + timedelta(hours=3 * hours)
        people = [one for one in cast.members if not (one == waived and paper == "gap-machine")]
        sitting = exam_make.make_sitting(
            people, paper, opens_at=begins, closes_at=begins + 2 * exam_make.HOUR
        )
        with unit_of_work():
            service.set_exam(cast.people["hr"], STUDY, cast.plan, sitting)
        for person in people:
            attempt = exam_make.make_attempt(person, sitting, begins)
            answers = exam_make.right_answers(attempt)
            count = right.get((person, paper), len(answers))
            events = [exam_make.event(slot, answers[slot], slot) for slot in list(answers)[:count]]
            exam_make.save(person, attempt, events, begins)
            exam_make.submit(person, attempt, begins, key=f"key-{attempt}")
            with unit_of_work():
                grading.propose_release(two[0], begins, [attempt])
            with unit_of_work():
                grading.confirm_release(two[1], begins, [attempt])
