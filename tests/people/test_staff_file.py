"""The staff file: columns, synonyms, each kind of fault with its row and column. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from cstrain.people.staff_columns import COLUMNS, column_of, read_date, template_rows
from cstrain.people.staff_file import Known, check

TODAY = date(2026, 11, 20)
HEAD = ["姓名", "工号", "部门"]


def known(**more):
    places = {"售前客服一部": "S1", "S1": "S1", "售前客服一部-晚班组": "S1N"}
    return Known({"K001": "张慧"}, places.get, TODAY, **more)


def faults(rows, **more):
    return [(fault.row, fault.column, fault.text) for fault in check(rows, known(**more)).faults]


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("姓名*", "姓名"),
        (" 员工编号 ", "工号"),
        ("手机号码（必填）", "手机"),
        ("E-Mail", "邮箱"),
        ("品牌/组", "品牌/组"),
        ("品牌／组", "品牌/组"),
        ("入职时间", "入职日期"),
        ("师傅工号", "导师工号"),
        ("血型", None),
        ("身份证号", "身份证号"),
    ],
)
def test_titles_and_their_synonyms(title, column):
    assert column_of(title) == column


@pytest.mark.parametrize(
    "text",
    ["2026-11-20", "2026/11/20", "2026.11.20", "2026年11月20日", "20261120", "46346", "２０２６-11-20"],
)
def test_days_in_every_usual_spelling(text):
    assert read_date(text) == TODAY


@pytest.mark.parametrize("text", ["", "2026-02-30", "11/20/2026", "明天", "2026-13-01", "12"])
def test_other_texts_are_no_days(text):
    assert read_date(text) is None


def test_the_template_passes_its_own_check():
    found = check(template_rows(), known())
    assert not found.faults
    assert found.added == 1
    assert [title.rstrip("*") for title in template_rows()[0]] == list(COLUMNS)


def test_name_and_number_are_enough_and_the_rest_is_noted():
    found = check([["工号", "姓名"], ["K101", "赵一"]], known())
    row = found.rows[0]
    assert (row.department, row.hire_date, row.status) == ("未分配", "2026-11-20", "probation")
    assert {notice.column for notice in found.notices} == {"部门", "入职日期"}


def test_the_head_may_stand_below_a_title():
    found = check([["2026年11月新员工", "", ""], [], HEAD, ["赵一", "K101", "S1"]], known())
    assert (found.rows[0].row, found.rows[0].department) == (4, "S1")


def test_every_fault_names_row_and_column():
    rows = [
        [*HEAD, "手机", "邮箱", "职级", "状态", "入职日期", "导师工号", "分机"],
        ["", "K101", "S1"],
        ["赵一", "", "S1"],
        ["赵一", "工号", "S1"],
        ["钱二", "K102", "没有这个部", "abc", "x@", "优", "在职", "明天", "K999", "a"],
        ["孙三", "K102", "S1"],
        ["李四", "K001", "S1"],
        ["周五", "K105", "S1", "", "", "", "", "", "K105"],
    ]
    found = {(row, column) for row, column, _text in faults(rows)}
    assert found >= {
        (2, "姓名"),
        (3, "工号"),
        (4, "工号"),
        (5, "部门"),
        (5, "手机"),
        (5, "邮箱"),
        (5, "职级"),
        (5, "状态"),
        (5, "入职日期"),
        (5, "分机"),
        (6, "工号"),
        (7, "工号"),
    }
    assert not check(rows, known()).rows


def test_mentors_must_exist_and_be_somebody_else():
    head = [*HEAD, "导师工号"]
    assert faults([head, ["赵一", "K101", "S1", "K101"]]) == [(2, "导师工号", "导师不能是本人。")]
    assert "K999" in faults([head, ["赵一", "K101", "S1", "k999"]])[0][2]
    assert not faults([head, ["赵一", "K101", "S1", "K102"], ["钱二", "K102", "S1", "k001"]])


def test_passwords_and_identity_numbers_are_refused_and_strange_columns_noted():
    found = faults([[*HEAD, "密码", "身份证号"], ["赵一", "K101", "S1", "123456", "1101"]])
    assert [column for _row, column, _text in found] == ["密码", "身份证号"]
    notices = check([[*HEAD, "血型"], ["赵一", "K101", "S1", "O"]], known()).notices
    assert (notices[0].row, notices[0].column) == (1, "血型")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["随便", "写写"], ["a", "b"]], "没有找到表头"),
        ([["姓名"], ["赵一"]], "缺少这一列"),
        ([["姓名", "工号", "工号"], ["赵一", "K1", "K2"]], "出现了两次"),
        ([["姓名", "工号"]], "表头下面没有员工"),
    ],
)
def test_a_wrong_head_is_one_clear_fault(rows, says):
    assert any(says in text for _row, _column, text in faults(rows))


def test_a_group_column_completes_the_department():
    rows = [
        [*HEAD, "组"],
        ["赵一", "K101", "售前客服一部", "晚班组"],
        ["钱二", "K102", "售前客服一部|S1", ""],
    ]
    found = check(rows, known())
    assert [row.department for row in found.rows] == ["S1N", "S1"]
    assert any("只记录第一个" in notice.text for notice in found.notices)


def test_new_departments_are_listed_only_for_who_may_add_them():
    rows = [HEAD, ["赵一", "K101", "直播部"], ["钱二", "K102", "直播部"]]
    assert check(rows, known(may_add_departments=True)).new_departments == ("直播部",)
    assert len(faults(rows)) == 2


def test_a_contract_is_read_from_its_dates():
    head = [*HEAD, "入职日期", "合同到期", "试用期截止"]
    row = check([head, ["赵一", "K101", "S1", "2026-11-23", "2029-11-22", "2027-01-22"]], known()).rows[0]
    assert row.contract == {
        "kind": "fixed_term",
        "starts_on": "2026-11-23",
        "ends_on": "2029-11-22",
        "probation_end": "2027-01-22",
    }
    wrong = [head, ["赵一", "K101", "S1", "2026-11-23", "2026-11-22", ""]]
    assert "早于开始日" in faults(wrong)[0][2]


def test_somebody_on_record_counts_as_known_when_the_name_agrees():
    found = check([HEAD, ["张慧", "k001", "S1"]], known())
    assert (found.added, found.known) == (0, 1)


def test_cells_like_formulas_are_text():
    rows = [[*HEAD, "岗位"], ["@张三", "K101", "S1", "=1+1"]]
    assert check(rows, known()).rows[0].name == "@张三"


def test_a_wrong_day_that_is_read_twice_is_one_fault():
    rows = [[*HEAD, "入职日期", "合同类型"], ["周敏", "K010", "售前客服一部", "9999-12-31", "无固定期限"]]
    assert [fault[:2] for fault in faults(rows)] == [(2, "入职日期")]
