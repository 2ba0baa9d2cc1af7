"""What others may know of monthly performance, and the closed set of metrics with their words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from cstrain.kernel.ids import DepartmentId, PersonId

Kind = Literal["share", "count", "amount", "days"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of a month: its word and unit (message ids), its kind, the most it can be.

    ``share``: per cent or marks, 0–100; ``count``: whole; ``amount``: two decimals; ``days``: tenths.
    """

    word: str
    kind: Kind
    unit: str = ""
    most: Decimal = Decimal(10_000_000)

    @property
    def places(self) -> int:
        """How many decimals it is kept with."""
        return {"share": 2, "count": 0, "amount": 2, "days": 1}[self.kind]


_HUNDRED, _MONTH = Decimal(100), Decimal(31)

METRICS: dict[str, Metric] = {
    "score": Metric("考核分", "share", "分", _HUNDRED),
    "brand_points": Metric("品牌分", "amount", "分", Decimal(100_000)),
    "chats": Metric("接待量", "count", "次"),
    "csat": Metric("满意度", "share", "%", _HUNDRED),
    "complaints": Metric("投诉数", "count", "件"),
    "resolution": Metric("投诉解决率", "share", "%", _HUNDRED),
    "handle_minutes": Metric("平均处理时长", "amount", "分钟", Decimal(10_000)),
    "first_response_seconds": Metric("首次响应", "amount", "秒", Decimal(100_000)),
    "sales": Metric("销售额", "amount", "元", Decimal(1_000_000_000)),
    "sales_target": Metric("销售目标", "amount", "元", Decimal(1_000_000_000)),
    "tickets": Metric("工单数", "count", "张"),
    "wrong_tickets": Metric("错误工单", "count", "张"),
    "excellent_cases": Metric("优秀案例", "count", "个"),
    "attendance_days": Metric("出勤天数", "days", "天", _MONTH),
    "due_days": Metric("应出勤天数", "days", "天", _MONTH),
}
"""Metrics by column name, in the order of pages and files."""

SALES_SHARE = "sales_share"
"""Worked out: sales in per cent of their target, where both are known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person was on the last day of a month."""

    department_id: DepartmentId
    level: str | None
    post: str
    probation: bool
    away: bool


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A person's month as it counts, or one revision of it; ``values``: the known metrics by name.

    ``deductions`` and ``points`` are ``None`` while nobody knows them.
    """

    id: int
    person_id: PersonId
    month: date
    revision: int
    standing: Standing
    grade: str | None
    values: Mapping[str, Decimal]
    deductions: int | None
    points: int | None
    opening: bool
    source: str
    source_note: str
    reason: str
    entered_by: PersonId
    entered_at: datetime
    closed: bool = False

    @property
    def brand_points(self) -> Decimal | None:
        """The brand points, if known."""
        return self.values.get("brand_points")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded of a month: metrics by name, the grade where it was given."""

    person_id: PersonId
    month: date
    values: Mapping[str, Decimal] = field(default_factory=dict)
    grade: str | None = None
    deductions: int | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """A close of a department's month. ``gaps``: people without a record, known then.

    ``reopened_on`` tells that two persons opened it again.
    """

    id: int
    department_id: DepartmentId
    month: date
    number: int
    opening: bool
    people: int
    gaps: tuple[PersonId, ...]
    closed_by: PersonId
    closed_at: datetime
    reopened_on: date | None = None
    asks: ReopeningFacts | None = None


@dataclass(frozen=True, slots=True)
class ReopeningFacts:
    """Somebody's wish to open a closed month again, and what became of it."""

    id: int
    close_id: int
    reason: str
    asked_by: PersonId
    asked_at: datetime
    decided_by: PersonId | None
    agreed: bool | None


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A change asked for in a closed month: the new values by column as text (``None``: taken away)."""

    id: int
    person_id: PersonId
    month: date
    base: int
    changes: Mapping[str, Any]
    reason: str
    asked_by: PersonId
    asked_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    agreed: bool | None
    note: str
