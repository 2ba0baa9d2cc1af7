"""Panels, their judges and what each judged. A rating may be changed while its round is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class StandardStudy(Row):
    """A panel about an edition of a paper. ``items``: the questions judged, each with its slot and marks.

    ``result`` is written once, when the panel is closed; a pass mark is not changed by it.
    """

    __tablename__ = "standard_study"
    __table_args__ = (
        sa.CheckConstraint("method IN ('angoff', 'yes_no', 'hofstee')", name="method"),
        sa.CheckConstraint("round IN (1, 2)", name="round"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
    )

    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"), index=True)
    method: Mapped[str]
    seed: Mapped[int]
    items: Mapped[list[Any]]
    round: Mapped[int]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    first_closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class StandardJudge(Row):
    """Somebody who judges in a panel."""

    __tablename__ = "standard_judge"
    __table_args__ = (sa.UniqueConstraint("study_id", "person_id"),)

    study_id: Mapped[int] = mapped_column(sa.ForeignKey("standard_study.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class StandardRating(Row):
    """What a judge said in a round: shares by slot, or four numbers by name, as decimal text."""

    __tablename__ = "standard_rating"
    __table_args__ = (sa.UniqueConstraint("study_id", "person_id", "round"),)

    study_id: Mapped[int] = mapped_column(sa.ForeignKey("standard_study.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    round: Mapped[int]
    given: Mapped[dict[str, Any]]
    given_at: Mapped[datetime]
