"""Several conditions under one heading, all of them met."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion, one_by_one
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Finding, State, overall
from cstrain.wording.said import say

if TYPE_CHECKING:
    AnyCriterion = Criterion


@criterion
class AllOf(Criterion):
    """All of ``of`` are met; not met as soon as one is not."""

    kind: Literal["all_of"]
    of: tuple[AnyCriterion, ...] = Field(min_length=2)

    def check(self, facts: Dossier) -> Finding:
        """Judge all parts."""
        findings = tuple(one.check(facts) for one in self.of)
        met = sum(finding.state is State.MET for finding in findings)
        each = one_by_one(findings)
        says = say("%(all)s项中满足%(met)s项，要求全部满足：%(each)s", all=len(findings), met=met, each=each)
        records = tuple(record for finding in findings for record in finding.records)
        value, needs = say("%(n)s项", n=met), say("要求%(n)s项", n=len(findings))
        return self.finding(overall(findings), says, value=value, needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the turning days of all parts."""
        return tuple(day for one in self.of for day in one.turns(facts))

    def moves_by_month(self) -> bool:
        """Tell whether another closed month may change a part."""
        return any(one.moves_by_month() for one in self.of)
