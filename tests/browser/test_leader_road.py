"""The leader competition in the browser: five candidates, all five factors, trial and confirmation.

Every number of the calculation sheet is worked out by hand beside what was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.browser.road import ZONE, FittingRoad, button, fits, keeps_quiet, press, refused, tells, text_of
from tests.factories import competitions as make
from tests.factories.competitions import DAY, NAMES, RATING, WORDS, at
from tests.factories.performance import make_month
from tests.factories.promotion import close_month

pytestmark = [pytest.mark.browser, pytest.mark.slow]

APPLIED, CHECKED = DAY, DAY + timedelta(days=1)
RATED = RATING.astimezone(ZONE).date()
TRIAL, OBJECTED, CLOSED, OVER = date(2026, 12, 1), date(2026, 11, 26), date(2026, 12, 7), date(2026, 12, 30)
BY_HAND = 2
"""About so many candidates every kind of sheet is filled in by hand; about the others in the same way."""


@dataclass(frozen=True)
class Given:
    """What a candidate gets. ``ability``, ``manager``, ``interview``: points lost of 100 on each sheet."""

    months: tuple[float, float, float]
    ability: int
    manager: int
    interview: tuple[int, int, int]
    colleagues: str
    line: tuple[str, ...]


GIVEN = (
    # 90 x 0.4 = 36; mean 80, so 100 x 0.1 = 10; (88+91+92)/3 = 90.3333 x 0.3 = 27.1; 85 x 0.1 = 8.5;
    # (3 x 100 + 2 x 80 + 60)/6 = 86.6667 x 0.1 = 8.6667; together 90.2667
    Given(
        (80, 80, 80), 10, 15, (12, 9, 8), "EEEGGF",
        ("90.00计36.00", "100.00计10.00", "90.33计27.10", "85.00计8.50", "86.67计8.67", "90.27"),
    ),
    # 88 x 0.4 = 35.2; mean 79.9667, so 80 x 0.1 = 8; (85+90+95)/3 = 90 x 0.3 = 27; 9; 80 x 0.1 = 8
    Given(
        (79, 80, 80.9), 12, 10, (15, 10, 5), "GGGGGG",
        ("88.00计35.20", "80.00计8.00", "90.00计27.00", "90.00计9.00", "80.00计8.00", "87.20"),
    ),
    # 86 x 0.4 = 34.4; mean 70, so 8; (80+84+84)/3 = 82.6667 x 0.3 = 24.8; 10; 10: the same 87.2, less ability
    Given(
        (70, 70, 70), 14, 0, (20, 16, 16), "EEEEEE",
        ("86.00计34.40", "80.00计8.00", "82.67计24.80", "100.00计10.00", "100.00计10.00", "87.20"),
    ),
    # 80 x 0.4 = 32; mean 69.8333, so 60 x 0.1 = 6; (80+81+83)/3 = 81.3333 x 0.3 = 24.4; 8.2; 60 x 0.1 = 6
    Given(
        (69, 70, 70.5), 20, 18, (20, 19, 17), "FFFFFF",
        ("80.00计32.00", "60.00计6.00", "81.33计24.40", "82.00计8.20", "60.00计6.00", "76.60"),
    ),
    # 95 x 0.4 = 38; mean 59.8333, so 0; (92+93+94)/3 = 93 x 0.3 = 27.9; 9.5; 10
    Given(
        (59, 60, 60.5), 5, 5, (8, 7, 6), "EEEEEE",
        ("95.00计38.00", "0.00计0.00", "93.00计27.90", "95.00计9.50", "100.00计10.00", "85.40"),
    ),
)  # fmt: skip
RANKS = (("第1名", "周敏"), ("第2名", "钱立"), ("第3名", "梁静"), ("第4名", "韩冬"), ("第5名", "苏婷"))
CHOICES = {"E": "excellent", "G": "good", "F": "fair"}


@pytest.fixture
def road(site, open_context) -> FittingRoad:
    """A department with its offices, five who will apply and three closed months of theirs."""
    with site.app.app_context():
        cast = make.make_cast(with_months=False)
        for place, first in enumerate(make.MONTHS):
            for person, given in zip(cast.candidates, GIVEN, strict=True):
                make_month(person, first, by=cast.people["hr"], at=at(), score=given.months[place])
            close_month(cast.department, first, cast.people["office"])
    return FittingRoad(site, open_context, cast)


def test_five_compete_and_the_first_becomes_leader(road, picture) -> None:
    announce_and_apply(road, picture)
    examine(road)
    begin_to_rate(road)
    rate_by_offices(road, picture)
    rate_by_colleagues(road, picture)
    calculate_and_compare(road, picture)
    choose_and_publish(road, picture)
    close_the_notice(road)
    confirm_after_the_trial(road, picture)


def announce_and_apply(road: FittingRoad, picture: Any) -> None:
    """HR announces; the first applies on a phone, the others likewise."""
    cast = road.cast
    road.at(APPLIED, 9)
    page = road.open(cast.people["hr"], "/competitions/new")
    page.fill("#post", "客服组长")
    page.select_option("#department", str(cast.department))
    page.fill("#opens_on", DAY.isoformat())
    page.fill("#closes_on", (DAY + timedelta(days=2)).isoformat())
    page.fill("#notice", "带一个组，全天候。")
    press(page, button("发布竞聘"))
    tells(page, "报名到11月22日", "业务能力", "40%")
    cast.competition = 1
    page = road.open(cast.candidates[0], "/competitions/1", phone=True)
    press(page, button("我要报名"))
    tells(page, "系统已经知道的", "8月", "80")
    for name in WORDS:
        page.fill(f"#{name}", f"{WORDS[name]}，写在手机上。")
    refused(page, button("提交报名表"))  # without the promise
    page.check("#promise")
    press(page, button("提交报名表"))
    fits(page)
    picture(page, "leader-applied-phone", full=True)
    cast.applications[cast.candidates[0]] = 1
    with road.site.app.app_context():
        for person in cast.candidates[1:]:
            make.apply(cast, person)


def examine(road: FittingRoad) -> None:
    """The department agrees and HR passes the first; the others likewise."""
    cast = road.cast
    road.at(APPLIED, 11)
    page = road.open(cast.people["supervisor"], "/competitions/candidates/1")
    page.locator("label:has(input[name='agrees'][value='yes'])").click()
    page.fill("main form:has(input[name='agrees']) textarea", "支持。")
    press(page, button("提交部门意见"))
    page = road.open(cast.people["hr"], "/competitions/candidates/1")
    page.locator("label:has(input[name='passes'][value='yes'])").click()
    press(page, button("保存审查结论"))
    tells(page, "资格合格")
    with road.site.app.app_context():
        make.examine(cast, cast.candidates[1:])


def begin_to_rate(road: FittingRoad) -> None:
    """After the window HR names three interviewers; a direct superior is refused."""
    cast = road.cast
    set_clock(road, RATING)
    page = road.open(cast.people["hr"], "/competitions/1/start")
    tells(page, "5位候选人", *NAMES)
    for person in cast.panel:
        page.check(f"input[name='interviewers'][value='{person}']")
    press(page, button("开始评分"))
    tells(page, "评分还缺", "项，不能统分")
    fits(page)


def set_clock(road: FittingRoad, now: datetime) -> None:
    """Let the road's clock stand at an instant."""
    local = now.astimezone(ZONE)
    road.at(local.date(), local.hour, local.minute)


def rate_by_offices(road: FittingRoad, picture: Any) -> None:
    """The supervisor fills in every sheet, manager and an interviewer (on a phone) two; the rest likewise."""
    cast = road.cast
    who = cast.people
    for place, (person, given) in enumerate(zip(cast.candidates, GIVEN, strict=True)):
        one = f"/competitions/candidates/{cast.applications[person]}/sheets"
        fill_sheet(road.open(who["supervisor"], f"{one}/ability"), given.ability)
        others = list(
            zip(cast.panel, ["interview"] * 3, (*given.interview[1:], given.interview[0]), strict=True)
        )
        others.append((who["director"], "manager", given.manager))
        if place < BY_HAND:
            fill_sheet(road.open(who["director"], f"{one}/manager"), given.manager)
            page = road.open(who["deputy"], f"{one}/interview", phone=True)
            picture(page, f"leader-interview-{place}-phone", full=True)
            fill_sheet(page, given.interview[0])
            others = others[:2]
        with road.site.app.app_context():
            for rater, kind, off in others:
                make.hand_in(cast, rater, person, kind, off)
    page = road.open(who["hr"], "/competitions/1")
    keeps_quiet(page, "88.00", "90.33", "统分表")


def fill_sheet(page: Any, lost: int) -> None:
    """Give full points but those that are lost, on the first criterion; it is sealed at once."""
    for number, stepper in enumerate(page.locator("[data-stepper]").all()):
        most = int(stepper.get_attribute("data-high"))
        stepper.locator("input.input").fill(str(most - lost if number == 0 else most))
    page.fill("#note", "按记录打分。")
    press(page, button("交并密封"))


def rate_by_colleagues(road: FittingRoad, picture: Any) -> None:
    """A colleague answers about two on a phone, item by item; all the rest likewise."""
    cast = road.cast
    for place, (person, given) in enumerate(zip(cast.candidates, GIVEN, strict=True)):
        voters = list(zip(cast.colleagues, given.colleagues, strict=True))
        if place < BY_HAND:
            first, letter = voters.pop(0)
            path = f"/competitions/candidates/{cast.applications[person]}/colleague"
            page = road.open(first, path, phone=True)
            for each in page.locator(f"label:has(input[value='{CHOICES[letter]}'])").all():
                each.click()
            picture(page, f"leader-colleague-{place}-phone", full=True)
            press(page, button("匿名提交"))
        with road.site.app.app_context():
            for who, letter in voters:
                make.answer(cast, who, person, CHOICES[letter])
    page = road.open(cast.people["hr"], "/competitions/1")
    tells(page, "评分已交齐，可以统分", "已全部打分")
    assert "优" not in text_of(page, "#h-colleagues + *")


def calculate_and_compare(road: FittingRoad, picture: Any) -> None:
    """The sheet says what was worked out by hand: cell by cell, total, rank, and why a tie is broken."""
    cast = road.cast
    page = road.open(cast.people["hr"], "/competitions/1")
    press(page, button("统分"))
    road.look(cast.people["hr"], "/competitions/1/calculation", "第一名周敏，总分90.27", "核对一致")
    page = road.open(cast.people["hr"], "/competitions/1/calculation")
    for (rank, name), row in zip(RANKS, page.locator("tbody tr:has(th:has-text('第'))").all(), strict=False):
        says = "".join(row.inner_text().replace("\u2060", "").split())
        assert f"{rank}{name}" in says, says
        for cell in GIVEN[NAMES.index(name)].line:
            assert cell in says, (name, cell, says)
        assert ("同分，比业务能力" in says) is (name in {"钱立", "梁静"})
    picture(page, "leader-calculation", full=True)
    mine = road.open(cast.candidates[3], "/competitions/1/calculation", phone=True)
    tells(mine, "76.60")
    keeps_quiet(mine, *make.COLLEAGUES)
    picture(mine, "leader-calculation-phone", full=True)


def choose_and_publish(road: FittingRoad, picture: Any) -> None:
    """Two persons choose the first; HR publishes; a colleague objects anonymously and is answered."""
    people = road.cast.people
    page = road.open(people["office"], "/competitions/1")
    page.check("input[name='chosen'] >> nth=0")
    page.fill("#choice-starts_on", TRIAL.isoformat())
    page.fill("#choice-reason", "名次第一，材料属实。")
    press(page, button("提出，等另一个人确认"))
    tells(page, "入选名单等第二个人确认")
    keeps_quiet(page, "提交决定")
    page = road.open(people["gm"], "/competitions/1")
    page.locator("label:has(input[name='agreed'][value='yes'])").click()
    press(page, button("提交决定"))
    tells(page, "入选和试岗", "周敏", "等人力资源部公示")
    page = road.open(people["hr"], "/competitions/candidates/1/notice")
    page.fill("#record", "任现职以来业绩稳定。")
    press(page, button("发布公示"))
    road.at(OBJECTED, 10)
    road.look(people["elsewhere"], "/competitions/notices/1", "周敏竞聘入选，正在公示")
    page = road.open(people["elsewhere"], "/competitions/notices/1", phone=True)
    keeps_quiet(page, "90.27")
    picture(page, "leader-notice-phone", full=True)
    press(page, button("提异议"))
    page.fill("#text", "试岗前没有面谈。")
    page.check("#anonymous")
    press(page, button("提交异议"))


def close_the_notice(road: FittingRoad) -> None:
    """HR investigates, answers and ends the notice clean."""
    hr = road.cast.people["hr"]
    road.at(OBJECTED, 15)
    page = road.open(hr, "/competitions/notices/1/objections")
    tells(page, "匿名", "试岗前没有面谈。")
    press(page, button("开始调查"))
    page = road.open(hr, "/competitions/notices/1/objections")
    press(page, button("答复"))
    page.locator("label:has(input[name='outcome'][value='dismissed'])").click()
    page.fill("#reason", "面谈记录在案。")
    press(page, "main form button[type=submit]")
    road.at(CLOSED, 9)
    page = road.open(hr, "/competitions/1")
    press(page, button("结束公示"))
    tells(page, "公示结束，没有成立的异议")


def confirm_after_the_trial(road: FittingRoad, picture: Any) -> None:
    """The trial's month is over: one proposes, another agrees, and the leader leads."""
    people, leader = road.cast.people, road.cast.candidates[0]
    road.at(CLOSED, 10)
    assert not road.open(people["office"], "/competitions/1").locator("input[name='confirmed']").count()
    road.at(OVER, 10)
    page = road.open(people["office"], "/competitions/1")
    page.locator("label:has(input[name='confirmed'][value='yes'])").click()
    page.fill("main form:has(input[name='confirmed']) textarea", "一个月带得稳。")
    press(page, button("提出，等另一个人确认"))
    page = road.open(people["gm"], "/competitions/1")
    page.locator("label:has(input[name='agreed'][value='yes'])").click()
    press(page, button("提交决定"))
    tells(page, "这次竞聘已结束", "已确认")
    picture(page, "leader-ended", full=True)
    road.look(leader, "/competitions/1", "周敏", "已确认")
    from cstrain.people import queries

    with road.site.app.app_context():
        assert "group_leader" in queries.roles_of(leader, date(2027, 1, 4))
