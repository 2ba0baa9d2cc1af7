"""What onboarding announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cstrain.kernel.events import Signal
from cstrain.kernel.ids import EnrolmentId, PersonId


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody began a programme."""

    enrolment_id: EnrolmentId
    person: PersonId
    actor: PersonId | None
    now: datetime


@dataclass(frozen=True, slots=True)
class DaySigned:
    """A day was signed."""

    enrolment_id: EnrolmentId
    person: PersonId
    day_number: int
    signed_by: PersonId
    now: datetime


@dataclass(frozen=True, slots=True)
class GateDecided:
    """A person decided at a gate; ``eliminate`` begins the elimination procedure."""

    enrolment_id: EnrolmentId
    person: PersonId
    gate: str
    decision: str
    reason: str
    actor: PersonId
    now: datetime


@dataclass(frozen=True, slots=True)
class DaysMoved:
    """Days of an enrolment got other dates."""

    enrolment_id: EnrolmentId
    person: PersonId
    before: dict[int, date]
    after: dict[int, date]
    actor: PersonId | None
    now: datetime


@dataclass(frozen=True, slots=True)
class EnrolmentClosed:
    """An enrolment ended (closed or transferred)."""

    enrolment_id: EnrolmentId
    person: PersonId
    reason: str
    on: date
    actor: PersonId | None
    now: datetime


enrolled: Signal[Enrolled] = Signal()
day_signed: Signal[DaySigned] = Signal()
gate_decided: Signal[GateDecided] = Signal()
days_moved: Signal[DaysMoved] = Signal()
enrolment_closed: Signal[EnrolmentClosed] = Signal()
