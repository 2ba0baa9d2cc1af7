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
from cstrain.wording.said import say


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
        needs = say("要求月均≤%(n)s次", n=number(self.most))
        found = counted(facts, self.months)
        if found is None:
            return self.finding(State.UNKNOWN, say("还没有已关账的月份，暂时不能判断。"), needs=needs)
        mean = Decimal(found.total) / self.months
        value = say("%(n)s次", n=found.total)
        if found.total > self.most * self.months:
            says = say(
                "最近%(months)s个已关账月份共扣分%(n)s次，月均至少%(mean)s次，超过每月%(most)s次（%(listed)s）。",
                months=self.months,
                n=found.total,
                mean=number(mean),
                most=number(self.most),
                listed=found.listed,
            )
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.before:
            says = too_few(self.months, len(found.before))
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=found.records)
        if found.missing:
            says = say(
                "%(months)s的扣分没有记录，暂时不能判断；已知共%(n)s次。",
                months=named(found.missing),
                n=found.total,
            )
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=found.records)
        says = say(
            "最近%(months)s个已关账月份共扣分%(n)s次，月均%(mean)s次，要求月均不超过%(most)s次。",
            months=self.months,
            n=found.total,
            mean=number(mean),
            most=number(self.most),
        )
        value = say("月均%(n)s次", n=number(mean))
        return self.finding(State.MET, says, value=value, needs=needs, records=found.records)

    def moves_by_month(self) -> bool:
        """An old month leaves the window when a new one is closed."""
        return True
