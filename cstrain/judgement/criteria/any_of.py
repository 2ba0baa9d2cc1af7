"""At least one of several conditions is met."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion, one_by_one
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Finding, State
from cstrain.wording.said import say

if TYPE_CHECKING:
    AnyCriterion = Criterion


@criterion
class AnyOf(Criterion):
    """One of ``of`` is met; unknown when none is and at least one is unknown."""

    kind: Literal["any_of"]
    of: tuple[AnyCriterion, ...] = Field(min_length=2)

    def check(self, facts: Dossier) -> Finding:
        """Judge all alternatives."""
        findings = [one.check(facts) for one in self.of]
        states = [finding.state for finding in findings]
        met = states.count(State.MET)
        state = State.NOT_MET
        if met:
            state = State.MET
        elif State.UNKNOWN in states:
            state = State.UNKNOWN
        each = one_by_one(findings)
        says = say("%(all)s项中满足%(met)s项，要求至少1项：%(each)s", all=len(findings), met=met, each=each)
        records = tuple(record for finding in findings for record in finding.records)
        value, needs = say("%(n)s项", n=met), say("要求≥1项")
        return self.finding(state, says, value=value, needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the turning days of all parts."""
        return tuple(day for one in self.of for day in one.turns(facts))

    def moves_by_month(self) -> bool:
        """Tell whether another closed month may change a part."""
        return any(one.moves_by_month() for one in self.of)
