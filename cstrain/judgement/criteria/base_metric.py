"""At least the mean of the post's agents, in every month of the quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from cstrain.judgement.comparing import Base, base_of, rows_of
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Comparison, Dossier, MonthRecord, PeerMonth
from cstrain.judgement.metrics import Metric, measured, named_metric, value_of
from cstrain.judgement.windows import Window, latest_quarter, named
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, said_row, say


@dataclass(frozen=True, slots=True)
class _Month:
    """One month's verdict with its words; ``outside``: neither tested nor counted."""

    verdict: Literal["good", "bad", "unknown", "outside"]
    words: Said
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
        label = named_metric(self.metric)
        needs = say("要求每月≥本岗位平均")
        window = latest_quarter(facts)
        if window is None or facts.person is None or facts.comparison is None:
            says = say("季度最后一个月还没有关账，暂时不能判断。")
            return self.finding(State.UNKNOWN, says, needs=needs)
        found = self._months(facts, facts.comparison, window)
        tested = [one for one in found if one.verdict != "outside"]
        records = tuple(one.record for one in found if one.record is not None)
        good = sum(one.verdict == "good" for one in tested)
        value = say("%(good)s/%(n)s个月", good=good, n=len(tested))
        words = said_row("；", [one.words for one in found])
        if any(one.verdict == "bad" for one in tested):
            says = say("%(metric)s有月份低于本岗位平均：%(words)s。", metric=label, words=words)
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if not tested or good < len(tested):
            says = say("%(metric)s暂时不能与本岗位平均比较：%(words)s。", metric=label, words=words)
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        says = say("%(metric)s每月都达到本岗位平均：%(words)s。", metric=label, words=words)
        return self.finding(State.MET, says, value=value, needs=needs, records=records)

    def moves_by_month(self) -> bool:
        """The quarter moves on when its last month is closed."""
        return True

    def _months(self, facts: Dossier, comparison: Comparison, window: Window) -> list[_Month]:
        rows = {row.month: row for row in rows_of(comparison, facts.person or 0)}
        records = {record.month: record for record in window.known}
        return [
            _Month("outside", say("%(month)s尚未入职", month=named((month,))))
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
            return _Month("unknown", say("%(month)s没有已关账的记录", month=name))
        if known.away or known.probation:
            if known.away:
                return _Month("outside", say("%(month)s请假过半，不比较", month=name))
            return _Month("outside", say("%(month)s在试用期，不比较", month=name))
        if row is None:
            return _Month("unknown", say("%(month)s在其他部门，没有可比的平均", month=name))
        own = value_of(row, self.metric)
        if own is None:
            return _Month("unknown", say("%(month)s没有记录", month=name))
        base = base_of(comparison, month, row.post, self.metric)
        ref = record.ref if record is not None else f"{row.person}:{month:%Y-%m}"
        words = say("%(month)s%(value)s", month=name, value=measured(self.metric, own))
        return _Month(*self._verdict(words, own, base), Evidence("month", ref, words))

    def _verdict(
        self, words: Said, own: Decimal, base: Base
    ) -> tuple[Literal["good", "bad", "unknown"], Said]:
        # figures are never negative: the mean cannot be below what is known divided by all agents
        lowest = base.total / base.agents
        mean = measured(self.metric, lowest)
        if own < lowest:
            key = (
                "%(own)s，平均至少%(mean)s，差%(gap)s" if base.unknown else "%(own)s，平均%(mean)s，差%(gap)s"
            )
            return "bad", say(key, own=words, mean=mean, gap=measured(self.metric, lowest - own))
        if base.unknown:
            return "unknown", say("%(own)s，%(n)s人没有记录，平均还不知道", own=words, n=base.unknown)
        return "good", say("%(own)s，平均%(mean)s", own=words, mean=mean)
