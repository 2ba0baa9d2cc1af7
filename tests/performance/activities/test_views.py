"""Pages of reports, contests and titles, and what the home says of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cstrain.performance.activities import queries, service
from cstrain.performance.activities.facts import Kind, Span
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.activities import DAY, SAID, draft, make_contest, make_proposal, make_report
from tests.factories.people import make_department, make_person, make_role
from tests.factories.performance import close_department, make_month

OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)
JANUARY_22 = datetime(2027, 1, 22, 1, 0, tzinfo=UTC)
REPORT = {f"say_{code}": text for code, text in SAID.items()} | {"num_calls": "12", "num_tickets": ""}
CONTEST = {
    "title": "年末满意度评比", "metric": "csat", "measure": "mean", "first_month": "2026-12",
    "last_month": "2026-12", "least_months": "1", "seats": "2", "award": "service_star", "notice": "看十二月",
}  # fmt: skip
TITLE = {"staff_no": "K8003", "code": "excellent_agent", "month": "2026-10", "reason": "替新人补位三次"}


def plain(page) -> str:
    page = page if isinstance(page, str) else page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def folk(app):
    with app.app_context():
        place, other = make_department("售前客服一部"), make_department("售后客服部")
        office = make_department("人力资源部")
        return {
            "place": place,
            "leader": make_person("组长丁", "K8001", roles=["group_leader"]),
            "head": make_person("主管唐", "K8002", roles=["supervisor"]),
            "agent": make_person("林晓雯", "K8003"),
            "mate": make_person("周子昂", "K8004"),
            "foreign": make_person("主管彭", "K8005", roles=["supervisor"], department=other),
            "stranger": make_person("何雨桐", "K8006", department=other),
            "hr": make_person("人事何", "K8007", roles=["hr"], department=office),
            "manager": make_person("人事冯", "K8008", roles=["hr_manager"], department=office),
        }


def reported(app, folk, day=DAY, **more) -> int:
    with app.app_context():
        return make_report(folk["leader"], folk["place"], day, **more)


# --- reports


def test_a_leader_writes_keeps_and_hands_in(app, client, folk) -> None:
    client.log_in_as(folk["leader"])
    page = plain(client.get("/activities/reports"))
    assert "份报告过了时间没有交" in page and "要我写的" in page and "11月19日 周四日报" in page
    url = f"/activities/reports/day/{folk['place']}/2026-11-19"
    page = plain(client.get(url))
    assert "写11月19日 周四日报" in page and "在职人数" in page and "没有记录" in page and "必填" in page
    kept = client.post(f"{url}/draft", REPORT | {"say_problems": ""}, 200, audited=False)
    assert "saved" in kept.json
    assert client.post(f"{url}/draft", REPORT | {"num_calls": "x"}, 422).json["error"]
    assert "双十一返场" in client.get(url) and 'value="12"' in client.get(url)
    refused = client.post(url, REPORT | {"say_problems": " ", "say_next": "早会讲价"}, 422)
    assert "还缺发现的问题" in refused.text and "早会讲价" in refused.text
    assert "请填0以上的数" in client.post(url, REPORT | {"num_calls": "-1"}, 422).text
    shown = client.post(url, REPORT).location
    page = plain(client.get(shown))
    assert "组长丁的11月19日 周四日报" in page and "按时" in page and "12通" in page and "没有写" in page
    assert client.raw.get(url).location == shown
    refused = client.post(url, REPORT | {"say_next": "又写了一遍"}, 422)
    assert "已经交了" in refused.text and "又写了一遍" in refused.text
    again = client.post(f"{url}/draft", REPORT, 409)
    assert "已经交了" in again.json["error"]


def test_a_number_by_hand_is_shown_whole(client, folk) -> None:
    client.log_in_as(folk["leader"])
    url = f"/activities/reports/day/{folk['place']}/2026-11-19"
    assert "请填数字" in client.post(url, REPORT | {"num_calls": "1e999999"}, 422).text
    shown = client.post(url, REPORT | {"num_calls": "1234567"}).location
    assert "1234567通" in plain(client.get(shown))


def test_a_week_is_written_from_its_monday(client, folk) -> None:
    client.log_in_as(folk["leader"])
    url = f"/activities/reports/week/{folk['place']}"
    page = plain(client.get(f"{url}/2026-11-09"))
    assert "11月9日 周一至11月15日 周日周报" in page and "奖励登记" in page
    week = {"say_events": "a", "say_problems": "b", "say_people": "c", "say_next": "d", "num_interviews": "1"}
    assert "星期一" in client.post(f"{url}/2026-11-10", week, 422).text
    client.post(f"{url}/2026-11-09", week)


def test_what_one_does_not_lead_is_as_good_as_missing(app, client, folk) -> None:
    made = reported(app, folk)
    client.log_in_as(folk["leader"])
    for tail in ("day/999/2026-11-19", f"day/{folk['place']}/nonsense", f"month/{folk['place']}/2026-11-19"):
        client.get(f"/activities/reports/{tail}", 404)
        client.post(f"/activities/reports/{tail}/draft", REPORT, 404)
    client.log_in_as(folk["foreign"])
    for number in (made, 999):
        client.get(f"/activities/reports/{number}", 404)
        client.post(f"/activities/reports/{number}/comment", {"text": "好"}, 404)
        client.post(f"/activities/reports/{number}/read", status=404)
    client.log_in_as(folk["agent"])
    client.get("/activities/reports", 403)
    client.get(f"/activities/reports/{made}", 403)


def test_a_superior_reads_comments_and_the_leader_adds(app, client, folk) -> None:
    made = reported(app, folk)
    url = f"/activities/reports/{made}"
    client.log_in_as(folk["head"])
    listed = plain(client.get("/activities/reports?show=unread&kind=day"))
    assert "没看" in listed and "没有按时交的" in listed
    client.post(f"{url}/read")
    assert "没有符合条件的报告" in plain(client.get("/activities/reports?show=unread"))
    assert "请填写这一项" in client.post(f"{url}/comment", {"text": " "}, 422).text
    client.post(f"{url}/comment", {"text": "改价培训周五前做完"})
    client.post(f"{url}/comment", {"text": "改价培训周五前做完"}, audited=False)  # pressed twice
    assert plain(client.get(url)).count("改价培训周五前做完") == 1
    assert client.post(f"{url}/read", status=409)
    client.log_in_as(folk["leader"])
    assert "有新的批注" in plain(client.get("/notices"))
    client.post(f"{url}/comment", {"text": "自己"}, 403)
    assert "请填写这一项" in client.post(f"{url}/addition", {"text": ""}, 422).text
    client.post(f"{url}/addition", {"text": "已安排在周四"})
    page = plain(client.get(url))
    assert "主管唐看过" in page and "改价培训周五前做完" in page and "组长丁补充" in page
    assert "1人看过" in plain(client.get("/activities/reports"))
    with app.app_context():
        other = make_person("组长乙", roles=["group_leader"])
    client.log_in_as(other)
    client.post(f"{url}/addition", {"text": "不是我的"}, 404)


def test_late_reports_and_departments_are_filters(app, client, folk) -> None:
    reported(app, folk, date(2026, 11, 12))
    reported(app, folk)
    client.log_in_as(folk["hr"])
    late = plain(client.get("/activities/reports?show=late"))
    assert "11月12日 周四日报" in late and "补交" in late
    assert "没有符合条件的报告" in plain(client.get("/activities/reports?kind=week"))
    assert "组长丁" in client.get(f"/activities/reports?department={folk['place']}")
    assert "组长丁" in client.get("/activities/reports?department=x&kind=y&page=9")


def test_the_list_of_reports_has_pages_and_few_statements(app, client, folk) -> None:
    reported(app, folk)
    client.log_in_as(folk["hr"])
    client.get("/activities/reports")
    with counted(app) as few:
        client.get("/activities/reports")
    with app.app_context():
        for number in range(4):
            leader = make_person(f"组长{number}", roles=["group_leader"])
            for back in range(8):
                day = DAY - timedelta(days=back)
                with unit_of_work():
                    service.submit(leader, START, folk["place"], Span(Kind.DAY, day), draft())
    with counted(app) as many:
        assert "第1页，共2页" in plain(client.get("/activities/reports"))
    assert len(many) == len(few)
    assert "第2页，共2页" in plain(client.get("/activities/reports?page=2"))


# --- contests


def contest_of(app, folk, **changes) -> int:
    with app.app_context():
        return make_contest(folk["head"], folk["place"], **changes)


def closed(app, folk) -> None:
    with app.app_context():
        for who, value in (("agent", "95"), ("mate", "91")):
            make_month(folk[who], DECEMBER, at=JANUARY_22 - timedelta(days=9), csat=value)
        close_department(folk["place"], DECEMBER, at=JANUARY_22)


def test_a_contest_is_announced_before_it_begins(client, folk) -> None:
    client.log_in_as(folk["head"])
    assert "还没有部门评比" in plain(client.get("/activities/contests"))
    page = client.get("/activities/contests/new")
    assert "2026年12月" in page and "售前客服一部" in page and "售后客服部" not in page
    form = CONTEST | {"department": str(folk["place"])}
    refused = client.post("/activities/contests/new", form | {"last_month": "2028-11"}, 422)
    assert "1到12个月" in plain(refused) and "看十二月" in refused.text
    assert "请填整数" in client.post("/activities/contests/new", form | {"seats": "x"}, 422).text
    client.post("/activities/contests/new", form | {"department": "999"}, 422)
    shown = client.post("/activities/contests/new", form).location
    page = plain(client.get(shown))
    assert "还没开始" in page and "多的在前" in page and "目前的名次" not in page
    client.log_in_as(folk["agent"])
    assert "年末满意度评比" in plain(client.get("/notices"))
    assert "1个部门评比还没有结束" in plain(client.get("/activities/contests"))
    client.get("/activities/contests/new", 403)
    client.get("/activities/contests/999", 404)


def test_two_persons_close_a_contest_and_everybody_sees_who_won(app, client, clock, folk) -> None:
    made = contest_of(app, folk, seats=1)
    url = f"/activities/contests/{made}"
    clock.set(JANUARY_22)
    client.log_in_as(folk["head"])
    page = plain(client.get(url))
    assert "等月份关账" in page and "还有月份没有关账" in page
    assert "都关账" in client.post(f"{url}/result", {"note": ""}, 422).text
    closed(app, folk)
    assert "评比可以公布结果" in plain(client.get("/"))
    client.post(f"{url}/result", {"note": "按关账数据"})
    assert "要由另一人确认" in plain(client.get(url))
    assert "要由另一人确认" in client.post(f"{url}/answer", {"agreed": "yes", "note": ""}, 422).text
    client.log_in_as(folk["manager"])
    assert "评比的结果等你确认" in plain(client.get("/"))
    assert "写明原因" in client.post(f"{url}/answer", {"agreed": "no", "note": " "}, 422).text
    client.post(f"{url}/answer", {"agreed": "no", "note": "再核对一次"})
    assert "再核对一次" in client.get(url)
    client.post(f"{url}/result", {"note": ""})
    client.log_in_as(folk["hr"])
    client.post(f"{url}/answer", {"agreed": "yes", "note": "同意"})
    client.log_in_as(folk["mate"])
    page = plain(client.get(url))
    assert "1人获得服务明星" in page and "95%" in page and "91%" in page
    assert "另有" in page and "K8003" not in page  # the whole standings are for superiors
    wall = plain(client.get("/activities?month=2026-12"))
    assert "林晓雯" in wall and "服务明星" in wall and "年末满意度评比" in wall
    client.log_in_as(folk["agent"])
    assert "你获得了“服务明星”" in plain(client.get("/notices"))
    assert "服务明星（2026-12）" in plain(client.get("/discipline"))


def test_who_takes_part_is_told_why_they_cannot_close(app, client, clock, folk) -> None:
    made = contest_of(app, folk)
    closed(app, folk)
    with app.app_context():
        make_role(folk["agent"], "hr")
    clock.set(JANUARY_22)
    client.log_in_as(folk["agent"])
    url = f"/activities/contests/{made}"
    assert "你参加了这次评比" in plain(client.get(url))
    assert "你参加了这次评比" in client.post(f"{url}/result", {"note": ""}, 422).text
    with app.app_context(), unit_of_work():
        service.propose_result(folk["hr"], JANUARY_22, made, "")
    assert "你参加了这次评比" in plain(client.get(url))
    client.log_in_as(folk["foreign"])
    client.post(f"{url}/result", {"note": ""}, 404)
    client.post(f"{url}/answer", {"agreed": "yes"}, 404)


def test_contests_have_pages_and_few_statements(app, client, clock, folk) -> None:
    contest_of(app, folk)
    clock.set(JANUARY_22)
    client.log_in_as(folk["agent"])
    client.get("/activities/contests")
    with counted(app) as few:
        client.get("/activities/contests")
    for number in range(30):
        contest_of(app, folk, title=f"评比{number}")
    with counted(app) as many:
        assert "第1页，共2页" in plain(client.get("/activities/contests"))
    assert len(many) == len(few)
    assert "第2页，共2页" in plain(client.get("/activities/contests?page=2"))


# --- titles


def proposed(app, folk, by="head", who="agent", **more) -> int:
    with app.app_context():
        make_month(folk[who], OCTOBER, score="93")
        return make_proposal(folk[by], folk[who], **more)


def test_a_head_proposes_and_another_confirms(app, client, folk) -> None:
    with app.app_context():
        make_month(folk["agent"], OCTOBER, score="93")
    client.log_in_as(folk["head"])
    assert "2026年10月还没有称号" in plain(client.get("/activities"))
    page = client.get("/activities/titles/new?staff_no=K8003")
    assert 'value="K8003"' in page and "当月绩效A级以上" in plain(page)
    url = "/activities/titles/new"
    for number in ("K8006", "K9999", "K8002"):
        assert "没有找到工号" in client.post(url, TITLE | {"staff_no": number}, 422).text
    refused = client.post(url, TITLE | {"staff_no": "K8004"}, 422)
    assert "还不知道" in refused.text and "替新人补位三次" in refused.text
    shown = client.post(url, TITLE).location
    page = plain(client.get(shown))
    assert "等另一人确认" in page and "当月绩效" in page
    client.log_in_as(folk["agent"])
    client.get(shown, 404)
    client.log_in_as(folk["manager"])
    assert "1个称号提名等你确认" in plain(client.get("/"))
    assert "有1个提名等你确认" in plain(client.get("/activities"))
    assert "1个提名等你确认" in plain(client.get("/activities/titles"))
    assert "写明原因" in client.post(f"{shown}/answer", {"agreed": "no", "note": ""}, 422).text
    client.post(f"{shown}/answer", {"agreed": "yes", "note": "属实"})
    assert "已授予" in plain(client.get("/activities/titles"))
    client.log_in_as(folk["agent"])
    assert "林晓雯获得优秀客服" in plain(client.get(shown))
    assert "有1人获得称号" in plain(client.get("/activities"))
    client.get("/activities/titles", 403)


def test_a_proposal_is_answered_by_neither_side(app, client, folk) -> None:
    made = proposed(app, folk, by="hr")
    url = f"/activities/titles/{made}"
    client.log_in_as(folk["hr"])
    assert "要由另一人确认" in plain(client.get(url))
    assert "要由另一人确认" in client.post(f"{url}/answer", {"agreed": "yes", "note": ""}, 422).text
    client.log_in_as(folk["agent"])
    client.post(f"{url}/answer", {"agreed": "yes", "note": ""}, 403)
    client.log_in_as(folk["foreign"])
    client.get(url, 404)
    client.get("/activities/titles/999", 404)


def test_titles_have_pages_and_few_statements(app, client, folk) -> None:
    def more(number: int) -> None:
        for each in range(number):
            with app.app_context():
                person = make_person(f"客服{each}", department=make_department(f"部{number}-{each}"))
                make_month(person, OCTOBER, score="95", by=folk["hr"])
                made = make_proposal(folk["hr"], person)
                if each % 2:
                    with unit_of_work():
                        service.answer(folk["manager"], START, made, agreed=True, note="")

    more(2)
    client.log_in_as(folk["manager"])
    pages = ("/activities", "/activities/titles")
    few = [_sent(app, client, page) for page in pages]
    more(30)
    assert [_sent(app, client, page) for page in pages] == few
    assert "第2页，共2页" in plain(client.get("/activities/titles?page=2"))
    with app.app_context():
        assert queries.latest_month(date(2026, 11, 20)) == OCTOBER


def _sent(app, client, page) -> int:
    client.get(page)
    with counted(app) as statements:
        client.get(page)
    return len(statements)


# --- the home


def test_the_home_names_reports_to_write_and_to_read(app, client, folk) -> None:
    client.log_in_as(folk["leader"])
    page = plain(client.get("/"))
    assert "写11月6日 周五的日报" in page and "过了时间，算补交" in page and "份报告要写" in page
    reported(app, folk)
    client.log_in_as(folk["head"])
    page = plain(client.get("/"))
    assert "1份班组报告没有看" in page and "份班组报告没有按时交" in page
    client.log_in_as(folk["agent"])
    assert "评优与报告有" not in plain(client.get("/"))


def test_the_home_goes_on_with_a_draft(app, client, folk) -> None:
    with app.app_context(), unit_of_work():
        service.keep(folk["leader"], START, folk["place"], Span(Kind.DAY, date(2026, 11, 6)), draft())
    page = plain(client.log_in_as(folk["leader"]).get("/"))
    assert "继续写" in page


def test_every_page_is_there_in_english(client, folk) -> None:
    client.log_in_as(folk["head"])
    client.post("/language", {"locale": "en", "next": "/"}, audited=True)
    for page, words in (
        ("/activities", "Titles and reports"),
        ("/activities/reports", "Team reports"),
        ("/activities/contests/new", "What counts"),
        ("/activities/titles/new", "What the titles ask"),
    ):
        assert words in client.get(page)
