"""Tables of papers made in the browser: drafts, who had which part in them, papers that are withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Base, Row

_OPEN = sa.text("approved_at IS NULL AND dropped_at IS NULL")


class PaperDraft(Row):
    """A paper on its way. ``content`` may be unfinished; ``revision`` grows with each save.

    Who approves it is neither its author, nor who saved it last, nor who submitted it; that it is nobody else
    who ever saved it either, ``PaperDraftPart`` ensures. ``paper_id``: the edition that came of it.
    """

    __tablename__ = "paper_draft"
    __table_args__ = (
        sa.CheckConstraint(
            "approved_by IS NULL OR (approved_by <> author AND approved_by <> saved_by"
            " AND approved_by <> submitted_by)",
            name="two_persons",
        ),
        sa.CheckConstraint("returned_by IS NULL OR returned_by <> author", name="others_return"),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (paper_id IS NULL)",
            name="approved",
        ),
        sa.CheckConstraint("approved_by IS NULL OR submitted_by IS NOT NULL", name="order"),
        sa.CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted"),
        sa.CheckConstraint("approved_at IS NULL OR dropped_at IS NULL", name="one_end"),
        sa.CheckConstraint("edition >= 1 AND revision >= 1", name="numbers"),
        sa.Index("uq_paper_draft_open", "ref", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    ref: Mapped[str] = mapped_column(index=True)
    edition: Mapped[int]
    content: Mapped[dict[str, Any]]
    revision: Mapped[int]
    author: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    submitted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    returned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    dropped_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None]


class PaperDraftPart(Base):
    """Which part somebody had in a draft: one person has one, so who ever saved it cannot approve it."""

    __tablename__ = "paper_draft_part"
    __table_args__ = (sa.CheckConstraint("part IN ('wrote', 'approved')", name="part"),)

    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_draft.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    part: Mapped[str]


class PaperWithdrawal(Row):
    """An own paper for which no sittings are made any more."""

    __tablename__ = "paper_withdrawal"

    ref: Mapped[str] = mapped_column(unique=True)
    withdrawn_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime]
    reason: Mapped[str]
