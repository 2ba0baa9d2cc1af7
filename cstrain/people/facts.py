"""What other packages may know of people: frozen facts and the closed sets of words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.ids import DepartmentId, PersonId


class Status(StrEnum):
    """Employment status; conversion moves from probation to converted."""

    PROBATION = "probation"
    CONVERTED = "converted"
    LEFT = "left"


class Level(StrEnum):
    """Level on the ladder."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    PRINCIPAL = "principal"


class Track(StrEnum):
    """Track of an agent."""

    BASIC = "basic"
    VIP = "vip"
    PHONE = "phone"


class ContractKind(StrEnum):
    """Kind of labour contract (Labour Contract Law art. 12, 68)."""

    FIXED_TERM = "fixed_term"
    OPEN_ENDED = "open_ended"
    TASK_BASED = "task_based"
    PART_TIME = "part_time"


class LeaveKind(StrEnum):
    """Why somebody is away."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    MARRIAGE = "marriage"
    MATERNITY = "maternity"
    BEREAVEMENT = "bereavement"
    INJURY = "injury"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as they stand on one day."""

    id: PersonId
    staff_no: str
    name: str
    department_id: DepartmentId
    department_name: str
    post: str
    level: Level | None
    track: Track | None
    status: Status
    hire_date: date
    email: str | None
    phone: str | None
    extension: str | None


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """Where a person stands on a day, and since when; a day that nobody knows is ``None``.

    ``history_id``: the entry of the employment history with which the level began. ``reached``: the first day
    each level was held; ``places``: the days of change of department, oldest first.
    """

    id: PersonId
    staff_no: str
    name: str
    department_id: DepartmentId
    department_name: str
    post: str
    status: Status
    level: Level | None
    track: Track | None
    hired_on: date
    department_since: date
    level_since: date | None
    history_id: int
    reached: Mapping[str, date]
    places: tuple[tuple[date, DepartmentId], ...]


@dataclass(frozen=True, slots=True)
class StateFacts:
    """One entry of a person's employment history; ``id`` grows in the order of recording."""

    id: int
    effective_from: date
    status: Status
    level: Level | None
    track: Track | None
    department_id: DepartmentId
    department_name: str
    post: str
    reason: str
    source: str
    recorded_by: PersonId | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A labour contract. ``term_months`` counts whole months (``None``: no agreed end)."""

    kind: ContractKind
    starts_on: date
    ends_on: date | None
    probation_end: date | None
    term_months: int | None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department, or a group inside one; ``platform``: whose advertising it serves, if on record."""

    id: DepartmentId
    code: str
    name: str
    week: Week
    parent_id: DepartmentId | None
    is_active: bool = True
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """Which days a person works: the department's calendar, leave, and the roster on top."""

    calendar: WorkCalendar
    leave_days: frozenset[date] = frozenset()
    rostered: dict[date, bool] = field(default_factory=dict)

    def is_rostered(self, day: date) -> bool:
        """Tell whether the person works on ``day``: by the roster if it speaks, else calendar and leave."""
        if day in self.rostered:
            return self.rostered[day]
        return self.calendar.is_working(day) and day not in self.leave_days


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role somebody holds from one day to another (``None``: no end is fixed)."""

    id: int
    person_id: PersonId
    role: str
    department_id: DepartmentId | None
    department_name: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class StandInFacts:
    """Somebody who signs for another between two days, both included."""

    id: int
    principal_id: PersonId
    stand_in_id: PersonId
    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """Days of absence, both ends included."""

    id: int
    person_id: PersonId
    first_day: date
    last_day: date
    kind: LeaveKind
    reason: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What an administrator may know of an account: never the password or the secret."""

    person_id: PersonId
    username: str
    has_password: bool
    has_second_factor: bool
    closed_at: datetime | None
    locale: str
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class Viewing:
    """Somebody looked at somebody's record."""

    viewer_id: PersonId
    what: str
    at: datetime
