"""Pages of plans, joint assessment and interviews: who sees what, refused input, every act, the home."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from cstrain.people.queries import people_of_department
from cstrain.performance import service as months
from cstrain.performance.assessment import queries, service
from cstrain.performance.assessment.policy import PAGE_SIZE
from tests.conftest import START
from tests.counting import counted
from tests.factories.assessment import (
    OCTOBER,
    act,
    company,
    make_final,
    make_interview,
    make_plan,
    open_round,
    place_of,
    rate,
    rate_all,
    sheet_of,
)
from tests.factories.people import make_person
from tests.factories.performance import close_department, make_month

PLAN = {
    "month": "2026-11", "post": "客服专员", "text_1": "客户满意", "measure_1": "当月平均",
    "sense_1": "at_least", "number_1": "92", "unit_1": "%", "weight_1": "60", "source_1": "csat",
    "text_2": "带教", "measure_2": "组长评定", "sense_2": "at_least", "weight_2": "40", "source_2": "",
}  # fmt: skip
POINTS = {
    "points_accuracy": "30",
    "points_completeness": "25.5",
    "points_compliance": "31",
    "note": "三次没有核对",
}
TALK = {
    "staff_no": "k7001", "month": "2026-10", "held_on": "2026-11-20", "discussed": "谈了响应速度",
    "text_1": "复习流程", "due_1": "2026-11-20",
}  # fmt: skip


def plain(page) -> str:
    page = page if isinstance(page, str) else page.text
    return re.sub(r"[\s\u00a0\u2060]", "", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        return company()


@pytest.fixture
def within(app):
    """Call a function within an application context of its own: pages have their own, too."""

    def call(function, *values, **named):
        with app.app_context():
            return function(*values, **named)

    return call


# --- points kept as they are given


def test_points_are_kept_as_they_are_given_for_nobody_but_their_rater(client, people, within) -> None:
    within(open_round, people)
    made = within(sheet_of, people["person"])
    url = f"/assessment/sheets/{made}"
    begun = {"points_accuracy": "30", "points_completeness": "", "note": "CANARY先记一句"}
    client.log_in_as(people["qc"])
    assert "打分时自动保存" in client.get(f"{url}/rate")
    kept = client.post(f"{url}/points", begun, 200, audited=False)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", kept.json["saved"])
    page = client.get(f"{url}/rate")
    assert "草稿已保存" in page and "CANARY先记一句" in page and 'value="30"' in page
    wrong = client.post(f"{url}/points", begun | {"points_accuracy": "30.3"}, 422, audited=False)
    assert "一档" in wrong.json["error"]
    client.post(f"{url}/points", begun | {"note": "CANARY改一句"}, 200, audited=False)
    assert "CANARY改一句" in client.get(f"{url}/rate")
    for who in ("leader", "director", "person", "hr"):
        page = client.log_in_as(people[who]).get(url)
        assert "CANARY" not in page and "CANARY" not in client.get("/")
    client.post(f"{url}/points", begun, 403, audited=False)
    client.log_in_as(people["leader"])
    assert "CANARY" not in client.get(f"{url}/rate")
    assert not within(queries.sheet, made).ratings
    client.log_in_as(people["qc"]).post(f"{url}/rate", POINTS)
    (given,) = within(queries.sheet, made).ratings
    assert (given.revision, given.note, given.by) == (1, POINTS["note"], people["qc"])
    assert within(queries.own_draft, made, people["qc"], "qc") is None
    client.post(f"{url}/points", begun, 409, audited=False)


# --- plans


def test_a_plan_goes_through_three_pages_of_three_people(client, people, within) -> None:
    place = within(place_of)
    client.log_in_as(people["supervisor"])
    assert "还没有岗位绩效计划" in plain(client.get("/assessment/plans"))
    client.get("/assessment/plans/new")
    page = client.post("/assessment/plans/new", PLAN | {"department": place, "weight_1": "50"}, status=422)
    assert "现在是90" in plain(page) and "当月平均" in page.text
    bad = client.post("/assessment/plans/new", PLAN | {"department": place, "number_1": "x"}, status=422)
    assert "请填数字" in plain(bad)
    for cleared, says in (
        ("text_2", "第2个目标没有写内容"),
        ("measure_2", "没有写怎么衡量"),
        ("weight_2", "没有权重"),
    ):
        form = PLAN | {"department": place, "weight_1": "100" if cleared == "weight_2" else "60", cleared: ""}
        page = client.post("/assessment/plans/new", form, status=422)
        assert says in plain(page) and 'value="客户满意"' in page.text
    client.post("/assessment/plans/new", PLAN | {"department": place})
    page = plain(client.get("/assessment/plans/1"))
    assert "等考核部门审核" in page and "不低于92%" in page and "你已经办过这一版的一步" not in page
    client.post("/assessment/plans/1/check", {}, status=403)
    client.log_in_as(people["hr"])
    assert "岗位绩效计划等你审核" in plain(client.get("/assessment/todo"))
    client.post("/assessment/plans/1/check", {})
    assert "这一步已经有人办过" in plain(client.post("/assessment/plans/1/check", {}, status=422))
    client.log_in_as(people["director"]).post("/assessment/plans/1/approve", {})
    page = plain(client.get("/assessment/plans/1"))
    assert "已批准" in page and "起草下一版" in page
    assert 'value="客户满意"' in client.get("/assessment/plans/new?from=1")
    assert "岗位绩效计划共1版" in plain(client.get("/assessment/plans"))


def test_whom_a_plan_binds_sees_it_and_a_stranger_gets_the_same_answer_as_for_none(
    client, people, within
) -> None:
    within(make_plan, people)
    assert "客服专员的绩效计划" in plain(client.log_in_as(people["person"]).get("/assessment/plans/1"))
    assert "满意度" in plain(client.get("/assessment"))
    client.get("/assessment/plans", status=403)
    client.log_in_as(people["stranger"])
    for number in (1, 999):
        client.get(f"/assessment/plans/{number}", status=404)
    client.log_in_as(people["vip"]).get("/assessment/plans/1", status=404)
    client.get("/assessment/plans/new?from=1", status=404)


def test_a_plan_is_returned_with_a_reason(client, people, within) -> None:
    client.log_in_as(people["supervisor"])
    client.post("/assessment/plans/new", PLAN | {"department": within(place_of)})
    client.log_in_as(people["hr_manager"])
    assert "请填写" in plain(client.post("/assessment/plans/1/return", {"reason": ""}, status=422))
    client.post("/assessment/plans/1/return", {"reason": "目标值没有依据"})
    assert "目标值没有依据" in plain(client.get("/assessment/plans/1"))
    client.post("/assessment/plans/1/return", {"reason": "再退"}, status=404)


# --- rounds and points


def test_hr_opens_a_month_and_the_list_shows_what_is_missing(client, people, within) -> None:
    client.log_in_as(people["hr"])
    assert "还没有开始过" in plain(client.get("/assessment/rounds"))
    client.get("/assessment/rounds/new")
    place = within(place_of)
    client.post("/assessment/rounds/new", {"department": place, "month": "2026-10"})
    page = plain(client.get("/assessment/rounds/1"))
    assert "0/3人已终审" in page and "质检经理、贵宾经理、组长" in page
    again = client.post("/assessment/rounds/new", {"department": place, "month": "2026-10"}, status=422)
    assert "没有还缺考核表的人" in plain(again)
    assert "0/3人" in plain(client.get("/assessment/rounds"))
    for who in ("stranger", "person"):
        client.log_in_as(people[who]).get("/assessment/rounds/1", status=404)
    client.get("/assessment/rounds", status=403)
    client.get("/assessment/rounds/99", status=404)


def test_an_office_rates_with_the_month_beside_and_only_its_own_points_are_seen(
    client, people, within
) -> None:
    within(open_round, people)
    within(make_month, people["person"], OCTOBER, csat=93, chats=400)
    made = within(sheet_of, people["person"])
    client.log_in_as(people["qc"])
    page = plain(client.get(f"/assessment/sheets/{made}/rate"))
    assert "给林晓雯2026年10月评分" in page and "93%" in page and "满分35" in page
    wrong = POINTS | {"points_accuracy": "36"}
    page = client.post(f"/assessment/sheets/{made}/rate", wrong, status=422)
    assert "要在0到35分之间" in plain(page) and 'value="36"' in page.text and "三次没有核对" in page.text
    client.post(f"/assessment/sheets/{made}/rate", POINTS)
    assert "86.5分" in plain(client.get(f"/assessment/sheets/{made}"))
    assert "已经评过分" in plain(client.get(f"/assessment/sheets/{made}/rate", status=409))
    assert "已经评过分" in plain(client.post(f"/assessment/sheets/{made}/rate", POINTS, status=409))
    for who in ("hr", "person", "stranger"):
        client.log_in_as(people[who]).get(f"/assessment/sheets/{made}/rate", status=403)
    for who in ("leader", "hr", "person", "director"):
        page = plain(client.log_in_as(people[who]).get(f"/assessment/sheets/{made}"))
        assert "86.5" not in page and "三次没有核对" not in page
        assert "已交，终审后公开" in page
    for who in ("mate", "stranger"):
        client.log_in_as(people[who]).get(f"/assessment/sheets/{made}", status=404)
    client.get("/assessment/sheets/999", status=404)


def test_after_points_the_next_sheet_of_the_round_follows(client, people, within) -> None:
    within(open_round, people)
    made = within(sheet_of, people["person"])
    client.log_in_as(people["qc"])
    answer = client.post(f"/assessment/sheets/{made}/rate", POINTS)
    assert answer.headers["Location"].endswith("/rate")


# --- the final review and the person's word


def test_the_director_signs_and_the_person_acknowledges(client, people, within) -> None:
    within(open_round, people)
    made = within(sheet_of, people["person"])
    within(rate_all, people, made)
    client.log_in_as(people["qc"]).post(f"/assessment/sheets/{made}/finish", {"reason": ""}, status=403)
    client.log_in_as(people["deputy"]).post(f"/assessment/sheets/{made}/finish", {}, status=404)
    client.log_in_as(people["director"])
    assert "考核表等你终审" in plain(client.get("/"))
    assert "加权得分80分，B" in plain(client.get(f"/assessment/sheets/{made}"))
    bad = client.post(f"/assessment/sheets/{made}/finish", {"score": "95", "reason": "很好"}, status=422)
    assert "总监才可以另定分数" in plain(bad) and "很好" in bad.text
    client.post(f"/assessment/sheets/{made}/finish", {"score": "", "reason": ""})
    client.log_in_as(people["person"])
    assert "确认你的考核结果" in plain(client.get("/"))
    assert "2026年10月的考核等你确认" in plain(client.get("/assessment"))
    page = plain(client.get(f"/assessment/sheets/{made}"))
    assert "2026年10月考核80分，B" in page and "封存完好" in page
    client.post(f"/assessment/sheets/{made}/acknowledge", {})
    assert "已经回复过" in plain(client.post(f"/assessment/sheets/{made}/acknowledge", {}, status=422))
    assert client.download(f"/assessment/sheets/{made}/sheet.pdf").startswith(b"%PDF")
    client.log_in_as(people["mate"]).get(f"/assessment/sheets/{made}/sheet.pdf", status=404)
    client.post(f"/assessment/sheets/{made}/acknowledge", {}, status=404)


def test_below_qualified_the_director_gives_reasons_and_the_leader_is_to_talk(client, people, within) -> None:
    within(open_round, people)
    made = within(sheet_of, people["person"])
    within(rate_all, people, made, "0.5")
    client.log_in_as(people["director"])
    assert "低于合格线" in plain(client.get(f"/assessment/sheets/{made}"))
    assert "写明决定的理由" in plain(
        client.post(f"/assessment/sheets/{made}/finish", {"score": ""}, status=422)
    )
    client.post(f"/assessment/sheets/{made}/finish", {"score": "55", "reason": "投诉两起"})
    client.log_in_as(people["leader"])
    assert "结果不合格，等你面谈" in plain(client.get("/"))
    page = plain(client.get("/assessment/interviews"))
    assert "有1人结果不合格还没有面谈" in page


def test_a_sheet_is_returned_to_an_office(client, people, within) -> None:
    within(open_round, people)
    made = within(sheet_of, people["person"])
    within(rate_all, people, made)
    client.log_in_as(people["director"])
    bad = client.post(f"/assessment/sheets/{made}/return", {"reason": "请核对"}, status=422)
    assert "勾选" in plain(bad) and "请核对" in bad.text
    client.post(f"/assessment/sheets/{made}/return", {"offices": ["qc"], "reason": "请核对第3通"})
    client.log_in_as(people["qc"])
    page = client.get(f"/assessment/sheets/{made}/rate")
    assert "请核对第3通" in plain(page) and 'value="28"' in page
    client.post(f"/assessment/sheets/{made}/rate", POINTS)


def test_the_person_contests_and_the_director_decides(client, people, within) -> None:
    made = within(make_final, people)
    client.log_in_as(people["person"])
    assert "请填写" in plain(client.post(f"/assessment/sheets/{made}/contest", {"says": ""}, status=422))
    client.post(f"/assessment/sheets/{made}/contest", {"says": "十月系统故障三天"})
    client.post(f"/assessment/sheets/{made}/decide", {"stands": "yes", "reason": "x"}, status=403)
    client.log_in_as(people["hr"])
    client.post(f"/assessment/sheets/{made}/contest", {"says": "替他说"}, status=404)
    client.log_in_as(people["director"])
    assert "十月系统故障三天" in plain(client.get(f"/assessment/sheets/{made}"))
    bad = client.post(
        f"/assessment/sheets/{made}/decide", {"stands": "no", "score": "", "reason": "故障属实"}, status=422
    )
    assert "请填新的分数" in plain(bad) and "故障属实" in bad.text
    client.post(f"/assessment/sheets/{made}/decide", {"stands": "no", "score": "86", "reason": "故障属实"})
    page = plain(client.log_in_as(people["person"]).get(f"/assessment/sheets/{made}"))
    assert "考核86分，A" in page and "异议已决定" in page
    assert client.download(f"/assessment/sheets/{made}/sheet.pdf").startswith(b"%PDF")


def test_in_a_closed_month_the_sheet_says_that_the_correction_waits_and_may_be_asked_again(
    client, people, within
) -> None:
    within(make_month, people["person"], OCTOBER, score=70)
    within(close_department, within(place_of), OCTOBER)
    made = within(make_final, people)
    client.log_in_as(people["director"])
    assert "分数作为更正等另一人确认" in plain(client.get(f"/assessment/sheets/{made}"))
    assert "没有被退回的更正" in plain(client.post(f"/assessment/sheets/{made}/write", {}, status=422))
    number = within(lambda: queries.sheet(made).final.correction_id)
    within(act, months.decide_correction, people["hr"], START, number, agreed=False, note="先核对数据")
    assert "先核对数据" in plain(client.get(f"/assessment/sheets/{made}"))
    client.post(f"/assessment/sheets/{made}/write", {})


def test_after_the_days_a_result_may_only_be_acknowledged(client, clock, people, within) -> None:
    made = within(make_final, people)
    clock.move(timedelta(days=6))
    client.log_in_as(people["person"])
    page = plain(client.get(f"/assessment/sheets/{made}"))
    assert "确认结果" in page and "不同意，提出异议" not in page
    assert "异议期" in plain(client.post(f"/assessment/sheets/{made}/contest", {"says": "晚了"}, status=422))


# --- interviews


def test_an_interview_is_entered_signed_and_followed_up(client, people, within) -> None:
    client.log_in_as(people["leader"])
    assert "0次绩效面谈" in plain(client.get("/assessment/interviews"))
    page = client.get(f"/assessment/interviews/new?person={people['person']}&month=2026-10")
    assert 'value="K7001"' in page
    assert 'value="K7018"' not in client.get(f"/assessment/interviews/new?person={people['stranger']}")
    for changes, says in (
        ({"staff_no": "K7018"}, "没有找到工号K7018"),
        ({"due_1": ""}, "都要填完成日期"),
        ({"text_1": ""}, "要写约定的事"),
        ({"held_on": "2026-11-21"}, "不能在今天以后"),
    ):
        bad = client.post("/assessment/interviews/new", TALK | changes, status=422)
        assert says in plain(bad) and "谈了响应速度" in bad.text
    client.post("/assessment/interviews/new", TALK)
    assert "已经登记过" in plain(client.post("/assessment/interviews/new", TALK, status=422))
    client.log_in_as(people["person"])
    assert "给绩效面谈签字" in plain(client.get("/"))
    assert "看过后签字" in plain(client.get("/assessment/interviews/1"))
    client.post("/assessment/interviews/1/sign", {"remark": "会改进"})
    assert "已经签过字" in plain(client.post("/assessment/interviews/1/sign", {"remark": "再签"}, status=422))
    client.post("/assessment/interviews/1/actions/1", {"outcome": "done"}, status=403)
    client.log_in_as(people["leader"])
    assert "跟进面谈约定的事" in plain(client.get("/assessment/todo"))
    bad = client.post(
        "/assessment/interviews/1/actions/1", {"outcome": "moved", "note": "培训改期"}, status=422
    )
    assert "改期请填今天以后的日期" in plain(bad) and "培训改期" in bad.text
    moved = {"outcome": "moved", "note": "培训改期", "due_on": "2026-11-27"}
    client.post("/assessment/interviews/1/actions/1", moved)
    assert "培训改期" in plain(client.get("/assessment/interviews/1"))
    client.post("/assessment/interviews/1/actions/9", moved, status=404)
    client.post("/assessment/interviews/1/sign", {"remark": ""}, status=404)
    assert "有约定的事没有完成" in plain(client.get("/assessment/interviews"))
    client.log_in_as(people["person"])
    assert "我的绩效面谈" in plain(client.get("/assessment"))
    for who in ("mate", "vip"):
        client.log_in_as(people[who])
        for number in (1, 99):
            client.get(f"/assessment/interviews/{number}", status=404)


# --- lists, the home, papers


def test_a_home_without_duties_has_no_part_and_one_with_many_names_the_rest(client, people, within) -> None:
    assert "月度考核" not in re.sub(
        r"<nav.*?</nav>", "", client.log_in_as(people["stranger"]).get("/"), flags=re.S
    )
    for number in range(9):
        person = within(make_person, f"员工{number}", department=within(place_of))
        within(make_interview, people["leader"], person, actions=(("复习", date(2026, 11, 20)),))
    page = plain(client.log_in_as(people["leader"]).get("/"))
    assert "跟进面谈约定的事" in page and "还有1件" in page


def test_long_rounds_are_paged_and_cost_the_same_however_many_people(client, app, people, within) -> None:
    for number in range(3):
        within(make_person, f"员工{number}", department=within(place_of))
    within(open_round, people)
    client.log_in_as(people["hr"]).get("/assessment/rounds/1")
    with counted(app) as few:
        client.get("/assessment/rounds/1")
    for number in range(PAGE_SIZE):
        within(make_person, f"新员工{number}", department=within(place_of))
    within(open_round, people)
    with counted(app) as many:
        page = client.get("/assessment/rounds/1")
    assert len(many) <= len(few)
    assert page.count('scope="row"') == PAGE_SIZE
    assert client.get("/assessment/rounds/1?page=2").count('scope="row"') == 6
    client.log_in_as(people["qc"]).get("/assessment/todo")
    with counted(app) as todo:
        client.get("/assessment/todo")
    assert len(todo) <= 60, len(todo)


def test_long_lists_of_interviews_cost_the_same(client, app, people, within) -> None:
    within(make_interview, people["leader"], people["person"])
    client.log_in_as(people["supervisor"]).get("/assessment/interviews")
    with counted(app) as few:
        client.get("/assessment/interviews")
    for n in range(PAGE_SIZE):
        within(make_interview, people["leader"], people["person"], discussed=f"第{n}次谈响应速度")
    with counted(app) as many:
        page = client.get("/assessment/interviews")
    assert len(many) <= len(few) and "下一页" in page
    assert client.get("/assessment/interviews?page=2").count('scope="row"') == 1


def test_the_chart_of_the_months_has_its_table(client, clock, people, within) -> None:
    made = within(make_final, people)
    assert made and within(people_of_department, within(place_of), date(2026, 11, 20))
    clock.move(timedelta(days=14))
    november = date(2026, 11, 1)

    def second() -> None:
        later = START + timedelta(days=14)
        act(service.open_round, people["hr"], later, place_of(), november)
        sheet = queries.sheets_of_person(people["person"])[0].id
        rate(people, sheet, "qc", share="0.9")
        rate(people, sheet, "vip", share="0.9")
        rate(people, sheet, "leader", share="0.9")
        act(service.finish, people["director"], later, sheet)

    within(second)
    page = plain(client.log_in_as(people["person"]).get("/assessment"))
    assert "各月考核分" in page and "共2个月" in page and "2026年10月" in page
