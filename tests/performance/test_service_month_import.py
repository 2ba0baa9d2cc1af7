"""Import of monthly results and opening data in two steps."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cstrain.documents.tables import write_csv, write_xlsx
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.performance import queries, service
from cstrain.performance.month_columns import template_rows
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.performance import AT, close_department, make_month

pytestmark = pytest.mark.usefixtures("context")
SEP, OCT = date(2026, 9, 1), date(2026, 10, 1)
HEAD = ["工号", "姓名", "绩效分", "绩效等级", "品牌分", "满意度", "接待人数"]


@pytest.fixture
def hr(context):
    return make_person("何静", staff_no="H001", roles=["hr"], department=make_department("人力资源部"))


@pytest.fixture
def agents(context):
    return [make_person("周敏", staff_no="K0901"), make_person("钱立", staff_no="K0902")]


def upload(actor, rows, month=OCT, note="", reason="", at=AT):
    with unit_of_work():
        return service.upload_month(
            actor, at, write_csv(rows), "十月.csv", month=month, source_note=note, reason=reason
        )


def confirm(actor, batch, at=AT):
    with unit_of_work():
        return service.confirm_month(actor, at, batch)


def test_a_clean_file_is_entered_with_its_source(hr, agents):
    rows = [HEAD, ["k0901", "周敏", "88.5", "", "132", "96.2%", "1,460"], ["K0902", "", "", "B", "—", "", ""]]
    batch = upload(hr, rows)
    checked = queries.batch(hr, batch)
    assert (checked.faults, checked.enters) == ((), 2)
    assert queries.records(agents, [OCT]) == []
    assert confirm(hr, batch) == (2, 0)
    first, second = queries.records(agents, [OCT])
    assert (first.grade, first.values["csat"], first.values["chats"]) == ("A", Decimal("96.20"), 1460)
    assert (first.source, first.source_note) == ("import", "十月.csv")
    assert (second.grade, dict(second.values)) == ("B", {})


def test_a_grade_that_does_not_fit_is_named_once_beside_what_is_on_record(hr, agents):
    make_month(agents[0], OCT, score="88", brand_points="130")
    rows = [["工号", "考核分", "绩效等级"], ["K0901", "96", "D"]]
    faults = queries.batch(hr, upload(hr, rows, reason="核对")).faults
    assert [fault.text for fault in faults] == ["绩效等级写的是D，按96分应是S。请核对后改正其中一个。"]


def test_the_template_can_be_read_back(hr, agents):
    rows = template_rows(opening=False)
    rows[1][rows[0].index("工号*")] = "K0901"
    rows[1][rows[0].index("姓名")] = "周敏"
    with unit_of_work():
        batch = service.upload_month(hr, AT, write_xlsx(rows), "空表.xlsx", month=OCT)
    assert queries.batch(hr, batch).faults == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (["K9999", "周敏", "88"], "工号", "名录里叫这个名字的人工号是K0901"),
        (["K9999", "某某", "88"], "工号", "先在人员里添加"),
        (["K0901", "钱立", "88"], "姓名", "另一位员工"),
        (["H001", "何静", "88"], "工号", "不能录自己的绩效"),
        (["K0901", "周敏", "八十"], "考核分", "没有数据请留空"),
        (["K0901", "周敏", "101"], "考核分", "0到100"),
        (["K0901", "周敏", "88", "优"], "绩效等级", "按考核分应填A"),
        (["K0901", "周敏", "88", "C"], "绩效等级", "应是A"),
        (["K0901", "周敏", "88", "", "", "0.962"], "满意度", "请写成96.2"),
        (["K0901", "周敏", "", "", "", "", ""], "", "没有任何数据"),
        (["", "周敏", "88"], "工号", "没有填写"),
        (["K0901", "周敏", "88", "", "", "", "3.5"], "接待量", "整数"),
    ],
)
def test_a_fault_names_row_column_reason_and_what_to_write(hr, agents, row, column, says):
    batch = queries.batch(hr, upload(hr, [HEAD, row]))
    (fault,) = batch.faults
    assert (fault.row, fault.column) == (2, column)
    assert says in fault.text
    with pytest.raises(DomainError, match="还有错误"):
        confirm(hr, batch.id)
    assert queries.records(agents, [OCT]) == []


def test_a_file_as_people_keep_it_is_understood(hr, agents):
    rows = [
        ["2026年10月客服绩效表", "", "", "", ""],
        ["满意度（%）", "员 工 号", "姓　名", "等级", "考核得分", "接待人数", "月份"],
        ["９６．２％", "ｋ０９０１", "周　敏", "Ａ", "８８．５分", "１，２００次", "2026-10-31"],
        ["97", "K0902 ", "钱立", "", "90 分", "", "2026年10月1日"],
        ["", "合计", "", "", "178.5", "1200", ""],
        ["", "", "平均：", "", "89.25", "600", ""],
    ]
    batch = queries.batch(hr, upload(hr, rows))
    assert (batch.faults, batch.enters) == ((), 2)
    assert [one.row for one in batch.notices if "合计" in one.message] == [5, 6]
    confirm(hr, batch.id)
    first, second = queries.records(agents, [OCT])
    assert dict(first.values) == {"score": Decimal("88.50"), "csat": Decimal("96.20"), "chats": 1200}
    assert second.values["score"] == 90


def test_what_a_formula_could_not_work_out_is_a_fault_not_an_unknown(hr, agents):
    batch = queries.batch(hr, upload(hr, [["工号", "考核分"], ["K0901", "#DIV/0!"]]))
    assert "“#DIV/0!”不是数字" in batch.faults[0].text


def test_one_person_twice_is_a_fault_and_a_column_unknown_a_notice(hr, agents):
    rows = [[*HEAD, "备注", "扣分次数"], ["K0901", "", "88"], ["K0901", "", "90"]]
    batch = queries.batch(hr, upload(hr, rows))
    assert [fault.text for fault in batch.faults] == ["与第2行重复。同一个人同一个月只留一行。"]
    assert [notice.column for notice in batch.notices] == ["备注", "扣分次数"]


def test_a_file_without_head_and_one_with_passwords_are_refused(hr):
    assert "没有找到表头" in queries.batch(hr, upload(hr, [["a", "b"], ["c", "d"]])).faults[0].text
    faults = queries.batch(hr, upload(hr, [["工号", "密码"], ["K1", "x"]])).faults
    assert any("个人信息" in fault.text for fault in faults)


def test_a_second_file_fills_gaps_and_changes_only_with_a_reason(hr, agents):
    confirm(hr, upload(hr, [HEAD, ["K0901", "", "88", "", "132"]]))
    confirm(hr, upload(hr, [HEAD, ["K0901", "", "", "", "132", "97"]]))
    (found,) = queries.records(agents[:1], [OCT])
    assert (found.revision, found.values["score"], found.values["csat"]) == (2, 88, 97)
    batch = queries.batch(hr, upload(hr, [HEAD, ["K0901", "", "91"]]))
    assert "写明原因" in batch.faults[0].text
    confirm(hr, upload(hr, [HEAD, ["K0901", "", "91"]], reason="复核后改分"))
    (found,) = queries.records(agents[:1], [OCT])
    assert (found.reason, found.grade) == ("复核后改分", "A")
    same = upload(hr, [HEAD, ["K0901", "", "91"]])
    assert queries.batch(hr, same).count("same") == 1
    assert confirm(hr, same) == (0, 0)


def test_a_closed_month_is_not_imported(hr, agents):
    place = queries.standings(agents, OCT)[agents[0]].department_id
    waiting = upload(hr, [HEAD, ["K0901", "", "88"]])
    close_department(place, OCT)
    with pytest.raises(ConflictError, match="关了账"):
        confirm(hr, waiting)
    batch = queries.batch(hr, upload(hr, [HEAD, ["K0901", "", "88"]]))
    assert "由两个人完成" in batch.faults[0].text


def test_what_was_entered_after_the_check_stops_the_confirmation(hr, agents):
    waiting = upload(hr, [HEAD, ["K0901", "", "88"]])
    make_month(agents[0], OCT, score=70)
    with pytest.raises(ConflictError, match="检查之后"):
        confirm(hr, waiting)


def test_a_batch_is_used_once_within_a_day_by_who_uploaded_it(hr, agents):
    other = make_person("冯晓岚", roles=["hr_manager"], department=make_department("人力资源部"))
    batch = upload(hr, [HEAD, ["K0901", "", "88"]])
    with pytest.raises(NotFoundError):
        confirm(other, batch)
    with pytest.raises(ConflictError, match="超过一天"):
        confirm(hr, batch, at=AT + timedelta(hours=25))
    confirm(hr, batch)
    with pytest.raises(ConflictError, match="处理过"):
        confirm(hr, batch)


def test_a_discarded_file_keeps_no_rows(hr, agents):
    batch = upload(hr, [HEAD, ["K0901", "", "88"]])
    with unit_of_work():
        service.discard_month(hr, AT, batch)
    assert queries.batch(hr, batch).rows == ()


OPENING = ["工号", "月份", "考核分", "品牌分", "扣分次数", "扣分"]


def test_opening_data_needs_its_source_and_closes_its_months(hr, agents):
    rows = [
        OPENING,
        ["K0901", "2026-09", "88", "90", "0", "0"],
        ["K0901", "2026年10月", "90", "95", "2", "15"],
        ["K0902", "202610", "70", "60", "", ""],
    ]
    with pytest.raises(DomainError, match="来源"):
        upload(hr, rows, month=None)
    batch = upload(hr, rows, month=None, note="旧系统导出")
    assert queries.batch(hr, batch).faults == ()
    assert confirm(hr, batch) == (3, 2)
    months = queries.months_of(agents, AT.date())
    assert [(one.month, one.deductions, one.points) for one in months[agents[0]]] == [
        (SEP, 0, 0),
        (OCT, 2, 15),
    ]
    assert [(one.deductions, one.points) for one in months[agents[1]]] == [(None, None)]
    (held,) = queries.closes(queries.standings(agents, SEP)[agents[0]].department_id, [SEP])
    assert (held.opening, held.gaps) == (True, (agents[1],))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["K0901", "", "88"], "请写成2026-09这样"),
        (["K0901", "去年", "88"], "不是月份"),
        (["K0901", "2026-11", "88"], "还没有过完"),
        (["K0901", "2025-12", "88"], "不在职"),
        (["K0901", "2026-09", "88", "", "1", ""], "要一起填"),
        (["K0901", "2026-09", "88", "", "0", "5"], "对不上"),
    ],
)
def test_faults_of_opening_data(hr, agents, row, says):
    batch = queries.batch(hr, upload(hr, [OPENING, row], month=None, note="旧系统"))
    assert any(says in fault.text for fault in batch.faults)


def test_opening_data_of_the_importers_own_department_is_closed_by_others(hr):
    colleague = make_person("何洁", staff_no="H002", department=make_department("人力资源部"))
    batch = upload(hr, [OPENING, ["H002", "2026-10", "88"]], month=None, note="旧系统")
    assert confirm(hr, batch) == (1, 0)
    assert queries.months_of([colleague], AT.date()) == {colleague: ()}
