"""What may be known of deductions, contests and register entries: frozen facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cstrain.kernel.ids import PersonId


class Kind(StrEnum):
    """Registers (domain.md 3): the evidence behind criteria."""

    COMPLAINT = "complaint"
    VIOLATION = "violation"
    AWARD = "award"
    PROPOSAL = "proposal"
    COVER = "cover"
    CONFLICT = "conflict"
    SUGGESTION = "suggestion"


class Severity(StrEnum):
    """How grave a complaint is."""

    MINOR = "minor"
    MEDIUM = "medium"
    SERIOUS = "serious"


class Standing(StrEnum):
    """Where a deduction stands: it counts unless it was reversed."""

    COUNTS = "counts"
    CONTESTED = "contested"
    UPHELD = "upheld"
    REVERSED = "reversed"


TWO_SIDED = frozenset({Kind.COVER, Kind.CONFLICT})
"""Registers that name a second person: who was absent, the other side of a conflict."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody books. ``rule_set`` and ``code`` name the rule, ``times_code`` the multiplier if any.

    ``set_aside``: codes of more specific rules which the booker says do not fit.
    """

    day: date
    rule_set: str
    code: str
    points: int
    evidence: str
    times_code: str | None = None
    set_aside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """The person's word against a deduction and, once given, the decision of somebody else."""

    id: int
    says: str
    filed_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    upheld: bool | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class ReversalFacts:
    """The entry that takes a deduction back."""

    id: int
    by: PersonId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeductionFacts:
    """A deduction with what was said against it. ``total`` = points x times; it counts while not reversed.

    ``contest_until``: last working day on which the person may contest it.
    """

    id: int
    person: PersonId
    day: date
    rule_set: str
    edition: int
    code: str
    rule_text: str
    points: int
    times: int
    times_code: str | None
    total: int
    set_aside: tuple[str, ...]
    evidence: str
    booked_by: PersonId
    booked_at: datetime
    contest_until: date
    contest: ContestFacts | None
    reversal: ReversalFacts | None

    @property
    def standing(self) -> Standing:
        """Where it stands: a reversal wins over everything."""
        if self.reversal is not None:
            return Standing.REVERSED
        if self.contest is None:
            return Standing.COUNTS
        return Standing.UPHELD if self.contest.decided_at is not None else Standing.CONTESTED

    def may_be_contested(self, today: date) -> bool:
        """Tell whether the person may still contest it: once, within the days, while it counts."""
        return self.standing is Standing.COUNTS and today <= self.contest_until


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody enters into a register. ``other``: the second person where the register names one."""

    kind: Kind
    day: date
    text: str
    evidence: str
    severity: Severity | None = None
    vip: bool = False
    major: bool = False
    other: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The entry that takes a register entry back."""

    id: int
    by: PersonId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """An entry of a register; one that was withdrawn is still shown, and counts nowhere."""

    id: int
    person: PersonId
    other: PersonId | None
    kind: Kind
    day: date
    text: str
    evidence: str
    severity: Severity | None
    vip: bool
    major: bool
    entered_by: PersonId
    entered_at: datetime
    withdrawal: Withdrawal | None

    def concerns(self, person: PersonId) -> bool:
        """Tell whether somebody is one of the sides."""
        return person in (self.person, self.other)
