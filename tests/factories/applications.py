"""An applicant and everybody with a say, a ladder of two conditions, and the road from step to step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cstrain.judgement.facts import Dossier, Standing, Violation
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import PersonId

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)  # a Monday
FULL = {
    "speech": Decimal(86),
    "knowledge": Decimal(90),
    "case": Decimal(84),
    "answers": Decimal("82.5"),
    "teamwork": Decimal(80),
}
"""Points for every element of the panel ``defence``."""


def at(day: date = DAY, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def ladder(**changes: object) -> Ladder:
    """A ladder junior -> intermediate -> senior whose steps need a clean record and one endorsement."""
    criteria = [
        {"kind": "no_violation", "text": "遵守各项制度", "clause": "(A)"},
        {"kind": "endorsement", "topic": "initiative", "text": "主动发现不足并提出改进", "clause": "(D)"},
    ]
    step = {
        "from": "junior",
        "to": "intermediate",
        "clause": "2",
        "road": "application",
        "criteria": criteria,
        "panel": "defence",
        "notice_working_days": 5,
        **changes,
    }
    return Ladder.model_validate(
        {
            "ref": "general",
            "edition": 1,
            "effective_from": date(2017, 6, 1),
            "title": "客服晋升管理办法",
            "source": "000",
            "kind": "level",
            "levels": ["junior", "intermediate", "senior"],
            "titles": {"junior": "初级客服", "intermediate": "中级客服", "senior": "高级客服"},
            "steps": [step],
        }
    )


@dataclass
class Book:
    """Fills the port of ladders and dossiers with made-up ones."""

    ladder: Ladder = field(default_factory=ladder)
    violations: tuple[Violation, ...] | None = ()

    def ladders_of(self, person: PersonId, on: date) -> list[Ladder]:
        return [self.ladder]

    def edition(self, ref: str, edition: int) -> Ladder | None:
        known = (self.ladder.ref, self.ladder.edition)
        return self.ladder if (ref, edition) == known else None

    def gather(self, people: Collection[PersonId], on: date) -> dict[PersonId, Dossier]:
        from cstrain.people import queries

        found = queries.people(people, on)
        return {
            one: Dossier(
                on=on,
                person=one,
                violations=self.violations,
                standing=Standing(
                    hired_on=facts.hire_date,
                    department_since=facts.hire_date,
                    level=str(facts.level) if facts.level else None,
                    level_since=facts.hire_date,
                ),
            )
            for one, facts in found.items()
        }

    def change(self, **changes: object) -> None:
        """Put another step in the ladder's place."""
        self.ladder = ladder(**changes)


@dataclass
class Cast:
    """Everybody who has a say, and the applicant."""

    applicant: PersonId
    supervisor: PersonId
    director: PersonId
    hr: PersonId
    hr_other: PersonId
    hr_manager: PersonId
    gm_office: PersonId
    deputy: PersonId
    gm: PersonId
    jurors: list[PersonId]
    colleague: PersonId
    book: Book
    application: int = 0
    round: int = 0
    entry: int = 0


def make_cast(book: Book) -> Cast:
    """Make the people (commits)."""
    from tests.factories.people import make_department, make_person

    service = make_department("客服部", code="KF")
    group = make_department("售后一组", code="KF1", parent=service)
    office = make_department("总经办", code="ZJB")

    def one(name: str, *roles: str, place: int = office, level: str | None = None) -> PersonId:
        return make_person(name, roles=roles, department=place, level=level)

    return Cast(
        applicant=one("方可欣", place=group, level="junior"),
        supervisor=one("苏敏", "supervisor", place=group),
        director=one("姜海涛", "service_director", place=service),
        hr=one("何静", "hr"),
        hr_other=one("许岚", "hr"),
        hr_manager=one("沈燕", "hr_manager"),
        gm_office=one("周海涛", "gm_office"),
        deputy=one("高远", "deputy_gm"),
        gm=one("陆建国", "gm"),
        jurors=[one(name, "juror") for name in ("梁文博", "钱立", "赵倩")],
        colleague=one("白露", place=group, level="junior"),
        book=book,
    )


def submit(cast: Cast, now: datetime | None = None) -> int:
    """Let the applicant apply."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        cast.application = service.submit(
            cast.applicant,
            now or at(),
            cast.applicant,
            "general",
            "intermediate",
            "一年来独立接待，带过两位新人。",
        )
    return cast.application


def review(cast: Cast, now: datetime | None = None, *, rating: int = 4) -> None:
    """Let the supervisor rate and recommend."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    when = now or at(hour=11)
    with unit_of_work():
        service.endorse(
            cast.supervisor, when, cast.application, {"initiative": (rating, "提出了退款流程的改进")}
        )
        service.review(cast.supervisor, when, cast.application, recommends=True, text="工作扎实，同意推荐。")


def check(cast: Cast, now: datetime | None = None) -> None:
    """Let HR pass the application."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.pass_check(cast.hr, now or at(hour=14), cast.application, {})


def issue(cast: Cast, now: datetime | None = None, **changes: object) -> int:
    """Let HR issue a round with the jurors of the cast."""
    from cstrain.promotion.applications import queries, service
    from cstrain.promotion.applications.service import NewRound
    from cstrain.unit_of_work import unit_of_work

    new = NewRound(
        title="11月晋升答辩",
        plan="述职10分钟，问答15分钟，随后评分。",
        starts_at=at(DAY + timedelta(days=2), 14),
        place="三楼会议室",
        panel_ref="defence",
        applications=(cast.application,),
        jurors=tuple(cast.jurors),
    )
    with unit_of_work():
        cast.round = service.issue_round(cast.hr, now or at(hour=15), replace(new, **changes), seed=7)
        cast.entry = queries.round_facts(cast.round).entries[0].id
    return cast.round


def hold(cast: Cast, day: date = DAY + timedelta(days=2)) -> datetime:
    """Note the times of the defence; return when the answers ended."""
    from cstrain.promotion.applications import service
    from cstrain.promotion.applications.service.rounds import TIMES
    from cstrain.unit_of_work import unit_of_work

    for minute, what in enumerate(TIMES):
        with unit_of_work():
            service.note_time(cast.hr, at(day, 14, minute * 5), cast.entry, what)
    return at(day, 14, 15)


def declare(cast: Cast, now: datetime, answer: str = "none", jurors: Collection[PersonId] = ()) -> None:
    """Let jurors declare."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    for juror in jurors or cast.jurors:
        with unit_of_work():
            service.declare(juror, now, cast.entry, answer)


def seal(cast: Cast, now: datetime, jurors: Collection[PersonId] = (), less: int = 0) -> bool:
    """Let jurors seal full sheets; tell whether they are open then."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    opened = False
    for number, juror in enumerate(jurors or cast.jurors):
        points = {name: value - number - less for name, value in FULL.items()}
        with unit_of_work():
            opened = service.seal_sheet(juror, now, cast.entry, points, "", f"salt{number}")
    return opened


def sign(cast: Cast, now: datetime) -> None:
    """HR writes the minutes, everybody signs."""
    from cstrain.promotion.applications import queries, service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.write_minutes(cast.hr, now, cast.entry, "述职10分钟，回答了3个问题，评分已公开。")
    for juror in queries.entry(cast.entry).sitting:
        with unit_of_work():
            service.sign_minutes(juror.person_id, now, cast.entry)


def defend(cast: Cast, *, less: int = 0) -> datetime:
    """The whole defence: times, declarations, sheets, minutes."""
    declare(cast, at(DAY + timedelta(days=1)))
    now = hold(cast)
    seal(cast, now, less=less)
    sign(cast, now)
    return now


def decide(cast: Cast, now: datetime, outcome: str = "approve") -> None:
    """Propose by the office, confirm by the gm."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.propose_decision(cast.gm_office, now, cast.application, outcome, "材料和答辩都达到要求。")
    with unit_of_work():
        service.confirm_decision(cast.gm, now, cast.application)


def publish(cast: Cast, now: datetime) -> int:
    """Publish the notice."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        return service.publish_notice(
            cast.hr, now, cast.application, "任初级客服以来接待稳定，带过两位新人。"
        )


def to_defence(cast: Cast) -> None:
    """Apply, be reviewed, checked and put into a round."""
    submit(cast)
    review(cast)
    check(cast)
    issue(cast)


def to_notice(cast: Cast) -> tuple[int, datetime]:
    """The road up to a notice that is up; return it and when it was published."""
    to_defence(cast)
    now = defend(cast)
    decide(cast, now + timedelta(hours=1))
    published = now + timedelta(hours=2)
    return publish(cast, published), published
