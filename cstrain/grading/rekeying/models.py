"""Proposed corrections of keys; what came into force of them stands with the questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class KeyProposal(Row):
    """A correction of a used version's key that one person proposes and another decides."""

    __tablename__ = "key_proposal"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two"),
        sa.CheckConstraint("confirmed_by IS NULL OR refused_by IS NULL", name="once"),
        sa.CheckConstraint("kind IN ('key', 'credit')", name="kind"),
    )

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"), index=True)
    kind: Mapped[str]
    key: Mapped[dict[str, Any]]
    explanation: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("key_revision.id"))
