"""Only for staff whose probation is over."""

from __future__ import annotations

from typing import Literal

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import say


@criterion
class Converted(Criterion):
    """The person has been converted (docs/rules.md 7)."""

    kind: Literal["converted"]

    def check(self, facts: Dossier) -> Finding:
        """Unknown without the person's standing."""
        needs = say("要求已转正")
        if facts.standing is None:
            return self.finding(State.UNKNOWN, say("没有任职记录，暂时不能判断。"), needs=needs)
        ref = facts.standing.history
        records = (Evidence("history", ref, say("任职记录")),) if ref else ()
        if facts.standing.converted:
            says = say("已经转正。")
            return self.finding(State.MET, says, value=say("已转正"), needs=needs, records=records)
        says = say("还在试用期，转正后才能参加。")
        return self.finding(State.NOT_MET, says, value=say("试用期"), needs=needs, records=records)
