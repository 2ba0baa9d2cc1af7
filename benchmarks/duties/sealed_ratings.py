"""What is sealed in the rooms beside: Eaglet interviews, first levels, joint assessments; with canaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from benchmarks.duties.sealed import NOTE, do, office_of, plain_agents
from benchmarks.duties.world import MONTHS, World
from cstrain.performance.assessment import queries as assessment_queries
from cstrain.performance.assessment import service as assessment
from cstrain.promotion.eaglet import queries as eaglet_queries
from cstrain.promotion.eaglet import service as eaglet
from cstrain.promotion.eaglet import store as eaglet_store
from cstrain.promotion.moves import service as moves
from cstrain.promotion.moves.service import Word
from tests.factories.assessment import points_for

TABLES = {"eaglet_sheet", "move_event", "assessment_rating"}
PAGES = ("/eaglet", "/moves", "/assessment", "/audit", "/notices", "/ratings", "/month")
_INTERVIEWERS = ("gm", "deputy_gm", "service_director", "hr_manager")


@dataclass
class SealedRatings:
    """A plan whose interviews go on, somebody's first level and joint sheet, each half rated."""

    plan: int = 0
    applicants: tuple[int, ...] = ()
    raters: tuple[int, ...] = ()
    newcomer: int = 0
    assessed: int = 0
    sheet: int = 0


def prepare_ratings(world: World) -> SealedRatings:
    """Bring all three to where something is in and something is missing."""
    found = SealedRatings(raters=tuple(office_of(world, role) for role in _INTERVIEWERS))
    _eaglet(world, found)
    _first_level(world, found)
    _joint(world, found)
    return found


def _eaglet(world: World, found: SealedRatings) -> None:
    hr, director = office_of(world, "hr"), office_of(world, "service_director")
    places = (("soso", "SQ1", "soso"), ("one", "SQ2", "google"), ("two", "QC", "google"))
    for place, code, platform in places:
        do(world, eaglet.set_place, hr, place, world.departments[code], platform)
    found.plan = int(str(do(world, eaglet.propose, director, "雏鹰计划", "缺人")))
    for office in ("gm", "deputy_gm", "hr_manager"):
        do(world, eaglet.approve, office_of(world, office), found.plan, office, agrees=True)
    new = eaglet.NewNotice("欢迎报名", world.today, world.today)
    do(world, eaglet.publish_notice, hr, found.plan, new)
    found.applicants = (plain_agents(world, "SQ1")[0], plain_agents(world, "SQ2")[0])
    for person in found.applicants:
        _apply(world, found.plan, person, hr)
    world.clock.move(timedelta(days=1))
    do(world, eaglet.screen, hr, found.plan)
    world.clock.move(timedelta(days=5))
    given = {each.id: Decimal(each.of) - Decimal("2.37") for each in _criteria(world)}
    for one in _applications(world, found.plan):
        for rater in found.raters[:3]:
            do(world, eaglet.hand_in, rater, one.id, given, NOTE)


def _apply(world: World, plan: int, person: int, hr: int) -> None:
    words = dict.fromkeys(eaglet.SAID, "我的计划")
    one = int(str(do(world, eaglet.apply, person, plan, Decimal("1.5"), words)))
    do(world, eaglet.comment, world.heads_of(person)[0], one, rating=5, text="支持")
    with world.app.app_context():
        now = eaglet_queries.plan(plan, world.today)
        (form,) = [each for each in eaglet_queries.applications_of(plan) if each.id == one]
        unknown = eaglet.unknown_of(now, form, world.now)
    for about in sorted(unknown - {"endorsement"}):
        do(world, eaglet.state, hr, one, about, "88" if about == "conversion" else "met", "看过")


def _criteria(world: World) -> tuple[object, ...]:
    with world.app.app_context():
        return tuple(eaglet_store.chapter().interview.criteria)


def _applications(world: World, plan: int) -> list[object]:
    with world.app.app_context():
        return list(eaglet_queries.applications_of(plan))


def _first_level(world: World, found: SealedRatings) -> None:
    head = office_of(world, "department_director")
    people = [one for one in world.everybody() if world.places[one] == "QC" and one != head]
    found.newcomer = min(people, key=lambda one: len(world.roles[one]))
    case = int(str(do(world, moves.open_initial, head, found.newcomer, "入职评定")))
    topics = dict.fromkeys(("performance", "service", "attitude", "learning"), 4)
    do(world, moves.take, head, case, "rate", Word(None, NOTE, None, topics))


def _joint(world: World, found: SealedRatings) -> None:
    found.assessed = plain_agents(world, "SQ1")[1]
    do(world, assessment.open_round, office_of(world, "hr"), world.departments["SQ1"], MONTHS[-1])
    with world.app.app_context():
        (one,) = assessment_queries.sheets_of_person(found.assessed)
        given = points_for(one.id, "qc", "0.8")
    found.sheet = one.id
    do(world, assessment.rate, office_of(world, "qc_manager"), one.id, "qc", given, NOTE)
