"""Enough programme days are signed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class DaysSigned(Criterion):
    """At least ``least`` days are signed by mentor or guide; late signatures count (docs/rules.md 1)."""

    kind: Literal["days_signed"]
    least: int = Field(ge=1)

    def check(self, facts: Dossier) -> Finding:
        """Compare the signed days with ``least``."""
        needs = f"要求≥{self.least}天"
        if facts.days is None:
            return self.finding(State.UNKNOWN, "没有签核记录，暂时不能判断。", needs=needs)
        signed = facts.days.signed
        state = State.MET if signed >= self.least else State.NOT_MET
        gap = "" if state is State.MET else f"，还差{self.least - signed}天"
        late = f"，其中补签{facts.days.late}天" if facts.days.late else ""
        says = f"已签核{signed}天{late}，要求至少{self.least}天{gap}。"
        records = (Evidence("sign_off", "all", f"{signed}天签核"),)
        return self.finding(state, says, value=f"{signed}天", needs=needs, records=records)
