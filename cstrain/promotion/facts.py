"""What pages, commands and rooms above see of the core of promotion. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cstrain.judgement.assess import Assessment
from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.finding import Finding, State
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.facts import StandingFacts

ENDORSEMENT = "endorsement"
"""The kind of condition that people rate."""


class Group(StrEnum):
    """How near somebody is to the next step, nearest first (docs/rules.md 7).

    ``eligible``: may apply; ``open``: nothing fails, but a fact is missing; ``near``: one condition fails;
    ``far``: more do; ``none``: no step leads on from where the person stands.
    """

    ELIGIBLE = "eligible"
    OPEN = "open"
    NEAR = "near"
    FAR = "far"
    NONE = "none"


class NoStep(StrEnum):
    """Why no step leads on: the highest level, no level yet, or a level this ladder does not have."""

    TOP = "top"
    UNPLACED = "unplaced"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A department follows a ladder from a day on; ``ladder_ref`` ``None``: that of the one above it."""

    department_id: DepartmentId
    ladder_ref: str | None
    effective_from: date
    note: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Somebody on a ladder, judged for the next step; without a step ``why`` says why there is none."""

    person: StandingFacts
    ladder: Ladder
    step: Step | None
    assessment: Assessment
    group: Group
    why: NoStep | None = None

    @property
    def eligible(self) -> bool:
        """The person may apply (docs/rules.md 7)."""
        return self.group is Group.ELIGIBLE

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order of the policy."""
        return self.assessment.findings

    def lacking(self) -> tuple[Finding, ...]:
        """Return what is not met, then what is unknown, but for the endorsements still to be given."""
        urgent = (one for one in self.assessment.by_urgency if one.state is not State.MET)
        return tuple(one for one in urgent if not _awaited(one))

    def awaited(self) -> tuple[Finding, ...]:
        """Return the endorsements still to be given: the superior gives them once somebody has applied."""
        return tuple(one for one in self.findings if _awaited(one))


def _awaited(one: Finding) -> bool:
    return one.kind == ENDORSEMENT and one.state is State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Place:
    """A place by brand points among so many of the department in a month; ties share the better one."""

    rank: int
    of: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A judged step with the day from which it would be met, and the facts it rests on."""

    judged: Judged
    on: date
    earliest: date | None
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody whose eligibility a changed ladder changes; ``effect``: yuan a month, ``None`` unknown.

    ``effect`` is the base of the level the step leads to less the base of the present one: gained by who
    becomes eligible, lost by who no longer is.
    """

    before: Judged
    after: Judged
    effect: Decimal | None
    findings: tuple[Finding, ...] = ()

    @property
    def person(self) -> StandingFacts:
        """Whom it is about."""
        return self.after.person


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a changed ladder would do to all who follow it on a day; nothing is written."""

    ladder: Ladder
    present: Ladder | None
    on: date
    people: int
    gains: tuple[Change, ...]
    loses: tuple[Change, ...]
    unchanged: int
    by_group: Mapping[Group, tuple[int, int]] = field(default_factory=dict)

    @property
    def effect(self) -> Decimal:
        """Yuan a month: what is known of all who gain, less what is known of all who lose."""
        known = [one.effect for one in (*self.gains, *self.loses) if one.effect is not None]
        return sum(known, Decimal("0.00"))

    @property
    def unknown_effects(self) -> int:
        """For how many of them no base is known."""
        return sum(one.effect is None for one in (*self.gains, *self.loses))


@dataclass(frozen=True, slots=True)
class Eligible:
    """Somebody could apply for a step on the day of the latest run; ``new``: not in the run before."""

    person: PersonId
    ladder: str
    edition: int
    start: str | None
    goal: str
    new: bool
