"""What invigilation hands out: spans of time, pauses, outages, credit, incidents, signals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cstrain.kernel.ids import AttemptId, PersonId, SittingId

INCIDENT_KINDS = ("technical", "health", "conduct", "question", "other")
SIGNAL_KINDS = ("leave", "paste", "offline")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, its end excluded."""

    began: datetime
    ended: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it lasts, never negative."""
        return max(self.ended - self.began, timedelta(0))


@dataclass(frozen=True, slots=True)
class Touch:
    """An accepted answer as the rule of speed sees it; ``mono_ms`` is the page's own steady clock."""

    slot: int
    mono_ms: int | None


@dataclass(frozen=True, slots=True)
class SentSignal:
    """A sign as a browser sent it: how long ago it began and how long it lasted, by the page's clock (ms)."""

    signal_id: str
    kind: str
    ago_ms: int
    lasted_ms: int
    slot: int | None


@dataclass(frozen=True, slots=True)
class HeardState:
    """What a page is told when it has shown that it is there."""

    lease_epoch: int
    remaining_ms: int
    paused: bool
    over: bool
    submitted: bool
    stored: int


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """A pause of an attempt. ``paused_by`` is ``None`` for one the system made (held after an outage)."""

    id: int
    attempt_id: AttemptId
    sitting_id: SittingId
    person_id: PersonId
    began: datetime
    ended: datetime | None
    reason: str
    paused_by: PersonId | None
    seconded_by: PersonId | None

    def length(self, now: datetime) -> timedelta:
        """Return how long it has lasted, or did."""
        return (self.ended or now) - self.began


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """A time the server was silent while somebody sat an exam."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Offer:
    """Time an attempt lost and has not been given back; ``source`` is ``outage:5`` or ``offline:7``."""

    attempt_id: AttemptId
    source: str
    span: Span
    seconds: int

    @property
    def by_server(self) -> bool:
        """The server's own record says so; otherwise the candidate's page does."""
        return self.source.startswith("outage:")


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """Time given back, or proposed to be (``given`` is ``None`` while a second person is waited for)."""

    id: int
    attempt_id: AttemptId
    sitting_id: SittingId
    person_id: PersonId
    source: str
    span: Span
    seconds: int
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    given: bool | None


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """An entry of the incident log, of one attempt or of the whole sitting."""

    id: int
    sitting_id: SittingId
    attempt_id: AttemptId | None
    kind: str
    text: str
    noted_by: PersonId
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Signs:
    """What was noted of how an attempt is sat: for people to look at, never a penalty."""

    leaves: int = 0
    away_seconds: int = 0
    pastes: int = 0
    offline_seconds: int = 0
    devices: int = 0
    rushes: int = 0

    @property
    def any(self) -> bool:
        """Tell whether there is anything to look at."""
        return bool(self.leaves or self.pastes or self.devices or self.rushes)


NO_SIGNS = Signs()
"""Nothing was noted."""
