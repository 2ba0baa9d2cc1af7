"""Tables of reports, contests and titles. A draft is written over until it is handed in; nothing else is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_NOT_REFUSED = sa.text("agreed IS NULL OR agreed")
_NOT_REFUSED_PROPOSAL = sa.text("result_id IS NULL AND (agreed IS NULL OR agreed)")
_READ = sa.text("kind = 'read'")
_ANSWERED = "(answered_by IS NULL) = (answered_at IS NULL) AND (answered_by IS NULL) = (agreed IS NULL)"


class LeaderReport(Row):
    """A group leader's report of a day or a week. ``numbers``: what the records said on handing in."""

    __tablename__ = "leader_report"
    __table_args__ = (
        sa.UniqueConstraint("leader_id", "department_id", "kind", "first_day"),
        sa.UniqueConstraint("id", "leader_id", name="uq_leader_report_whose"),
        sa.CheckConstraint("kind IN ('day','week')", name="kind"),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (late IS NULL) AND (submitted_at IS NULL) = (due_at IS NULL)",
            name="submitted",
        ),
        sa.Index(None, "department_id", "first_day"),
    )

    kind: Mapped[str]
    leader_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    first_day: Mapped[date]
    edition: Mapped[int]
    said: Mapped[dict[str, Any]]
    entered: Mapped[dict[str, Any]]
    numbers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    late: Mapped[bool | None]


class LeaderReportNote(Row):
    """What was said to a report: superiors read and comment, its leader adds."""

    __tablename__ = "leader_report_note"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["report_id", "leader_id"],
            ["leader_report.id", "leader_report.leader_id"],
            name="fk_leader_report_note_report",
        ),
        sa.CheckConstraint("kind IN ('read','comment','addition')", name="kind"),
        sa.CheckConstraint("(kind = 'addition') = (by_id = leader_id)", name="who"),
        sa.CheckConstraint("(kind = 'read') = (text = '')", name="text"),
        sa.Index(
            "uq_leader_report_note_read",
            "report_id",
            "by_id",
            unique=True,
            sqlite_where=_READ,
            postgresql_where=_READ,
        ),
        sa.Index(None, "report_id"),
    )

    report_id: Mapped[int]
    leader_id: Mapped[int]
    kind: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class DepartmentContest(Row):
    """A contest as it was announced, before it began. ``more``: the greater number is the better."""

    __tablename__ = "department_contest"
    __table_args__ = (
        sa.CheckConstraint("announced_on < first_month", name="before_start"),
        sa.CheckConstraint("last_month >= first_month", name="months"),
        sa.CheckConstraint("seats >= 1 AND least_months >= 1", name="counts"),
        sa.CheckConstraint("measure IN ('mean','total','gain')", name="measure"),
    )

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), index=True)
    title: Mapped[str]
    notice: Mapped[str]
    metric: Mapped[str]
    measure: Mapped[str]
    more: Mapped[bool]
    first_month: Mapped[date]
    last_month: Mapped[date]
    least_months: Mapped[int]
    seats: Mapped[int]
    award: Mapped[str]
    award_title: Mapped[str]
    edition: Mapped[int]
    announced_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    announced_on: Mapped[date]
    announced_at: Mapped[datetime]


class ContestResult(Row):
    """Standings frozen by one person and agreed to, or refused, by another."""

    __tablename__ = "contest_result"
    __table_args__ = (
        sa.UniqueConstraint("id", "proposed_by", "answered_by", name="uq_contest_result_who"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint(_ANSWERED, name="answered"),
        sa.Index(
            "uq_contest_result_contest_id",
            "contest_id",
            unique=True,
            sqlite_where=_NOT_REFUSED,
            postgresql_where=_NOT_REFUSED,
        ),
    )

    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("department_contest.id"))
    standings: Mapped[list[Any]]
    digest: Mapped[str]
    note: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class TitleAward(Row):
    """A title for some months: proposed by one, agreed to by another, neither the person.

    Of a contest the two are those of its result (tied by the foreign key). ``entry_id``: the register entry
    that came of it, without which no title is given.
    """

    __tablename__ = "title_award"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["result_id", "proposed_by", "answered_by"],
            ["contest_result.id", "contest_result.proposed_by", "contest_result.answered_by"],
            name="fk_title_award_result",
        ),
        sa.UniqueConstraint("result_id", "person_id"),
        sa.UniqueConstraint("entry_id"),
        sa.CheckConstraint("proposed_by <> person_id", name="not_self"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> person_id", name="not_by_subject"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint(_ANSWERED, name="answered"),
        sa.CheckConstraint("(entry_id IS NOT NULL) = (agreed IS NOT NULL AND agreed)", name="entered"),
        sa.CheckConstraint("result_id IS NULL OR (agreed IS NOT NULL AND agreed)", name="of_result"),
        sa.CheckConstraint("last_month >= first_month", name="months"),
        sa.Index(
            "uq_title_award_proposal",
            "person_id",
            "code",
            "last_month",
            unique=True,
            sqlite_where=_NOT_REFUSED_PROPOSAL,
            postgresql_where=_NOT_REFUSED_PROPOSAL,
        ),
        sa.Index(None, "last_month"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    code: Mapped[str]
    title: Mapped[str]
    first_month: Mapped[date]
    last_month: Mapped[date]
    result_id: Mapped[int | None]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("register_entry.id"))
