"""Tables of editions made in the browser, of looks at their simulation, and of acknowledgements.

An edition's text is never changed: who corrects it drafts a new one in its place. Its row is completed by the
acts on it, each by another person.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_OPEN = sa.text("approved_at IS NULL AND closed_at IS NULL")
_APPROVED = sa.text("approved_at IS NOT NULL")


class LadderEdition(Row):
    """An edition of a ladder or a chapter as text, a ladder's with its scenario cases.

    ``ladder_ref``: the ladder's, or ``chapter:`` and the chapter's name. ``based_on`` is the edition it began
    from, ``sha256`` that of both texts. ``looked_at``: when who approved had looked at the simulation.
    """

    __tablename__ = "ladder_edition"
    __table_args__ = (
        CheckConstraint(
            "(checked_by IS NULL OR checked_by <> drafted_by) AND (approved_by IS NULL OR"
            " (approved_by <> drafted_by AND approved_by <> checked_by))",
            name="three_persons",
        ),
        CheckConstraint("approved_by IS NULL OR checked_by IS NOT NULL", name="order"),
        CheckConstraint(
            "(checked_by IS NULL) = (checked_at IS NULL) AND (checked_by IS NULL) = (checked_office IS NULL)",
            name="checked",
        ),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL) = (approved_on IS NULL)"
            " AND (approved_by IS NULL) = (looked_at IS NULL)"
            " AND (approved_by IS NULL) = (approved_office IS NULL)",
            name="approved",
        ),
        CheckConstraint("approved_on IS NULL OR effective_from > approved_on", name="future"),
        CheckConstraint("closing IN ('returned','withdrawn','replaced')", name="closing"),
        CheckConstraint(
            "(closed_at IS NULL) = (closing IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name="closed",
        ),
        CheckConstraint("approved_at IS NULL OR closed_at IS NULL", name="one_end"),
        CheckConstraint("closing IS NULL OR closing <> 'returned' OR closed_by <> drafted_by", name="return"),
        CheckConstraint("number >= 2 AND based_on < number", name="number"),
        Index(
            "uq_ladder_edition_open",
            "ladder_ref",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_ladder_edition_approved",
            "ladder_ref",
            "number",
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
    )

    ladder_ref: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    based_on: Mapped[int]
    effective_from: Mapped[date]
    text: Mapped[str]
    scenarios: Mapped[str]
    sha256: Mapped[str]
    reason: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("ladder_edition.id"))
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_office: Mapped[str]
    drafted_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_office: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_office: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    approved_on: Mapped[date | None]
    closing: Mapped[str | None]
    closing_reason: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]


class LadderLook(Row):
    """Somebody tried an edition out on the staff of a day: ``content`` is what they saw, sealed."""

    __tablename__ = "ladder_look"
    __table_args__ = (Index("ix_ladder_look_edition_id", "edition_id", "person_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("ladder_edition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    content: Mapped[str]
    sha256: Mapped[str]


class LadderAcknowledgement(Row):
    """Somebody bound to a ladder acknowledged an edition; ``digest`` proves which conditions they were."""

    __tablename__ = "ladder_acknowledgement"
    __table_args__ = (
        UniqueConstraint("person_id", "ladder_ref", "edition", "digest"),
        Index("ix_ladder_acknowledgement_ladder_ref", "ladder_ref", "edition"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ladder_ref: Mapped[str]
    edition: Mapped[int]
    digest: Mapped[str]
    acknowledged_at: Mapped[datetime]
