"""At least the mean of the post's agents, in every month of the quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from cstrain.judgement.comparing import Base, base_of, rows_of
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Comparison, Dossier, MonthRecord, PeerMonth
from cstrain.judgement.metrics import LABELS, Metric, value_of
from cstrain.judgement.windows import Window, latest_quarter, named, number
from cstrain.kernel.finding import Evidence, Finding, State


@dataclass(frozen=True, slots=True)
class _Month:
    """One month's verdict with its words; ``outside``: neither tested nor counted."""

    verdict: Literal["good", "bad", "unknown", "outside"]
    words: str
    record: Evidence | None = None


@criterion
class BaseMetric(Criterion):
    """In each month of the latest closed quarter ``metric`` reaches the mean of the post's agents.

    Probationers and people on leave over half the month are outside the mean and the test (docs/rules.md 7).
    """

    kind: Literal["base_metric"]
    metric: Metric = "chats"

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as one month falls short; unknown while one cannot be compared."""
        label = LABELS[self.metric][0]
        needs = "要求每月≥本岗位平均"
        window = latest_quarter(facts)
        if window is None or facts.person is None or facts.comparison is None:
            return self.finding(State.UNKNOWN, "季度最后一个月还没有关账，暂时不能判断。", needs=needs)
        found = self._months(facts, facts.comparison, window)
        tested = [one for one in found if one.verdict != "outside"]
        records = tuple(one.record for one in found if one.record is not None)
        good = sum(one.verdict == "good" for one in tested)
        value = f"{good}/{len(tested)}个月"
        words = "；".join(one.words for one in found)
        if any(one.verdict == "bad" for one in tested):
            says = f"{label}有月份低于本岗位平均：{words}。"
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if not tested or good < len(tested):
            says = f"{label}暂时不能与本岗位平均比较：{words}。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        says = f"{label}每月都达到本岗位平均：{words}。"
        return self.finding(State.MET, says, value=value, needs=needs, records=records)

    def moves_by_month(self) -> bool:
        """The quarter moves on when its last month is closed."""
        return True

    def _months(self, facts: Dossier, comparison: Comparison, window: Window) -> list[_Month]:
        rows = {row.month: row for row in rows_of(comparison, facts.person or 0)}
        records = {record.month: record for record in window.known}
        return [
            _Month("outside", f"{named((month,))}尚未入职")
            if month in window.before
            else self._month(comparison, month, rows.get(month), records.get(month))
            for month in window.months
        ]

    def _month(
        self, comparison: Comparison, month: date, row: PeerMonth | None, record: MonthRecord | None
    ) -> _Month:
        name = named((month,))
        known = row or record
        if known is None:
            return _Month("unknown", f"{name}没有已关账的记录")
        if known.away or known.probation:
            return _Month("outside", f"{name}{'请假过半' if known.away else '在试用期'}，不比较")
        if row is None:
            return _Month("unknown", f"{name}在其他部门，没有可比的平均")
        own = value_of(row, self.metric)
        if own is None:
            return _Month("unknown", f"{name}没有记录")
        unit = LABELS[self.metric][1]
        base = base_of(comparison, month, row.post, self.metric)
        ref = record.ref if record is not None else f"{row.person}:{month:%Y-%m}"
        evidence = Evidence("month", ref, f"{name}{number(own)}{unit}")
        return _Month(*_verdict(name, own, base, unit), evidence)


def _verdict(name: str, own: Decimal, base: Base, unit: str) -> tuple[Literal["good", "bad", "unknown"], str]:
    # figures are never negative: the mean cannot be below what is known divided by all agents
    lowest = base.total / base.agents
    words = f"{name}{number(own)}{unit}"
    if own < lowest:
        at_least = "至少" if base.unknown else ""
        return "bad", f"{words}，平均{at_least}{number(lowest)}{unit}，差{number(lowest - own)}{unit}"
    if base.unknown:
        return "unknown", f"{words}，{base.unknown}人没有记录，平均还不知道"
    return "good", f"{words}，平均{number(lowest)}{unit}"
