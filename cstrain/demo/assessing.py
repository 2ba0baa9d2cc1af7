"""A plan of the agents' post and one department's joint assessment: rated, reviewed, contested, discussed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment import queries, rules, service
from cstrain.performance.assessment.facts import NewInterview, Target

_HR, _QC, _VIP, _HEAD, _DIRECTOR, _DEPUTY = "HM005", "HM029", "HM052", "HM008", "HM028", "HM002"
_PLACE = "SH"
_SHARES = {"HM017": "0.94", "HM018": "0.83", "HM025": "0.55"}
_LATEST_BEGIN = 16
_HALF, _MIDDLE = Decimal("0.5"), Decimal(60)
_TARGETS = (
    Target("客户满意", "当月满意度平均", "%", "at_least", Decimal(92), 30, "csat"),
    Target("接待量", "当月接待的会话和电话", "次", "at_least", Decimal(420), 25, "chats"),
    Target("响应快", "首次响应平均", "秒", "at_most", Decimal(35), 20, "first_response_seconds"),
    Target("少出错", "错误工单", "张", "at_most", Decimal(2), 15, "wrong_tickets"),
    Target("带教和分享", "由组长按当月记录评定", "", "at_least", None, 10, ""),
)


def assessing(world: World) -> Road:
    """Return the road: the plan at the month's beginning, the sheets after it, the last contested."""
    back = 1 if world.today.day >= _LATEST_BEGIN else 2
    month = add_months(world.today.replace(day=1), -back)
    yield from _plan(world, month)
    after = add_months(month, 1)
    at = world.at(after.replace(day=9), 9, 30)
    yield at
    service.open_round(world.one(_HR), at, world.departments[_PLACE], month)
    at = world.at(after.replace(day=10), 10, 20)
    yield at
    for number, share in _SHARES.items():
        sheet = _sheet(world.one(number), month)
        for who, office in ((_QC, "qc"), (_VIP, "vip"), (_HEAD, "leader")):
            note = "三次没有核对收货人" if number == "HM025" else ""
            service.rate(world.one(who), at, sheet, office, _points(sheet, office, share), note)
    yield from _endings(world, month, after)


def _plan(world: World, month: date) -> Road:
    at = world.at(month.replace(day=4), 9, 20)
    yield at
    director = world.one(_DIRECTOR)
    made = service.draft(director, at, world.departments["KF"], "客服专员", month, _TARGETS)
    service.check(world.one(_HR), at + timedelta(minutes=40), made)
    at = world.at(month.replace(day=5), 15)
    yield at
    service.approve(world.one(_DEPUTY), at, made)


def _sheet(person: PersonId, month: date) -> int:
    return next(one.id for one in queries.sheets_of_person(person) if one.month == month)


def _points(sheet: int, office: str, share: str) -> dict[str, Decimal | None]:
    found = queries.sheet(sheet).round.rules.office(office)
    factors = found.factors if found is not None else ()
    return {each.id: (each.of * Decimal(share) / _HALF).to_integral_value() * _HALF for each in factors}


def _endings(world: World, month: date, after: date) -> Road:
    """Two results are settled and answered, the third is below the line: contested, and talked about."""
    at = world.at(after.replace(day=12), 16)
    yield at
    for number in _SHARES:
        sheet = _sheet(world.one(number), month)
        low = rules.result_of(queries.sheet(sheet)) or Decimal(0)
        reason = "" if low >= _MIDDLE else "三次没有核对收货人，属实"
        service.finish(world.one(_DIRECTOR), at, sheet, None, reason)
    at = world.at(after.replace(day=13), 9, 10)
    yield at
    service.answer(world.one("HM017"), at, _sheet(world.one("HM017"), month), contests=False)
    says = "其中一次是系统没有显示收货人"
    service.answer(world.one("HM025"), at, _sheet(world.one("HM025"), month), contests=True, says=says)
    at = world.at(after.replace(day=14), 10)
    yield at
    actions = (
        ("重学退换货流程并考一次", at.date() + timedelta(days=5)),
        ("每天自查三通电话", after.replace(day=28)),
    )
    talk = "谈了核对收货人的三次差错和系统显示的问题，本人愿意改进。"
    new = NewInterview(world.one("HM025"), month, after.replace(day=14), talk, actions)
    service.hold(world.one(_HEAD), at, new)
