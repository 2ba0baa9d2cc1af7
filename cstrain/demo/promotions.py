"""Applications for promotion: one whose notice is up, one in the middle of its defence."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from cstrain.demo.stage import Road
from cstrain.demo.trip import HR, HR_MANAGER
from cstrain.demo.world import World
from cstrain.extensions import local_date
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import grounds, queries, service
from cstrain.promotion.applications.service import NewRound
from cstrain.promotion.applications.service.rounds import TIMES
from cstrain.promotion.applications.store import panel_of

_PLACE = "SQ2"
_FIRST, _SECOND = "HM023", "HM024"
_SUPERIOR, _DEPUTY, _GM = "HM007", "HM002", "HM001"
_JURORS = (HR_MANAGER, "HM028", "HM003")
_PLAN = "述职10分钟，随后问答，评委当场独立打分并密封；全部密封后分数同时公开。"
_STATEMENT = (
    "任现级以来满意度稳定，带过两位新人；整理的退款话术被全组采用。今后想把活动前的预案做成固定流程。"
)
_NOTE = "有周报和同事反馈为证。"
_RECORD = "接待稳定，整理的退款话术被全组采用，带过两位新人。"
_APPLIED, _DEFENDED, _PUBLISHED = 12, 6, 3
"""Working days before today of the first road's application, defence and notice."""


def promotions(world: World) -> list[Road]:
    """Return the roads of both applications."""
    return [_to_notice(world), _in_defence(world)]


def _day(world: World, back: int) -> date:
    return world.working_day(_PLACE, world.today, back)


def _to_notice(world: World) -> Road:
    at = world.at(_day(world, _APPLIED), 10)
    yield at
    application = _apply(world, _FIRST, at)
    if application is None:
        return
    yield from _until_issued(world, application, _APPLIED - 1, _day(world, _DEFENDED))
    yield from _heard(world, application, _DEFENDED)
    at = world.at(_day(world, _DEFENDED), 16)
    yield at
    for number, juror in enumerate(_JURORS):
        _seal(world, juror, application, at, number)
    yield from _settled(world, application)


def _in_defence(world: World) -> Road:
    at = world.at(_day(world, 6), 11)
    yield at
    application = _apply(world, _SECOND, at)
    if application is None:
        return
    yield from _until_issued(world, application, 5, _day(world, 1))
    yield from _heard(world, application, 1)
    at = world.at(_day(world, 1), 17)
    yield at
    _seal(world, _JURORS[0], application, at, 1)


def _apply(world: World, staff_no: str, at: datetime) -> int | None:
    person = world.one(staff_no)
    open_now = [one for one in grounds.offers(person, local_date(at)) if not one.blocked]
    if not open_now:
        return None
    ladder, step = open_now[0].ladder, open_now[0].step
    return service.submit(person, at, person, ladder.ref, step.goal, _STATEMENT)


def _until_issued(world: World, application: int, back: int, on: date) -> Road:
    at = world.at(_day(world, back), 14)
    yield at
    superior = world.one(_SUPERIOR)
    _ladder, step = grounds.step_of(queries.application(application))
    topics = grounds.askable(step, people.roles_of(superior, local_date(at)))
    service.endorse(
        superior, at, application, {topic: (4 + place % 2, _NOTE) for place, topic in enumerate(topics)}
    )
    service.review(superior, at, application, recommends=True, text="工作扎实，能带人，推荐参加评审。")
    at = world.at(_day(world, back - 1), 10)
    yield at
    judged = service.grounds_now(application, at)
    unknown = {
        place: "查了人事档案和部门记录，符合。"
        for place, one in enumerate(judged.assessment.findings)
        if one.state is State.UNKNOWN
    }
    service.pass_check(world.one(HR), at, application, unknown)
    new = NewRound(
        title=f"{on.month}月晋升评审",
        plan=_PLAN,
        starts_at=world.at(on, 14),
        place="三楼会议室",
        panel_ref=step.panel,
        applications=(application,),
        jurors=tuple(world.some(_JURORS)),
    )
    service.issue_round(world.one(HR), at, new, seed=world.chance("defence", application).randrange(10**6))


def _heard(world: World, application: int, back: int) -> Road:
    at = world.at(_day(world, back), 9)
    yield at
    entry = _entry(application)
    for juror in world.some(_JURORS):
        service.declare(juror, at, entry, "none")
    for place, what in enumerate(TIMES):
        at = world.at(_day(world, back), 14, place * 8)
        yield at
        service.note_time(world.one(HR), at, entry, what)


def _entry(application: int) -> int:
    found = queries.entry_of_application(application)
    if found is None:
        raise LookupError("no round was issued")
    return found.id


def _seal(world: World, staff_no: str, application: int, at: datetime, number: int) -> None:
    entry = queries.entry(_entry(application))
    panel = panel_of(queries.round_facts(entry.round_id).panel_ref)
    points = {one.id: Decimal(80 + (place * 3 + number * 2) % 12) for place, one in enumerate(panel.elements)}
    salt = f"{world.chance('salt', application, staff_no).getrandbits(128):032x}"
    service.seal_sheet(world.one(staff_no), at, entry.id, points, "条理清楚，有数据。", salt)


def _settled(world: World, application: int) -> Road:
    at = world.at(_day(world, _DEFENDED), 17)
    yield at
    entry = _entry(application)
    service.write_minutes(world.one(HR), at, entry, "述职和问答按方案进行，评委独立打分，无人回避。")
    for juror in world.some(_JURORS):
        service.sign_minutes(juror, at, entry)
    at = world.at(_day(world, _DEFENDED - 1), 10)
    yield at
    _decide(world.one(_DEPUTY), world.one(_GM), application, at)
    at = world.at(_day(world, _PUBLISHED), 9)
    yield at
    service.publish_notice(world.one(HR), at, application, _RECORD)


def _decide(deputy: PersonId, gm: PersonId, application: int, at: datetime) -> None:
    service.propose_decision(deputy, at, application, "approve", "评审达到分数线，部门推荐，同意。")
    service.confirm_decision(gm, at, application)
