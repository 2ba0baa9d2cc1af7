"""No violation is on record."""

from __future__ import annotations

from typing import Literal

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class NoViolation(Criterion):
    """The register, or HR's statement for the case, names no violation (docs/rules.md 1)."""

    kind: Literal["no_violation"]

    def check(self, facts: Dossier) -> Finding:
        """Unknown until the register exists or HR has stated it."""
        needs = "要求0条"
        if facts.violations is None:
            return self.finding(State.UNKNOWN, "有没有违纪还没有填写，请人力资源部说明。", needs=needs)
        count = len(facts.violations)
        if not count:
            return self.finding(State.MET, "没有违纪记录。", value="0条", needs=needs)
        records = tuple(Evidence("violation", one.ref, one.label) for one in facts.violations)
        says = f"有{count}条违纪记录：{'；'.join(one.label for one in facts.violations)}。"
        return self.finding(State.NOT_MET, says, value=f"{count}条", needs=needs, records=records)
