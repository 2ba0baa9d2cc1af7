"""There is a vacant place."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Finding, State
from cstrain.wording.said import say


@criterion
class Headcount(Criterion):
    """At least ``least`` places are vacant (docs/rules.md 7).

    ``of``: at this level or office of the department, by the numbers HR laid down; without it, or where none
    are laid down, the places that whoever asks has named.
    """

    kind: Literal["headcount"]
    least: int = Field(default=1, ge=1)
    of: str = ""

    def check(self, facts: Dossier) -> Finding:
        """Unknown until HR has stated the number of places."""
        needs = say("要求≥%(n)s个空缺", n=self.least)
        seats = facts.vacant.get(self.of) if self.of and facts.vacant is not None else facts.seats
        if seats is None:
            says = say("空缺名额还没有公布，请人力资源部说明。")
            return self.finding(State.UNKNOWN, says, needs=needs)
        state = State.MET if seats >= self.least else State.NOT_MET
        says = say("有%(n)s个空缺名额，要求至少%(least)s个。", n=seats, least=self.least)
        return self.finding(state, says, value=say("%(n)s个", n=seats), needs=needs)
