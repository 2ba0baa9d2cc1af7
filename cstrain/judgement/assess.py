"""Judging a list of criteria: every one is answered, none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Finding, State, overall

_ORDER = {State.NOT_MET: 0, State.UNKNOWN: 1, State.MET: 2}


@dataclass(frozen=True, slots=True)
class Assessment:
    """All findings in the order of the policy, and what they come to together."""

    findings: tuple[Finding, ...]
    state: State

    def count(self, state: str) -> int:
        """Return how many findings are in ``state`` (a :class:`State` or its value)."""
        return sum(finding.state == state for finding in self.findings)

    @property
    def by_urgency(self) -> tuple[Finding, ...]:
        """Findings as a page lists them: not met, unknown, met; in each group in the order of the policy."""
        return tuple(sorted(self.findings, key=lambda finding: _ORDER[finding.state]))


def assess(criteria: Sequence[Criterion], dossier: Dossier) -> Assessment:
    """Judge ``dossier`` by all ``criteria``."""
    findings = tuple(criterion.check(dossier) for criterion in criteria)
    return Assessment(findings, overall(findings))
