"""Tables of moves. Rows are added; an answer is written once, and a case's outcome follows its acts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_OPEN = sa.text("ended_at IS NULL")
_UNDECIDED = sa.text("closed_at IS NULL AND (agreed IS NULL OR agreed)")
_JUDGED = sa.text("kind NOT IN ('request', 'withdraw', 'left')")
_ENDED = "(ended_at IS NULL) = (outcome IS NULL)"


class MovePost(Row):
    """A post announced inside the company; ``road``: a transfer, or a promotion by transfer."""

    __tablename__ = "move_post"
    __table_args__ = (
        sa.CheckConstraint("road IN ('transfer', 'promotion')", name="road"),
        sa.CheckConstraint("seats >= 1", name="seats"),
        sa.CheckConstraint("closes_on >= opens_on", name="window"),
    )

    title: Mapped[str]
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), index=True)
    road: Mapped[str]
    seats: Mapped[int]
    notice: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    posted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    posted_at: Mapped[datetime]


class MoveCase(Row):
    """A request about one person: to skip a level, to be transferred, to be given the first level.

    ``content`` and its hash hold what it rests on: edition, step, findings of that day. ``outcome`` repeats
    what the acts say, so that one case of a kind is open for somebody at a time.
    """

    __tablename__ = "move_case"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('skip', 'transfer', 'initial')", name="kind"),
        sa.CheckConstraint("kind <> 'initial' OR opened_by <> person_id", name="not_self"),
        sa.CheckConstraint(_ENDED, name="ended"),
        sa.Index(
            "uq_move_case_open", "person_id", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("move_post.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    post: Mapped[str]
    reason: Mapped[str]
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class MoveEvent(Row):
    """An act on a case, in order. In one round nobody acts twice: each step is another person's."""

    __tablename__ = "move_event"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('request', 'withdraw') OR by_id <> about_id", name="not_self"),
        sa.CheckConstraint("kind NOT IN ('request', 'withdraw') OR by_id = about_id", name="own"),
        sa.UniqueConstraint("case_id", "round", "kind"),
        sa.Index(
            "uq_move_event_persons",
            "case_id",
            "round",
            "by_id",
            unique=True,
            sqlite_where=_JUDGED,
            postgresql_where=_JUDGED,
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("move_case.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    round: Mapped[int]
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    agreed: Mapped[bool | None]
    text: Mapped[str]
    detail: Mapped[dict[str, Any]]


class MoveAppeal(Row):
    """The person's appeal against a refusal, once a case; answered by somebody without a part in it."""

    __tablename__ = "move_appeal"
    __table_args__ = (
        sa.UniqueConstraint("case_id"),
        sa.CheckConstraint("decided_by <> person_id AND decided_by <> refused_by", name="somebody_else"),
        sa.CheckConstraint("refused_by <> person_id", name="not_self"),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (granted IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("move_case.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    refused_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    filed_at: Mapped[datetime]
    decide_by: Mapped[date]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    answer: Mapped[str]


class Succession(Row):
    """A supervisor's post of a department that fell vacant; ``cause``: left, moved, or opened by HR."""

    __tablename__ = "succession"
    __table_args__ = (
        sa.CheckConstraint("cause IN ('left', 'moved', 'opened')", name="cause"),
        sa.CheckConstraint(_ENDED, name="ended"),
        sa.Index(
            "uq_succession_open", "department_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    cause: Mapped[str]
    predecessor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    vacant_from: Mapped[date]
    note: Mapped[str]
    end_reason: Mapped[str]
    opened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class SuccessionAct(Row):
    """Who is to succeed: chosen by one, agreed to or sent back by another, then shown to everybody.

    ``content`` with its hash is the ranked evidence of all candidates on the day of the choice.
    """

    __tablename__ = "succession_act"
    __table_args__ = (
        sa.CheckConstraint("answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint(
            "proposed_by <> person_id AND answered_by <> person_id AND closed_by <> person_id",
            name="not_self",
        ),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (agreed IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        sa.CheckConstraint("closed_at IS NULL OR (agreed IS NOT NULL AND agreed)", name="closed"),
        sa.Index(
            "uq_succession_act_open",
            "succession_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )

    succession_id: Mapped[int] = mapped_column(sa.ForeignKey("succession.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    starts_on: Mapped[date]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class SuccessionObjection(Row):
    """An objection to who is to succeed; of an anonymous one no person is kept."""

    __tablename__ = "succession_objection"
    __table_args__ = (
        sa.CheckConstraint("by_id <> about_id AND answered_by <> about_id", name="not_self"),
        sa.CheckConstraint("answered_by <> by_id", name="two_persons"),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (upheld IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
    )

    act_id: Mapped[int] = mapped_column(sa.ForeignKey("succession_act.id"), index=True)
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    filed_on: Mapped[date]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer: Mapped[str]


class CourseEntry(Row):
    """A certificate, or a training delivered, entered by HR; ``withdraws`` takes an earlier entry back."""

    __tablename__ = "course_entry"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('certificate', 'delivered')", name="kind"),
        sa.CheckConstraint("entered_by <> person_id", name="not_self"),
        sa.CheckConstraint("until IS NULL OR until >= held_on", name="validity"),
        sa.UniqueConstraint("withdraws"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    course: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    until: Mapped[date | None]
    file_ref: Mapped[str]
    note: Mapped[str]
    withdraws: Mapped[int | None] = mapped_column(sa.ForeignKey("course_entry.id"))
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class SeatCount(Row):
    """From a day on a department has so many places at a level; the latest day counts, then the id."""

    __tablename__ = "seat_count"
    __table_args__ = (
        sa.CheckConstraint("seats >= 0", name="seats"),
        sa.Index("ix_seat_count_department_id", "department_id", "level", "effective_from"),
    )

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    level: Mapped[str]
    seats: Mapped[int]
    effective_from: Mapped[date]
    note: Mapped[str]
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime]
