"""Which ladder a department follows from which day on; who met a step on which day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class LadderBinding(Row):
    """From ``effective_from`` on a department follows this level ladder (``None``: that of the one above).

    Rows are added, never changed: the latest day not after the one asked for counts, then the highest id, so
    a department follows one ladder at a time.
    """

    __tablename__ = "ladder_binding"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    ladder_ref: Mapped[str | None]
    effective_from: Mapped[date]
    note: Mapped[str]
    bound_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime]

    __table_args__ = (Index("ix_ladder_binding_department_id", "department_id", "effective_from"),)


class EligibilityRun(Row):
    """Once a day everybody on a level ladder is judged; ``people``: how many there were."""

    __tablename__ = "eligibility_run"
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    day: Mapped[date] = mapped_column(unique=True)
    people: Mapped[int]
    at: Mapped[datetime]


class EligiblePerson(Row):
    """Somebody could apply for a step on the day of a run, by which edition. Never changed."""

    __tablename__ = "eligible_person"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("eligibility_run.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ladder_ref: Mapped[str]
    ladder_edition: Mapped[int]
    start_level: Mapped[str | None]
    goal_level: Mapped[str]
