"""What an Eaglet plan is made of, as its rules and pages see it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cstrain.kernel.finding import Finding
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet.policy import EagletRules

AGAIN, LEFT_OPEN = "again", "open"
"""What the director says of places nobody fills: announced again, or left open."""
NOT_HELD = "none"
"""HR's statement that somebody never sat the conversion exam."""


class Phase(StrEnum):
    """How far a plan has come."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    OPEN = "open"
    SCREENING = "screening"
    INTERVIEWS = "interviews"
    DECIDING = "deciding"
    AGAIN = "again"
    STUDYING = "studying"
    CLOSED = "closed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as recorded."""

    kind: str
    by: PersonId
    at: datetime
    application: int | None
    about: PersonId | None
    detail: Mapping[str, Any]
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """What an office said of the proposal."""

    office: str
    by: PersonId
    agreed: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A round of applications. Window: whole days, both included; the other days follow from it."""

    id: int
    number: int
    text: str
    places: Mapping[str, int]
    opens_on: date
    closes_on: date
    screen_by: date
    interview_from: date
    interview_to: date
    published_by: PersonId
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """An Eaglet plan. ``notice``: its latest round. ``unfilled``: places to announce again."""

    id: int
    title: str
    reason: str
    rules: EagletRules
    proposed_by: PersonId
    proposed_at: datetime
    approvals: tuple[Approval, ...]
    notices: tuple[Notice, ...]
    unfilled: Mapping[str, int]
    phase: Phase

    @property
    def notice(self) -> Notice | None:
        """The latest round."""
        return self.notices[-1] if self.notices else None


@dataclass(frozen=True, slots=True)
class Application:
    """An application form and what has been said of it."""

    id: int
    plan: int
    notice: int
    person: PersonId
    place: str
    platform: str
    months: Decimal
    known: Mapping[str, Any]
    said: Mapping[str, str]
    applied_at: datetime
    comment: Event | None
    stated: Mapping[str, Event]
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What the screening sheet reads of an application; ``None``: unknown.

    ``conversion``: the mean of the conversion papers, or ``held`` false when there never was one.
    """

    application: int
    place: str
    gates: tuple[Finding, ...]
    awards: int | None
    conversion: Fraction | None
    months: Decimal
    level: str | None
    since: date | None
    held: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the screening sheet: what was found, what it earns, out of how much."""

    name: str
    given: str
    points: Fraction | None
    of: int


@dataclass(frozen=True, slots=True)
class Screened:
    """An application on the sheet. ``total`` of 100; ``rank`` within its place; ``None``: not ranked.

    ``unknown``: what must be stated before the sheet can be closed.
    """

    application: int
    place: str
    gates: tuple[Finding, ...]
    items: tuple[Item, ...]
    total: Fraction | None
    rank: int | None
    invited: bool
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """An interviewed applicant: mean of all sheets of 100, rank within the place, accepted or not.

    ``by``: what parted them from the one before, where the means are equal.
    """

    application: int
    place: str
    mean: Fraction
    rank: int
    accepted: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Interviewed:
    """What ranking after the interviews reads of an applicant; ``order``: by arrival of the application."""

    application: int
    place: str
    sheets: tuple[Fraction, ...]
    screening: Fraction
    since: date | None
    order: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the group. ``active`` until removed or gone."""

    person: PersonId
    application: int
    place: str
    platform: str
    joined_at: datetime
    active: bool


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads; ``ended``: enough proper complaints, or not in the group any more."""

    id: int
    person: PersonId
    reason: str
    named_by: PersonId
    named_at: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint about the leader; ``proper`` is ``None`` until HR has judged it."""

    id: int
    leader: int
    by: PersonId
    about: PersonId
    reason: str
    at: datetime
    judged_by: PersonId | None
    proper: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Request:
    """Room and equipment asked for; ``granted`` is ``None`` until HR has answered."""

    id: int
    things: tuple[str, ...]
    asked_by: PersonId
    granted: bool | None
    answer: str
    answered_by: PersonId | None
    returned: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A study meeting as last reported. ``agreed``: members who agreed to its content.

    ``request``: what was last asked of HR for it; ``earlier``: as it was reported before, the latest first.
    """

    id: int
    on: date
    hours: str
    place: str
    content: str
    reported_by: PersonId
    reported_at: datetime
    called_off: bool
    request: Request | None
    agreed: tuple[PersonId, ...]
    earlier: tuple[Session, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether it was reported otherwise before."""
        return bool(self.earlier)

    def open_on(self, day: date) -> bool:
        """Tell whether it may still be corrected or called off on a day: it has not been held."""
        return not self.called_off and self.on >= day


@dataclass(frozen=True, slots=True)
class KnowledgeCheck:
    """A knowledge check; ``mark`` out of 100."""

    person: PersonId
    on: date
    topic: str
    mark: Decimal
    note: str
    by: PersonId


class RemovalState(StrEnum):
    """Where a removal stands; only ``removed`` ends the membership."""

    ASKED = "asked"
    KEPT = "kept"
    WINDOW = "window"
    APPEALED = "appealed"
    REMOVED = "removed"
    REINSTATED = "reinstated"


@dataclass(frozen=True, slots=True)
class Removal:
    """A request to take a member out, and what became of it. ``appeal_by``: last day of the appeal."""

    id: int
    about: PersonId
    reason: str
    asked_by: PersonId
    asked_at: datetime
    answered_by: PersonId | None
    answer: str
    appeal_by: date | None
    appeal: str
    heard_by: PersonId | None
    ruling: str
    state: RemovalState


@dataclass(frozen=True, slots=True)
class PaperResult:
    """A member at a paper: ``waiting``, ``passed``, ``failed``, ``absent`` or ``exempt``.

    ``raw``: the mark; ``ground``: the exemption's record, with mark and day of the result it rests on.
    """

    paper: str
    state: str
    raw: Decimal | None = None
    pass_mark: Decimal | None = None
    attempt: int | None = None
    exemption: int | None = None
    ground_mark: Decimal | None = None
    ground_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A member at the end: ``passes`` is ``None`` while a result is awaited."""

    person: PersonId
    papers: tuple[PaperResult, ...]
    passes: bool | None


@dataclass(frozen=True, slots=True)
class Closing:
    """The proposed end of a plan; ``agreed`` is ``None`` until somebody else has answered."""

    id: int
    text: str
    effective_on: date
    sealed: str
    sha256: str
    proposed_by: PersonId
    proposed_at: datetime
    answered_by: PersonId | None
    answered_at: datetime | None
    agreed: bool | None
    answer: str
