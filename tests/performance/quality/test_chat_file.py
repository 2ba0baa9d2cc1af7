"""The chat file: what is read, what is refused and where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cstrain.kernel.errors import DomainError
from cstrain.performance.quality import chat_file
from cstrain.performance.quality.facts import Who

ZONE = ZoneInfo("Asia/Shanghai")
KNOWN = chat_file.Known({"K1": 1, "K2": 2, "K9": 9}, 9, datetime(2026, 11, 20, 1, tzinfo=UTC), ZONE)
HEAD = ("会话编号", "客服工号", "渠道", "顾客", "贵宾", "说话人", "时间", "内容")


def row(**changed: str) -> tuple[str, ...]:
    usual = {
        "会话编号": "A1",
        "客服工号": "k1",
        "渠道": "旺旺",
        "顾客": "小河",
        "贵宾": "否",
        "说话人": "顾客",
        "时间": "2026-11-09 10:00:05",
        "内容": "在吗",
    }
    return tuple({**usual, **changed}[name] for name in HEAD)


def check(*rows: tuple[str, ...]) -> chat_file.Checked:
    return chat_file.check([HEAD, *rows], KNOWN)


def faults(*rows: tuple[str, ...]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.text) for one in check(*rows).faults]


def test_rows_of_one_number_are_one_chat_in_the_order_of_time() -> None:
    found = check(
        row(说话人="客服", 时间="2026/11/9 10:01", 内容="在的，电话13812345678"),
        row(),
        row(会话编号="A2", 贵宾="是"),
    )
    assert found.faults == [] and found.lines == 3
    first, second = found.chats
    assert [line[0] for line in first["lines"]] == ["customer", "agent"]
    assert first["lines"][1][2] == "在的，电话*******5678"
    assert first["started_at"] == "2026-11-09T02:00:05+00:00" and first["ended_at"].endswith("02:01:00+00:00")
    assert (first["agent_id"], first["customer"], first["vip"]) == (1, "小***", False)
    assert second["vip"] and second["digest"] != first["digest"]
    assert chat_file.company_day("2026-11-09T16:30:00+00:00", ZONE) == date(2026, 11, 10)


def test_agent_and_customer_may_stand_in_the_first_row_only() -> None:
    (chat,) = check(row(), row(客服工号="", 顾客="", 说话人="卖家", 时间="2026-11-09 10:00:09")).chats
    assert len(chat["lines"]) == 2


def test_the_same_number_in_two_channels_is_two_chats() -> None:
    assert len(check(row(), row(渠道="京东")).chats) == 2


@pytest.mark.parametrize(
    ("changed", "column", "word"),
    [
        ({"会话编号": ""}, "会话编号", "没有会话编号"),
        ({"客服工号": "K7"}, "客服工号", "没有工号为“K7”"),
        ({"客服工号": "K9"}, "客服工号", "你自己的会话"),
        ({"贵宾": "也许"}, "贵宾", "只能填是、否"),
        ({"说话人": "路人"}, "说话人", "只能填客服、顾客、系统"),
        ({"时间": "昨天"}, "时间", "不是时间"),
        ({"时间": "2026-13-01 10:00"}, "时间", "不是时间"),
        ({"时间": "2026-11-20 09:00:01"}, "时间", "还没有到"),
        ({"内容": ""}, "内容", "没有内容"),
        ({"内容": "长" * 2001}, "内容", "超过2000个字"),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column(changed, column, word) -> None:
    ((number, where, text),) = faults(row(**changed))
    assert (number, where) == (2, column) and word in text


def test_a_staff_number_as_an_input_method_types_it_is_understood() -> None:
    found = check(row(客服工号="ｋ１"), row(客服工号="K 1", 时间="2026-11-19 09:01:30"))
    assert (found.faults, len(found.chats), found.chats[0]["agent_id"]) == ([], 1, 1)


def test_a_line_at_midnight_counts_and_days_without_times_do_not() -> None:
    night = row(时间="2026-11-19")  # what a workbook holds of a moment that is exactly midnight
    found = check(night, row(时间="2026-11-19 00:00:20"))
    assert found.faults == [] and found.chats[0]["started_at"] == "2026-11-18T16:00:00+00:00"
    ((number, where, text),) = faults(night, night)
    assert (number, where) == (2, "时间") and "“2026-11-19”不是时间" in text


def test_a_chat_has_one_agent() -> None:
    ((number, _where, text),) = faults(row(), row(客服工号="K2", 时间="2026-11-09 10:02"))
    assert number == 3 and "两个客服工号" in text


def test_a_table_without_its_head_or_without_chats_is_refused() -> None:
    assert "没有找到表头" in chat_file.check([("甲", "乙")], KNOWN).faults[0].text
    lacking = chat_file.check([HEAD[:5]], KNOWN).faults[0].text
    assert "说话人、时间、内容" in lacking
    assert "没有会话" in check().faults[0].text


def test_the_empty_form_can_be_read_again() -> None:
    assert chat_file.check(
        chat_file.template_rows(), chat_file.Known({"HM022": 3}, 9, KNOWN.now.replace(hour=2), ZONE)
    ).chats


def test_faults_end_after_two_hundred() -> None:
    assert len(check(*(row(时间="昨天") for _ in range(300))).faults) == 200


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("2026-11-09 10:00:05", (2, 0, 5)),
        ("2026/11/9 10:00", (2, 0, 0)),
        ("2026年11月9日 10时00分05秒", (2, 0, 5)),
        ("2026-11-09T10:00:05.250", (2, 0, 5)),
        ("46335.4166666667", (2, 0, 0)),
    ],
)
def test_times_are_the_companys(cell, hour) -> None:
    found = chat_file.read_moment(cell, ZONE)
    assert found is not None and (found.date(), found.hour, found.minute, found.second) == (
        date(2026, 11, 9),
        *hour,
    )


def test_a_chat_typed_by_hand_is_read_line_by_line() -> None:
    first, second = chat_file.typed_lines(
        "09:01:05 顾客 你好 在吗\n\n9:02 客服 在的", date(2026, 11, 9), ZONE
    )
    assert (first.who, first.text) == (Who.CUSTOMER, "你好 在吗") and second.who is Who.AGENT
    for wrong in ("你好", "09:01 路人 你好", "25:00 顾客 你好"):
        with pytest.raises(DomainError, match="第2句"):
            chat_file.typed_lines(f"09:00 顾客 在吗\n{wrong}", date(2026, 11, 9), ZONE)
