"""Pages of discipline: one's own, booking, contests and their decision, registers, opening sums, the home."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from cstrain.documents.tables import write_csv
from cstrain.people.queries import get_person
from cstrain.performance.discipline import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.discipline import make_deduction, make_entry
from tests.factories.people import make_department, make_person

TODAY = date(2026, 11, 20)
BOOKING = {
    "staff_no": "K7001", "day": "2026-11-18", "rule": "hotline:language", "points": "10", "times": "",
    "evidence": "通话2026111801",
}  # fmt: skip
ENTRY = {
    "kind": "complaint", "staff_no": "K7001", "day": "2026-11-18", "other_no": "", "severity": "serious",
    "vip": "y", "major": "y", "text": "客户来电反映被挂断", "evidence": "投诉单17",
}  # fmt: skip


def plain(page) -> str:
    page = page if isinstance(page, str) else page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        other = make_department("售后客服部")
        return {
            "person": make_person("林晓雯", "K7001"),
            "mate": make_person("周子昂", "K7002"),
            "foreign": make_person("何雨桐", "K7003", department=other),
            "leader": make_person("组长王", "K7010", roles=["group_leader"]),
            "supervisor": make_person("主管李", "K7011", roles=["supervisor"]),
            "qc": make_person("质检陈", "K7012", roles=["qc"]),
            "manager": make_person("质检经理赵", "K7013", roles=["qc_manager"]),
            "hr": make_person("人事孙", "K7014", roles=["hr"]),
            "gm": make_person("总经理周", "K7015", roles=["gm"]),
        }


def booked(app, people, who="person", by="qc", **changes) -> int:
    with app.app_context():
        return make_deduction(people[by], people[who], **changes)


def contested(app, people, made) -> None:
    with app.app_context(), unit_of_work():
        service.contest(people["person"], START, made, "当时是客户先挂的")


# --- one's own page


def test_without_deductions_the_own_page_says_so(client, people) -> None:
    page = plain(client.log_in_as(people["person"]).get("/discipline"))
    assert "本月没有扣分" in page and "有人按规定登记扣分时" in page


def test_the_own_page_lists_what_counts_and_what_was_entered(app, client, people) -> None:
    booked(app, people)
    with app.app_context():
        make_entry(people["qc"], people["person"], "award", text="帮新人答疑")
        make_entry(people["qc"], people["mate"], "conflict", other=people["person"], text="排班争执")
    page = plain(client.log_in_as(people["person"]).get("/discipline"))
    assert "本月1条扣分，共10分" in page and "帮新人答疑" in page and "排班争执" in page and "去申诉" in page


def test_rules_are_there_for_everybody(client, people) -> None:
    page = plain(client.log_in_as(people["person"]).get("/discipline/rules"))
    assert "热线扣分规定" in page and "5–20分" in page and "2倍" in page


def test_a_person_contests_once_and_in_time(app, client, clock, people) -> None:
    made = booked(app, people)
    client.log_in_as(people["person"])
    url = f"/discipline/deductions/{made}/contest"
    assert "截止" in plain(client.get(url))
    page = client.post(url, {"says": ""}, status=422)
    assert "请填写这一项" in page.text
    client.post(url, {"says": "当时是客户先挂的"})
    assert "当时是客户先挂的" in client.get(f"/discipline/deductions/{made}")
    assert "再说一次" in client.post(url, {"says": "再说一次"}, status=422).text
    late = booked(app, people, evidence="另一通")
    clock.move(timedelta(days=5))
    client.log_in_as(people["person"])
    assert "申诉期已过" in plain(client.get(f"/discipline/deductions/{late}/contest"))


def test_what_is_not_ones_own_is_as_good_as_missing(app, client, people) -> None:
    made = booked(app, people)
    client.log_in_as(people["mate"])
    for number in (made, 999):
        client.get(f"/discipline/deductions/{number}", status=404)
        client.get(f"/discipline/deductions/{number}/contest", status=404)
    client.get("/discipline/deductions", status=403)
    client.get("/discipline/registers", status=403)


# --- booking


def test_qc_books_and_the_person_sees_it(app, client, people) -> None:
    client.log_in_as(people["qc"])
    page = client.get("/discipline/deductions/new?staff_no=K7001&day=2026-11-18&evidence=抽检3号")
    assert 'value="K7001"' in page and "抽检3号" in page and 'value="2026-11-18"' in page
    client.post("/discipline/deductions/new", BOOKING)
    listed = plain(client.get("/discipline/deductions"))
    assert "1条扣分，其中1条计算" in listed and "林晓雯" in listed
    assert "扣分：10分" in plain(client.log_in_as(people["person"]).get("/notices"))


def test_two_at_once_are_booked_each_in_full(app, client, people) -> None:
    client.log_in_as(people["qc"])
    both = BOOKING | {
        "staff_no": "k7001、K7002", "rule": "hotline:together", "points": "20",
        "times": "hotline:together:complaint",
    }  # fmt: skip
    client.post("/discipline/deductions/new", both)
    assert "计算的共80分" in plain(client.get("/discipline/deductions"))


def test_a_general_rule_needs_the_word_that_the_specific_one_does_not_fit(client, people) -> None:
    client.log_in_as(people["qc"])
    general = BOOKING | {"rule": "hotline:desk"}
    assert "比所选的更具体" in plain(client.post("/discipline/deductions/new", general, status=422))
    client.post("/discipline/deductions/new", general | {"aside": "hotline:together"})
    page = plain(client.get("/discipline/deductions/1"))
    assert "更具体但不符合" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"points": "21"}, "可扣5到20分"),
        ({"rule": "hotline:leaving", "points": "10"}, "固定扣20分"),
        ({"aside": "hotline:desk"}, "请从列出的选项里选"),
        ({"points": "1.5"}, "请填整数"),
        ({"points": ""}, "请填写"),
        ({"day": "2026-11-21"}, "今天以后"),
        ({"staff_no": "K9999"}, "没有找到工号K9999"),
        ({"staff_no": "K7012"}, "没有找到工号K7012"),
        ({"times": "hotline:together:complaint"}, "加倍情形"),
        ({"rule": "hotline:nothing"}, "没有保存"),
    ],
)
def test_refused_input_keeps_what_was_typed(client, people, changes, says) -> None:
    client.log_in_as(people["qc"])
    page = client.post("/discipline/deductions/new", BOOKING | changes, status=422)
    assert says in plain(page) and "通话2026111801" in page.text


def test_a_leader_books_and_sees_the_own_department_only(app, client, people) -> None:
    booked(app, people, who="foreign")
    client.log_in_as(people["leader"])
    page = plain(client.post("/discipline/deductions/new", BOOKING | {"staff_no": "K7003"}, status=422))
    assert "没有找到工号K7003" in page
    assert "何雨桐" not in client.get("/discipline/deductions")
    client.get("/discipline/deductions/1", status=404)
    client.post("/discipline/deductions/1/decide", {"upheld": "no", "answer": "x"}, status=403)
    client.log_in_as(people["supervisor"])
    client.post("/discipline/deductions/1/decide", {"upheld": "no", "answer": "x"}, status=404)
    client.post("/discipline/deductions/1/reverse", {"reason": "x"}, status=404)


# --- deciding


def test_a_contest_waits_on_the_home_and_is_decided_by_somebody_else(app, client, people) -> None:
    made = booked(app, people)
    contested(app, people, made)
    assert "扣分申诉等你决定" in plain(client.log_in_as(people["manager"]).get("/"))
    assert "有1条申诉等你决定" in plain(client.get("/discipline/deductions"))
    url = f"/discipline/deductions/{made}"
    assert "最迟决定" in plain(client.get(url))
    assert "录音" in client.post(f"{url}/decide", {"answer": "录音"}, status=422).text
    client.post(f"{url}/decide", {"upheld": "no", "answer": "听不清是谁"})
    assert "已撤销，不再计算" in plain(client.get(url))
    assert "等你决定" not in plain(client.get("/"))
    assert "本月没有扣分" in plain(client.log_in_as(people["person"]).get("/discipline"))
    client.log_in_as(people["manager"]).post(f"{url}/decide", {"upheld": "yes", "answer": "再来"}, status=422)


def test_the_booker_is_shown_the_reason_why_not(app, client, people) -> None:
    made = booked(app, people, by="manager")
    url = f"/discipline/deductions/{made}"
    client.log_in_as(people["manager"])
    assert "要由别人撤销" in plain(client.get(url))
    assert "是你登记的" in plain(client.post(f"{url}/reverse", {"reason": "录错人"}, status=422))
    contested(app, people, made)
    assert "要由别人决定" in plain(client.get(url))
    client.post(f"{url}/decide", {"upheld": "no", "answer": "x"}, status=422)
    client.log_in_as(people["hr"]).post(f"{url}/decide", {"upheld": "yes", "answer": "录音里有"})
    assert "维持扣分" in plain(client.get(url))


def test_a_wrong_one_is_reversed_with_a_reason(app, client, people) -> None:
    made = booked(app, people)
    url = f"/discipline/deductions/{made}"
    client.log_in_as(people["supervisor"])
    client.post(f"{url}/reverse", {"reason": ""}, status=422)
    client.post(f"{url}/reverse", {"reason": "录错人"})
    page = plain(client.get(url))
    assert "已撤销，不再计算" in page and "录错人" in page
    client.log_in_as(people["gm"]).post(f"{url}/reverse", {"reason": "x"}, status=403)


def test_nobody_handles_what_is_about_them(app, client, people) -> None:
    made = booked(app, people, who="manager", by="hr")
    client.log_in_as(people["manager"])
    url = f"/discipline/deductions/{made}"
    assert "申诉" in plain(client.get(url))
    client.post(f"{url}/reverse", {"reason": "x"}, status=404)
    client.post(f"{url}/decide", {"upheld": "no", "answer": "x"}, status=404)


# --- lists


def test_the_list_is_filtered_and_paged(app, client, people) -> None:
    for number in range(31):
        booked(app, people, evidence=f"通话{number}", points=5)
    booked(app, people, who="foreign", code="attitude")
    client.log_in_as(people["hr"])
    page = plain(client.get("/discipline/deductions"))
    assert "32条扣分" in page and "第1页，共2页" in page
    assert "第2页" in plain(client.get("/discipline/deductions?page=2"))
    assert "1条扣分" in plain(client.get("/discipline/deductions?q=何雨桐"))
    with app.app_context():
        place = get_person(people["foreign"], TODAY).department_id
    assert "1条扣分" in plain(client.get(f"/discipline/deductions?department={place}&standing=counts"))
    assert "31条扣分" in plain(client.get("/discipline/deductions?rule=hotline:language&month=2026-11"))
    assert "没有符合条件的扣分" in plain(client.get("/discipline/deductions?month=2026-10"))
    client.get("/discipline/deductions?page=x&department=y&month=z&standing=w")


@pytest.mark.parametrize("url", ["/discipline/deductions", "/discipline/registers"])
def test_a_list_asks_the_same_number_of_questions_however_long_it_is(app, client, people, url) -> None:
    counts = []
    client.log_in_as(people["hr"]).get(url)
    for number in range(2):
        booked(app, people, evidence=f"甲{number}")
        booked(app, people, who="mate", evidence=f"乙{number}")
        with app.app_context():
            make_entry(people["qc"], people["person"], "award", evidence=f"丙{number}")
        with counted(app) as statements:
            client.get(url)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_person_page_has_a_panel(app, client, people) -> None:
    booked(app, people)
    page = plain(client.log_in_as(people["supervisor"]).get(f"/people/{people['person']}"))
    assert "最近十二个月1条扣分，共10分" in page and "登记簿里有0条" in page
    assert "最近十二个月没有扣分" in plain(client.log_in_as(people["mate"]).get(f"/people/{people['mate']}"))


# --- registers


def test_an_entry_is_made_seen_and_withdrawn(app, client, people) -> None:
    client.log_in_as(people["hr"])
    assert "抽检3号" in client.get("/discipline/registers/new?kind=complaint&evidence=抽检3号")
    client.post("/discipline/registers/new", ENTRY)
    page = plain(client.get("/discipline/registers?kind=complaint&major=1"))
    assert "登记簿里有1条" in page and "重大投诉" in page and "严重" in page and "贵宾" in page
    page = plain(client.get("/discipline/registers/1"))
    assert "林晓雯的登记：投诉" in page and "投诉单17" in page
    client.post("/discipline/registers/1/withdraw", {"reason": ""}, status=422)
    client.post("/discipline/registers/1/withdraw", {"reason": "是另一位同事"})
    assert "已撤回，不再计算" in plain(client.get("/discipline/registers/1"))
    client.post("/discipline/registers/1/withdraw", {"reason": "再来"}, status=422)
    assert "已撤回" in plain(client.log_in_as(people["person"]).get("/discipline"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"severity": ""}, "投诉要选轻重"),
        ({"kind": "award"}, "投诉要选轻重"),
        ({"kind": "award", "severity": ""}, "只有投诉"),
        ({"kind": ""}, "请填写"),
        ({"staff_no": "K9999"}, "没有找到工号K9999"),
        ({"staff_no": "K7014"}, "没有找到工号K7014"),
        ({"other_no": "K7002"}, "内部冲突和顶岗"),
        ({"day": "2026-11-21"}, "今天以后"),
    ],
)
def test_a_refused_entry_keeps_what_was_typed(client, people, changes, says) -> None:
    client.log_in_as(people["hr"])
    page = client.post("/discipline/registers/new", ENTRY | changes, status=422)
    assert says in plain(page) and "客户来电反映被挂断" in page.text


def test_both_sides_of_a_conflict_are_named_and_neither_reads_the_entry(app, client, people) -> None:
    client.log_in_as(people["hr"])
    conflict = {"kind": "conflict", "severity": "", "other_no": "K7002"}
    body = {key: value for key, value in (ENTRY | conflict).items() if key not in {"vip", "major"}}
    client.post("/discipline/registers/new", body | {"other_no": "K9999"}, status=422)
    client.post("/discipline/registers/new", body)
    assert "周子昂" in plain(client.get("/discipline/registers/1"))
    assert "登记簿里有1条" in plain(client.get("/discipline/registers?q=周子昂"))
    for side in ("person", "mate"):
        assert "内部冲突" in plain(client.log_in_as(people[side]).get("/discipline"))
    with app.app_context():
        make_entry(people["hr"], people["leader"], "conflict", other=people["person"])
    client.log_in_as(people["leader"])
    client.get("/discipline/registers/2", status=404)
    assert "登记簿里有1条" in plain(client.get("/discipline/registers"))
    client.get("/discipline/registers/1")


def test_a_register_of_others_is_as_good_as_missing(app, client, people) -> None:
    with app.app_context():
        make_entry(people["qc"], people["foreign"], "violation")
    client.log_in_as(people["supervisor"])
    for number in (1, 99):
        client.get(f"/discipline/registers/{number}", status=404)
        client.post(f"/discipline/registers/{number}/withdraw", {"reason": "x"}, status=404)
    assert "没有符合条件的登记" in plain(client.get("/discipline/registers"))


# --- opening sums


def _upload(client, *rows, status=302, **changes):
    data = write_csv([("工号", "月份", "条数", "分数"), *rows])
    body = {"source": "2025年质检月报", "file": (io.BytesIO(data), "opening.csv")} | changes
    return client.post("/discipline/opening", body, status=status)


def test_opening_sums_are_looked_at_before_they_are_entered(app, client, people) -> None:
    client.log_in_as(people["hr"])
    client.get("/discipline/opening")
    assert client.download("/discipline/opening/template.xlsx").startswith(b"PK")
    _upload(client, ("K7001", "2025-12", "2", "25"))
    assert "没有错误，可以导入1行" in plain(client.get("/discipline/opening/1"))
    client.post("/discipline/opening/1/confirm", {})
    assert "已导入1行" in plain(client.get("/discipline/opening/1"))
    client.post("/discipline/opening/1/confirm", {}, status=409)
    month = date(2025, 12, 1)
    with app.app_context():
        assert queries.counts([people["person"]], [month]) == {(people["person"], month): (2, 25)}


def test_faults_of_an_opening_file_are_named(client, people) -> None:
    client.log_in_as(people["hr"])
    _upload(client, ("K9999", "2025-12", "2", "25"))
    page = plain(client.get("/discipline/opening/1"))
    assert "1处要改，一行也没写入" in page and "没有这个工号" in page
    client.post("/discipline/opening/1/confirm", {}, status=422)
    assert "请选择要导入的文件" in plain(client.post("/discipline/opening", {"source": "x"}, status=422))
    broken = (io.BytesIO(b"x"), "a.pdf")
    assert "只能上传" in plain(_upload(client, status=422, file=broken))
    client.log_in_as(people["gm"]).get("/discipline/opening", status=403)
