"""A monthly figure reaches its threshold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, MonthRecord
from cstrain.judgement.metrics import LABELS, Metric, value_of
from cstrain.judgement.windows import Window, latest, latest_quarter, named, number, too_few
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class MetricThreshold(Criterion):
    """``metric`` is at least ``least`` or at most ``most``: its ``mean`` over the months, or in ``each``.

    ``window``: the latest ``months`` closed ones, or the latest closed ``quarter``. Months of leave over half
    the days are left out, in a quarter those of probation and before joining as well (docs/rules.md 7).
    """

    kind: Literal["metric"]
    metric: Metric
    least: Decimal | None = None
    most: Decimal | None = None
    months: int = Field(default=3, ge=1, le=24)
    how: Literal["mean", "each"] = "mean"
    window: Literal["latest", "quarter"] = "latest"

    @model_validator(mode="after")
    def _fits_together(self) -> MetricThreshold:
        if (self.least is None) == (self.most is None):
            raise ValueError("least和most要写一个，也只能写一个。")
        if self.window == "quarter" and self.months != 3:
            raise ValueError("按季度时，月数（months）只能是3。")
        return self

    def check(self, facts: Dossier) -> Finding:
        """Judge the months that count; unknown while a month without a figure could decide."""
        needs = f"要求{self._limit()}"
        window = latest(facts, self.months) if self.window == "latest" else latest_quarter(facts)
        if window is None:
            return self.finding(State.UNKNOWN, f"还没有已关账的{self._span()}，暂时不能判断。", needs=needs)
        counting = [one for one in window.known if not self._is_outside(one)]
        held = [(one, value) for one in counting if (value := value_of(one, self.metric)) is not None]
        lacking = [one.month for one in counting if value_of(one, self.metric) is None]
        unknown = tuple(sorted((*window.missing, *lacking)))
        label, unit = LABELS[self.metric]
        records = tuple(
            Evidence("month", one.ref, f"{named((one.month,))}{number(each)}{unit}") for one, each in held
        )
        state, says = self._judge(held, unknown, window)
        mean = _mean([value for _, value in held])
        shown = "" if mean is None else f"平均{number(mean)}{unit}"
        return self.finding(state, f"{label}{says}", value=shown, needs=needs, records=records)

    def moves_by_month(self) -> bool:
        """The window moves with each closed month."""
        return True

    def _judge(
        self, held: list[tuple[MonthRecord, Decimal]], unknown: tuple[date, ...], window: Window
    ) -> tuple[State, str]:
        unit = LABELS[self.metric][1]
        low = [(one, value) for one, value in held if not self._reaches(value)]
        if self.how == "each" and low:
            worst = "、".join(f"{named((one.month,))}{number(value)}{unit}" for one, value in low)
            return State.NOT_MET, f"在{worst}没有达到要求（每月{self._limit()}）。"
        if window.before and self.window == "latest":
            return State.NOT_MET, f"：{too_few(self.months, len(window.before))}"
        if unknown:
            return State.UNKNOWN, f"在{named(unknown)}没有记录，暂时不能判断，要求{self._limit()}。"
        mean = _mean([value for _, value in held])
        if mean is None:
            return State.UNKNOWN, f"没有可以计算的月份（请假过半或试用期的月份不计），要求{self._limit()}。"
        if self.how == "each":
            return State.MET, f"在{len(held)}个月里每月都达到要求（{self._limit()}）。"
        words = f"{self._span()}平均{number(mean)}{unit}，要求{self._limit()}"
        if self._reaches(mean):
            return State.MET, f"{words}。"
        wanted = self.least if self.least is not None else self.most
        gap = abs(mean - (wanted or Decimal(0)))
        return State.NOT_MET, f"{words}，差{number(gap)}{unit}。"

    def _is_outside(self, record: MonthRecord) -> bool:
        return record.away or (self.window == "quarter" and record.probation)

    def _reaches(self, value: Decimal) -> bool:
        if self.least is not None:
            return value >= self.least
        return self.most is not None and value <= self.most

    def _limit(self) -> str:
        unit = LABELS[self.metric][1]
        if self.least is not None:
            return f"≥{number(self.least)}{unit}"
        return f"≤{number(self.most or Decimal(0))}{unit}"

    def _span(self) -> str:
        return "季度" if self.window == "quarter" else f"最近{self.months}个月"


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
