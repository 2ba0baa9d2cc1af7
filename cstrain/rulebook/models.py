"""Acknowledgements of documents; added, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Acknowledgement(Row):
    """A person acknowledged an edition of a document; the digest proves which text it was."""

    __tablename__ = "acknowledgement"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    document: Mapped[str] = mapped_column(index=True)
    edition: Mapped[int]
    digest: Mapped[str]
    acknowledged_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "document", "edition"),)
