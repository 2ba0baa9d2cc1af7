"""The monthly metrics that conditions may name, with their Chinese names and units. Pure.

Shares (``csat``, ``resolution``, ``sales_share``) are in per cent, 0–100 and above for sales.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from cstrain.judgement.facts import MonthRecord, PeerMonth
from cstrain.judgement.windows import number
from cstrain.wording.said import Said, say

Metric = Literal[
    "score",
    "brand_points",
    "chats",
    "csat",
    "complaints",
    "resolution",
    "handle_minutes",
    "first_response_seconds",
    "sales",
    "sales_share",
    "tickets",
    "wrong_tickets",
    "excellent_cases",
    "attendance_days",
    "points",
]

METRIC_WORDS: dict[str, str] = {
    "score": "考核分",
    "brand_points": "品牌分",
    "chats": "接待量",
    "csat": "满意度",
    "complaints": "投诉数",
    "resolution": "投诉解决率",
    "handle_minutes": "平均处理时长",
    "first_response_seconds": "首次响应",
    "sales": "销售额",
    "sales_share": "销售目标完成率",
    "tickets": "工单数",
    "wrong_tickets": "错误工单",
    "excellent_cases": "优秀案例",
    "attendance_days": "出勤天数",
    "points": "扣分",
}
_UNIT_WORDS: dict[str, str] = {
    "score": "%(n)s分",
    "brand_points": "%(n)s分",
    "chats": "%(n)s次",
    "csat": "%(n)s%%",
    "complaints": "%(n)s件",
    "resolution": "%(n)s%%",
    "handle_minutes": "%(n)s分钟",
    "first_response_seconds": "%(n)s秒",
    "sales": "%(n)s元",
    "sales_share": "%(n)s%%",
    "tickets": "%(n)s张",
    "wrong_tickets": "%(n)s张",
    "excellent_cases": "%(n)s个",
    "attendance_days": "%(n)s天",
    "points": "%(n)s分",
}


def named_metric(metric: str) -> Said:
    """Return the name of a metric."""
    return say(METRIC_WORDS[metric])


def measured(metric: str, value: Decimal) -> Said:
    """Return a figure of a metric with its unit."""
    return say(_UNIT_WORDS[metric], n=number(value))


def value_of(record: MonthRecord | PeerMonth, metric: str) -> Decimal | None:
    """Return a metric of a month, ``None`` when it is not known."""
    if metric == "brand_points":
        return record.brand_points
    if metric == "points":
        points = record.points if isinstance(record, MonthRecord) else None
        return None if points is None else Decimal(points)
    return record.values.get(metric)
