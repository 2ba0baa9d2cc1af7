"""Tables of monthly reviews. Rows are added; only what peers said is written over, and that on purpose.

Beside a peer's answer stands nobody's name. ``review_ballot`` says who has answered about whom: neither what
nor when. ``review_tally`` says how often each answer was chosen, and ``review_remarks`` holds what peers
wrote as one shuffled list. Every ballot writes all counts and the whole list of that person, whatever was
chosen and whether or not something was written: no key, order or time joins an answer to a name.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class ReviewCycle(Row):
    """The reviews of a department's month. ``rules`` is the chapter in force when it was opened."""

    __tablename__ = "review_cycle"
    __table_args__ = (
        sa.UniqueConstraint("department_id", "month"),
        sa.UniqueConstraint("id", "opened_by"),
        sa.CheckConstraint("closes_on >= opens_on", name="window"),
        sa.CheckConstraint("way IN ('drawn', 'named')", name="way"),
    )

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    month: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    way: Mapped[str]
    customers: Mapped[bool]
    seed: Mapped[str]
    rules: Mapped[dict[str, Any]]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class ReviewEvent(Row):
    """Something that happened to a cycle: ``extended`` (a later last day) or ``closed`` (once)."""

    __tablename__ = "review_event"
    __table_args__ = (sa.UniqueConstraint("cycle_id", "once"),)

    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("review_cycle.id"))
    kind: Mapped[str]
    once: Mapped[str | None]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


class ReviewSubject(Row):
    """Somebody who is reviewed in a cycle, and the superior who is asked. Never whoever opened the cycle."""

    __tablename__ = "review_subject"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "person_id"),
        sa.UniqueConstraint("id", "person_id"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "opened_by"],
            ["review_cycle.id", "review_cycle.opened_by"],
            name="fk_review_subject_cycle",
        ),
        sa.CheckConstraint("opened_by <> person_id", name="not_opened_by_self"),
        sa.CheckConstraint("manager_id <> person_id", name="not_self"),
    )

    cycle_id: Mapped[int]
    opened_by: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


def _about(table: str) -> sa.ForeignKeyConstraint:
    """Tie ``about_id`` to the reviewed person, so that the table itself can refuse acts about oneself."""
    return sa.ForeignKeyConstraint(
        ["subject_id", "about_id"],
        ["review_subject.id", "review_subject.person_id"],
        name=f"fk_{table}_about",
    )


class ReviewForm(Row):
    """A form with a name: the person's own, or the superior's. Handed in once."""

    __tablename__ = "review_form"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "view"),
        _about("review_form"),
        sa.CheckConstraint(
            "(view = 'self' AND rater_id = about_id) OR (view = 'manager' AND rater_id <> about_id)",
            name="whose",
        ),
    )

    subject_id: Mapped[int]
    about_id: Mapped[int]
    view: Mapped[str]
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    answers: Mapped[dict[str, Any]]
    note: Mapped[str]
    handed_in_at: Mapped[datetime]


class ReviewPeer(Row):
    """A colleague who was asked about somebody."""

    __tablename__ = "review_peer"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "rater_id"),
        _about("review_peer"),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
    )

    subject_id: Mapped[int]
    about_id: Mapped[int]
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class ReviewBallot(Row):
    """That a colleague has answered about somebody: neither what, nor when."""

    __tablename__ = "review_ballot"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "rater_id"),
        _about("review_ballot"),
        sa.ForeignKeyConstraint(
            ["subject_id", "rater_id"],
            ["review_peer.subject_id", "review_peer.rater_id"],
            name="fk_review_ballot_asked",
        ),
        sa.CheckConstraint("rater_id <> about_id", name="not_self"),
    )

    subject_id: Mapped[int]
    about_id: Mapped[int]
    rater_id: Mapped[int] = mapped_column(index=True)


class ReviewTally(Row):
    """How many peers chose an answer to a factor about somebody."""

    __tablename__ = "review_tally"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "factor", "answer"),
        sa.CheckConstraint("chosen >= 0", name="chosen"),
    )

    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("review_subject.id"))
    factor: Mapped[str]
    answer: Mapped[str]
    chosen: Mapped[int]


class ReviewRemarks(Row):
    """What peers wrote about somebody: one list, shuffled anew by every ballot."""

    __tablename__ = "review_remarks"

    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("review_subject.id"), unique=True)
    remarks: Mapped[list[Any]]


class ReviewCustomers(Row):
    """What customers said in the month, counted by HR from a named source; the newest row counts."""

    __tablename__ = "review_customers"
    __table_args__ = (
        _about("review_customers"),
        sa.Index("ix_review_customers_subject_id", "subject_id"),
        sa.CheckConstraint("entered_by <> about_id", name="not_self"),
        sa.CheckConstraint("answers >= 1 AND satisfied BETWEEN 0 AND answers", name="answers"),
        sa.CheckConstraint("complaints >= 0 AND major BETWEEN 0 AND complaints", name="complaints"),
    )

    subject_id: Mapped[int]
    about_id: Mapped[int]
    answers: Mapped[int]
    satisfied: Mapped[int]
    complaints: Mapped[int]
    major: Mapped[int]
    source: Mapped[str]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class ReviewResult(Row):
    """The result as it was when the cycle was closed: inputs and outcome, sealed."""

    __tablename__ = "review_result"
    __table_args__ = (
        sa.UniqueConstraint("subject_id"),
        _about("review_result"),
        sa.CheckConstraint("closed_by <> about_id", name="not_self"),
    )

    subject_id: Mapped[int]
    about_id: Mapped[int]
    closed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sealed: Mapped[str]
    sha256: Mapped[str]
    closed_at: Mapped[datetime]
