"""The monthly metrics that conditions may name, with their Chinese names and units. Pure.

Shares (``csat``, ``resolution``, ``sales_share``) are in per cent, 0–100 and above for sales.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from cstrain.judgement.facts import MonthRecord, PeerMonth

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

LABELS: dict[str, tuple[str, str]] = {
    "score": ("考核分", "分"),
    "brand_points": ("品牌分", "分"),
    "chats": ("接待量", "次"),
    "csat": ("满意度", "%"),
    "complaints": ("投诉数", "件"),
    "resolution": ("投诉解决率", "%"),
    "handle_minutes": ("平均处理时长", "分钟"),
    "first_response_seconds": ("首次响应", "秒"),
    "sales": ("销售额", "元"),
    "sales_share": ("销售目标完成率", "%"),
    "tickets": ("工单数", "张"),
    "wrong_tickets": ("错误工单", "张"),
    "excellent_cases": ("优秀案例", "个"),
    "attendance_days": ("出勤天数", "天"),
    "points": ("扣分", "分"),
}


def value_of(record: MonthRecord | PeerMonth, metric: str) -> Decimal | None:
    """Return a metric of a month, ``None`` when it is not known."""
    if metric == "brand_points":
        return record.brand_points
    if metric == "points":
        points = record.points if isinstance(record, MonthRecord) else None
        return None if points is None else Decimal(points)
    return record.values.get(metric)
