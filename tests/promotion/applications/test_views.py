"""The pages of the road, walked by the people who use them."""

import re
from datetime import date, timedelta

import pytest

from cstrain.people import queries as people
from cstrain.people.facts import Level
from cstrain.promotion import ports
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.facts import State
from tests.counting import counted
from tests.factories import applications as road
from tests.factories.applications import DAY, FULL, at

LAST = date(2026, 12, 1)


def text(page) -> str:
    """What a reader reads: no tags, no indentation."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


@pytest.fixture
def walk(app, client, clock, cast):
    """Sign in and set the clock in one go."""

    def step(person, when=None):
        clock.set(when or at())
        return client.log_in_as(person)

    step.app = app
    return step


def test_the_whole_road_by_pages(walk, cast):
    page = walk(cast.applicant).get("/applications/new")
    assert "你现在可以申请晋升" in page
    walk(cast.applicant).post("/applications/new", {"step": "general/intermediate", "statement": ""}, 422)
    client = walk(cast.applicant)
    client.post("/applications/new", {"step": "general/intermediate", "statement": "带过两位新人。"})
    assert "等部门评审" in client.get("/applications/1")
    assert client.get("/applications/new", 302) and client.get("/applications/mine", 302)

    with walk.app.app_context():
        assert ports.applying() == {cast.applicant}
    client = walk(cast.supervisor)
    assert "晋升申请等部门评审" in client.get("/")
    assert "晋升申请等部门评审" in client.get("/applications")
    assert "主动发现不足" in client.get("/applications/1/review")
    kept = {"rating_0": "4", "note_0": "改了退款流程", "recommends": "yes", "text": ""}
    assert "改了退款流程" in client.post("/applications/1/review", kept, 422).text
    client.post("/applications/1/review", {**kept, "text": "同意推荐"})

    client = walk(cast.hr, at(hour=11))
    client.get("/applications/1/check")
    client.post("/applications/1/check", {})
    assert "晋升申请等安排答辩" in client.get("/applications")
    client.get("/defences/new")
    given = {
        "title": "11月答辩",
        "panel": "defence",
        "starts_at": "2026-11-25T14:00",
        "place": "三楼",
        "plan": "述职十分钟",
        "applications": ["1"],
        "jurors": [str(one) for one in cast.jurors[:2]],
    }
    assert "3至7" in text(client.post("/defences/new", given, 422).text)
    client.post("/defences/new", {**given, "jurors": [str(one) for one in cast.jurors]})
    assert "抽签种子" in client.get("/defences/1")
    assert "11月答辩" in client.get("/defences")

    for juror in cast.jurors:
        client = walk(juror, at(DAY + timedelta(days=1)))
        assert "先声明" in client.get("/defences/entries/1")
        client.post("/defences/entries/1/declare", {}, 422)
        client.post("/defences/entries/1/declare", {"answer": "none"})
    client = walk(cast.hr, at(DAY + timedelta(days=2), 14))
    for what in ("speech_from", "speech_to", "answers_from", "answers_to"):
        client.post(f"/defences/entries/1/time/{what}")
    points = {f"points_{name}": f"{value:f}" for name, value in FULL.items()}
    for number, juror in enumerate(cast.jurors):
        client = walk(juror, at(DAY + timedelta(days=2), 15))
        assert "给方可欣评分" in client.get("/defences/entries/1")
        client.post("/defences/entries/1/sheet", {"points_case": "73.5"})
        assert 'value="73.5"' in client.get("/defences/entries/1")
        refused = client.post("/defences/entries/1/sheet", {**points, "points_case": "abc", "seal": "1"}, 422)
        assert 'value="abc"' in refused.text
        client.post("/defences/entries/1/sheet", {**points, "seal": "1"})
        page = client.get("/defences/entries/1")
        assert ("分数已公开" in page) is (number == 2)

    client = walk(cast.hr, at(DAY + timedelta(days=2), 16))
    assert "85.20" in client.get("/defences/entries/1")
    client.get("/defences/entries/1/minutes")
    client.post("/defences/entries/1/minutes", {"note": "答辩顺利。"})
    for juror in cast.jurors:
        walk(juror, at(DAY + timedelta(days=2), 16)).post("/defences/entries/1/sign")

    client = walk(cast.gm_office, at(DAY + timedelta(days=2), 17))
    client.get("/applications/1/decision")
    client.post("/applications/1/decision", {"outcome": "approve", "reason": ""}, 422)
    client.post("/applications/1/decision", {"outcome": "approve", "reason": "达到要求"})
    client = walk(cast.gm, at(DAY + timedelta(days=2), 17))
    assert "提出通过，等确认" in client.get("/applications/1")
    client.post("/applications/1/decision/confirm")

    client = walk(cast.hr, at(DAY + timedelta(days=2), 18))
    client.get("/applications/1/notice")
    client.post("/applications/1/notice", {"record": "带过两位新人，流程改进被采用。"})
    client = walk(cast.colleague, at(LAST, 9))
    assert "方可欣" in client.get("/public-notices")
    page = text(client.get("/public-notices/1"))
    assert "初级客服" in page and "中级客服" in page and "85.20" not in page
    client.get("/public-notices/1/objection")
    client.post("/public-notices/1/objection", {"text": ""}, 422)
    client.post("/public-notices/1/objection", {"text": "流程是别人改的", "anonymous": "y"})

    client = walk(cast.hr, at(LAST + timedelta(days=1)))
    assert "有1个异议没有答复" in text(client.get("/applications/1"))
    client.post("/applications/1/notice/close", status=409)
    assert "匿名" in client.get("/public-notices/1/objections")
    client.post("/public-notices/objections/1/start")
    client.get("/public-notices/objections/1/answer")
    client.post("/public-notices/objections/1/answer", {"outcome": "dismissed", "reason": "有签名记录"})
    client.post("/applications/1/notice/close")
    client.get("/applications/1/appointment")
    client.post("/applications/1/appointment", {"effective_on": LAST.isoformat()}, 422)
    client.post("/applications/1/appointment", {"effective_on": "2026-12-10"})
    with walk.app.app_context():
        assert people.get_person(cast.applicant, date(2026, 12, 10)).level is Level.INTERMEDIATE
    page = walk(cast.applicant, at(LAST + timedelta(days=1))).get("/applications/1")
    assert "85.20" in page and "已任命" in page
    assert "公示已到期" in walk(cast.applicant, at(LAST + timedelta(days=1))).get("/public-notices/1")
    walk(cast.colleague, at(LAST + timedelta(days=1))).get("/public-notices/1", 404)
    assert "中级客服" in walk(cast.gm, at(LAST + timedelta(days=1))).get("/applications?closed=1")


@pytest.fixture
def held(app, cast):
    """One juror has sealed, one keeps a draft, with a number nobody else has."""
    from decimal import Decimal

    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        road.to_defence(cast)
        road.declare(cast, at(DAY + timedelta(days=1)))
        cast.now = road.hold(cast)
        odd = {name: Decimal("73.5") for name in FULL}
        with unit_of_work():
            service.seal_sheet(cast.jurors[0], cast.now, cast.entry, odd, "只有我知道", "s")
        with unit_of_work():
            service.save_sheet(cast.jurors[1], cast.now, cast.entry, odd, "只有我知道")
    return cast


PAGES = ["/", "/applications", "/applications/1", "/defences", "/defences/1", "/defences/entries/1",
         "/defences/new", "/public-notices", "/applications/1/check", "/applications/1/decision"]  # fmt: skip


def test_no_page_shows_a_score_to_anybody_before_all_are_sealed(walk, held):
    everybody = [held.jurors[0], held.jurors[2], held.hr, held.hr_manager, held.gm, held.gm_office]
    for person in (*everybody, held.supervisor, held.applicant, held.colleague):
        client = walk(person, held.now)
        for url in PAGES:
            page = client.raw.get(url).text
            assert "73.5" not in page and "只有我知道" not in page, (person, url)
    assert "73.5" in walk(held.jurors[1], held.now).get("/defences/entries/1")


def test_a_foreign_thing_answers_like_a_missing_one(walk, held):
    client = walk(held.colleague, held.now)
    for url in ("/applications/1", "/applications/999", "/public-notices/1"):
        client.get(url, 404)
    client.get("/defences/1", 403)
    for url in ("/applications/1/withdraw", "/applications/1/appeal"):
        client.post(url, {"note": "x"}, 404)
    client = walk(held.gm, held.now)
    client.get("/defences/entries/1", 404)
    client.get("/defences/1", 404)
    client.post("/defences/entries/1/sheet", {}, 404)


def test_nobody_acts_on_themself_by_pages_either(app, walk, cast):
    from tests.factories.people import make_role

    with app.app_context():
        for role in ("hr", "gm", "juror"):
            make_role(cast.applicant, role)
        road.to_defence(cast)
    client = walk(cast.applicant, at(DAY + timedelta(days=1)))
    for url in (
        "/applications/1/check",
        "/applications/1/return",
        "/applications/1/decision",
        "/applications/1/notice",
        "/applications/1/appointment",
        "/applications/1/trial",
        "/applications/1/appeal/decision",
        "/defences/entries/1",
        "/defences/entries/1/minutes",
        f"/defences/entries/1/jurors/{cast.jurors[0]}",
    ):
        client.get(url, 404)
    client.get("/defences/1", 404)
    for url in ("/defences/entries/1/time/speech_from", "/applications/1/decision/confirm",
                "/applications/1/notice/close", "/defences/entries/1/sign", "/applications/1/decision/refuse",
                "/applications/1/trial/confirm", "/applications/1/trial/refuse"):  # fmt: skip
        client.post(url, {}, 404)


def test_hr_judges_an_unsure_juror_and_names_another(app, walk, cast):
    from tests.factories.people import make_person

    with app.app_context():
        road.to_defence(cast)
        more = make_person("何平", roles=["juror"])
    when = at(DAY + timedelta(days=1))
    walk(cast.jurors[0], when).post("/defences/entries/1/declare", {"answer": "unsure", "note": "同乡"})
    client = walk(cast.hr, when)
    assert "请你判断要不要回避" in client.get("/defences/1")
    url = f"/defences/entries/1/jurors/{cast.jurors[0]}"
    client.get(url)
    client.post(url, {"excluded": "yes", "why": ""}, 422)
    client.post(url, {"excluded": "yes", "why": "同乡同学"})
    client.post("/defences/1/jurors", {"person": "999999"}, 422)
    client.post("/defences/1/jurors", {"person": str(more)})
    assert "你已回避" in walk(cast.jurors[0], when).get("/defences/entries/1")


def test_a_returned_application_is_appealed_and_answered_by_pages(app, walk, cast):
    with app.app_context():
        road.submit(cast)
        road.review(cast, rating=3)
    client = walk(cast.hr)
    assert "有条件没有满足" in client.get("/applications/1/check")
    client.get("/applications/1/return")
    client.post("/applications/1/return", {"clause": "(D)", "why": ""}, 422)
    client.post("/applications/1/return", {"clause": "(D)", "why": "上级评价3分"})
    client = walk(cast.applicant)
    assert "退回" in client.get("/applications/1")
    client.get("/applications/1/appeal")
    client.post("/applications/1/appeal", {"note": "改进记录没有看"})
    client = walk(cast.deputy)
    assert "晋升申诉等答复" in client.get("/")
    client.get("/applications/1/appeal/decision")
    client.post("/applications/1/appeal/decision", {"outcome": "upheld", "reason": "有改进记录"})
    with app.app_context():
        assert queries.application(1).state is State.REVIEWED


def test_withdrawing_refusing_and_ending_a_trial_by_pages(app, walk, cast):
    cast.book.change(trial_months=1, panel="", notice_working_days=None)
    with app.app_context():
        road.submit(cast)
    walk(cast.applicant).post("/applications/1/withdraw", {"note": "再准备"})
    with app.app_context():
        road.submit(cast)
        road.review(cast)
        road.check(cast)
    walk(cast.gm_office).post("/applications/2/decision", {"outcome": "approve", "reason": "好"})
    walk(cast.gm).post("/applications/2/decision/refuse", {"note": "写清楚"})
    walk(cast.gm_office).post("/applications/2/decision", {"outcome": "approve", "reason": "好"})
    walk(cast.gm).post("/applications/2/decision/confirm")
    walk(cast.hr).post("/applications/2/appointment", {"effective_on": "2026-12-01"})
    over = at(date(2026, 12, 31))
    client = walk(cast.hr, over)
    assert "提出试岗结论" in client.get("/applications/2")
    client.get("/applications/2/trial")
    client.post("/applications/2/trial", {"outcome": "confirm_trial", "reason": "值班稳定"})
    client = walk(cast.gm, over)
    assert "提出试岗合格，等确认" in client.get("/applications/2")
    client.post("/applications/2/trial/refuse", {"note": "再写"})
    walk(cast.hr, over).post("/applications/2/trial", {"outcome": "confirm_trial", "reason": "值班稳定"})
    walk(cast.gm, over).post("/applications/2/trial/confirm")
    with app.app_context():
        assert queries.application(2).state is State.CONFIRMED


def test_nothing_to_apply_for_is_said(walk, cast):
    assert "没有可以申请的级别" in walk(cast.hr).get("/applications/new")
    assert "还没有答辩" in walk(cast.jurors[0]).get("/defences")
    assert "没有公示" in walk(cast.colleague).get("/public-notices")
    assert "晋升在这里办" in walk(cast.colleague).get("/applications")
    walk(cast.colleague).get("/applications/mine", 302)


def test_the_list_pages_and_takes_a_fixed_number_of_statements(app, walk, cast):
    from tests.factories.people import make_person

    def add(count):
        with app.app_context():
            place = people.get_person(cast.applicant, DAY).department_id
            for number in range(count):
                cast.applicant = make_person(f"员工{number}", department=place, level="junior")
                road.submit(cast)

    add(3)
    client = walk(cast.gm)
    with counted(app) as few:
        client.get("/applications")
    add(50)
    with counted(app) as many:
        assert "第1页，共2页" in text(client.get("/applications"))
    assert len(many) == len(few)
    client.get("/applications?page=2")
