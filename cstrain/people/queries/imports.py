"""Checked staff files that wait for their confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.models import ImportBatch, Person
from cstrain.people.staff_file import CellFault, StaffRow


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A checked staff file: what would be entered, what is wrong, what is worth knowing."""

    id: int
    filename: str
    uploaded_at: datetime
    rows: tuple[StaffRow, ...]
    faults: tuple[CellFault, ...]
    notices: tuple[CellFault, ...]
    new_departments: tuple[str, ...]
    open: bool

    @property
    def added(self) -> int:
        """How many people would be entered."""
        return sum(not row.exists for row in self.rows)

    @property
    def known(self) -> int:
        """How many rows name somebody who is on record."""
        return sum(row.exists for row in self.rows)


def batch_row(person: PersonId, batch_id: int, *, lock: bool = False) -> ImportBatch:
    """Return a batch that this person uploaded, locked if asked; others' and missing ones answer the same
    (``NotFoundError``)."""
    row = session().get(ImportBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.uploaded_by != person:
        raise NotFoundError("没有找到这份导入文件。")
    return row


def _faults(raw: list[dict[str, Any]], kind: str) -> tuple[CellFault, ...]:
    return tuple(
        CellFault(one["row"], one["column"], one["message"], one["values"])
        for one in raw
        if one["kind"] == kind
    )


def batch(person: PersonId, batch_id: int) -> BatchFacts:
    """Return a checked file of this person; raises ``NotFoundError``."""
    row = batch_row(person, batch_id)
    return BatchFacts(
        id=row.id,
        filename=row.filename,
        uploaded_at=row.uploaded_at,
        rows=tuple(StaffRow(**each) for each in row.rows),
        faults=_faults(row.faults, "fault"),
        notices=_faults(row.faults, "notice"),
        new_departments=tuple(one["name"] for one in row.faults if one["kind"] == "department"),
        open=row.confirmed_at is None and row.discarded_at is None,
    )


def imported_people(person: PersonId, batch_id: int) -> list[PersonId]:
    """Return who was entered or met by a confirmed file of this person."""
    row = batch_row(person, batch_id)
    numbers = [each["staff_no"] for each in row.rows] if row.confirmed_at is not None else []
    return [
        PersonId(one) for one in session().scalars(sa.select(Person.id).where(Person.staff_no.in_(numbers)))
    ]


def proposed_mentor(person: PersonId) -> PersonId | None:
    """Return the mentor that the last confirmed staff file named for a person, or ``None``."""
    staff_no = session().scalar(sa.select(Person.staff_no).where(Person.id == person))
    confirmed = (
        sa.select(ImportBatch).where(ImportBatch.confirmed_at.is_not(None)).order_by(ImportBatch.id.desc())
    )
    for row in session().scalars(confirmed):
        for each in row.rows:
            if each["staff_no"] == staff_no and each["mentor"]:
                found = session().scalar(sa.select(Person.id).where(Person.staff_no == each["mentor"]))
                return PersonId(found) if found is not None else None
    return None
