"""The pages of conversion and of opinions, walked by the people who use them."""

import re
from datetime import date, timedelta

import pytest

from cstrain.exams import queries as exams
from cstrain.onboarding.conversion import queries, service
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.unit_of_work import unit_of_work
from tests.factories import conversion as road
from tests.factories import people as make

EXAM, at = road.EXAM, road.at
SUMMARY = "学完了全部课程，能独立接待售后会话，OA流程已熟，今后每周复盘。"


@pytest.fixture
def office(app):
    with app.app_context():
        return road.make_office()


@pytest.fixture
def arranged(app, office):
    with app.app_context():
        road.arrange(office)
    return office


def text(page):
    """What a reader reads: no tags, no indentation."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def on(clock, day, hour=9):
    clock.set(at(day, hour))


def test_hr_arranges_the_papers_and_sees_the_case(app, client, clock, office):
    on(clock, date(2026, 11, 16))
    client.log_in_as(office.hr)
    assert "第22天" in text(client.get(f"/conversions/enrolments/{office.enrolment}/papers"))
    client.post(f"/conversions/enrolments/{office.enrolment}/papers", {"on_day": "2026-13-45"}, 422)
    client.post(f"/conversions/enrolments/{office.enrolment}/papers", {"on_day": "2027-01-05"}, 422)
    client.post(f"/conversions/enrolments/{office.enrolment}/papers", {"on_day": EXAM.isoformat()})
    page = text(client.get("/conversions"))
    assert "陈嘉豪" in page
    with app.app_context():
        case = queries.case_for_enrolment(office.enrolment)
    page = text(client.get(f"/conversions/{case.id}"))
    assert "11月19日 周四 09:00" in page
    assert "还没有填写" in page


def test_hr_is_led_from_home_to_papers_that_are_not_arranged(app, client, clock, office):
    page = "/conversions/enrolments/1/papers"
    on(clock, date(2026, 11, 12))
    client.log_in_as(office.hr)
    assert page not in client.get("/")
    on(clock, date(2026, 11, 13))
    home = client.log_in_as(office.hr).get("/")
    assert "陈嘉豪" in home and "转正考试在11月19日 周四，3卷还没有安排" in text(home) and page in home
    client.post(page, {"on_day": EXAM.isoformat()})
    assert "还没有安排" not in client.get("/")
    on(clock, EXAM + timedelta(days=1))
    home = client.log_in_as(office.hr).get("/")
    assert "有3卷没有参加" in text(home) and 'href="/conversions/1"' in home


def test_the_day_of_the_papers_leads_to_the_page_that_arranges_them(app, client, clock, office):
    on(clock, date(2026, 11, 16))
    day = f"/enrolments/{office.enrolment}/days/22"
    client.log_in_as(office.hr)
    page = client.get(day)
    assert "安排这一天的考试" not in page and f"/conversions/enrolments/{office.enrolment}/papers" in page
    client.post(f"{day}/exam", {"opens_at": "2026-11-19T08:30", "closes_at": "2026-11-19T20:00"}, status=409)
    with app.app_context():
        road.arrange(office)
    assert f'href="/conversions/{office.case}"' in client.get(day)


def test_the_whole_chain_converts_somebody_on_the_pages(app, client, clock, arranged):
    office = arranged
    case = f"/conversions/{office.case}"
    with app.app_context():
        road.take_exam(office)
    on(clock, EXAM + timedelta(days=1))
    client.log_in_as(office.trainee)
    assert client.raw.get("/conversions/mine").status_code == 302
    assert "写一份试用期小结" in text(client.get(case))
    client.get(f"{case}/summary")
    client.post(f"{case}/summary", {"text": "太短"}, 422)
    client.post(f"{case}/summary", {"text": SUMMARY})
    assert SUMMARY in text(client.get(case))
    client.get(f"{case}/decision", 403)
    client.log_in_as(office.hr)
    client.get(f"{case}/violations")
    client.post(f"{case}/violations", {"violations": "none"})
    client.get(f"{case}/training")
    client.post(f"{case}/training", {"text": "复习OA手册报销一章"})
    assert "建议结论：次日转正" in text(client.get(f"{case}/decision"))
    client.post(f"{case}/decision", {"outcome": "convert_next_day", "reason": ""}, 422)
    client.post(f"{case}/decision", {"outcome": "convert_next_day", "reason": "三卷都及格"})
    for person in office.chain:
        client.log_in_as(person)
        waiting = text(client.get("/opinions"))
        assert "1件事等你填意见" in waiting
        assert "填写意见" in text(client.get(case))
        with app.app_context():
            from cstrain.approvals.queries import open_chains

            chain = open_chains()[0]
        client.get(f"/opinions/{chain.id}")
        client.post(f"/opinions/{chain.id}", {"text": "漏选"}, 422)
        answer = {"verdict": "agree", "text": "已核对"} | ({"rating": "4"} if chain.due.rates else {})
        client.post(f"/opinions/{chain.id}", answer)
        assert "没有事等你填意见" in text(client.get("/opinions"))
    client.log_in_as(office.hr)
    client.post(f"{case}/confirm", status=403)
    client.log_in_as(office.hr_manager)
    assert "等你确认" in text(client.get(case))
    client.post(f"{case}/confirm")
    page = text(client.get(case))
    assert "已转正，11月20日 周五生效" in page
    assert "已归档" in page
    with app.app_context():
        document = queries.documents_of(f"conversion:{office.case}")[0]
        assert people.get_person(office.trainee, EXAM + timedelta(days=1)).status is Status.CONVERTED
    assert client.download(f"/documents/{document.id}").startswith(b"%PDF")
    assert client.download(f"{case}/form.pdf").startswith(b"%PDF")
    client.log_in_as(office.trainee)
    assert "你已转正" in text(client.get(case))
    assert client.download(f"/documents/{document.id}").startswith(b"%PDF")


def test_a_stranger_sees_neither_case_nor_document_nor_opinion(app, client, clock, arranged):
    office = arranged
    with app.app_context():
        road.take_exam(office)
        now = at(EXAM, 18)
        road.state_no_violation(office, now)
        with unit_of_work():
            service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "都及格")
        stranger = make.make_person("钱立", roles=["mentor"])
        agent = make.make_person("沈雅婷")
    on(clock, EXAM + timedelta(days=1))
    for person in (stranger, agent):
        client.log_in_as(person)
        for url in (f"/conversions/{office.case}", f"/conversions/{office.case}/form.pdf", "/opinions/1"):
            client.get(url, 404)
        client.post("/opinions/1", {"verdict": "agree", "rating": "5"}, 404)
        client.get("/conversions/mine")
        assert "还没到转正的时候" in text(client.get("/conversions/mine"))


def test_a_decision_can_be_sent_back(app, client, clock, arranged):
    office = arranged
    with app.app_context():
        road.take_exam(office)
        road.state_no_violation(office, at(EXAM, 18))
        with unit_of_work():
            service.propose_decision(office.hr, at(EXAM, 18), office.case, Outcome.NEXT_DAY, "都及格")
    on(clock, EXAM + timedelta(days=1))
    client.log_in_as(office.hr_manager)
    client.post(f"/conversions/{office.case}/refuse", {"note": ""}, 422)
    client.post(f"/conversions/{office.case}/refuse", {"note": "请补小结"})
    assert "等人提出结论" in text(client.get(f"/conversions/{office.case}"))


def test_an_extension_is_offered_consented_to_and_decided(app, client, clock, arranged):
    office = arranged
    case, day = f"/conversions/{office.case}", date(2026, 11, 24)
    with app.app_context():
        road.take_exam(office, failed=("oa",))
        again = road.sit(office, "conversion-oa", right=False, kind="resit")
        road.release(office, [again], at(date(2026, 11, 21), 17))
        road.state_no_violation(office, at(date(2026, 11, 23)))
    on(clock, day)
    client.log_in_as(office.hr)
    assert "延长试用期" in text(client.get(case))
    assert "法院看法不一" in text(client.get(f"{case}/extension"))
    client.post(f"{case}/extension", {"until": "2027-08-01"}, 422)
    client.post(f"{case}/extension", {"until": "2027-01-25"})
    client.log_in_as(office.trainee)
    page = text(client.get(case))
    assert "等你答复" in page
    assert "法院看法不一" in page
    assert client.download(f"{case}/consent.pdf").startswith(b"%PDF")
    client.post(f"{case}/my-consent")
    client.log_in_as(office.hr)
    client.get(f"{case}/consent")
    form = {"until": "2027-01-25", "consented_on": "2026-11-24", "evidence": "档案12"}
    client.post(f"{case}/consent", form)
    client.post(
        f"{case}/decision", {"outcome": "extend_probation", "until": "2027-01-25", "reason": "再给一次机会"}
    )
    with app.app_context():
        road.give_all(office, at(day, 10))
    client.log_in_as(office.hr_manager)
    client.post(f"{case}/confirm")
    assert "延长到" in text(client.get(case))
    client.log_in_as(office.hr)
    client.get(f"{case}/papers/conversion-oa")
    client.post(f"{case}/papers/conversion-oa", {"on_day": "2026-11-20"}, 422)
    client.post(f"{case}/papers/conversion-oa", {"on_day": "2026-12-10"})
    client.get(f"{case}/papers/nothing", 404)
    with app.app_context():
        kinds = [one.kind for one in exams.sittings_of(office.trainee, kinds=("resit",))]
    assert kinds == ["resit", "resit"]


FULL = {
    "condition": "第3天快捷短语考核达到80分",
    "acknowledged_on": "2026-10-26",
    "evidence": "考核表，档案3",
    "union_notice": "无工会",
    "reasons": "快捷短语61.0分，低于80分。",
    "last_day": "2026-10-30",
}


def test_an_elimination_is_proposed_answered_and_confirmed_on_the_pages(app, client, clock, office):
    on(clock, date(2026, 10, 29))
    client.log_in_as(office.hr)
    url = f"/eliminations/new/{office.enrolment}"
    assert "第三十九条" in text(client.get(url))
    client.post(url, FULL | {"evidence": ""}, 422)
    client.post(url, FULL)
    assert "等第二个人确认" in text(client.get("/eliminations/1"))
    client.post("/eliminations/1/confirm", status=403)
    client.log_in_as(office.trainee)
    assert "请答复" in text(client.get("/eliminations/1"))
    client.post("/eliminations/1/answer", {"answer": ""}, 422)
    client.post("/eliminations/1/answer", {"answer": "练习时间太短，请再给一周。"})
    assert "你已答复" in text(client.get("/eliminations/1"))
    assert client.download("/eliminations/1/letter.pdf").startswith(b"%PDF")
    client.log_in_as(office.supervisor)
    assert "练习时间太短" in text(client.get("/eliminations/1"))
    client.post("/eliminations/1/confirm")
    assert "已生效" in text(client.get("/eliminations/1"))
    assert "已归档" not in text(client.get("/conversions?closed=1"))


def test_an_elimination_can_be_sent_back(app, client, clock, office):
    on(clock, date(2026, 10, 29))
    client.log_in_as(office.hr)
    client.post(f"/eliminations/new/{office.enrolment}", FULL)
    kept = client.post("/eliminations/1/refuse", {"note": "再" * 2001}, 422).text
    assert "再" * 2001 in kept
    client.post("/eliminations/1/refuse", {"note": "再辅导两天"})
    assert "不再办理" in text(client.get("/eliminations/1"))


def test_opinions_are_given_by_a_dated_stand_in_and_named_on_the_page(app, client, clock, arranged):
    office = arranged
    with app.app_context():
        road.take_exam(office)
        road.state_no_violation(office, at(EXAM, 18))
        deputy = make.make_person("孙浩")
        make.make_stand_in(office.mentor, deputy, EXAM, EXAM + timedelta(days=3), created_by=office.hr)
        with unit_of_work():
            service.propose_decision(office.hr, at(EXAM, 18), office.case, Outcome.NEXT_DAY, "都及格")
    on(clock, EXAM + timedelta(days=4))
    client.log_in_as(deputy)
    assert "没有事等你填意见" in text(client.get("/opinions"))
    on(clock, EXAM + timedelta(days=1))
    assert "代赵倩" in text(client.get("/opinions"))
    assert "你今天代赵倩填写" in text(client.get("/opinions/1"))
    client.post("/opinions/1", {"verdict": "agree", "rating": "5"})
    assert "（代赵倩）" in text(client.get("/opinions/1"))


def test_the_trainees_page_and_the_board_show_the_conversion(app, client, clock, arranged):
    with app.app_context():
        road.take_exam(arranged, failed=("rules",))
    on(clock, EXAM + timedelta(days=1))
    client.log_in_as(arranged.hr)
    page = text(client.get("/conversions"))
    assert "专项培训后补考" in page
    assert "题目全部换新" in page


def test_who_sees_the_board_and_not_the_case_is_not_led_to_it(app, client, clock, arranged):
    with app.app_context():
        road.take_exam(arranged)
        overseer = make.make_person("冯岚", roles=["qc_manager"])
    on(clock, EXAM + timedelta(days=1))
    case = f"/conversions/{arranged.case}"
    assert case in client.log_in_as(arranged.hr).get("/board")

    page = client.log_in_as(overseer).get("/board")
    assert "陈嘉豪" in page and "次日转正" in text(page)
    assert case not in page
    assert case not in client.get(f"/enrolments/{arranged.enrolment}")
    client.get(case, status=404)
