"""A monthly figure reaches its threshold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, MonthRecord
from cstrain.judgement.metrics import Metric, measured, named_metric, value_of
from cstrain.judgement.windows import Window, latest, latest_quarter, named, too_few
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, said_row, say


@criterion
class MetricThreshold(Criterion):
    """``metric`` is at least ``least`` or at most ``most``: its ``mean`` over the months, or in ``each``.

    ``window``: the latest ``months`` closed ones, or the latest closed ``quarter``. Months of leave over half
    the days are left out, in a quarter those of probation and before joining as well (docs/rules.md 7). A
    month without a complaint has nothing to resolve: it is no gap in ``resolution``.
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
        needs = say("要求%(limit)s", limit=self._limit())
        window = latest(facts, self.months) if self.window == "latest" else latest_quarter(facts)
        if window is None:
            says = say("还没有已关账的最近%(n)s个月，暂时不能判断。", n=self.months)
            if self.window == "quarter":
                says = say("还没有已关账的季度，暂时不能判断。")
            return self.finding(State.UNKNOWN, says, needs=needs)
        counting = [one for one in window.known if not self._is_outside(one)]
        held = [(one, value) for one in counting if (value := value_of(one, self.metric)) is not None]
        bare = tuple(one for one in counting if self._has_no_case(one))
        lacking = [one.month for one in counting if one not in bare and value_of(one, self.metric) is None]
        unknown = tuple(sorted((*window.missing, *lacking)))
        told = sorted([*held, *((one, None) for one in bare)], key=lambda each: each[0].month)
        records = tuple(Evidence("month", one.ref, self._of(one, value)) for one, value in told)
        state, says = self._judge(held, bare, unknown, window)
        mean = _mean([value for _, value in held])
        shown = "" if mean is None else say("平均%(value)s", value=measured(self.metric, mean))
        return self.finding(state, says, value=shown, needs=needs, records=records)

    def moves_by_month(self) -> bool:
        """The window moves with each closed month."""
        return True

    def _judge(
        self,
        held: list[tuple[MonthRecord, Decimal]],
        bare: tuple[MonthRecord, ...],
        unknown: tuple[date, ...],
        window: Window,
    ) -> tuple[State, Said]:
        label, limit = named_metric(self.metric), self._limit()
        low = [(one, value) for one, value in held if not self._reaches(value)]
        if self.how == "each" and low:
            worst = said_row("、", [self._of(one, value) for one, value in low])
            key = "%(metric)s在%(worst)s没有达到要求（每月%(limit)s）。"
            return State.NOT_MET, say(key, metric=label, worst=worst, limit=limit)
        if window.before and self.window == "latest":
            few = too_few(self.months, len(window.before))
            return State.NOT_MET, say("%(metric)s：%(why)s", metric=label, why=few)
        if unknown:
            key = "%(metric)s在%(months)s没有记录，暂时不能判断，要求%(limit)s。"
            return State.UNKNOWN, say(key, metric=label, months=named(unknown), limit=limit)
        mean = _mean([value for _, value in held])
        if mean is None:
            return self._judge_none(label, bare)
        if self.how == "each":
            key = "%(metric)s在%(n)s个月里每月都达到要求（%(limit)s）。"
            return State.MET, say(key, metric=label, n=len(held), limit=limit)
        return self._judge_mean(label, mean)

    def _judge_none(self, label: Said, bare: tuple[MonthRecord, ...]) -> tuple[State, Said]:
        limit = self._limit()
        if not bare:
            key = "%(metric)s没有可以计算的月份（请假过半或试用期的月份不计），要求%(limit)s。"
            return State.UNKNOWN, say(key, metric=label, limit=limit)
        key = "%(metric)s：%(months)s没有投诉，没有要解决的，算达到要求（%(limit)s）。"
        where = named(tuple(one.month for one in bare))
        return State.MET, say(key, metric=label, months=where, limit=limit)

    def _judge_mean(self, label: Said, mean: Decimal) -> tuple[State, Said]:
        limit, value = self._limit(), measured(self.metric, mean)
        key = "%(metric)s最近%(n)s个月平均%(mean)s，要求%(limit)s"
        words = say(key, metric=label, n=self.months, mean=value, limit=limit)
        if self.window == "quarter":
            words = say("%(metric)s季度平均%(mean)s，要求%(limit)s", metric=label, mean=value, limit=limit)
        if self._reaches(mean):
            return State.MET, say("%(says)s。", says=words)
        wanted = self.least if self.least is not None else self.most
        gap = abs(mean - (wanted or Decimal(0)))
        return State.NOT_MET, say("%(says)s，差%(gap)s。", says=words, gap=measured(self.metric, gap))

    def _is_outside(self, record: MonthRecord) -> bool:
        return record.away or (self.window == "quarter" and record.probation)

    def _has_no_case(self, record: MonthRecord) -> bool:
        """Tell whether the figure is a share of complaints in a month that had none."""
        none = self.metric == "resolution" and record.values.get("complaints") == 0
        return none and value_of(record, self.metric) is None

    def _reaches(self, value: Decimal) -> bool:
        if self.least is not None:
            return value >= self.least
        return self.most is not None and value <= self.most

    def _of(self, one: MonthRecord, value: Decimal | None) -> Said:
        if value is None:
            return say("%(month)s没有投诉", month=named((one.month,)))
        value_words = measured(self.metric, value)
        return say("%(month)s%(value)s", month=named((one.month,)), value=value_words)

    def _limit(self) -> Said:
        if self.least is not None:
            return say("≥%(value)s", value=measured(self.metric, self.least))
        return say("≤%(value)s", value=measured(self.metric, self.most or Decimal(0)))


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
