"""Results entered by hand, exemptions, certificates. Passes of papers sat here are read from results."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class OutsideResult(Row):
    """A result from outside this system, entered by one person and confirmed by another.

    A wrong one is not changed: another row (``about_id``) takes it back, confirmed by a second person too.
    """

    __tablename__ = "outside_result"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> recorded_by", name="two"),
        sa.CheckConstraint("recorded_by <> person_id", name="not_own"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> person_id", name="not_self"),
        sa.CheckConstraint("confirmed_by IS NULL OR refused_by IS NULL", name="once"),
        sa.CheckConstraint("mark >= 0 AND mark <= 100", name="mark"),
        sa.CheckConstraint("source IN ('former_department', 'elsewhere')", name="source"),
        sa.Index(
            "uq_outside_result_about_id",
            "about_id",
            unique=True,
            sqlite_where=sa.text("refused_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    paper_ref: Mapped[str]
    mark: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    exam_on: Mapped[date]
    source: Mapped[str]
    department: Mapped[str]
    evidence: Mapped[str]
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outside_result.id"))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    refused_why: Mapped[str | None]


class Exemption(Row):
    """An application not to sit a paper, at the person's own wish, decided by somebody else.

    ``finding`` is what the rule said when it was decided; ``attempt_id`` or ``outside_id`` what it rests on.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_self"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        sa.Index(
            "uq_exemption_open_person_id_paper_ref",
            "person_id",
            "paper_ref",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    paper_ref: Mapped[str]
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    wish: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    reason: Mapped[str | None]
    finding: Mapped[dict[str, Any] | None]
    until: Mapped[date | None]
    policy_edition: Mapped[int | None]
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"))
    outside_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outside_result.id"))


class Certificate(Row):
    """A certificate somebody fetched. ``key`` names what it certifies: fetching twice is fetching once.

    ``basis``: what it rests on, each with the mark it shows; a certificate stands as long as all of it does.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("kind IN ('paper', 'award')", name="kind"),
    )

    code: Mapped[str]
    key: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    mark: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 3))
    exam_on: Mapped[date]
    valid_until: Mapped[date | None]
    basis: Mapped[list[Any]]
    policy_edition: Mapped[int]
    issued_at: Mapped[datetime]
