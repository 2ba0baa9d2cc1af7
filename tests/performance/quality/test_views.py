"""Pages of quality sampling: who sees what, what a refused form keeps, long lists in few queries."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from cstrain.documents.tables import read_table, write_csv
from cstrain.people.queries import view_log_of
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.models import QualityRating, QualityReply
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import quality as make
from tests.factories.people import make_department, make_person
from tests.factories.quality import WEEK, at

HEAD = ["会话编号", "客服工号", "渠道", "顾客", "说话人", "时间", "内容"]
LINE = ["A1", "K100", "旺旺", "小河", "顾客", "2026-11-18 10:00:05", "在吗"]
CLOSES = at(date(2026, 12, 21), 9)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def folk(app) -> dict[str, int]:
    with app.app_context():
        place = make_department("质检组")
        return {
            "agent": make_person("林晓雯", "K100", track="basic"),
            "star": make_person("石磊", "K101", track="vip"),
            "leader": make_person("组长甲", roles=["group_leader"]),
            "head": make_person("主管甲", roles=["supervisor"]),
            "elsewhere": make_person("主管乙", roles=["supervisor"], department=make_department("仓储部")),
            "qc": make_person("叶蓁", roles=["qc"], department=place),
            "manager": make_person("田雨", roles=["qc_manager"], department=place),
            "second": make_person("邓文博", roles=["qc_manager"], department=place),
        }


@pytest.fixture
def rated(app, folk) -> int:
    """One chat of the agent, rated by qc and published by the manager."""
    with app.app_context():
        return make.published_rating(folk["agent"], folk["qc"], folk["manager"])


def sheet_form(share: str = "1", note: str = "流程完整") -> dict[str, str]:
    return {f"points_{name}": str(value) for name, value in make.points(share).items()} | {"note": note}


# chats come in


def upload(client, *rows: list[str], status: int = 302):
    data = {"file": (io.BytesIO(write_csv([HEAD, *rows])), "会话.csv")}
    return client.post(
        "/quality/chats/import", data, status, audited=status == 302, content_type="multipart/form-data"
    )


def test_a_file_is_checked_confirmed_and_drawn(app, client, folk) -> None:
    client.log_in_as(folk["agent"]).get("/quality/chats/import", status=403)
    client.log_in_as(folk["qc"])
    assert "先检查，再导入会话" in plain(client.get("/quality/chats/import"))
    table = read_table(client.download("/quality/chats/import/template.xlsx"), "a.xlsx")
    assert table[0][0] == "会话编号*"
    where = upload(client, LINE, [*LINE[:4], "客服", "2026-11-18 10:00:09", "在的"]).location
    page = plain(client.get(where))
    assert "没有错误，可以导入1通" in page and "林晓雯" in page and "2句，1通会话" in page
    client.post(f"{where}/confirm")
    assert "这份文件已经导入" in plain(client.get(where))
    page = plain(client.get("/quality/draws"))
    assert "有1个人天等着抽取" in page and "林晓雯" in page
    client.post("/quality/draws")
    assert "过去的日子都抽取了" in plain(client.get("/quality/draws"))
    assert "没有等着抽取的日子" in plain(client.post("/quality/draws", status=422).text)
    client.log_in_as(folk["manager"]).get(where, status=404)


def test_faults_are_named_and_nothing_is_entered(client, folk) -> None:
    client.log_in_as(folk["qc"])
    where = upload(client, [*LINE[:5], "昨天", "在吗"], ["", *LINE[1:]]).location
    page = plain(client.get(where))
    assert "2处要改，一行也没写入" in page and "第2行" in page and "不是时间" in page
    rows = read_table(client.download(f"{where}/faults.xlsx"), "a.xlsx")
    assert rows[1][:2] == ("2", "时间") and len(rows) == 3
    client.post(f"{where}/confirm", status=422)
    client.post(f"{where}/discard")
    assert "这份文件已经处理完" in plain(client.get(where))
    assert "请选择要导入的文件" in client.post("/quality/chats/import", status=422).text
    data = {"file": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}
    answer = client.post("/quality/chats/import", data, 422, content_type="multipart/form-data")
    assert "只能上传xlsx或csv" in answer.text


def test_a_chat_by_hand_keeps_what_was_typed_when_refused(app, client, folk) -> None:
    client.log_in_as(folk["qc"])
    assert "录入一通会话" in plain(client.get("/quality/chats/new"))
    form = {
        "staff_no": "K100",
        "day": "2026-11-18",
        "customer": "小河",
        "lines": "09:01:05 顾客 你好\n在的",
    }
    page = client.post("/quality/chats/new", form, 422).text
    assert "第2句读不懂" in plain(page) and "09:01:05 顾客 你好" in page
    assert "没有这个工号" in client.post("/quality/chats/new", {**form, "staff_no": "K777"}, 422).text
    where = client.post(
        "/quality/chats/new", {**form, "lines": "09:01:05 顾客 你好\n09:02 客服 在的"}
    ).location
    page = plain(client.get(where))
    assert "林晓雯接待的一通会话" in page and "小***" in page and "在的" in page
    assert "/discipline/deductions/new?staff_no=K100&amp;day=2026-11-18" in client.get(where)
    with app.app_context():
        assert [one.what for one in view_log_of(folk["agent"])][:1] == ["quality.chat"]
    client.log_in_as(folk["head"]).get(where)
    for who in ("agent", "elsewhere"):
        client.log_in_as(folk[who]).get(where, status=403 if who == "agent" else 404)


def test_late_chats_are_listed_and_marked(app, client, folk) -> None:
    with app.app_context():
        make.make_chat(folk["agent"], by=folk["qc"])
        make.draw(folk["agent"])
        late = make.make_chat(folk["agent"], by=folk["qc"])
    client.log_in_as(folk["qc"])
    page = client.get("/quality/draws")
    assert "1通，不再抽取" in plain(page) and f"/quality/chats/{late}" in page
    assert "这通会话来晚了" in plain(client.get(f"/quality/chats/{late}"))


# rating


def test_a_rater_rates_blind_from_a_queue(app, client, folk) -> None:
    with app.app_context():
        make.make_chats(folk["agent"], 2, by=folk["manager"])
        make.draw(folk["agent"])
    client.log_in_as(folk["agent"]).get("/quality/queue", status=403)
    client.log_in_as(folk["qc"])
    page = plain(client.get("/quality/queue"))
    assert "有2通会话等你打分" in page and "基础客服" in page and "林晓雯" not in page
    where = client.post("/quality/queue/take", {"week": str(WEEK), "side": "basic"}).location
    page = plain(client.get(where))
    assert "按质检标准给这通会话打分" in page and "这款沙发有货吗" in page and "林晓雯" not in page
    assert "提出扣分" not in page
    kept = client.post(f"{where}/points", {**sheet_form(), "points_need": ""}, 200, audited=False)
    assert "saved" in kept.json
    wrong = client.post(f"{where}/points", {"points_need": "99"}, 422)
    assert "只能打0到16分" in wrong.json["error"]
    page = client.post(f"{where}/finish", {**sheet_form(note="写了一半"), "points_need": ""}, 422).text
    assert "问清需求没有分数" in plain(page) and "写了一半" in page
    following = client.post(f"{where}/finish", sheet_form()).location
    assert following != where and following.startswith("/quality/sheets/")
    page = plain(client.get(where))
    assert "林晓雯这通会话得100.0分" in page and "提出扣分" in page
    again = client.post(f"{where}/revise").location
    assert "按质检标准给这通会话打分" in plain(client.get(again))
    page = client.post(f"{following}/back", {}, 422).text
    assert "请选择一项" in page
    assert client.post(f"{following}/back", {"why": "known"}).location == again
    assert "这通会话已交回" in plain(client.get(following))
    assert client.post(f"{again}/finish", sheet_form("0.5")).location == "/quality/queue"
    assert "没有等你打分的会话" in plain(client.get("/quality/queue"))
    client.log_in_as(folk["manager"]).get(where, status=404)


def test_a_queue_that_does_not_exist_leads_back(client, folk) -> None:
    client.log_in_as(folk["qc"])
    client.post("/quality/queue/take", {"week": "2026-11-09", "side": "none"}, audited=False)
    client.post("/quality/queue/take", {"week": "2026-11-10", "side": "basic"}, 404)
    client.post("/quality/queue/take", {"week": "2026-11-09", "side": "basic"}, audited=False)


def test_a_sheet_whose_week_was_published_is_over(app, client, folk) -> None:
    with app.app_context():
        make.make_chat(folk["agent"], by=folk["manager"])
        make.draw(folk["agent"])
        rating = make.take(folk["qc"])
        make.publish(folk["manager"], gaps=True)
    client.log_in_as(folk["qc"])
    assert "这通不再打分" in plain(client.get(f"/quality/sheets/{rating}"))
    assert "没有打完的不再计入" in client.post(f"/quality/sheets/{rating}/finish", sheet_form(), 422).text


# publishing


def test_a_week_is_published_by_the_lead_and_seen_by_its_people(app, client, folk) -> None:
    with app.app_context():
        make.make_chats(folk["agent"], 2, by=folk["qc"])
        make.draw(folk["agent"])
        make.rate(folk["qc"], "0.5")
    client.log_in_as(folk["agent"]).get(f"/quality/weeks/{WEEK}", status=403)
    client.post(f"/quality/weeks/{WEEK}/publish", status=403)
    client.log_in_as(folk["head"])
    assert "没有可以看的结果" in plain(client.get(f"/quality/weeks/{WEEK}"))
    client.log_in_as(folk["manager"])
    assert "有1周等着公布" in plain(client.get("/quality/weeks"))
    assert "还有1通没有打分" in plain(client.get(f"/quality/weeks/{WEEK}"))
    page = plain(client.post(f"/quality/weeks/{WEEK}/publish", status=422).text)
    assert "请勾选不再打分后公布" in page
    client.post(f"/quality/weeks/{WEEK}/publish", {"gaps_seen": "y"})
    page = plain(client.get(f"/quality/weeks/{WEEK}"))
    assert "已公布，抽取2通" in page and "林晓雯" in page
    assert "已经公布过了" in client.post(f"/quality/weeks/{WEEK}/publish", status=422).text
    client.get("/quality/weeks/2026-11-10", status=404)
    client.get("/quality/weeks/none", status=404)
    assert "这一周没有抽取会话" in plain(client.get("/quality/weeks/2026-11-02"))
    client.log_in_as(folk["head"])
    assert "林晓雯" in plain(client.get(f"/quality/weeks/{WEEK}"))
    client.log_in_as(folk["elsewhere"])
    assert "林晓雯" not in plain(client.get(f"/quality/weeks/{WEEK}"))


# agents


def test_an_agent_sees_their_published_ratings_and_contests_one(app, client, folk, rated, clock) -> None:
    clock.set(make.AFTER + timedelta(days=1))
    client.log_in_as(folk["agent"])
    page = client.get("/quality")
    assert "最近一通会话得50." in plain(page) and f"/quality/ratings/{rated}" in page
    url = f"/quality/ratings/{rated}"
    page = plain(client.get(url))
    assert "异议到11月19日" in page and "流程完整" in page
    page = client.post(f"{url}/reply", {"kind": "contest", "words": " "}, 422).text
    assert "请填写这一项" in page
    client.post(f"{url}/reply", {"kind": "contest", "words": "顾客自己说了地址"})
    assert "等别人来定" in plain(client.get(url))
    page = client.post(f"{url}/reply", {"kind": "contest", "words": "再说一遍"}, 422).text
    assert "已经提过异议" in page and "再说一遍" in page
    client.post(f"{url}/reply", {"kind": "answer", "words": "当天系统卡"})
    client.log_in_as(folk["star"]).get(url, status=404)
    client.log_in_as(folk["elsewhere"]).get(url, status=404)
    client.post(f"{url}/reply", {"kind": "answer", "words": "我来说"}, 404)
    client.log_in_as(folk["head"])
    page = plain(client.get(url))
    assert "林晓雯这通会话得50." in page and "有不同意见" not in page
    with app.app_context():
        assert "quality.rating" in [one.what for one in view_log_of(folk["agent"])]


def test_a_contest_is_decided_by_who_did_not_rate(app, client, folk, clock) -> None:
    clock.set(make.AFTER)
    with app.app_context():
        rating = make.published_rating(folk["agent"], folk["manager"], folk["second"])
        with unit_of_work():
            reply = service.reply(folk["agent"], make.AFTER, rating, "contest", "顾客自己说了地址")
    url = f"/quality/contests/{reply}"
    client.log_in_as(folk["qc"]).get(url, status=403)
    client.log_in_as(folk["manager"])
    assert "没有等你来定的质检异议" in plain(client.get("/quality/contests"))
    assert "这通会话是你打的分" in plain(client.get(url))
    form = {**sheet_form(note="重听后成立"), "upheld": "yes"}
    assert "请由别人来定" in plain(client.post(f"{url}/decide", form, 422).text)
    client.log_in_as(folk["second"])
    assert "有1个质检异议等你来定" in plain(client.get("/quality/contests"))
    assert "林晓雯对50." in plain(client.get(url))
    page = client.post(f"{url}/decide", {**form, "points_need": ""}, 422).text
    assert "问清需求没有分数" in plain(page) and "重听后成立" in page
    client.post(f"{url}/decide", form)
    page = plain(client.get("/quality/contests"))
    assert "异议成立" in page and "没有等你来定" in page
    assert "改为100.0分" in plain(client.get(url))
    client.log_in_as(folk["agent"])
    assert "100.0" in plain(client.get("/quality"))
    with app.app_context(), unit_of_work() as db:
        assert db.query(QualityRating).count() == 2 and db.query(QualityReply).one().upheld


def test_everybody_has_the_page_and_sees_the_ways_they_have(client, folk) -> None:
    client.log_in_as(folk["star"])
    page = plain(client.get("/quality"))
    assert "还没有公布你的质检结果" in page and "质检工作" not in page
    client.log_in_as(folk["leader"])
    page = plain(client.get("/quality"))
    assert "基础客服效率" in page and "贵宾客服效率" not in page and "导入会话" not in page


# the month


def test_a_month_is_compiled_shown_and_printed(app, client, folk, rated, clock) -> None:
    client.log_in_as(folk["manager"])
    assert "12月21日" in plain(client.get("/quality/months"))
    page = plain(client.get("/quality/months/2026-11"))
    assert "2026年11月还不能汇总" in page and "上面几条都满足后" in page
    assert "起才能汇总" in client.post("/quality/months/2026-11/close", status=422).text
    clock.set(CLOSES)
    client.log_in_as(folk["manager"])
    assert "可以汇总了" in plain(client.get("/quality/months/2026-11"))
    client.post("/quality/months/2026-11/close")
    page = plain(client.get("/quality/months/2026-11"))
    assert "已汇总，共1人" in page and "林晓雯" in page
    rows = read_table(client.download("/quality/months/2026-11/sheets.xlsx"), "a.xlsx")
    assert rows[1][:5] == ("K100", "林晓雯", "售前客服一部", "1", "1") and rows[0][7] == "快接"
    with app.app_context():
        (sheet,) = queries.sheets_of(folk["agent"])
    url = f"/quality/month-sheets/{sheet.id}.pdf"
    assert client.download(url).startswith(b"%PDF")
    assert "11月" in plain(client.get("/quality/months"))
    client.log_in_as(folk["agent"])
    assert "我的质检月表" in plain(client.get("/quality")) and client.download(url).startswith(b"%PDF")
    client.get("/quality/months", status=403)
    client.log_in_as(folk["star"]).get(url, status=404)
    client.log_in_as(folk["elsewhere"]).get(url, status=404)
    assert "没有可以看的月表" in plain(client.get("/quality/months/2026-11"))
    client.get("/quality/months/2026-13", status=404)


def test_a_late_month_says_so(app, client, folk, rated, clock) -> None:
    clock.set(CLOSES + timedelta(days=3))
    client.log_in_as(folk["manager"])
    client.post("/quality/months/2026-11/close")
    assert "晚于规定" in plain(client.get("/quality/months/2026-11"))
    assert "晚于规定" in plain(client.get("/quality/months"))


# efficiency


def test_leaders_watch_basic_agents_and_qc_the_vip(app, client, folk) -> None:
    with app.app_context():
        for who in ("agent", "star"):
            make.make_chat(folk[who], by=folk["manager"], lines=make.chat_lines(WEEK, wait=30))
        make.make_chat(folk["agent"], by=folk["manager"], lines=make.chat_lines(WEEK)[:1])
    client.log_in_as(folk["leader"])
    page = plain(client.get("/quality/efficiency/basic"))
    assert "林晓雯" in page and "30秒" in page and "石磊" not in page and "有1通没有回复" in page
    client.get("/quality/efficiency/vip", status=403)
    client.log_in_as(folk["qc"]).get("/quality/efficiency/basic", status=403)
    assert "石磊" in plain(client.get(f"/quality/efficiency/vip?day={WEEK}"))
    assert "这一天没有会话" in plain(client.get("/quality/efficiency/vip?day=2026-11-01"))
    client.log_in_as(folk["head"])
    assert "看贵宾客服" in plain(client.get("/quality/efficiency/basic"))


# the home


def test_the_home_says_what_waits_in_quality(app, client, folk, clock) -> None:
    clock.set(CLOSES)
    with app.app_context():
        make.make_chats(folk["agent"], 2, by=folk["manager"])
        make.draw(folk["agent"])
        make.rate(folk["qc"])
    client.log_in_as(folk["qc"])
    assert "1通抽到的会话等你打分" in plain(client.get("/"))
    client.log_in_as(folk["manager"])
    page = plain(client.get("/"))
    assert "1周质检结果等你公布" in page and "1通还没有打分" in page
    assert "2026年11月的质检月表可以汇总了" in page
    client.log_in_as(folk["agent"])
    assert "质检的事" not in client.get("/")


def test_the_home_says_which_contests_wait(app, client, folk, rated, clock) -> None:
    clock.set(make.AFTER)
    with app.app_context(), unit_of_work():
        service.reply(folk["agent"], make.AFTER, rated, "contest", "顾客自己说了地址")
    client.log_in_as(folk["manager"])
    assert "1个质检异议等你来定" in plain(client.get("/"))


# long lists


def test_lists_take_as_many_queries_for_many_as_for_few(app, client, folk, clock) -> None:
    def more(n: int, first: int) -> None:
        for number in range(n):
            agent = make_person(f"客服{first}{number}")
            make.make_chat(agent, by=folk["qc"])
            make.draw(agent)

    pages = ["/quality/queue", "/quality/weeks", f"/quality/weeks/{WEEK}", "/quality/efficiency/vip"]
    client.log_in_as(folk["manager"])
    with app.app_context():
        more(2, 1)
    few = _counts(app, client, pages)
    with app.app_context():
        more(12, 2)
    assert _counts(app, client, pages) == few


def _counts(app, client, pages) -> list[int]:
    found = []
    for page in pages:
        client.get(page)
        with counted(app) as statements:
            client.get(page)
        found.append(len(statements))
    return found


def test_long_lists_have_pages(app, client, folk, clock) -> None:
    with app.app_context():
        for number in range(5):
            day = WEEK + timedelta(days=number)
            make.make_chats(folk["agent"], 5, day, by=folk["manager"])
            make.draw(folk["agent"], day)
        for _ in range(25):
            make.rate(folk["qc"])
        make.publish(folk["manager"])
        for _ in range(31):
            make.make_chat(folk["agent"], by=folk["qc"])
    client.log_in_as(folk["agent"])
    with counted(app) as many:
        assert "第1页，共2页" in plain(client.get("/quality"))
    assert "第2页，共2页" in plain(client.get("/quality?page=2"))
    assert len(many) < 30
    client.log_in_as(folk["qc"])
    assert "第2页，共2页" in plain(client.get("/quality/draws?page=2"))
