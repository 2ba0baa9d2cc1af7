"""The whole road of a new hire, in the browser: 21 days, the exam with one paper failed, the re-exam, junior.

The road lies in autumn 2026: a working Sunday (20 September) and three days of Mid-Autumn (25–27 September)
are on it, and National Day (1 October) at its end.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.browser.road import (
    NAME,
    Road,
    button,
    keeps_quiet,
    load_everything,
    make_cast,
    press,
    read_form,
    refused,
    tells,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HIRED = date(2026, 9, 1)
DAYS = [date(2026, 9, n) for n in (*range(1, 6), *range(7, 13), *range(14, 25), 28)]
"""Day N of the programme is the N-th: Sundays off but the 20th, the 25th to 27th off."""

EXAM, RESIT, EFFECTIVE = date(2026, 9, 24), date(2026, 9, 29), date(2026, 10, 1)
GUIDED = (4, 15, 20)
ON_PHONE = (2, 5, 9, 13)
OA_MISSED = range(1, 9)  # eight single choices of 3 marks: 76
CARD = ".panel:has(h2:text-is('个人资料'))"
SUMMARY = "三个星期里学完了商品、规则和OA的课，跟着导师接待了顾客；还要练的是同时接待多位顾客时的速度。"


@pytest.fixture(scope="module")
def template_database(sqlite_templates) -> Path:
    """The schema with everything that ships."""
    return Path(sqlite_templates.template(load_everything))


@pytest.fixture
def road(site, open_context) -> Road:
    with site.app.app_context():
        cast = make_cast(HIRED, contract_ends=date(2029, 8, 31), probation_end=date(2026, 11, 30))
    return Road(site, open_context, cast)


def test_a_new_hire_walks_the_whole_road_to_level_junior(road, picture) -> None:
    enrol(road, picture)
    for number in range(1, 22):
        live(road, number, picture)
    show_where_it_stands(road, picture)
    check_samples(road)
    arrange_papers(road)
    attempts = sit_three_papers(road, picture)
    release_the_papers(road, attempts, picture)
    wait_for_the_resit(road)
    sit_again(road, attempts["oa"], picture)
    propose(road)
    ask_the_chain(road, picture)
    decide(road, picture)
    become_junior(road, picture)


# Before the first day


def enrol(road: Road, picture) -> None:
    """HR opens a cohort, is told of a broken window, enrols, names the mentor and the guides."""
    road.at(date(2026, 8, 31), 15)
    page = road.open(road.cast.hr, "/cohorts")
    page.fill("#name", "2026年9月新客服")
    page.select_option("#programme", "new-agent")
    page.fill("#starts_on", HIRED.isoformat())
    press(page, button("建立"))
    page.select_option("#person", str(road.cast.trainee))
    page.fill("#start_date", "2026-09-07")
    refused(page, button("保存入训"))
    tells(page, "最后一天是10月10日 周六，超出入职30天的期限（10月1日 周四）9天")
    page.fill("#start_date", HIRED.isoformat())
    press(page, button("保存入训"))
    tells(page, "已入训", "没有导师，培训日没有人签核")
    road.enrolment = int(page.url.rsplit("/", 1)[1])
    for number, day in enumerate(DAYS, start=1):
        tells(page, f"{day.month}月{day.day}日", selector=f"tr:has-text('第{number}天')")
    picture(page, "road-enrolled", full=True)
    press(page, "a:has-text('去指定导师')")
    assert "现带0人，上限3人" in page.inner_text("#mentor option:checked")
    page.fill("#first_day", HIRED.isoformat())
    page.fill("#reason", "入训时指定")
    press(page, button("保存"))
    keeps_quiet(page, "没有导师")
    press(page, button("带教人"))
    for number in GUIDED:
        page.select_option("#day", str(number))
        page.select_option("#guide", str(road.cast.guide))
        press(page, button("指定带教人"))
    tells(page, "带教人都已指定")


# Days 1 to 21


def live(road: Road, number: int, picture) -> None:
    """One day: the trainee learns and confirms, mentor and examiner enter theirs, who signs it signs."""
    day, phone = DAYS[number - 1], number in ON_PHONE
    road.at(day, 8, 40)
    if number == 1:
        picture(road.open(road.cast.trainee, "/"), "road-home-trainee-day-1", full=True)
        road.acknowledge()
    half = (lambda page: picture(page, "road-player-phone")) if number == 2 else None
    page = road.learn(number, phone=phone, wrong=5 if number == 1 else number % 2, halfway=half)
    tells(page, f"第{number}天你的各项都做完了")
    if number == 1:
        repeat_the_quiz(road, page)
    if number in (2, 3):
        picture(page, f"road-day-{number}-{'phone' if phone else 'desk'}", full=not phone)
    road.at(day, 16)
    road.assess(number)
    road.at(day, 17, 30)
    sign(road, number, picture)
    if number == 3:
        decide_gate(road, picture)


def repeat_the_quiz(road: Road, page) -> None:
    """A quiz may be taken again: the first and the best mark are kept."""
    press(page, button("再做一次"))
    road.sit(page)
    press(page, button("看成绩"))
    tells(page, "100.0分，过线", selector="h1")
    page = road.open(road.cast.trainee, "/programme/days/1")
    tells(page, "最好100.0分", "首次")
    keeps_quiet(page, "首次100.0分")


def sign(road: Road, number: int, picture) -> None:
    """The day's signature; day 12 is signed with day 13, a day late, on the phone."""
    mentor = road.cast.mentor
    if number in GUIDED:
        road.sign(road.cast.guide, {number: (4, "跟着走完了全程，手脚勤快。")})
        road.see(number)
    elif number == 12:
        tells(road.open(mentor, "/trainees"), "1天等你签核")
    elif number == 13:
        page = road.open(mentor, "/trainees", phone=True)
        tells(page, "2天等你签核", "迟1天，将记为补签")
        picture(page, "road-signing-phone")
        road.sign(mentor, {12: (4, "电话里会等对方说完再答。"), 13: (5, "")}, phone=True)
    else:
        state = (4, 5, 4, 3)[number % 4]
        road.sign(mentor, {number: (state, f"第{number}天：备注写得完整。")}, phone=number in ON_PHONE)


def decide_gate(road: Road, picture) -> None:
    """The gate of day 3 proposes; the supervisor decides, with reasons."""
    page = road.open(road.cast.supervisor, f"/enrolments/{road.enrolment}/gates/day-3")
    tells(page, "建议继续培训，提高要求", selector="h1")
    picture(page, "road-gate-day-3", full=True)
    page.locator("label:has(input[name='decision'][value='higher_demands'])").click()
    page.fill("#reason", "三项都过关，接待时的首次响应提到40秒内。")
    press(page, button("记录决定"))
    tells(page, "继续培训，提高要求", selector="h1")


def show_where_it_stands(road: Road, picture) -> None:
    """After 21 days: all signed, one of them late; every office's home."""
    page = road.open(road.cast.trainee, "/programme")
    tells(page, "已签核21天，其中补签1天")
    picture(page, "road-timeline", full=True)
    picture(road.open(road.cast.trainee, "/programme", phone=True), "road-timeline-phone")
    picture(road.open(road.cast.trainee, "/", phone=True), "road-home-trainee-phone")
    tells(road.open(road.cast.hr, f"/enrolments/{road.enrolment}"), "签核21天，补签1天")
    for role in ("trainee", "mentor", "guide", "trainer", "supervisor", "hr", "gm_office", "gm"):
        picture(road.open(getattr(road.cast, role), "/"), f"road-home-{role}", full=True)


# The conversion exam


def check_samples(road: Road) -> None:
    """HR confirms the signatures that were drawn (about a tenth, by the instant of signing; maybe none)."""
    page = road.open(road.cast.hr, "/samples")
    while page.locator(button("记录结果")).count():
        page.locator("label:has(input[name='agrees'][value='yes'])").first.click()
        press(page, button("记录结果"))
    tells(page, "没有等抽查的签核")


def arrange_papers(road: Road) -> None:
    """HR arranges the three papers on the planned day."""
    road.at(DAYS[20], 18)
    page = road.open(road.cast.hr, f"/enrolments/{road.enrolment}")
    press(page, button("安排转正考试"))
    assert page.input_value("#on_day") == EXAM.isoformat()
    press(page, button("安排考试"))
    tells(page, "9月24日", "考产品、规则、OA", selector="h1")


def sit_three_papers(road: Road, picture) -> dict[str, int]:
    """The trainee sits product, rules and OA, each in its window; of OA eight questions are missed."""
    me = road.cast.trainee
    attempts = {}
    papers = (("product", 9, 5, [3]), ("rules", 10, 35, [7, 21]), ("oa", 14, 5, OA_MISSED))
    for bank, hour, minute, missed in papers:
        road.at(EXAM, hour, minute)
        page = road.open(me, "/programme/days/22")
        press(page, ".todo li.is-next a.btn")
        half = (lambda page: picture(page, "road-player")) if bank == "product" else None
        attempts[bank] = road.sit(page, wrong=missed, keys=bank == "rules", halfway=half)
    road.at(EXAM, 15, 40)
    road.learn(22)
    road.sign(road.cast.mentor, {22: (4, "三卷都按时交了。")})
    sees_no_marks(road, attempts)
    return attempts


def sees_no_marks(road: Road, attempts: dict[str, int]) -> None:
    """Before the release nothing that the trainee can open tells a mark or a key."""
    for attempt in attempts.values():
        page = road.open(road.cast.trainee, f"/results/{attempt}")
        tells(page, "成绩还没有发布", selector="h1")
        keeps_quiet(page, "逐题解析", "过线", "你的答案")
    page = road.open(road.cast.trainee, "/scores")
    tells(page, "还有3份答卷在等成绩发布")
    for path in ("/programme/days/22", "/conversions/mine", "/programme", "/"):
        page = road.open(road.cast.trainee, path)
        keeps_quiet(page, "76.0", "97.0", "未及格", "未过线")


def release_the_papers(road: Road, attempts: dict[str, int], picture) -> None:
    """HR proposes, another person confirms; OA has failed, and its re-exam stands on the right day."""
    road.at(EXAM, 17)
    road.look_again(road.cast.hr)
    page = road.choose_results(road.cast.hr, "propose", 3)
    tells(page, "已提出发布3份成绩", "你提出的")
    assert not page.locator("input[name='attempt']").count()
    sees_no_marks(road, attempts)
    page = road.choose_results(road.cast.hr_manager, "confirm", 3)
    tells(page, "已发布3份成绩")
    for bank, words in (("product", "97.0分，过线"), ("rules", "过线"), ("oa", "76.0分，未过线")):
        page = road.open(road.cast.trainee, f"/results/{attempts[bank]}")
        tells(page, words, selector="h1")
        tells(page, "逐题解析", "正确答案")
    picture(page, "road-result-oa")
    page = road.open(road.cast.hr, "/conversions")
    press(page, f"a:has-text('{NAME}')")
    tells(page, "9月29日 周二 14:00考OA", selector="h1")
    tells(page, "没有补考", selector="tr:has-text('产品')")
    tells(page, "9月29日 周二 14:00考", selector="tr:has-text('OA')")
    press(page, "a:has-text('安排专项培训')")
    page.fill("#text", "28日下班前由培训师带着重做考勤和请假两章。")
    press(page, button("保存专项培训"))
    picture(page, "road-case-resit", full=True)
    page = road.open(road.cast.hr, "/board")
    tells(page, NAME, "只考OA，题目全部换新")
    picture(page, "road-board", full=True)
    page = road.open(road.cast.trainee, "/conversions/mine")
    tells(page, "重做考勤和请假两章", "补考的题目全部换新")
    press(page, button("写小结"))
    page.fill("#text", SUMMARY)
    press(page, button("保存小结"))


def wait_for_the_resit(road: Road) -> None:
    """The next rostered day is day 23; the re-exam cannot be begun before its own day."""
    road.at(DAYS[22], 14, 30)
    road.learn(23)
    road.assess(23)
    road.sign(road.cast.mentor, {23: (4, "专项培训认真做完了。")})
    rate(road)
    page = road.open(road.cast.trainee, "/exams")
    tells(page, "下一场", "9月29日 周二 14:00", selector="h1")
    press(page, "main a[href^='/sittings/']")
    tells(page, "9月29日 周二 14:00才能开始", selector=".actbar")
    assert not page.locator(".actbar form").count()


def rate(road: Road) -> None:
    """On the last day the trainee rates the mentor and the programme."""
    page = road.open(road.cast.trainee, "/programme")
    press(page, button("去评价"))
    page.locator("label:has(input[name='mentor_stars'][value='5'])").click()
    page.locator("label:has(input[name='programme_stars'][value='4'])").click()
    page.fill("#text", "导师讲得细。希望第6天的快捷短语多留点时间。")
    press(page, "main form button[type=submit]")
    tells(page, "已收到你的评价")


def sit_again(road: Road, first: int, picture) -> None:
    """The re-exam: OA alone, not one question seen before, passed."""
    from cstrain.exams.queries import attempt, shared_questions

    road.at(RESIT, 14, 5)
    page = road.open(road.cast.trainee, "/exams")
    tells(page, "现在可以开始", "OA", selector="h1")
    press(page, "main a[href^='/sittings/']")
    again = road.sit(page, wrong=[30])
    with road.site.app.app_context():
        paper = attempt(again, road.site.clock.now()).paper
        assert paper.ref == "conversion-oa"
        assert shared_questions(first, first) == paper.questions
        assert shared_questions(first, again) == 0
    tells(road.open(road.cast.trainee, f"/results/{again}"), "成绩还没有发布", selector="h1")
    road.at(RESIT, 15, 30)
    road.choose_results(road.cast.hr, "propose", 1)
    road.choose_results(road.cast.hr_manager, "confirm", 1)
    page = road.open(road.cast.trainee, f"/results/{again}")
    tells(page, "98.0分，过线", selector="h1")
    picture(page, "road-result-resit")


# The decision


def propose(road: Road) -> None:
    """HR states that there were no violations and proposes what follows from the results."""
    hr = road.cast.hr
    page = road.open(hr, "/conversions")
    press(page, f"a:has-text('{NAME}')")
    tells(page, "等人提出结论", selector="h1")
    press(page, "a:has-text('填写违纪情况')")
    page.locator("label:has(input[name='violations'][value='none'])").click()
    press(page, button("保存违纪情况"))
    tells(page, "2026年10月1日")
    press(page, button("提出结论"))
    assert page.locator("input[name='outcome']:checked").get_attribute("value") == "convert_after_one_month"
    page.fill("#reason", "补考后三卷都及格，各日都已签核，没有违纪。")
    press(page, button("提出结论"))
    tells(page, "结论已提出", "等导师填写意见")
    assert not page.locator(button("确认并生效")).count()


def ask_the_chain(road: Road, picture) -> None:
    """Each office in its turn, each on its own page; nobody before their turn."""
    cast = road.cast
    tells(road.open(cast.gm, "/opinions"), "没有事等你填意见")
    picture(road.open(cast.mentor, "/"), "road-home-mentor-opinion", full=True)
    road.at(RESIT, 16)
    road.opine(cast.mentor, "各项基本功过关，能独立接待。", rating=4)
    road.opine(cast.supervisor, "接待量和抽查都达到部门要求。", rating=4)
    tells(road.open(cast.gm, "/opinions"), "没有事等你填意见")
    road.opine(cast.hr, "考勤正常，制度已签收。")
    road.at(date(2026, 9, 30), 9, 30)
    picture(road.open(cast.gm_office, "/"), "road-home-gm_office-opinion", full=True)
    road.opine(cast.gm_office, "材料齐全，同意。")
    road.opine(cast.gm, "同意。")


def decide(road: Road, picture) -> None:
    """A second person confirms; who proposed cannot; the form is archived as a PDF."""
    road.at(date(2026, 9, 30), 14)
    page = road.open(road.cast.hr, "/conversions")
    press(page, f"a:has-text('{NAME}')")
    assert not page.locator(button("确认并生效")).count()
    tells(page, "等第二人确认", selector="h1")
    case = page.url
    page = road.open(road.cast.hr_manager, case.removeprefix(road.site.url))
    picture(page, "road-case-confirm", full=True)
    press(page, button("确认并生效"))
    tells(page, f"{NAME}已转正，10月1日 周四生效", selector="h1")
    picture(page, "road-case-decided", full=True)
    link = page.locator("main a:has-text('转正审批表-')").get_attribute("href")
    picture(page, "road-form-page")
    read_form(page.context.request.get(road.site.url + link))


def become_junior(road: Road, picture) -> None:
    """The level is junior from its date on, and not a minute before."""
    person = f"/people/{road.cast.trainee}"
    for who in (road.cast.hr, road.cast.trainee):
        road.at(date(2026, 9, 30), 23, 50)
        page = road.open(who, person)
        tells(page, "状态试用期", "级别—", selector=CARD)
        tells(page, "10月1日 周四 将生效")
    for who in (road.cast.hr, road.cast.trainee):
        road.at(EFFECTIVE, 0, 1)
        page = road.open(who, person)
        tells(page, "状态已转正", "级别初级", selector=CARD)
        keeps_quiet(page, "将生效")
    picture(road.open(road.cast.hr, person), "road-junior", full=True)
    picture(road.open(road.cast.trainee, "/"), "road-home-junior", full=True)
