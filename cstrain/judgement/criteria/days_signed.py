"""Enough programme days are signed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import say


@criterion
class DaysSigned(Criterion):
    """At least ``least`` days are signed by mentor or guide; late signatures count (docs/rules.md 1)."""

    kind: Literal["days_signed"]
    least: int = Field(ge=1)

    def check(self, facts: Dossier) -> Finding:
        """Compare the signed days with ``least``."""
        needs = say("要求≥%(n)s天", n=self.least)
        if facts.days is None:
            return self.finding(State.UNKNOWN, say("没有签核记录，暂时不能判断。"), needs=needs)
        signed = facts.days.signed
        state = State.MET if signed >= self.least else State.NOT_MET
        gap = "" if state is State.MET else say("，还差%(n)s天", n=self.least - signed)
        late = say("，其中补签%(n)s天", n=facts.days.late) if facts.days.late else ""
        says = say(
            "已签核%(n)s天%(late)s，要求至少%(least)s天%(gap)s。",
            n=signed,
            late=late,
            least=self.least,
            gap=gap,
        )
        records = (Evidence("sign_off", "all", say("%(n)s天签核", n=signed)),)
        return self.finding(state, says, value=say("%(n)s天", n=signed), needs=needs, records=records)
