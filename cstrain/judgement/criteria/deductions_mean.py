"""Few deductions a month."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.deducting import counted
from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import named, number, too_few
from cstrain.kernel.finding import Finding, State


@criterion
class DeductionsMean(Criterion):
    """At most ``most`` deduction entries a month on the mean of the latest ``months`` closed months.

    Entries that were reversed are not counted; how many points an entry took plays no part (docs/rules.md 7).
    """

    kind: Literal["deductions_mean"]
    most: Decimal = Field(ge=0)
    months: int = Field(default=3, ge=1, le=24)

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as the known entries alone are too many; unknown while a month is missing."""
        needs = f"要求月均≤{number(self.most)}次"
        found = counted(facts, self.months)
        if found is None:
            return self.finding(State.UNKNOWN, "还没有已关账的月份，暂时不能判断。", needs=needs)
        mean = Decimal(found.total) / self.months
        value = f"{found.total}次"
        if found.total > self.most * self.months:
            says = (
                f"最近{self.months}个已关账月份共扣分{found.total}次，月均至少{number(mean)}次，"
                f"超过每月{number(self.most)}次（{found.listed}）。"
            )
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.before:
            says = too_few(self.months, len(found.before))
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.missing:
            says = f"{named(found.missing)}的扣分没有记录，暂时不能判断；已知共{found.total}次。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=found.records)
        says = (
            f"最近{self.months}个已关账月份共扣分{found.total}次，"
            f"月均{number(mean)}次，要求月均不超过{number(self.most)}次。"
        )
        value = f"月均{number(mean)}次"
        return self.finding(State.MET, says, value=value, needs=needs, records=found.records)

    def moves_by_month(self) -> bool:
        """An old month leaves the window when a new one is closed."""
        return True
