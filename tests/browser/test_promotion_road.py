"""From junior to intermediate in the browser: map, application, sealed sheets, notice, appointment.

The ladder, the months and the findings are the real ones; jurors score on a tablet or a phone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.browser.road import FittingRoad, button, fits, keeps_quiet, press, refused, tells
from tests.factories import applications as scene
from tests.factories import promotion as make

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONTHS = [date(2026, month, 1) for month in range(4, 11)]
APPLIED, PASSED, DEFENDED, DECIDED = (date(2026, 11, day) for day in (23, 24, 26, 27))
PUBLISHED, OBJECTED, LAST = date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 5)
CLOSED, EFFECTIVE = date(2026, 12, 7), date(2027, 1, 1)
WHY = "一年来独立接待，带过两位新人，改进过退款流程。"
POINTS = ((88, 90, 84, 82.5, 80), (86, 92, 80, 84, 85), (90, 91, 88, 80, 82))
"""What each of three jurors gives for the five elements, in the order of the sheet."""
MEAN = "86.01"
"""With 20, 25, 25, 20 and 10 %: 85.60, 85.50 and 86.95, together 258.05; a third of it, rounded down."""
OBJECTION = "退款流程是小组一起改的，请核实。"
CARD = ".panel:has(h2:text-is('个人资料'))"


@pytest.fixture
def road(site, open_context) -> FittingRoad:
    """The general ladder, seven closed months: the applicant's are A, a colleague's are B."""
    with site.app.app_context():
        from cstrain.people import queries

        cast = scene.make_cast(scene.Book())
        place = queries.get_person(cast.applicant, APPLIED).department_id
        make.bind(place, "general")
        for month in MONTHS:
            make.make_month(cast.applicant, place, month, cast.hr, grade="A", brand_points=96)
            make.make_month(cast.colleague, place, month, cast.hr, grade="B", brand_points=81)
            make.close_month(place, month, cast.gm_office)
    return FittingRoad(site, open_context, cast)


def test_a_junior_walks_to_intermediate(road, picture) -> None:
    see_the_map_and_apply(road, picture)
    review_and_check(road)
    arrange_and_declare(road, picture)
    score_on_sealed_sheets(road, picture)
    sign_the_minutes(road)
    decide_by_two(road)
    publish_and_object(road, picture)
    close_and_appoint(road, picture)


def see_the_map_and_apply(road: FittingRoad, picture: Any) -> None:
    """Who has the numbers may apply; who has not is told what is missing."""
    road.at(APPLIED, 9)
    me = road.cast.applicant
    page = road.open(road.cast.colleague, "/career")
    tells(page, "晋升中级客服：差1项", "还差6个月", "满足以后按钮开放")
    road.look(me, "/career", "可以申请中级客服", "另有7项由主管评价", "第1名要求前3名")
    page = road.open(me, "/career", phone=True)
    picture(page, "promotion-map-phone", full=True)
    press(page, "main a.btn:has-text('申请中级客服')")
    fits(page)
    page.locator("label:has(input[name='step'])").first.click()
    refused(page, button("提交申请"))
    page.fill("#statement", WHY)
    press(page, button("提交申请"))
    tells(page, "我的晋升申请：等部门评审", WHY)
    fits(page)


def review_and_check(road: FittingRoad) -> None:
    """The supervisor rates seven qualities and recommends; HR finds nothing left unknown."""
    road.at(APPLIED, 14)
    page = road.open(road.cast.supervisor, "/")
    tells(page, "晋升申请等部门评审")
    page = road.open(road.cast.supervisor, "/applications/1/review")
    assert page.locator("fieldset:has(.rate)").count() == 7
    for number in range(7):
        page.locator(f"label:has(input[name='rating_{number}'][value='{4 + number % 2}'])").click()
        page.fill(f"#note_{number}", f"第{number + 1}项：有周报和会话记录。")
    page.locator("label:has(input[name='recommends'][value='yes'])").click()
    refused(page, button("提交评审"))  # the reasons are missing
    page.fill("#text", "工作扎实，同意推荐。")
    press(page, button("提交评审"))
    tells(page, "等人力资源部审核", "工作扎实，同意推荐。")
    road.at(PASSED, 10)
    page = road.open(road.cast.hr, "/applications/1")
    press(page, button("资格审核"))
    tells(page, "审核方可欣的资格", "品牌分月均进入部门前三")
    press(page, button("通过审核"))
    tells(page, "资格审核已通过", "方可欣的晋升申请：等答辩")


def arrange_and_declare(road: FittingRoad, picture: Any) -> None:
    """HR issues a round; each juror declares, one of them on a phone."""
    cast = road.cast
    page = road.open(cast.hr, "/defences/new")
    page.fill("#title", "11月晋升答辩")
    page.select_option("#panel", "defence")
    page.fill("#starts_at", f"{DEFENDED.isoformat()}T14:00")
    page.fill("#place", "三楼会议室")
    page.fill("#plan", "述职10分钟，问答15分钟，随后评分。")
    page.check("input[name='applications']")
    for juror in cast.jurors:
        page.check(f"input[name='jurors'][value='{juror}']")
    press(page, button("安排答辩"))
    tells(page, "11月晋升答辩：还有1位没有评完", "抽签种子")
    road.at(PASSED, 16)
    for number, juror in enumerate(cast.jurors):
        page = road.open(juror, "/defences/entries/1", phone=number == 0)
        tells(page, "先声明，再给方可欣评分")
        page.locator("label:has(input[name='answer'][value='none'])").click()
        press(page, button("保存声明"))
        tells(page, "你声明没有影响公正的关系", "答辩还没有开始")
        assert not page.locator("[data-stepper]").count()


def score_on_sealed_sheets(road: FittingRoad, picture: Any) -> None:
    """Times are noted, three sheets sealed; nobody reads a number before the last one is."""
    cast = road.cast
    road.at(DEFENDED, 14)
    page = road.open(cast.hr, "/defences/1")
    for _ in range(4):
        press(page, button("记录："))
    for number, (juror, points) in enumerate(zip(cast.jurors, POINTS, strict=True)):
        road.at(DEFENDED, 14, 40 + number)
        page = road.open(juror, "/defences/entries/1", phone=number < 2)
        fields = page.locator("[data-stepper] input.input").all()
        for field, given in zip(fields[:-1], points, strict=False):
            field.fill(f"{given:g}")
        refused(page, button("检查并密封"))  # one is missing
        page.locator("[data-stepper] input.input").last.fill(f"{points[-1]:g}")
        page.fill("#note", f"评委{number + 1}的评语。")
        if number == 0:
            picture(page, "promotion-sheet-phone", full=True)
        press(page, button("检查并密封"))
        fits(page)
        if number < 2:
            tells(page, "你给方可欣的评分已密封")
            sees_no_points(road)
    tells(page, "方可欣的分数已公开", MEAN)


def sees_no_points(road: FittingRoad) -> None:
    """Neither HR nor who is judged reads anything of the sealed sheets."""
    for person, path in ((road.cast.hr, "/defences/entries/1"), (road.cast.applicant, "/applications/1")):
        keeps_quiet(road.open(person, path), "评语", "均值", "82.5", "达到分数线")


def sign_the_minutes(road: FittingRoad) -> None:
    """HR writes what was said; who sat signs."""
    cast = road.cast
    page = road.open(cast.hr, "/defences/entries/1")
    press(page, button("写答辩记录"))
    page.fill("#note", "述职10分钟，回答了3个问题，评分已公开。")
    press(page, "main form button[type=submit]")
    for number, juror in enumerate(cast.jurors, start=1):
        page = road.open(juror, "/defences/entries/1", phone=number == 1)
        press(page, button("核对无误，签名"))
        tells(page, f"{number}／3位已签名")


def decide_by_two(road: FittingRoad) -> None:
    """The office proposes and cannot confirm; the general manager confirms."""
    road.at(DECIDED, 10)
    cast = road.cast
    page = road.open(cast.gm_office, "/applications/1")
    press(page, button("提出决定"))
    page.locator("label:has(input[name='outcome'][value='approve'])").click()
    refused(page, "main form button[type=submit]")
    page.fill("#reason", "材料和答辩都达到要求。")
    press(page, "main form button[type=submit]")
    tells(page, "提出通过，等确认")
    assert not page.locator(button("确认")).count()
    page = road.open(cast.gm, "/applications/1")
    press(page, button("确认"))
    tells(page, "等公示")


def publish_and_object(road: FittingRoad, picture: Any) -> None:
    """Everybody reads the notice, without a mark; a colleague objects, HR looks into it and answers."""
    cast = road.cast
    road.at(PUBLISHED, 9)
    page = road.open(cast.hr, "/applications/1")
    press(page, button("发布公示"))
    page.fill("#record", "任初级客服以来接待稳定，带过两位新人。")
    press(page, "main form button[type=submit]")
    tells(page, "公示到12月5日 周六，第二天可以结束")
    road.at(OBJECTED, 11)
    road.look(cast.colleague, "/public-notices/1", "方可欣的晋升正在公示", "初级客服", "中级客服")
    page = road.open(cast.colleague, "/public-notices/1", phone=True)
    keeps_quiet(page, MEAN, "评委")
    picture(page, "promotion-notice-phone", full=True)
    press(page, button("提异议"))
    page.fill("#text", OBJECTION)
    press(page, "main form button[type=submit]")
    road.at(LAST, 15)
    page = road.open(cast.hr, "/public-notices/1/objections")
    tells(page, "有1个异议等答复", OBJECTION, "白露")
    press(page, button("开始调查"))
    page = road.open(cast.hr, "/public-notices/1/objections")
    tells(page, "调查中")
    press(page, button("答复"))
    page.locator("label:has(input[name='outcome'][value='dismissed'])").click()
    page.fill("#reason", "查了修改记录，流程由方可欣提出并写成，小组试用。")
    press(page, "main form button[type=submit]")
    tells(road.open(cast.hr, "/public-notices/1/objections"), "异议都已答复", "异议不成立")


def close_and_appoint(road: FittingRoad, picture: Any) -> None:
    """The notice ends clean, the appointment has its day, and the level is there on that day."""
    cast = road.cast
    road.at(CLOSED, 9)
    page = road.open(cast.hr, "/applications/1")
    press(page, button("结束公示"))
    press(page, button("任命"))
    page.fill("#effective_on", EFFECTIVE.isoformat())
    press(page, "main form button[type=submit]")
    tells(page, "已任命", "2027年1月1日")
    page = road.open(cast.applicant, "/applications/1", phone=True)
    tells(page, "我的晋升申请：已任命", MEAN)
    keeps_quiet(page, "评委1的评语")
    picture(page, "promotion-appointed-phone", full=True)
    person = f"/people/{cast.applicant}"
    tells(road.open(cast.applicant, person), "级别初级", selector=CARD)
    road.at(EFFECTIVE, 9)
    tells(road.open(cast.applicant, person), "级别中级", selector=CARD)
    road.look(cast.applicant, "/career", "高级客服")
