"""Tables of the Eaglet plan. Rows are added; only an act's answer by the second person is written into it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_UNANSWERED = sa.text("answered_at IS NULL")


class EagletDepartment(Row):
    """Which department takes a place of the group, or receives who passes; the newest counts."""

    __tablename__ = "eaglet_department"

    place: Mapped[str]
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    platform: Mapped[str]
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class EagletPlan(Row):
    """A plan as it was proposed. ``rules`` is the chapter in force that day."""

    __tablename__ = "eaglet_plan"

    title: Mapped[str]
    reason: Mapped[str]
    rules: Mapped[dict[str, Any]]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]


class EagletApproval(Row):
    """What an office said of the proposal: each office once, each person once."""

    __tablename__ = "eaglet_approval"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "office"),
        sa.UniqueConstraint("plan_id", "by_id"),
        sa.CheckConstraint("by_id <> proposed_by", name="two_persons"),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"))
    office: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    agreed: Mapped[bool]
    text: Mapped[str]
    at: Mapped[datetime]


class EagletNotice(Row):
    """A notice with its window and the days that follow from it. ``places``: seats by place of this round."""

    __tablename__ = "eaglet_notice"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"),
        sa.CheckConstraint("closes_on >= opens_on", name="window"),
        sa.CheckConstraint(
            "screen_by > closes_on AND interview_from > closes_on AND interview_to >= interview_from",
            name="order",
        ),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"))
    number: Mapped[int]
    text: Mapped[str]
    places: Mapped[dict[str, Any]]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    screen_by: Mapped[date]
    interview_from: Mapped[date]
    interview_to: Mapped[date]
    published_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime]


class EagletApplication(Row):
    """The application form: what the system knew of the person that day, and what they wrote."""

    __tablename__ = "eaglet_application"
    __table_args__ = (sa.UniqueConstraint("notice_id", "person_id"),)

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_notice.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    place: Mapped[str]
    platform: Mapped[str]
    months: Mapped[Decimal] = mapped_column(sa.Numeric(4, 1))
    known: Mapped[dict[str, Any]]
    said: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]


class EagletEvent(Row):
    """Something that happened, in order. ``once`` names what may happen but once in a plan."""

    __tablename__ = "eaglet_event"
    __table_args__ = (
        sa.CheckConstraint("by_id <> about_id", name="not_self"),
        sa.UniqueConstraint("plan_id", "once"),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"))
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("eaglet_application.id"), index=True)
    kind: Mapped[str]
    once: Mapped[str | None]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


class EagletDraft(Row):
    """What an interviewer's unfinished sheet says, for nobody but them: written over, gone when handed in."""

    __tablename__ = "eaglet_draft"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "rater_id"),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
    )

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_application.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    saved_at: Mapped[datetime]


class EagletSheet(Row):
    """An interviewer's sheet, sealed as it is handed in; an office fills one about an applicant, so does a
    person. ``ties``: what binds them, declared; the offices are named by the rules."""

    __tablename__ = "eaglet_sheet"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "office"),
        sa.UniqueConstraint("application_id", "rater_id"),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
    )

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_application.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    office: Mapped[str]
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    ties: Mapped[list[Any]]
    sealed_at: Mapped[datetime]


class EagletMember(Row):
    """Somebody of the group, in the place they applied for."""

    __tablename__ = "eaglet_member"
    __table_args__ = (sa.UniqueConstraint("plan_id", "person_id"),)

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_application.id"), unique=True)
    joined_at: Mapped[datetime]


class EagletLeader(Row):
    """Who leads the study from a day on; the newest row counts."""

    __tablename__ = "eaglet_leader"
    __table_args__ = (sa.CheckConstraint("named_by <> person_id", name="not_self"),)

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    named_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    named_at: Mapped[datetime]


class EagletComplaint(Row):
    """A member's complaint about the study leader, judged by HR. The leader never sees it."""

    __tablename__ = "eaglet_complaint"
    __table_args__ = (
        sa.CheckConstraint("by_id <> about_id", name="not_self"),
        sa.CheckConstraint("answered_by <> by_id AND answered_by <> about_id", name="two_persons"),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (proper IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        sa.Index(
            "uq_eaglet_complaint_open",
            "leader_id",
            "by_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    leader_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_leader.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    proper: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class EagletSession(Row):
    """A study meeting as the leader reported it; ``replaces_id``: the one it corrects or calls off."""

    __tablename__ = "eaglet_session"

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("eaglet_session.id"), unique=True)
    called_off: Mapped[bool]
    held_on: Mapped[date]
    hours: Mapped[str]
    place: Mapped[str]
    content: Mapped[str]
    reported_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reported_at: Mapped[datetime]


class EagletRequest(Row):
    """Room and equipment asked for a meeting, answered by HR."""

    __tablename__ = "eaglet_request"
    __table_args__ = (
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_persons"),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (granted IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
    )

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_session.id"), unique=True)
    things: Mapped[list[Any]]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class EagletCheck(Row):
    """A knowledge check of a member by another."""

    __tablename__ = "eaglet_check"
    __table_args__ = (
        sa.CheckConstraint("by_id <> person_id", name="not_self"),
        sa.CheckConstraint("mark >= 0 AND mark <= 100", name="mark"),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    held_on: Mapped[date]
    topic: Mapped[str]
    mark: Mapped[Decimal] = mapped_column(sa.Numeric(4, 1))
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class EagletRemoval(Row):
    """The leader asks HR to take a member out; decided by HR, an appeal by somebody else again."""

    __tablename__ = "eaglet_removal"
    __table_args__ = (
        sa.CheckConstraint("asked_by <> about_id", name="not_self"),
        sa.CheckConstraint("answered_by <> about_id AND answered_by <> asked_by", name="two_persons"),
        sa.CheckConstraint(
            "heard_by <> about_id AND heard_by <> asked_by AND heard_by <> answered_by",
            name="heard_by_another",
        ),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (removed IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        sa.CheckConstraint("appealed_at IS NULL OR answered_at IS NOT NULL", name="appealed"),
        sa.CheckConstraint(
            "(heard_by IS NULL) = (heard_at IS NULL) AND (upheld IS NULL) = (heard_at IS NULL)"
            " AND (heard_at IS NULL OR appealed_at IS NOT NULL)",
            name="heard",
        ),
        sa.Index(
            "uq_eaglet_removal_open",
            "plan_id",
            "about_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    removed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    appeal_by: Mapped[date | None]
    appealed_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(default="")
    heard_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    heard_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(default="")


class EagletExam(Row):
    """The unified sitting of a paper for all members; the newest row of a paper counts."""

    __tablename__ = "eaglet_exam"

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    paper: Mapped[str]
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]


class EagletClosing(Row):
    """The end of a plan: proposed by HR with the results, sealed, agreed to by another."""

    __tablename__ = "eaglet_closing"
    __table_args__ = (
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (agreed IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        sa.Index(
            "uq_eaglet_closing_open",
            "plan_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("eaglet_plan.id"), index=True)
    text: Mapped[str]
    effective_on: Mapped[date]
    sealed: Mapped[str]
    sha256: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
