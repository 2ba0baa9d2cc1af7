"""Forms given out on paper, what two people read from the sheets, and how differences were resolved."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class PaperCopy(Row):
    """A form drawn for one candidate to be answered on paper; once settled it is an attempt like any other.

    ``sat_from`` and ``sat_until``: when it was begun and handed in, as the invigilator noted. A copy that was
    not used is withdrawn; its questions count as met all the same.
    """

    __tablename__ = "paper_copy"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "number"),
        sa.UniqueConstraint("attempt_id"),
        sa.CheckConstraint("issued_by <> person_id", name="issuer"),
        sa.CheckConstraint("collected_by IS NULL OR collected_by <> person_id", name="collector"),
        sa.CheckConstraint("withdrawn_at IS NULL OR collected_at IS NULL", name="once"),
        sa.CheckConstraint("sat_until IS NULL OR sat_until > sat_from", name="times"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"))
    paper_ref: Mapped[str]
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(sa.BigInteger())
    issued_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    sat_from: Mapped[datetime | None]
    sat_until: Mapped[datetime | None]
    collected_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    collected_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"))
    settled_at: Mapped[datetime | None]


class PaperCopyQuestion(Row):
    """A slot of a printed form: the question version, its marks, the order its options are printed in."""

    __tablename__ = "paper_copy_question"
    __table_args__ = (sa.UniqueConstraint("copy_id", "slot"), sa.UniqueConstraint("copy_id", "question_id"))

    copy_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_copy.id"))
    slot: Mapped[int]
    section: Mapped[str]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    marks: Mapped[Decimal] = mapped_column(sa.Numeric(7, 3))
    option_order: Mapped[list[Any]]


class PaperEntry(Row):
    """What one of two people reads from a sheet: JSON text by slot. Frozen once finished."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        sa.UniqueConstraint("copy_id", "place"),
        sa.UniqueConstraint("copy_id", "entered_by"),
        sa.CheckConstraint("place IN (1, 2)", name="place"),
    )

    copy_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_copy.id"))
    place: Mapped[int]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    answers: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class PaperResolution(Row):
    """What somebody says the sheet holds where the entries differ (JSON text by slot).

    By a third person it counts at once; by one of the two who entered only when the other agrees.
    """

    __tablename__ = "paper_resolution"
    __table_args__ = (
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> made_by", name="two"),
        sa.CheckConstraint("agreed_by IS NULL OR refused_by IS NULL", name="once"),
    )

    copy_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_copy.id"), index=True)
    answers: Mapped[dict[str, Any]]
    third: Mapped[bool]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
