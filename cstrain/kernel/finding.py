"""What a rule says about a fact: met, not met, or unknown, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Outcome of one criterion. Missing evidence is ``UNKNOWN``, never a no."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer to a record behind a finding: what kind, which one, how to name it on a page."""

    kind: str
    ref: str
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The explained answer of one criterion.

    ``says`` is one Chinese sentence that repeats the numbers; ``clause`` names the published rule. For pages
    that set them apart: ``text`` is the condition, ``value`` what was found, ``needs`` the threshold.
    """

    kind: str
    state: State
    says: str
    clause: str
    records: tuple[Evidence, ...] = ()
    text: str = ""
    value: str = ""
    needs: str = ""


def overall(findings: tuple[Finding, ...]) -> State:
    """All met: met. Any not met: not met. Otherwise unknown (also for no finding at all)."""
    states = {finding.state for finding in findings}
    if State.NOT_MET in states:
        return State.NOT_MET
    if states == {State.MET}:
        return State.MET
    return State.UNKNOWN
