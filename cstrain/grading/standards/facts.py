"""What pages see of standard setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cstrain.exams.facts import PaperFacts
from cstrain.kernel.ids import PersonId

METHODS = ("angoff", "yes_no", "hofstee")
BOUND_NAMES = ("cut_low", "cut_high", "fail_low", "fail_high")
"""A judge's four numbers of Hofstee: marks, marks, per cent, per cent."""
Given = Mapping[str, Decimal]
"""What a judge said: per cent by slot (as text), or the four numbers by name."""


@dataclass(frozen=True, slots=True)
class StudyItem:
    """A question judged: its slot in the form, its version, what it is worth."""

    slot: int
    version_id: int
    marks: Decimal


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """A panel. ``round`` is the one open now, or the last; ``given``: who has judged, by round.

    What was said in a round may be shown once the round is over (``shows``).
    """

    id: int
    paper: PaperFacts
    method: str
    items: tuple[StudyItem, ...]
    round: int
    opened_by: PersonId
    opened_at: datetime
    closed_at: datetime | None
    judges: tuple[PersonId, ...]
    given: Mapping[int, frozenset[PersonId]]
    result: Mapping[str, Any] | None

    @property
    def by_question(self) -> bool:
        """Whether judges go through the questions; else they give four numbers."""
        return self.method != "hofstee"

    @property
    def last_round(self) -> int:
        """How many rounds the method has."""
        return 2 if self.by_question else 1

    def shows(self, number: int) -> bool:
        """Tell whether what was said in a round may be seen by the others: not before it is over."""
        return self.closed_at is not None or number < self.round

    def waits_for(self, person: PersonId) -> bool:
        """Tell whether a judge has something to do now."""
        open_now = self.closed_at is None and person in self.judges
        return open_now and person not in self.given.get(self.round, frozenset())
