"""Pages of monthly performance: who sees what, refused input, every page."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from cstrain.documents.tables import read_table, write_csv
from cstrain.performance import queries
from tests.counting import counted
from tests.factories.people import make_department, make_person
from tests.factories.performance import close_department, make_month

SEP, OCT = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def within(app):
    """Call a function within an application context of its own: pages have their own, too."""

    def call(function, *values, **named):
        with app.app_context():
            return function(*values, **named)

    return call


class Words:
    """A client whose pages come as plain words: without marks and without blanks."""

    def __init__(self, client):
        self.client = client

    def log_in_as(self, person):
        self.client.log_in_as(person)
        return self

    def get(self, url, status=200):
        return words(self.client.get(url, status=status))

    def post(self, url, data, status=302):
        return words(self.client.post(url, data, status=status).text)

    def __getattr__(self, name):
        return getattr(self.client, name)


def words(page):
    return re.sub(r"</?(span|svg|use|br|b)\b[^>]*>|[\s\u00a0\u2060]", "", page)


@pytest.fixture
def reader(client):
    return Words(client)


@pytest.fixture
def place(within):
    return within(make_department, "售前客服一部")


@pytest.fixture
def agent(within, place):
    return within(make_person, "周敏", staff_no="K0901", department=place, level="junior")


@pytest.fixture
def hr(within):
    office = within(make_department, "人力资源部")
    return within(make_person, "何静", staff_no="H001", roles=["hr"], department=office)


@pytest.fixture
def head(within, place):
    return within(make_person, "唐志远", roles=["supervisor"], department=place)


def test_my_year_says_that_nothing_is_known(reader, agent, within):
    page = reader.log_in_as(agent).get("/performance")
    assert "还没有绩效记录" in page
    assert "不是零分" in page


def test_my_year_shows_charts_with_their_numbers(reader, agent, place, within):
    within(make_month, agent, SEP, score=58, brand_points=70, csat="88.26")
    within(make_month, agent, OCT, score="88.5", brand_points=90, csat="96.2", sales=100, sales_target=80)
    within(close_department, place, SEP)
    page = reader.log_in_as(agent).get("/performance")
    assert "10月绩效A" in page
    assert reader.client.get("/performance").count('<svg class="chart"') == 3
    assert "2个月有记录，A级以上1个月" in page
    assert "已关账" in page and "未关账" in page
    assert "96.20%" in page
    assert "满意度（%）" in page and "2个月有数据，最低88.3，最高96.2，最近96.2。纵轴从70起。" in page
    assert "销售完成率（%）" not in page  # one month makes no trend
    older = reader.get("/performance?until=2025-10")
    assert "这一年没有绩效记录" in older


def test_the_marks_of_a_list_line_up(reader, agent, within):
    within(make_month, agent, SEP, score="85", brand_points="90")
    within(make_month, agent, OCT, score="87.4", brand_points="91.25")
    page = reader.log_in_as(agent).get("/performance")
    assert all(said in page for said in ("85.0分", "87.4分", "90.00分", "91.25分"))
    assert ">85分" not in page


def test_superiors_and_hr_see_a_person_and_others_do_not(reader, agent, head, hr, within):
    stranger = within(
        make_person, "外人", roles=["supervisor"], department=within(make_department, "售后客服部")
    )
    for who in (head, hr):
        assert "周敏的绩效" in reader.log_in_as(who).get(f"/performance/people/{agent}")
    reader.log_in_as(stranger)
    reader.get(f"/performance/people/{agent}", status=404)
    reader.get("/performance/people/99999", status=404)
    reader.get(f"/performance/people/{agent}/2026-10", status=404)
    reader.log_in_as(agent)
    reader.get(f"/performance/people/{head}", status=403)
    reader.get(f"/performance/people/{head}/2026-10", status=404)


def test_a_month_shows_its_revisions_and_evidence_leads_there(reader, agent, head, within):
    within(make_month, agent, OCT, score=80)
    record = within(make_month, agent, OCT, score=86, reason="漏算一通")
    page = reader.log_in_as(agent).get(f"/performance/people/{agent}/2026-10")
    assert "漏算一通" in page and "第1次登记" in page
    reader.get(f"/performance/people/{agent}/2026-99", status=404)
    reader.get(f"/performance/people/{agent}/2026-08")
    answer = reader.get(f"/performance/records/{record}", status=302)
    assert answer is not None
    reader.log_in_as(within(make_person, "外人", department=within(make_department, "售后客服部")))
    reader.get(f"/performance/records/{record}", status=404)
    reader.get("/performance/records/99999", status=404)


def test_a_supervisor_enters_a_month_and_refused_input_stays(reader, agent, head, within):
    url = f"/performance/people/{agent}/2026-10/enter"
    reader.log_in_as(head).get(url)
    page = reader.post(url, {"base": "0", "score": "188", "csat": "96.2"}, status=422)
    assert 'value="188"' in page and 'value="96.2"' in page
    page = reader.post(url, {"base": "0", "score": "很好"}, status=422)
    assert "请填数字" in page
    page = reader.post(url, {"base": "0", "score": "88", "grade": "C"}, status=422)
    assert "应是A" in page
    reader.post(url, {"base": "0", "score": "88", "csat": "96.2"})
    (found,) = within(queries.records, [agent], [OCT])
    assert (found.grade, found.entered_by) == ("A", head)
    assert 'value="88"' in reader.get(url)
    page = reader.post(url, {"base": "1", "score": "89", "reason": ""}, status=422)
    assert "写明原因" in page


def test_nobody_enters_for_themself_nor_for_a_foreign_department(reader, head, hr, place, within):
    foreign = within(make_person, "别人", department=within(make_department, "售后客服部"))
    reader.log_in_as(head)
    reader.get(f"/performance/people/{head}/2026-10/enter", status=404)
    reader.get(f"/performance/people/{foreign}/2026-10/enter", status=404)
    reader.log_in_as(hr).get(f"/performance/people/{hr}/2026-10/enter", status=404)
    reader.post(f"/performance/people/{hr}/2026-10/enter", {"base": "0", "score": "99"}, status=404)


def test_a_closed_month_is_corrected_by_two(reader, agent, head, hr, place, within):
    within(make_month, agent, OCT, by=head, score=80)
    within(close_department, place, OCT)
    page = reader.log_in_as(head).get(f"/performance/people/{agent}/2026-10")
    assert "提更正" in page
    url = f"/performance/people/{agent}/2026-10/correct"
    assert "已经关账" in reader.get(url)
    page = reader.post(url, {"base": "1", "score": "86", "reason": ""}, status=422)
    assert 'value="86"' in page
    reader.post(url, {"base": "1", "score": "86", "reason": "漏算一通"})
    assert "没有要确认的更正" in reader.get("/performance/corrections")
    asked = within(queries.corrections_of, agent, OCT)[0].id
    reader.log_in_as(hr)
    assert "漏算一通" in reader.get("/performance/corrections")
    page = reader.post(f"/performance/corrections/{asked}/decide", {"agreed": "0", "note": ""}, status=422)
    assert "不同意的原因" in page
    reader.post(f"/performance/corrections/{asked}/decide", {"agreed": "1"})
    assert "correction" in {one.source for one in within(queries.revisions, agent, OCT)}
    page = reader.log_in_as(agent).get(f"/performance/people/{agent}/2026-10")
    assert "修改原因" in page
    reader.post(f"/performance/corrections/{asked}/decide", {"agreed": "1"}, status=403)


def test_the_ranking_is_paged_and_takes_the_same_statements_however_long(app, reader, hr, place, within):
    people = [within(make_person, f"同事{each}", department=place) for each in range(55)]
    for who in people[:3]:
        within(make_month, who, OCT, brand_points=80)
    url = f"/performance/departments/{place}/2026-10"
    reader.log_in_as(hr)
    first = reader.get(url)
    assert "第2页" in first and "第1页，共2页" in first
    with counted(app) as short:
        reader.get(f"{url}?page=2")
    with counted(app) as long:
        reader.get(f"{url}?page=1")
    assert len(short) == len(long)
    assert "没有登记" in reader.get(f"{url}?page=99")


def test_the_ranking_is_for_who_may_see_the_department(reader, head, agent, place, within):
    other = within(make_department, "售后客服部")
    reader.log_in_as(head)
    reader.get(f"/performance/departments/{place}/2026-10")
    reader.get(f"/performance/departments/{other}/2026-10", status=404)
    reader.get(f"/performance/departments/{other}/2026-10/table.xlsx", status=404)
    reader.log_in_as(agent).get(f"/performance/departments/{place}/2026-10", status=403)


def test_the_ranking_as_a_table(reader, hr, agent, place, within):
    within(make_month, agent, OCT, score=88, brand_points=90)
    reader.log_in_as(hr)
    for kind in ("xlsx", "csv"):
        data = reader.download(f"/performance/departments/{place}/2026-10/table.{kind}")
        rows = read_table(data, f"a.{kind}")
        assert rows[1][:6] == ("K0901", "周敏", "2026-10", "A", "88", "90")
    reader.get(f"/performance/departments/{place}/2026-10/table.pdf", status=404)


def test_who_decides_a_correction_second_is_told_so(reader, hr, head, agent, place, within):
    within(make_month, agent, OCT, score=80)
    within(close_department, place, OCT)
    url = f"/performance/people/{agent}/2026-10/correct"
    reader.log_in_as(head).post(url, {"base": "1", "score": "86", "grade": "", "reason": "漏算"})
    office = within(make_department, "总经办")
    second = within(make_person, "秦月", roles=["gm_office"], department=office)
    reader.log_in_as(hr).post("/performance/corrections/1/decide", {"agreed": "1", "note": ""})
    answer = {"agreed": "0", "note": "不对"}
    page = reader.log_in_as(second).post("/performance/corrections/1/decide", answer, status=422)
    assert "没有要确认的更正" in page and "处理过" in page
    assert page.count('role="alert"') == 1


def test_departments_say_who_has_closed(reader, hr, agent, place, within):
    reader.log_in_as(hr)
    assert "没有关账" in reader.get("/performance/departments?month=2026-10")
    assert "没有部门数据" in reader.get("/performance/departments?month=2020-01")
    reader.get("/performance/departments")


def test_closing_accepting_gaps_and_opening_again(reader, hr, agent, place, within, clock):
    url = f"/performance/departments/{place}/2026-10/close"
    reader.log_in_as(hr)
    page = reader.get(url)
    assert "从11月21日周六起可以关账" in page and "关账</button>" not in page
    assert "起才能关账" in reader.post(url, {"accept_gaps": "y"}, status=422)
    assert "还缺数据" in reader.get("/performance/departments?month=2026-10")
    within(make_month, agent, OCT, by=hr, score=80)
    assert "还没有到关账的日子" in reader.get("/performance/departments?month=2026-10")
    within(make_person, "黄俊", department=place)  # without a month
    clock.set(clock.now() + timedelta(days=1))  # the 21st
    reader.log_in_as(hr)
    assert "还缺1人的数据" in reader.get(url)
    assert "还有1人" in reader.post(url, {}, status=422)
    reader.post(url, {"accept_gaps": "y"})
    assert "已经关账" in reader.get(url)
    held = within(queries.closes, place, [OCT])[0].id
    assert "请填写这一项" in reader.post(f"/performance/closes/{held}/reopen", {"reason": ""}, status=422)
    reader.post(f"/performance/closes/{held}/reopen", {"reason": "整月导错"})
    assert "等另一人确认" in reader.get(url)
    assert "不能确认自己" in reader.post(f"/performance/closes/{held}/decide", {"agreed": "1"}, status=422)
    reader.log_in_as(
        within(make_person, "秦月", roles=["gm_office"], department=within(make_department, "总经办"))
    )
    assert "整月导错" in reader.get(url)
    reader.post(f"/performance/closes/{held}/decide", {"agreed": "1"})
    assert "以前的关账" in reader.get(url)
    reader.log_in_as(agent).get(url, status=403)


def test_a_month_before_anybody_came_is_neither_closed_nor_paged_to(reader, hr, agent, place, within):
    reader.log_in_as(hr)
    url = f"/performance/departments/{place}/2025-12/close"
    page = reader.get(url)
    assert "2025年12月这个部门没有人" in page and "关账</button>" not in page
    assert "没有关账：这个月这个部门里没有人" in reader.post(url, {"accept_gaps": "y"}, status=422)
    assert "month=2021-11" in reader.get("/performance/departments?month=2021-12")
    assert "month=2021-10" not in reader.get("/performance/departments?month=2021-11")
    assert f"{place}/2021-10" not in reader.get(f"/performance/departments/{place}/2021-11")
    assert "更早的一年" not in reader.get(f"/performance/people/{agent}")
    old = within(
        make_person, "老员工", department=within(make_department, "仓储部"), hire_date=date(2024, 1, 5)
    )
    assert "更早的一年" in reader.get(f"/performance/people/{old}")


def _file(rows):
    return io.BytesIO(write_csv(rows)), "十月.csv"


def test_importing_in_two_steps(reader, hr, agent, within):
    reader.log_in_as(hr).get("/performance/import")
    assert "请选择要导入的文件" in reader.post("/performance/import", {"month": "2026-10"}, status=422)
    bad = {"month": "2026-10", "file": _file([["工号", "考核分"], ["K0901", "好"]])}
    reader.post("/performance/import", bad)
    batch = 1
    assert "1处要改" in reader.get(f"/performance/import/{batch}")
    assert read_table(reader.download(f"/performance/import/{batch}/faults.xlsx"), "a.xlsx")[1][0] == "2"
    reader.post(f"/performance/import/{batch}/discard", {})
    assert "没有导入" in reader.get(f"/performance/import/{batch}")
    good = {"month": "2026-10", "file": _file([["工号", "考核分", "备注"], ["K0901", "88", "x"]])}
    reader.post("/performance/import", good)
    assert "可以导入1条" in reader.get("/performance/import/2")
    reader.post("/performance/import/2/confirm", {})
    assert "已导入1条" in reader.get("/performance/import/2")
    other = within(
        make_person, "冯晓岚", roles=["hr_manager"], department=within(make_department, "人力资源部")
    )
    reader.log_in_as(other).get("/performance/import/2", status=404)


def test_the_limit_of_a_file_is_told_before_the_upload_and_with_what_to_do_after_it(reader, hr):
    pages = ("/performance/import", "/performance/import/opening")
    assert "5000行（表头不算）。更多的分成几个文件" in reader.log_in_as(hr).get(pages[0])
    assert "可以分几次导入" in reader.get(pages[0])
    opening = reader.get(pages[1])
    assert "更多的按月份分成几个文件" in opening and "可以分几次导入" not in opening
    rows = [["工号", "考核分"], *([f"K{number}", "80"] for number in range(5001))]
    for page in pages:
        fields = {"month": "2026-10", "source_note": "旧系统导出", "file": _file(rows)}
        said = reader.post(page, fields, status=422)
        assert "表头以外有5001行，一次最多5000行。请分成几个文件，每个都带表头" in said


def test_importing_opening_data(reader, hr, agent, within):
    reader.log_in_as(hr).get("/performance/import/opening")
    rows = [["工号", "月份", "考核分"], ["K0901", "2026-09", "88"]]
    page = reader.post("/performance/import/opening", {"file": _file(rows)}, status=422)
    assert "请填写这一项" in page
    reader.post("/performance/import/opening", {"source_note": "旧系统导出", "file": _file(rows)})
    assert "旧系统导出" in reader.get("/performance/import/1")
    reader.post("/performance/import/1/confirm", {})
    assert within(queries.months_of, [agent], date(2026, 11, 20))[agent][0].grade == "A"


def test_the_empty_files(reader, hr, within):
    reader.log_in_as(hr)
    assert "工号*" in read_table(reader.download("/performance/import/template.xlsx"), "a.xlsx")[0]
    assert "月份*" in read_table(reader.download("/performance/import/opening-template.xlsx"), "a.xlsx")[0]


def test_a_forgotten_close_stays_at_home_until_it_is_done(reader, agent, head, hr, place, clock, within):
    within(make_month, agent, SEP, by=head, score=80)
    within(make_month, agent, OCT, by=head, score=80)
    assert "1个部门的2026年9月该关账了" in reader.log_in_as(hr).get("/")
    clock.set(clock.now() + timedelta(days=20))  # 10 December: November may not be closed yet
    page = reader.log_in_as(hr).get("/")
    assert "1个部门的2026年9月该关账了" in page and "1个部门的2026年10月该关账了" in page
    within(close_department, place, SEP)
    assert "2026年9月该关账了" not in reader.get("/")


def test_a_month_that_cannot_be_entered_says_so_before_the_form(reader, agent, hr, place, within):
    reader.log_in_as(hr)
    for month, why in (("2026-11", "还没有过完"), ("2010-01", "太早")):
        assert reader.post(f"/performance/people/{agent}/{month}/enter", {"score": "80"}, status=422)
        reader.client.get(f"/performance/people/{agent}/{month}/enter", status=302)
        assert why in reader.get(f"/performance/people/{agent}/{month}")
    within(close_department, place, OCT)
    reader.client.get(f"/performance/people/{agent}/2026-10/enter", status=302)
    assert "要改请提更正" in reader.get(f"/performance/people/{agent}/2026-10")


def test_who_was_overtaken_sees_what_stands_now_and_may_save_then(reader, agent, head, hr, within):
    url = f"/performance/people/{agent}/2026-10/enter"
    within(make_month, agent, OCT, by=head, score=80, csat=97)
    mine = {"base": "0", "score": "70", "grade": "", "reason": "按月表改"}
    page = reader.log_in_as(hr).post(url, mine, status=422)
    assert "刚刚由别人改过" in page and "97%" in page and 'value="70"' in page
    assert 'name="base"value="1"' in page
    reader.post(url, {**mine, "base": "1"})
    assert within(queries.revisions, agent, OCT)[0].values["score"] == 70


def test_who_keeps_performance_is_told_at_home(reader, agent, head, hr, place, clock, within):
    within(make_month, agent, OCT, by=head, score=80)
    assert "该关账了" not in reader.log_in_as(hr).get("/")
    clock.set(clock.now() + timedelta(days=1))  # the 21st
    assert "1个部门的2026年10月该关账了" in reader.log_in_as(hr).get("/")
    held = within(close_department, place, OCT)
    url = f"/performance/people/{agent}/2026-10/correct"
    reader.log_in_as(head).post(url, {"base": "1", "score": "86", "grade": "", "reason": "漏算"})
    reader.log_in_as(hr)
    assert "周敏的绩效更正等你确认" in reader.get("/")
    office = within(make_department, "总经办")
    other = within(make_person, "秦月", roles=["gm_office"], department=office)
    reader.log_in_as(other).post(f"/performance/closes/{held}/reopen", {"reason": "整月导错"})
    assert "要求重开关账" in reader.log_in_as(hr).get("/")
