"""A group leader's reports, a contest that has its winners, one that goes on, and a title that waits."""

from __future__ import annotations

from datetime import date, timedelta

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.performance.activities import queries, service
from cstrain.performance.activities.facts import Announcement, Draft, Kind, Measure, Phase, Span

_LEADER, _HEAD, _HR, _HR_MANAGER, _PLACE = "HM021", "HM006", "HM005", "HM004", "SQ1"
_DAYS = 12
_LATE, _LOST = 6, 4
_EVENTS = (
    "上午客户端卡顿十分钟，已报技术，没有漏接。",
    "新品沙发咨询多，尺寸问答已补进短语库。",
    "一位顾客要求改价赔付，按流程报主管，当天回复。",
)
_PROBLEMS = ("没有。", "两位新人改价步骤不熟，晚班慢了几单。", "退货地址有两个版本，容易说错。")
_NEXT = ("早会讲改价；跟进昨天的赔付。", "晚班加一人；抽听三通电话。", "统一退货地址，发到组里。")


def activities(world: World) -> list[Road]:
    """Return the roads: reports of a leader, two contests, a proposal."""
    return [_reports(world), _week(world), _contest(world), _running(world), _proposal(world)]


def _reports(world: World) -> Road:
    """Each evening, one the day after tomorrow and one never; the head reads them the next morning."""
    for back in range(_DAYS, 0, -1):
        if back == _LOST:
            continue
        day = world.working_day(_PLACE, world.today, back)
        late = back == _LATE
        at = world.at(day + timedelta(days=3 if late else 0), 20, 15)
        yield at
        made = service.submit(
            world.one(_LEADER), at, world.departments[_PLACE], Span(Kind.DAY, day), _said(back)
        )
        if back > 2:
            at = world.at(at.date() + timedelta(days=1), 9, 5)
            yield at
            service.mark_read(world.one(_HEAD), at, made)
            if back == _DAYS:
                service.comment(world.one(_HEAD), at, made, "改价的步骤周五早会一起过一遍。")


def _said(turn: int) -> Draft:
    said = {"events": _EVENTS[turn % 3], "problems": _PROBLEMS[turn % 3], "next": _NEXT[turn % 3]}
    return Draft(said)


def _week(world: World) -> Road:
    monday = world.today - timedelta(days=world.today.weekday() + 7)
    at = world.at(monday + timedelta(days=6), 19, 30)
    yield at
    said = {
        "events": "接待目标完成，返场活动两天没有加班。",
        "problems": "改价超时三单，原因是新人步骤不熟。",
        "people": "和一位新人谈过，下周由老员工带两天。",
        "next": "周三改价小测，周五前完成短语库更新。",
    }
    service.submit(world.one(_LEADER), at, world.departments[_PLACE], Span(Kind.WEEK, monday), Draft(said))


def _announcement(world: World, title: str, metric: str, first: date, last: date) -> Announcement:
    return Announcement(
        title=title,
        notice="按月度绩效记录排名，不投票；获奖的人在部门早会上表扬。有疑问找主管。",
        department_id=world.departments[_PLACE],
        metric=metric,
        measure=Measure.MEAN,
        first_month=first,
        last_month=last,
        least_months=1,
        seats=2,
        award="excellent_agent",
    )


def _contest(world: World) -> Road:
    """Two months ago on satisfaction: proposed by HR after the close, agreed to by the HR manager."""
    month = add_months(world.today.replace(day=1), -2)
    at = world.at(month - timedelta(days=6), 14)
    yield at
    one = _announcement(world, "满意度评比", "csat", month, month)
    made = service.announce(world.one(_HEAD), at, one)
    at = world.at(add_months(month, 1).replace(day=23), 15, 20)
    yield at
    if queries.phase_of(queries.contest(made), at.date()) is Phase.READY:
        service.propose_result(world.one(_HR), at, made, "按关账数据")
        at += timedelta(hours=2)
        yield at
        service.answer_result(world.one(_HR_MANAGER), at, made, agreed=True, note="")


def _running(world: World) -> Road:
    month = world.today.replace(day=1)
    at = world.at(month - timedelta(days=4), 10)
    yield at
    one = _announcement(world, "零差错评比", "deductions", month, add_months(month, 1))
    service.announce(world.one(_HEAD), at, one)


def _proposal(world: World) -> Road:
    """The head proposes somebody for last month as soon as the records are there; nobody has answered."""
    month = add_months(world.today.replace(day=1), -1)
    at = world.at(world.today.replace(day=9), 16)
    yield at
    reason = "连续三次替请假的同事值晚班，客户两次点名表扬。"
    service.propose(world.one(_HEAD), at, world.one("HM022"), "excellent_agent", month, reason)
