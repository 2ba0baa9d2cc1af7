"""Monthly results of three departments: opening data, imports on the 8th, closes on the 21st, a change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.documents.tables import write_csv
from cstrain.kernel.calendar import add_months
from cstrain.people import queries as people
from cstrain.people.facts import Level, PersonFacts
from cstrain.performance import queries, service
from cstrain.performance.facts import Entry
from cstrain.performance.rules import last_of

_PLACES = ("SQ1", "SQ2", "SH")
_HR, _OFFICE = "HM005", "HM003"
_CORRECTED = "HM014"
_BEFORE, _MONTHS = 3, 8
_HEAD = ("工号", "月份", "考核分", "品牌分", "接待量", "满意度", "投诉数", "投诉解决率", "平均处理时长")
_HEAD_REST = ("首次响应", "销售额", "销售目标", "工单数", "错误工单", "优秀案例", "出勤天数", "应出勤天数")
_BASE = {None: 74, Level.JUNIOR: 81, Level.INTERMEDIATE: 87, Level.SENIOR: 91, Level.PRINCIPAL: 93}


def months(world: World) -> list[Road]:
    """Return the roads: the opening data, one for each month since, and a correction that waits."""
    last = add_months(world.today.replace(day=1), -1)
    every = [add_months(last, -back) for back in range(_MONTHS - 1, -1, -1)]
    past = [month for month in every if last_of(month) < world.founded]
    roads = [_month(world, month, last) for month in every if month not in past]
    return [_opening(world, past), *roads, _correction(world, add_months(last, -1))]


def _opening(world: World, past: list[date]) -> Road:
    """What the old system knew is brought in on the second day, with deductions."""
    at = world.at(world.founded + timedelta(days=1), 16, 30)
    yield at
    rows = [[*_HEAD, *_HEAD_REST, "扣分次数", "扣分合计"]]
    for month in past:
        for one in _staff(world, month):
            few = world.chance(one.staff_no, month, "deductions").choice((0, 0, 1, 1, 2))
            rows.append([*_numbers(world, one, month), str(few), str(few * 10)])
    if past:
        data = write_csv(rows)
        hr = world.one(_HR)
        batch = service.upload_month(
            hr, at, data, "旧系统月度绩效.csv", month=None, source_note="旧绩效系统导出"
        )
        service.confirm_month(hr, at, batch)


def _month(world: World, month: date, last: date) -> Road:
    """Imported on the 8th of the next month, closed on the 21st; of the last month one department waits."""
    following = add_months(month, 1)
    at = world.at(following.replace(day=8), 15, 10)
    yield at
    rows = [[*_HEAD, *_HEAD_REST], *(_numbers(world, one, month) for one in _staff(world, month))]
    hr = world.one(_HR)
    batch = service.upload_month(hr, at, write_csv(rows), f"绩效{month:%Y-%m}.csv", month=month)
    service.confirm_month(hr, at, batch)
    at = world.at(following.replace(day=21), 10, 40)
    yield at
    for place in _PLACES[: 2 if month == last else 3]:
        service.close_month(hr, at, world.departments[place], month, accept_gaps=True)


def _correction(world: World, month: date) -> Road:
    """Somebody finds chats that were not counted: asked by the head of the office, waiting for HR."""
    at = world.at(add_months(month, 1).replace(day=24), 11)
    yield at
    found = queries.revisions(world.one(_CORRECTED), month)
    if found and found[0].closed:
        values = {**found[0].values, "chats": found[0].values["chats"] + Decimal(46)}
        entry = Entry(world.one(_CORRECTED), month, values)
        why = "月末两天的会话没有计入，已核对客户端记录"
        service.ask_correction(world.one(_OFFICE), at, entry, base=found[0].revision, reason=why)


def _staff(world: World, month: date) -> list[PersonFacts]:
    """Return who takes chats in the three departments on a month's last day: everybody but their heads."""
    places = {world.departments[place] for place in _PLACES}
    last = last_of(month)
    return [
        one
        for one in people.everybody(last)
        if one.department_id in places and one.hire_date <= last and one.post == "客服专员"
    ]


def _numbers(world: World, one: PersonFacts, month: date) -> list[str]:
    """Return a row: near what the level lets expect, steady for a person, with some luck each month."""
    steady, luck = world.chance(one.staff_no, "steady"), world.chance(one.staff_no, month)
    skill = _BASE[one.level] + steady.uniform(-4, 5)
    score = min(99.5, max(52.0, skill + luck.uniform(-5, 5)))
    chats = round(1150 + skill * 4 + luck.uniform(-140, 140))
    complaints = luck.choice((0, 0, 0, 1, 1, 2))
    target = 60000
    due = 25
    return [
        one.staff_no,
        f"{month:%Y-%m}",
        f"{score:.1f}",
        f"{score * 1.4 + luck.uniform(-6, 6):.0f}",
        str(chats),
        f"{min(99.8, 88 + (score - 70) / 3 + luck.uniform(-1, 1)):.1f}",
        str(complaints),
        f"{luck.choice((85, 90, 95, 100))}" if complaints else "",
        f"{9.5 - (score - 70) / 12 + luck.uniform(-0.5, 0.5):.1f}",
        f"{48 - (score - 70) / 2 + luck.uniform(-4, 4):.0f}",
        f"{target * (0.7 + (score - 60) / 80):.0f}",
        str(target),
        str(round(chats / 9)),
        str(luck.choice((0, 0, 1, 2))),
        str(luck.choice((0, 0, 1))),
        str(due - luck.choice((0, 0, 0, 1, 2))),
        str(due),
    ]
