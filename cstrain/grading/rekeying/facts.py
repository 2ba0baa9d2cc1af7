"""What the pages of re-keying show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cstrain.exams.facts import AttemptFacts
from cstrain.grading.rules import MarkedAttempt
from cstrain.grading.statistics.figure import Figure
from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposed correction of a key; ``state`` is open, confirmed or refused.

    ``kind``: ``key``, another key; ``credit``, everybody who was asked earns all the marks.
    """

    id: int
    version_id: int
    kind: str
    key: Mapping[str, Any]
    explanation: str
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    revision_id: int | None

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.decided_at is None:
            return "open"
        return "confirmed" if self.revision_id is not None else "refused"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction does to one marked attempt; marks are raw.

    ``slot_before`` and ``slot_after`` are what the question earned; ``by_hand``: two persons had given its
    mark, and it stays.
    """

    attempt: AttemptFacts
    slot: int
    number: int
    before: Decimal
    after: MarkedAttempt
    slot_before: Decimal
    slot_after: Decimal
    passed_before: bool
    passed_after: bool
    released: bool
    by_hand: bool
    differs: bool

    @property
    def side(self) -> str:
        """``up`` who passes now, ``down`` who passes no longer, empty for the rest."""
        if self.passed_before == self.passed_after:
            return ""
        return "up" if self.passed_after else "down"


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a correction does: who changes side first, then whose mark changes, then the rest.

    ``asked``: closed, unvoided attempts in which the question stood; those without a result yet are marked
    with the key that counts then. Facilities are the mean share of the question's marks, before and after.
    """

    asked: int
    effects: tuple[Effect, ...]
    facility_before: Figure
    facility_after: Figure

    @property
    def changed(self) -> Sequence[Effect]:
        """The attempts that get another result."""
        return [each for each in self.effects if each.differs]

    @property
    def raised(self) -> int:
        """How many earn more."""
        return sum(each.after.raw > each.before for each in self.effects)

    @property
    def lowered(self) -> int:
        """How many earn less."""
        return sum(each.after.raw < each.before for each in self.effects)

    @property
    def told(self) -> int:
        """How many candidates who know their mark will be told of another one."""
        return sum(each.released and each.differs for each in self.effects)

    def sides(self, side: str) -> int:
        """Return how many change side: ``up`` or ``down``."""
        return sum(each.side == side for each in self.effects)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A stored result that does not come out the same when it is worked out again."""

    attempt_id: int
    number: int
    stored: str
    found: str
