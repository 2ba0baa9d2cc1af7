"""Several conditions under one heading, all of them met."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Finding, State, overall

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
        each = "".join(finding.says for finding in findings)
        says = f"{len(findings)}项中满足{met}项，要求全部满足：{each}"
        records = tuple(record for finding in findings for record in finding.records)
        needs = f"要求{len(findings)}项"
        return self.finding(overall(findings), says, value=f"{met}项", needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the turning days of all parts."""
        return tuple(day for one in self.of for day in one.turns(facts))

    def moves_by_month(self) -> bool:
        """Tell whether another closed month may change a part."""
        return any(one.moves_by_month() for one in self.of)
