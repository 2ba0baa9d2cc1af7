"""Which pay scheme a department follows, from which day on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class PayBinding(Row):
    """From ``effective_from`` on a department follows this scheme (``None``: that of the one above).

    Rows are added, never changed: the latest day not after the one asked for counts, then the highest id.
    """

    __tablename__ = "pay_binding"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    scheme_ref: Mapped[str | None]
    effective_from: Mapped[date]
    note: Mapped[str]
    bound_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime]

    __table_args__ = (Index("ix_pay_binding_department_id", "department_id", "effective_from"),)
