"""What pages and packages may see of applications, defences and notices. Frozen; marks only once open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cstrain.kernel.ids import PersonId


class State(StrEnum):
    """How far an application is. The last eight are endings."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    CHECKED = "checked"
    DEFENDED = "defended"
    APPROVED = "approved"
    NOTICE = "notice"
    CLEARED = "cleared"
    TRIAL = "trial"
    RETURNED = "returned"
    DECLINED = "declined"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    APPOINTED = "appointed"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Seat(StrEnum):
    """A juror towards one applicant: nothing said yet, HR must judge, sits, or is out."""

    SILENT = "silent"
    UNSURE = "unsure"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Something that happened to an application."""

    number: int
    kind: str
    after: State
    by: PersonId | None
    at: datetime
    note: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EndorsementFacts:
    """A rating of the direct superior, in the office they gave it."""

    topic: str
    office: str
    rating: int
    note: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application; ``events`` oldest first. ``parts``: everybody who acted on it so far."""

    id: int
    person_id: PersonId
    department_id: int
    ladder_ref: str
    ladder_edition: int
    start_level: str | None
    goal_level: str
    statement: str
    state: State
    submitted_at: datetime
    closed_at: datetime | None
    effective_on: date | None
    trial_until: date | None
    events: tuple[EventFacts, ...] = ()

    @property
    def is_open(self) -> bool:
        """Something is still to be done."""
        return self.closed_at is None

    def last(self, *kinds: str) -> EventFacts | None:
        """Return the latest event of one of these kinds."""
        return next((one for one in reversed(self.events) if one.kind in kinds), None)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A sealed record of what an act rested on; ``findings`` as they were then."""

    stage: str
    at: datetime
    sha256: str
    whole: bool
    findings: tuple[Mapping[str, Any], ...]
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class SealedFacts:
    """A sealed record with its text, for who verifies it."""

    id: int
    application_id: int
    stage: str
    at: datetime
    content: str
    sha256: str


@dataclass(frozen=True, slots=True)
class JurorFacts:
    """A juror in a round towards one applicant. No score is in here. ``tie``: declared in the minutes."""

    person_id: PersonId
    office: str
    seat: Seat
    sealed: bool
    started: bool
    signed: bool
    tie: str
    declared_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An applicant in a round; ``times``: speech from, to, answers from, to."""

    id: int
    round_id: int
    application_id: int
    person_id: PersonId
    position: int
    questions: tuple[str, ...]
    times: tuple[datetime | None, datetime | None, datetime | None, datetime | None]
    opened_at: datetime | None
    minutes: str | None
    minutes_by: PersonId | None
    minutes_at: datetime | None
    jurors: tuple[JurorFacts, ...]

    @property
    def sitting(self) -> tuple[JurorFacts, ...]:
        """Those who score."""
        return tuple(one for one in self.jurors if one.seat is Seat.IN)

    def juror(self, person: PersonId) -> JurorFacts | None:
        """Return a juror by id."""
        return next((one for one in self.jurors if one.person_id == person), None)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round of defences; ``jurors`` with their offices. ``edition``: of the chapter it was issued under."""

    id: int
    panel_ref: str
    edition: int
    title: str
    plan: str
    starts_at: datetime
    place: str
    seed: int
    issued_by: PersonId
    issued_at: datetime
    jurors: Mapping[PersonId, str]
    entries: tuple[EntryFacts, ...]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A juror's sheet: their own while it is a draft, everybody's once all are sealed."""

    juror_id: PersonId
    points: Mapping[str, Decimal]
    note: str
    saved_at: datetime
    sealed_at: datetime | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """The result of a defence once all sheets are open. ``trimmed``: highest and lowest were left out."""

    sheets: tuple[SheetFacts, ...]
    means: Mapping[str, Decimal]
    mean: Decimal
    trimmed: bool
    reaches: bool


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """An objection; ``by`` is ``None`` for an anonymous one."""

    id: int
    notice_id: int
    kind: str
    by: PersonId | None
    text: str
    filed_on: date
    start_by: date
    answer_by: date
    started_at: datetime | None
    started_by: PersonId | None
    finding: str | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A public notice; ``content`` is what everybody reads."""

    id: int
    application_id: int
    person_id: PersonId
    content: Mapping[str, Any]
    first_day: date
    last_day: date
    published_by: PersonId
    published_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """An appeal; ``upheld`` is ``None`` while it waits."""

    id: int
    application_id: int
    person_id: PersonId
    text: str
    filed_at: datetime
    decide_by: date
    upheld: bool | None
    reason: str | None
    decided_by: PersonId | None
    decided_at: datetime | None
