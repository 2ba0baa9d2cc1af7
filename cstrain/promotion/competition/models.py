"""Tables of competitions. Rows are added; only the colleagues' counts and an act's answer are written over.

Beside a colleague's answer stands nobody's name: ``competition_ballot`` says who has answered about whom, and
``competition_tally`` how often each answer was chosen. No row joins the two: all counts of a candidate are
written by every ballot, so that not even the order or the time of writing tells who chose what.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_UNANSWERED = sa.text("answered_at IS NULL")


class Competition(Row):
    """A competition for a post. ``rules`` is the chapter in force when it was announced."""

    __tablename__ = "competition"
    __table_args__ = (
        sa.CheckConstraint("seats >= 1", name="seats"),
        sa.CheckConstraint("closes_on >= opens_on", name="window"),
    )

    post: Mapped[str]
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), index=True)
    seats: Mapped[int]
    notice: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    rules: Mapped[dict[str, Any]]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class CompetitionCandidate(Row):
    """An application: what the system knew of the person that day, and what they wrote."""

    __tablename__ = "competition_candidate"
    __table_args__ = (sa.UniqueConstraint("competition_id", "person_id"),)

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    known: Mapped[dict[str, Any]]
    said: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]


class CompetitionEvent(Row):
    """Something that happened, in order. ``once`` names what may happen but once in a competition."""

    __tablename__ = "competition_event"
    __table_args__ = (
        sa.CheckConstraint("by_id <> about_id", name="not_self"),
        sa.UniqueConstraint("competition_id", "once"),
    )

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"))
    candidate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competition_candidate.id"), index=True)
    kind: Mapped[str]
    once: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


class CompetitionInterviewer(Row):
    """Somebody of the panel, with the ties the rules allow and declare."""

    __tablename__ = "competition_interviewer"
    __table_args__ = (sa.UniqueConstraint("competition_id", "person_id"),)

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    ties: Mapped[list[Any]]


class CompetitionSheet(Row):
    """A sheet of criteria, sealed as it is handed in. One person fills one sheet about a candidate."""

    __tablename__ = "competition_sheet"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('ability', 'interview', 'manager')", name="kind"),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
        sa.UniqueConstraint("candidate_id", "rater_id"),
        sa.Index(
            "uq_competition_sheet_single",
            "candidate_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("kind <> 'interview'"),
            postgresql_where=sa.text("kind <> 'interview'"),
        ),
    )

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_candidate.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str]
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    sealed_at: Mapped[datetime]


class CompetitionColleague(Row):
    """A colleague who may answer about every candidate."""

    __tablename__ = "competition_colleague"
    __table_args__ = (sa.UniqueConstraint("competition_id", "person_id"),)

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class CompetitionBallot(Row):
    """That a colleague has answered about a candidate: neither what, nor when."""

    __tablename__ = "competition_ballot"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "rater_id"),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_candidate.id"))
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class CompetitionTally(Row):
    """How many colleagues chose an answer to an item about a candidate."""

    __tablename__ = "competition_tally"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "item", "answer"),
        sa.CheckConstraint("chosen >= 0", name="chosen"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_candidate.id"))
    item: Mapped[str]
    answer: Mapped[str]
    chosen: Mapped[int]


class CompetitionAct(Row):
    """Something one person proposes and another agrees to or sends back: who is chosen, how a trial ended.

    ``subject`` is ``choice`` or ``trial:<candidate>``; one is open at a time.
    """

    __tablename__ = "competition_act"
    __table_args__ = (
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint("about_id <> proposed_by AND about_id <> answered_by", name="not_self"),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (agreed IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        sa.Index(
            "uq_competition_act_open",
            "competition_id",
            "subject",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"))
    subject: Mapped[str]
    candidate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competition_candidate.id"))
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    content: Mapped[dict[str, Any]]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class CompetitionTrial(Row):
    """A month on trial in the post, with the role it was given for."""

    __tablename__ = "competition_trial"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="days"),)

    competition_id: Mapped[int] = mapped_column(sa.ForeignKey("competition.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_candidate.id"), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    role_id: Mapped[int] = mapped_column(sa.ForeignKey("role_assignment.id"))


class CompetitionNotice(Row):
    """A notice to all staff about who was chosen, before the post is theirs. ``content`` shows no points."""

    __tablename__ = "competition_notice"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id"),
        sa.CheckConstraint("published_by <> person_id", name="not_self"),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> person_id", name="not_closed_by_self"),
        sa.CheckConstraint("last_day >= first_day", name="order"),
        sa.CheckConstraint("outcome IN ('clean','stopped')", name="outcome"),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (closed_at IS NULL)",
            name="closed",
        ),
        sa.Index("ix_competition_notice_days", "last_day", "first_day"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_candidate.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    content: Mapped[dict[str, Any]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    published_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class CompetitionObjection(Row):
    """An objection to a notice. An anonymous one holds a day and no person: there is nothing to find out."""

    __tablename__ = "competition_objection"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'named') = (by_id IS NOT NULL)", name="anonymous"),
        sa.CheckConstraint("kind IN ('named','anonymous')", name="kind"),
        sa.CheckConstraint("finding IN ('upheld','dismissed')", name="finding"),
        sa.CheckConstraint("(finding IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("by_id IS NULL OR by_id <> person_id", name="not_about_self"),
        sa.CheckConstraint("by_id IS NULL OR answered_by IS NULL OR answered_by <> by_id", name="not_self"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> person_id", name="not_concerned"),
        sa.CheckConstraint(
            "by_id IS NULL OR started_by IS NULL OR started_by <> by_id", name="not_own_start"
        ),
        sa.CheckConstraint("started_by IS NULL OR started_by <> person_id", name="start_not_concerned"),
    )

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("competition_notice.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str]
    filed_on: Mapped[date]
    start_by: Mapped[date]
    answer_by: Mapped[date]
    started_at: Mapped[datetime | None]
    started_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    finding: Mapped[str | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
