"""An office allows that a level is skipped."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class SkipLevel(Criterion):
    """One of the ``offices`` has authorised that this person skips a level (docs/rules.md 7)."""

    kind: Literal["skip_level"]
    offices: tuple[str, ...] = Field(min_length=1)
    titles: str = Field(min_length=1)

    def check(self, facts: Dossier) -> Finding:
        """Unknown until the office has answered; an authorisation by another office does not count."""
        needs = f"要求{self.titles}授权"
        given = [
            one for one in facts.authorised or () if one.what == "skip_level" and one.office in self.offices
        ]
        if not given:
            return self.finding(State.UNKNOWN, f"越级要由{self.titles}授权，现在还没有。", needs=needs)
        records = tuple(Evidence("authorisation", one.ref, f"{one.by}授权") for one in given)
        says = f"{given[0].by}已授权越级。"
        return self.finding(State.MET, says, value="已授权", needs=needs, records=records)
