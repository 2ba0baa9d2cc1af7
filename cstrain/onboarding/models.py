"""Programmes in the database, cohorts, enrolments and everything that happens on their days."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class ProgrammeEdition(Row):
    """An edition of a programme; who has begun goes on with theirs."""

    __tablename__ = "programme_edition"
    __table_args__ = (UniqueConstraint("ref", "edition"),)

    ref: Mapped[str]
    edition: Mapped[int]
    effective_from: Mapped[date]
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    digest: Mapped[str]
    created_at: Mapped[datetime]


class Cohort(Row):
    """Trainees who start together; its evaluation feeds the next edition."""

    __tablename__ = "cohort"

    name: Mapped[str] = mapped_column(unique=True)
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_edition.id"), index=True)
    starts_on: Mapped[date]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    evaluation: Mapped[str | None]
    evaluated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Enrolment(Row):
    """Somebody's way through an edition; at most one open at a time. Nothing is ever deleted."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("state IN ('active','paused','transferred','closed')", name="state"),
        Index(
            "uq_enrolment_open_person",
            "person_id",
            unique=True,
            sqlite_where=sa.text("state IN ('active','paused')"),
            postgresql_where=sa.text("state IN ('active','paused')"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_edition.id"), index=True)
    start_date: Mapped[date]
    state: Mapped[str] = mapped_column(index=True)
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None]
    window_note: Mapped[str | None]
    with_pre_start: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class PlannedDay(Row):
    """The date of a day of the programme."""

    __tablename__ = "planned_day"
    __table_args__ = (UniqueConstraint("enrolment_id", "day_number"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    day_number: Mapped[int]
    on_day: Mapped[date] = mapped_column(index=True)


class Replan(Row):
    """A change of dates with its reason; ``before`` and ``after`` are day number -> ISO date.

    A ``manual`` one sets a day before which later changes of leave or roster pull nothing forward.
    """

    __tablename__ = "replan"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    from_day: Mapped[date]
    manual: Mapped[bool]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class EnrolmentMoment(Row):
    """A change of state: paused, resumed, transferred, closed, with its reason."""

    __tablename__ = "enrolment_moment"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MentorAssignment(Row):
    """Who mentors from which day; a substitute has two dates. Last day before first: never took effect."""

    __tablename__ = "mentor_assignment"
    __table_args__ = (
        CheckConstraint("kind IN ('mentor','substitute')", name="kind"),
        CheckConstraint("kind = 'mentor' OR last_day IS NOT NULL", name="dated"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    kind: Mapped[str]
    reason: Mapped[str]
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]


class GuideAssignment(Row):
    """Who signs a guide's day; the latest one that was not ended counts."""

    __tablename__ = "guide_assignment"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    day_number: Mapped[int]
    guide_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ActivityDone(Row):
    """An activity ticked off; day 0 is the pre-start block."""

    __tablename__ = "activity_done"
    __table_args__ = (UniqueConstraint("enrolment_id", "day_number", "activity"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    day_number: Mapped[int]
    activity: Mapped[str]
    done_at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]


class DayConfirmation(Row):
    """The trainee confirmed a day."""

    __tablename__ = "day_confirmation"
    __table_args__ = (UniqueConstraint("enrolment_id", "day_number"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    day_number: Mapped[int]
    confirmed_at: Mapped[datetime]


class SignOff(Row):
    """A signed day. Signatures are never removed; a correction is an addition to the remark's log."""

    __tablename__ = "sign_off"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "day_number"),
        CheckConstraint("capacity IN ('mentor','substitute','guide')", name="capacity"),
        CheckConstraint("work_state BETWEEN 1 AND 5", name="work_state"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    day_number: Mapped[int]
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str]
    work_state: Mapped[int]
    remark: Mapped[str]
    signed_at: Mapped[datetime]
    late: Mapped[bool]
    out_of_order: Mapped[bool]
    mentor_seen_at: Mapped[datetime | None]
    mentor_seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SignOffNote(Row):
    """An addition to a signature: what was wrong in it, by who signed."""

    __tablename__ = "sign_off_note"

    sign_off_id: Mapped[int] = mapped_column(ForeignKey("sign_off.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class SignOffSample(Row):
    """A signed day drawn for HR's check."""

    __tablename__ = "sign_off_sample"

    sign_off_id: Mapped[int] = mapped_column(ForeignKey("sign_off.id"), unique=True)
    drawn_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    agrees: Mapped[bool | None]
    note: Mapped[str | None]


class ScoreSheet(Row):
    """An assessment entered by a person; a correction is a new sheet that names the one it replaces."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index("ix_score_sheet_enrolment_id_day_number", "enrolment_id", "day_number"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    day_number: Mapped[int]
    kind: Mapped[str]
    marks: Mapped[dict[str, Any]]
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 3))
    evidence: Mapped[str]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("score_sheet.id"))
    reason: Mapped[str]


class GateDecision(Row):
    """A person's decision at a gate with the findings they had before them; the latest counts."""

    __tablename__ = "gate_decision"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    gate: Mapped[str]
    proposal: Mapped[str | None]
    findings: Mapped[list[Any]]
    decision: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class MentorRating(Row):
    """A trainee's rating at the end, 1–5 stars each."""

    __tablename__ = "mentor_rating"
    __table_args__ = (
        CheckConstraint("mentor_stars BETWEEN 1 AND 5", name="mentor_stars"),
        CheckConstraint("programme_stars BETWEEN 1 AND 5", name="programme_stars"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    mentor_stars: Mapped[int]
    programme_stars: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]
