"""No deduction at all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.deducting import counted
from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import named, too_few
from cstrain.kernel.finding import Finding, State


@criterion
class DeductionsNone(Criterion):
    """No deduction entry in any of the latest ``months`` closed months (docs/rules.md 7)."""

    kind: Literal["deductions_none"]
    months: int = Field(default=3, ge=1, le=24)

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as one entry is known; unknown while a month is missing."""
        needs = f"要求连续{self.months}个月0次"
        found = counted(facts, self.months)
        if found is None:
            return self.finding(State.UNKNOWN, "还没有已关账的月份，暂时不能判断。", needs=needs)
        value = f"{found.total}次"
        if found.total:
            says = f"最近{self.months}个已关账月份有扣分{found.total}次（{found.listed}），要求每月都没有。"
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.before:
            says = too_few(self.months, len(found.before))
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.missing:
            says = f"{named(found.missing)}的扣分没有记录，暂时不能判断；其他月份没有扣分。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=found.records)
        says = f"最近{self.months}个已关账月份都没有扣分。"
        return self.finding(State.MET, says, value=value, needs=needs, records=found.records)

    def moves_by_month(self) -> bool:
        """An old month leaves the window when a new one is closed."""
        return True
