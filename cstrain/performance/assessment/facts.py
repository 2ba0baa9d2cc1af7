"""Frozen facts of post plans, joint assessments and interviews. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment.policy import AssessmentRules, Office


class State(StrEnum):
    """Where a joint sheet stands."""

    RATING = "rating"
    REVIEW = "review"
    FINAL = "final"
    LAPSED = "lapsed"
    ACKNOWLEDGED = "acknowledged"
    CONTESTED = "contested"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a plan. ``number`` with ``sense`` where it can be counted; ``source`` names the figure.

    ``weight`` in per cent; without a number or a source people judge it.
    """

    text: str
    measure: str
    unit: str
    sense: str
    number: Decimal | None
    weight: int
    source: str


@dataclass(frozen=True, slots=True)
class TargetState:
    """A target beside the month: ``met`` is ``None`` while nobody can tell."""

    target: Target
    actual: Decimal | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """An edition of a post's plan."""

    id: int
    department_id: int
    post: str
    number: int
    effective_from: date
    targets: tuple[Target, ...]
    drafted_by: PersonId
    drafted_at: datetime
    checked_by: PersonId | None
    checked_at: datetime | None
    approved_by: PersonId | None
    approved_at: datetime | None
    returned_by: PersonId | None
    returned_at: datetime | None
    returned_why: str | None

    @property
    def state(self) -> str:
        """drafted, checked, approved or returned."""
        if self.returned_by is not None:
            return "returned"
        if self.approved_by is not None:
            return "approved"
        return "checked" if self.checked_by is not None else "drafted"


@dataclass(frozen=True, slots=True)
class Round:
    """A department's month under joint assessment."""

    id: int
    department_id: int
    month: date
    rules: AssessmentRules
    due_on: date
    opened_by: PersonId
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """An office's points and their sum out of 100."""

    office: str
    revision: int
    points: Mapping[str, Decimal]
    score: Decimal
    note: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rater's unfinished sheet says; gaps are left out."""

    points: Mapping[str, Decimal]
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """The director's word; ``stands`` answers a contest. ``intact``: the seal fits what it seals."""

    id: int
    kind: str
    offices: tuple[str, ...]
    score: Decimal | None
    grade: str | None
    stands: bool | None
    reason: str
    content: Mapping[str, Any]
    digest: str | None
    intact: bool
    contest_until: date | None
    record_id: int | None
    correction_id: int | None
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The person's own word."""

    kind: str
    says: str
    decide_by: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A person's joint sheet of a month, with everything that was said about it, oldest first."""

    id: int
    round: Round
    person_id: PersonId
    plan_id: int | None
    ratings: tuple[Rating, ...]
    reviews: tuple[Review, ...]
    answer: Answer | None

    @property
    def month(self) -> date:
        """The month's first day."""
        return self.round.month

    def needed(self, office: str) -> int:
        """Return which revision of an office's rating counts: one more after each return."""
        return 1 + sum(1 for each in self.reviews if each.kind == "returned" and office in each.offices)

    def rating_of(self, office: str) -> Rating | None:
        """Return the rating of an office that counts."""
        wanted = self.needed(office)
        return next((one for one in self.ratings if (one.office, one.revision) == (office, wanted)), None)

    @property
    def missing(self) -> tuple[Office, ...]:
        """Offices without a rating that counts."""
        return tuple(each for each in self.round.rules.offices if self.rating_of(each.id) is None)

    @property
    def raters(self) -> frozenset[PersonId]:
        """Everybody who ever rated this sheet."""
        return frozenset(one.by for one in self.ratings)

    @property
    def final(self) -> Review | None:
        """The final review, once there is one."""
        return next((each for each in self.reviews if each.kind == "final"), None)

    @property
    def decision(self) -> Review | None:
        """The decision of the contest."""
        return next((each for each in self.reviews if each.kind == "contest"), None)

    @property
    def counts(self) -> Review | None:
        """The word that counts now."""
        return self.decision or self.final


@dataclass(frozen=True, slots=True)
class Seats:
    """Who may act on a sheet: by office, and who may review. Empty: nobody holds the office."""

    offices: Mapping[str, tuple[PersonId, ...]]
    directors: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of an action."""

    outcome: str
    due_on: date | None
    note: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """Something agreed on; ``due_on`` is the day that counts now."""

    id: int
    number: int
    text: str
    due_on: date
    follow_ups: tuple[FollowUp, ...]

    @property
    def outcome(self) -> str | None:
        """How it ended; ``None`` while it is open."""
        last = self.follow_ups[-1].outcome if self.follow_ups else None
        return None if last == "moved" else last


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview with what was agreed on."""

    id: int
    person_id: PersonId
    month: date
    held_on: date
    discussed: str
    held_by: PersonId
    entered_at: datetime
    signed_at: datetime | None
    remark: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class NewInterview:
    """An interview to enter; ``actions``: text and day."""

    person_id: PersonId
    month: date
    held_on: date
    discussed: str
    actions: tuple[tuple[str, date], ...]
