"""Searches that somebody keeps under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class SavedView(Row):
    """A search with its filters under a name; ``shared``: offered to all trainers."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    shared: Mapped[bool]
    created_at: Mapped[datetime]
