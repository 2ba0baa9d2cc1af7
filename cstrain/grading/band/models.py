"""Who has looked at which marking in the review band."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class BandLook(Row):
    """Somebody looked at a marking near the pass mark before its release; another marking needs another."""

    __tablename__ = "band_look"
    __table_args__ = (sa.UniqueConstraint("result_id", "person_id"),)

    result_id: Mapped[int] = mapped_column(sa.ForeignKey("result.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str]
    at: Mapped[datetime]
