"""Refusals of onboarding that pages treat in their own way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cstrain.kernel.errors import DomainError


class WindowBrokenError(DomainError):
    """The last day falls after hire date + window; the act may be repeated with this acknowledged."""

    def __init__(self, last: date, limit: date, days: int, over: int) -> None:
        super().__init__(
            "还没有保存：最后一天是%(last)s，超出入职%(days)s天的期限（%(limit)s）%(n)s天。"
            "请改早开始日期；如果只能这样安排，勾选“已知悉超期”后再保存。",
            last=last,
            limit=limit,
            days=days,
            n=over,
        )
        self.last, self.limit, self.days, self.over = last, limit, days, over


class SignRefusedError(DomainError):
    """Some of the signatures given together cannot be accepted; none was written.

    ``refusals``: (enrolment, day) -> why.
    """

    def __init__(self, refusals: Mapping[tuple[int, int], DomainError]) -> None:
        super().__init__("一个也没有签核：有%(count)s个要先改好。改好后再一起签核。", count=len(refusals))
        self.refusals = dict(refusals)
