"""Tables of persons, their employment, accounts, roles, rosters and leave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Department(Row):
    """A department, or a group inside one."""

    __tablename__ = "department"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    platform: Mapped[str | None]
    week: Mapped[str] = mapped_column(default="six_days")
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (CheckConstraint("week IN ('six_days','five_days','every_day')", name="week"),)


class Person(Row):
    """A person; what changes with time stands in ``employment_state``."""

    __tablename__ = "person"

    staff_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_pinyin: Mapped[str]
    name_initials: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    extension: Mapped[str | None]
    hire_date: Mapped[date]
    created_at: Mapped[datetime]


class EmploymentState(Row):
    """Effective-dated history; rows are added, never changed. The state of a day is the latest
    ``effective_from`` not after it, then the highest id."""

    __tablename__ = "employment_state"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    effective_from: Mapped[date]
    status: Mapped[str]
    level: Mapped[str | None]
    track: Mapped[str | None]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    post: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("status IN ('probation','converted','left')", name="status"),
        CheckConstraint("level IN ('junior','intermediate','senior','principal')", name="level"),
        CheckConstraint("track IN ('basic','vip','phone')", name="track"),
        Index("ix_employment_state_person_id_effective_from", "person_id", "effective_from", "id"),
    )


class Contract(Row):
    """A labour contract; the latest that has started is the present one."""

    __tablename__ = "contract"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    probation_end: Mapped[date | None]
    signed_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('fixed_term','open_ended','task_based','part_time')", name="kind"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="order"),
    )


class RosterEntry(Row):
    """The roster's word about one person and one day."""

    __tablename__ = "roster_entry"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(index=True)
    working: Mapped[bool]
    shift: Mapped[str | None]
    set_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "day"),)


class Leave(Row):
    """An absence; a cancelled one stays on record."""

    __tablename__ = "leave"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    kind: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("last_day >= first_day", name="order"),)


class CompanyDay(Row):
    """The company's own word about a day, for all or for one department."""

    __tablename__ = "company_day"

    day: Mapped[date] = mapped_column(index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    working: Mapped[bool]
    note: Mapped[str]

    __table_args__ = (UniqueConstraint("day", "department_id"),)


class RoleAssignment(Row):
    """A role or office held between two days, both included."""

    __tablename__ = "role_assignment"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_self"),)


class StandIn(Row):
    """Somebody signs for somebody else between two days; it gives no permission of its own."""

    __tablename__ = "stand_in"

    principal_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("stand_in_id <> principal_id", name="not_self"),
        CheckConstraint("created_by <> stand_in_id", name="not_by_stand_in"),
        CheckConstraint("last_day >= first_day", name="order"),
    )


class ViewLog(Row):
    """Who looked at whose record (``subject_id`` empty: at a list or a log)."""

    __tablename__ = "view_log"

    viewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str]
    at: Mapped[datetime]


class Account(Row):
    """The log-in of a person. A row without password cannot log in."""

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    totp_removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    totp_removed_at: Mapped[datetime | None]
    recovery_hashes: Mapped[list[Any]] = mapped_column(default=list)
    closed_at: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=1)
    locale: Mapped[str] = mapped_column(default="zh")
    last_login_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("locale IN ('zh','en')", name="locale"),)


class OneTimeLink(Row):
    """A link that sets a password once; only its hash is kept."""

    __tablename__ = "one_time_link"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("purpose IN ('first_password','reset')", name="purpose"),)


class LoginAttempt(Row):
    """A try to log in. ``device`` names a browser that this account has logged in from before."""

    __tablename__ = "login_attempt"

    username: Mapped[str]
    ip: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_login_attempt_username_at", "username", "at"),
        Index("ix_login_attempt_ip_at", "ip", "at"),
    )


class ImportBatch(Row):
    """A checked staff file that waits for its confirmation."""

    __tablename__ = "import_batch"

    filename: Mapped[str]
    digest: Mapped[str]
    rows: Mapped[list[Any]] = mapped_column(sa.JSON())
    faults: Mapped[list[Any]] = mapped_column(sa.JSON())
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
