"""Columns of a file of monthly results with their synonyms, and how its cells are read. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from cstrain.performance.facts import METRICS
from cstrain.performance.rules import first_of, last_of

STAFF_NO, NAME, MONTH, GRADE = "工号", "姓名", "月份", "绩效等级"
DEDUCTIONS, POINTS = "扣分次数", "扣分合计"

_METRIC_SYNONYMS: dict[str, tuple[str, ...]] = {
    "score": ("绩效分", "绩效得分", "考核得分", "绩效成绩", "得分"),
    "brand_points": ("个人品牌分", "品牌积分"),
    "chats": ("接待人数", "接待次数", "咨询量", "会话量"),
    "csat": ("客户满意度", "满意率", "csat"),
    "complaints": ("投诉", "投诉量", "客诉", "客诉数"),
    "resolution": ("解决率", "投诉处理率"),
    "handle_minutes": ("平均处理时间", "处理时长", "平均处理分钟"),
    "first_response_seconds": ("首响", "首响时间", "首次响应时间", "首次响应秒"),
    "sales": ("销售金额", "业绩", "销售业绩"),
    "sales_target": ("目标", "销售任务", "业绩目标"),
    "tickets": ("工单", "工单量"),
    "wrong_tickets": ("错单", "错单数", "错误工单数"),
    "excellent_cases": ("优秀案例数",),
    "attendance_days": ("出勤", "实际出勤"),
    "due_days": ("应出勤",),
}
COLUMNS: dict[str, tuple[str, ...]] = {
    STAFF_NO: ("员工编号", "员工号", "编号"),
    NAME: ("员工姓名", "名字"),
    MONTH: ("年月", "考核月份", "所属月份"),
    GRADE: ("等级", "考核等级", "绩效级别"),
    **{metric.word: _METRIC_SYNONYMS[name] for name, metric in METRICS.items()},
    DEDUCTIONS: ("扣分条数", "扣分数"),
    POINTS: ("扣分", "扣分总分"),
}
"""Columns in the order of the empty file, each with other names for it."""

NAME_OF_WORD = {metric.word: name for name, metric in METRICS.items()}
"""Metrics by the word over their column."""

NEVER_SHARES = frozenset({"csat", "resolution"})
"""Metrics in per cent, for which a file may mistakenly hold 0.92 instead of 92."""

_NOTHING = frozenset({"", "-", "—", "–", "/", "无", "无记录", "n/a"})
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*月?(?:\s*[-/.]?\s*(\d{1,2})日?)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SUMS = frozenset({"合计", "总计", "小计", "平均", "平均值", "平均分", "均值"})


def column_of(title: str) -> str | None:
    """Return the column that a title means: case, width, spaces, stars and brackets do not matter."""
    plain = unicodedata.normalize("NFKC", title)
    plain = re.sub(r"[（(].*?[)）]|[\s*＊:：%]", "", plain).lower()
    return next(
        (name for name, others in COLUMNS.items() if plain in {each.lower() for each in (name, *others)}),
        None,
    )


def read_month(text: str) -> date | None:
    """Return the month a cell means (2026-09, 2026/9, 2026年9月, 202609, its first or last day), or
    ``None``: a day within it may be another column."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(" 00:00")
    match = _MONTH.fullmatch(plain)
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    return first_of(day) if day in (first_of(day), last_of(day)) else None


def read_word(text: str) -> str:
    """Return a staff number, grade or name as it is compared: full width as half width, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def is_sum(text: str) -> bool:
    """Tell whether a cell says that its row adds others up."""
    return read_word(text).rstrip(":") in _SUMS


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return unicodedata.normalize("NFKC", text).strip().lower() in _NOTHING


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Return the number a cell means (thousands, a per cent sign and its own ``unit`` are taken away), or
    ``None``: a comma that does not stand before three digits might be a decimal one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = plain.removesuffix("%").removesuffix(unit).strip()
    if "," in plain and not _THOUSANDS.fullmatch(plain):
        return None
    plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def template_rows(*, opening: bool) -> list[list[str]]:
    """Return the head of an empty file with one example; opening data has its months and deductions."""
    wanted = [name for name in COLUMNS if opening or name not in {MONTH, DEDUCTIONS, POINTS}]
    must = {STAFF_NO, MONTH} if opening else {STAFF_NO}
    example = {
        STAFF_NO: "K0399",
        NAME: "李小禾",
        MONTH: "2026-09",
        GRADE: "A",
        "考核分": "88.5",
        "品牌分": "132",
        "接待量": "1460",
        "满意度": "96.2",
        DEDUCTIONS: "1",
        POINTS: "10",
    }
    head = [f"{name}*" if name in must else name for name in wanted]
    return [head, [example.get(name, "") for name in wanted]]
