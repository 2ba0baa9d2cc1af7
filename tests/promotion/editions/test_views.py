"""The pages of editions, walked by the people who use them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from cstrain.promotion import changing, ladders
from cstrain.promotion.editions.views.decisions import paper_word
from tests.counting import counted
from tests.factories import competitions, eaglets, rating
from tests.factories import editions as road
from tests.factories.editions import CLAUSE, NOW
from tests.factories.people import make_person
from tests.factories.promotion import close_month, make_month

BASE = "/promotion/editions"
DRAFT = f"{BASE}/drafts/1"


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


@pytest.fixture
def kept(app, offices) -> int:
    with app.app_context():
        return road.draft(offices)


def typed(**changed: str) -> dict[str, str]:
    text, cases = road.new_texts()
    given = {"effective_from": "2027-01-01", "reason": "A级月数提高", "text": text, "scenarios": cases}
    return {**given, **changed}


def test_hr_changes_numbers_gm_office_checks_gm_approves(app, client, offices) -> None:
    me = client.log_in_as(offices.hr)
    page = me.get(BASE)
    assert "没有正在办的新版" in plain(page) and f"{BASE}/general/new" in page
    assert "累计6个月" in plain(me.get(f"{BASE}/general/new"))
    every = changing.numbers(ladders.edition("general", 1))
    values = {one.key: f"{one.value:f}" for one in every}
    key = next(one.key for one in every if one.name == "months" and "累计6个月" in one.text)
    values |= {"effective_from": "2027-01-01", "reason": "提高"}
    assert "没有任何改动" in me.post(f"{BASE}/general/new", values, 422).text
    refused = me.post(f"{BASE}/general/new", {**values, key: "8", "reason": ""}, 422).text
    assert 'value="8"' in refused and "请填写这一项" in refused
    assert "参数months" in me.post(f"{BASE}/general/new", {**values, key: "0"}, 422).text
    late = {**values, key: "8", "effective_from": "2026-11-20"}
    assert "要晚于今天" in me.post(f"{BASE}/general/new", late, 422).text
    me.post(f"{BASE}/general/new", {**values, key: "8"})
    page = plain(me.get(DRAFT))
    assert CLAUSE in page and "月数" in page and "6 → 8" in page
    assert "处不符" in page  # the old cases say that six months are enough
    me.get(f"{DRAFT}/revise")
    me.post(f"{DRAFT}/revise", typed())
    assert "全部相符" in plain(me.get(f"{BASE}/drafts/2"))
    assert "已改写" in plain(me.get(DRAFT))
    me.get(f"{DRAFT}/revise", 409)
    me.post(f"{BASE}/drafts/2/check", status=403)

    checker = client.log_in_as(offices.gm_office)
    assert "新版制度等你审核" in plain(checker.get("/"))
    assert "请审核第2版" in plain(checker.get(f"{BASE}/drafts/2"))
    checker.post(f"{BASE}/drafts/2/check")
    approver = client.log_in_as(offices.gm)
    assert "1份新版等你办" in plain(approver.get(BASE))
    assert "请批准第2版" in plain(approver.get(f"{BASE}/drafts/2"))
    assert "请先试算" in approver.post(f"{BASE}/drafts/2/approve", status=422).text
    approver.post(f"{BASE}/drafts/2/look")
    assert "涉及3人" in plain(approver.get(f"{BASE}/drafts/2"))
    approver.post(f"{BASE}/drafts/2/approve")
    page = plain(approver.get(BASE))
    assert "将要生效" in page and "2027年1月1日" in page
    again = approver.post(f"{BASE}/drafts/2/approve", status=422).text
    assert "已经不在这一步" in again


def test_the_simulation_names_who_gains_and_who_loses(app, client, offices, kept) -> None:
    with app.app_context():
        months = [date(2026, month, 1) for month in range(3, 10)]
        for month in months:
            make_month(offices.agent, offices.place, month, offices.hr, brand_points=95)
            close_month(offices.place, month, offices.hr)
    me = client.log_in_as(offices.hr)
    me.post(f"{DRAFT}/look")
    page = plain(me.get(DRAFT))
    assert "0人因此可以申请，1人因此不能" in page and "林晓雯" in page and "-500.00" in page


def test_a_text_with_faults_is_refused_by_line_and_kept(client, offices) -> None:
    me = client.log_in_as(offices.hr)
    assert "edition: 2" in me.get(f"{BASE}/general/new/text")
    wrong = typed(text=road.new_texts()[0].replace("months: 8", "months: acht"))
    page = me.post(f"{BASE}/general/new/text", wrong, 422).text
    assert re.search(r"制度文本:\d+: “months”应为整数", page) and "months: acht" in page
    page = me.post(f"{BASE}/general/new/text", typed(scenarios=""), 422).text
    assert "请填写这一项" in page
    me.post(f"{BASE}/general/new/text", typed())
    page = me.post(f"{BASE}/general/new/text", typed(reason="再来一次"), 422).text
    assert "没有办完的新版" in page and "再来一次" in page
    me.get(f"{BASE}/nothing/new", 404)
    me.get(f"{BASE}/nothing/new/text", 404)


def test_cases_that_fail_are_shown_with_their_lines_and_stop_the_check(app, client, offices) -> None:
    with app.app_context():
        road.draft(offices, scenarios=road.cases(state="met"))
    checker = client.log_in_as(offices.gm_office)
    page = plain(checker.get(DRAFT))
    assert "1处不符" in page and "第16行" in page
    assert "有1处场景不符" in plain(checker.post(f"{DRAFT}/check", status=422).text)
    checker.post(f"{DRAFT}/return", {"reason": ""}, 422)
    checker.post(f"{DRAFT}/return", {"reason": "场景写错了"})
    me = client.log_in_as(offices.hr)
    assert "场景写错了" in me.get(f"{DRAFT}/revise")
    me.post(f"{DRAFT}/revise", typed())
    assert "等审核" in plain(me.get(f"{BASE}/drafts/2"))
    me.post(f"{BASE}/drafts/2/withdraw", {"reason": ""}, 422)
    me.post(f"{BASE}/drafts/2/withdraw", {"reason": "先不改"})
    assert 'role="alert"' in me.post(f"{BASE}/drafts/2/withdraw", {"reason": "又点一次"}, 422).text
    assert "已撤回" in plain(me.get(BASE))


def test_who_has_no_part_sees_no_drafts(client, offices, kept) -> None:
    for url in (BASE, DRAFT, "/promotion/decisions"):
        client.log_in_as(offices.agent).get(url, 403)
    client.log_in_as(offices.hr).get(f"{BASE}/drafts/999", 404)
    client.log_in_as(offices.head).post(f"{DRAFT}/look", status=403)
    client.log_in_as(offices.gm_office).get(f"{BASE}/general/new", 403)


def test_an_agent_reads_what_changes_and_acknowledges_it(app, client, offices, kept) -> None:
    with app.app_context():
        road.approve(offices, kept)
    me = client.log_in_as(offices.agent)
    assert "请阅读并确认晋升制度" in plain(me.get("/"))
    assert "有2版晋升制度等你确认" in plain(me.get(f"{BASE}/mine"))
    page = me.get(f"{BASE}/general/2")
    assert "6 → 8" in plain(page) and "还没有生效" in page and "方志强" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    url = f"{BASE}/general/2/acknowledge"
    assert "请先勾选" in me.post(url, {"digest": digest}, 422).text
    assert "刚刚变了" in me.post(url, {"digest": "x", "understood": "y"}, 422).text
    me.post(url, {"digest": digest, "understood": "y"})
    assert "你在" in plain(me.get(f"{BASE}/general/2"))
    assert "有1版晋升制度等你确认" in plain(me.get(f"{BASE}/mine"))
    me.get(f"{BASE}/general/9", 404)
    me.get(f"{BASE}/nothing/1", 404)
    other = client.log_in_as(offices.hr)
    assert "没有适用于你的晋升制度" in plain(other.get(f"{BASE}/mine"))
    assert "不适用于你" in other.post(url, {"digest": digest, "understood": "y"}, 422).text


def test_hr_sees_who_has_not_acknowledged_and_reminds_them(app, client, offices, monkeypatch) -> None:
    url = f"{BASE}/general/1"
    me = client.log_in_as(offices.hr)
    page = plain(me.get(f"{url}/acknowledgements"))
    assert "3人还没有确认" in page and "林晓雯" in page
    me.post(f"{url}/remind")
    assert "请阅读并确认" in plain(client.log_in_as(offices.agent).get("/notices"))
    me = client.log_in_as(offices.hr)
    assert "林晓雯" in me.download(f"{url}/acknowledgements.csv").decode("utf-8-sig")
    assert me.download(f"{url}/acknowledgements.pdf").startswith(b"%PDF")
    me.get(f"{BASE}/vip/1/acknowledgements", 404)
    me.post(f"{BASE}/vip/1/remind", status=404)
    client.log_in_as(offices.agent).get(f"{url}/acknowledgements", 403)
    with counted(app) as few:
        client.log_in_as(offices.hr).get(f"{url}/acknowledgements")
    with app.app_context():
        for number in range(6):
            make_person(f"新人{number}", department=offices.place)
    with counted(app) as many:
        client.log_in_as(offices.hr).get(f"{url}/acknowledgements")
    assert len(many) == len(few)
    from cstrain.promotion.editions.views import acknowledging

    monkeypatch.setattr(acknowledging, "PAGE", 4)
    assert "第3页，共3页" in plain(client.get(f"{url}/acknowledgements?page=3"))
    assert "第3页，共3页" in plain(client.get(f"{url}/acknowledgements?page=99"))


def test_the_list_takes_as_many_statements_for_many_editions_as_for_one(app, client, offices, kept) -> None:
    client.log_in_as(offices.hr).get(BASE)
    with counted(app) as few:
        client.get(BASE)
    from cstrain.promotion.editions import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        edition = kept
        for _turn in range(3):
            with unit_of_work():
                service.withdraw(offices.hr, NOW, edition, "先不改")
            edition = road.draft(offices)
    with counted(app) as many:
        client.get(BASE)
    assert len(many) == len(few)


@pytest.fixture
def applied(app, offices, kept) -> int:
    """An application of the day before the change."""
    from cstrain.promotion.applications import service as applying
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        for month in (date(2026, each, 1) for each in range(4, 11)):
            make_month(offices.agent, offices.place, month, offices.hr, brand_points=95)
            close_month(offices.place, month, offices.hr)
        road.approve(offices, kept)
        with unit_of_work():
            return applying.submit(
                offices.agent,
                datetime(2026, 12, 31, 2, 0, tzinfo=UTC),
                offices.agent,
                "general",
                "intermediate",
                "带过两位新人。",
            )


def test_on_the_day_of_the_change_the_application_shows_the_old_clause_and_its_records(
    client, clock, offices, applied
) -> None:
    clock.set(datetime(2027, 1, 1, 2, 0, tzinfo=UTC))
    me = client.log_in_as(offices.agent)
    page = me.get(f"/applications/{applied}")
    assert "任初级期间绩效A级以上累计6个月" in plain(page) and "累计8个月" not in plain(page)
    assert "2026年4月A" in plain(page).replace(" ", "")
    assert "任初级期间绩效A级以上累计8个月" in plain(me.get("/career"))
    assert "任初级期间绩效A级以上累计6个月" in plain(me.get("/promotion/ladders/general?edition=1"))


def test_sealed_decisions_are_verified_as_one_looks(app, client, offices, applied) -> None:
    import sqlalchemy as sa

    from cstrain.promotion.applications.models import ApplicationEvidence
    from cstrain.unit_of_work import unit_of_work

    me = client.log_in_as(offices.gm)
    page = plain(me.get("/promotion/decisions"))
    assert "这一页的封存都对得上" in page and "general 第1版" in page
    page = plain(me.get("/promotion/decisions/1"))
    assert "封存完整，结论一样" in page and "累计6个月" in page
    assert re.search(r"判断的日期 ?\d{4}年", page)
    me.get("/promotion/decisions/99", 404)
    changed = sa.func.replace(ApplicationEvidence.content, '"grade":"A"', '"grade":"B"')
    with app.app_context(), unit_of_work() as session:
        session.execute(
            sa.update(ApplicationEvidence).values(content=changed, sha256="x"),
            execution_options={"synchronize_session": False},
        )
    page = plain(me.get("/promotion/decisions"))
    assert "这一页有1份对不上" in page and "已被改动" in page
    page = plain(me.get("/promotion/decisions/1"))
    assert "封存的内容已被改动" in page and "封存时：满足" in page.replace(" ", "") and CLAUSE in page


def test_without_decisions_the_page_says_what_comes(client, offices) -> None:
    assert "还没有封存的决定" in plain(client.log_in_as(offices.hr).get("/promotion/decisions"))


def test_sealed_calculations_are_verified_as_one_looks(app, client, clock) -> None:
    import sqlalchemy as sa

    from cstrain.promotion.rating.models import RatingLine
    from cstrain.unit_of_work import unit_of_work

    clock.set(rating.NOW)
    with app.app_context():
        cast = rating.started()
        line = cast.line("falls").id
    me = client.log_in_as(cast["gm"])
    assert "还没有封存的计算" in plain(me.get("/promotion/decisions?of=competition"))
    me.get("/promotion/decisions?of=nothing", 404)
    page = me.get("/promotion/decisions?of=rating")
    assert "这一页的封存都对得上" in plain(page) and f"/ratings/lines/{line}" in page
    assert "2026年第3季度" in plain(page)
    changed = sa.func.replace(RatingLine.content, "85.00", "95.00")
    with app.app_context(), unit_of_work() as session:
        session.execute(
            sa.update(RatingLine).where(RatingLine.id == line).values(content=changed, outcome="stay"),
            execution_options={"synchronize_session": False},
        )
    page = plain(me.get("/promotion/decisions?of=rating"))
    assert "这一页有1份对不上" in page and "已被改动" in page
    assert "登记的结果" in page and "封存时：降一级" in page and "现在：级别不变" in page
    client.log_in_as(cast["falls"]).get("/promotion/decisions?of=rating", 403)


def test_calculations_of_competitions_and_eaglet_plans_are_listed(app, client, clock) -> None:
    clock.set(competitions.RATING)
    with app.app_context():
        cast = competitions.calculated(2)
    me = client.log_in_as(cast.people["gm"])
    page = plain(me.get("/promotion/decisions?of=competition"))
    assert "竞聘统分" in page and "2项都一样" in page
    assert "还没有封存的计算" in plain(me.get("/promotion/decisions?of=eaglet"))


def test_an_eaglet_plans_screening_and_interviews_are_listed(app, client, clock) -> None:
    clock.set(eaglets.INTERVIEWS)
    with app.app_context():
        cast = eaglets.deciding()
    page = plain(client.log_in_as(cast.people["gm"]).get("/promotion/decisions?of=eaglet"))
    assert "雏鹰计划筛选表" in page and "雏鹰计划面试" in page and "对不上" not in page


def test_a_waiting_late_proposal_and_a_closing_are_listed(app, client, clock) -> None:
    from cstrain.promotion.eaglet import service as plans
    from cstrain.promotion.rating import service as ratings
    from cstrain.unit_of_work import unit_of_work

    clock.set(rating.CLOSED_WINDOW)
    with app.app_context():
        cast = rating.started()
        changed = date(2026, 11, 26)
        rating.month(cast["gap"], cast.place, rating.Q3.months[1], cast["hr"], **rating.GOOD, on=changed)
        with unit_of_work():
            ratings.ask_late(cast["hr"], rating.CLOSED_WINDOW, cast.line("gap").id, "补录")
    page = client.log_in_as(cast["gm"]).get("/promotion/decisions?of=rating")
    assert "季度评级按更正数据重新提出" in page and f'href="/ratings/{cast.run}"' in page
    assert "这一页的封存都对得上" in plain(page)
    clock.set(eaglets.INTERVIEWS)
    with app.app_context():
        group = eaglets.studying()
        clock.set(eaglets.STUDY)
        eaglets.sat(group, {})
        clock.set(eaglets.AFTER)
        with unit_of_work():
            at, day = eaglets.AFTER, date(2027, 1, 4)
            plans.propose_closing(group.people["hr"], at, group.plan, day, "圆满结束")
    page = plain(client.log_in_as(group.people["gm"]).get("/promotion/decisions?of=eaglet"))
    assert "雏鹰计划结束" in page and "4项都一样" in page and "对不上" not in page


def test_the_career_page_leads_to_what_waits_to_be_acknowledged(client, offices) -> None:
    me = client.log_in_as(offices.agent)
    page = me.get("/career")
    assert "有1版晋升制度等你阅读并确认" in plain(page) and 'href="/promotion/editions/mine"' in page
    assert "等你阅读并确认" not in plain(client.log_in_as(offices.gm).get("/career"))


def test_the_offices_of_an_edition_and_sealed_papers_have_words(app, client, offices) -> None:
    page = plain(client.log_in_as(offices.hr).get(f"{BASE}/eaglet/1"))
    assert "客服总监" in page and "service_director" not in page
    assert "客服总监 客服总监" not in page
    with app.test_request_context():
        assert paper_word("minutes") == "答辩记录"
        assert paper_word("sheet:28") == "评委的评分表（28）"
        assert paper_word("x") == "x"
