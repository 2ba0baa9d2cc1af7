"""An office allows that a level is skipped."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import say


@criterion
class SkipLevel(Criterion):
    """One of the ``offices`` has authorised that this person skips a level (docs/rules.md 7)."""

    kind: Literal["skip_level"]
    offices: tuple[str, ...] = Field(min_length=1)
    titles: str = Field(min_length=1)

    def check(self, facts: Dossier) -> Finding:
        """Unknown until the office has answered; an authorisation by another office does not count."""
        needs = say("要求%(office)s授权", office=self.titles)
        given = [
            one for one in facts.authorised or () if one.what == "skip_level" and one.office in self.offices
        ]
        if not given:
            says = say("越级要由%(office)s授权，现在还没有。", office=self.titles)
            return self.finding(State.UNKNOWN, says, needs=needs)
        records = tuple(Evidence("authorisation", one.ref, say("%(by)s授权", by=one.by)) for one in given)
        says = say("%(by)s已授权越级。", by=given[0].by)
        return self.finding(State.MET, says, value=say("已授权"), needs=needs, records=records)
