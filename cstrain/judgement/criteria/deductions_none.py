"""No deduction at all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.deducting import counted
from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import named, too_few
from cstrain.kernel.finding import Finding, State
from cstrain.wording.said import say


@criterion
class DeductionsNone(Criterion):
    """No deduction entry in any of the latest ``months`` closed months (docs/rules.md 7)."""

    kind: Literal["deductions_none"]
    months: int = Field(default=3, ge=1, le=24)

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as one entry is known; unknown while a month is missing."""
        needs = say("要求连续%(n)s个月0次", n=self.months)
        found = counted(facts, self.months)
        if found is None:
            return self.finding(State.UNKNOWN, say("还没有已关账的月份，暂时不能判断。"), needs=needs)
        value = say("%(n)s次", n=found.total)
        if found.total:
            says = say(
                "最近%(months)s个已关账月份有扣分%(n)s次（%(listed)s），要求每月都没有。",
                months=self.months,
                n=found.total,
                listed=found.listed,
            )
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.before:
            says = too_few(self.months, len(found.before))
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.missing:
            months = named(found.missing)
            says = say("%(months)s的扣分没有记录，暂时不能判断；其他月份没有扣分。", months=months)
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=found.records)
        says = say("最近%(n)s个已关账月份都没有扣分。", n=self.months)
        return self.finding(State.MET, says, value=value, needs=needs, records=found.records)

    def moves_by_month(self) -> bool:
        """An old month leaves the window when a new one is closed."""
        return True
