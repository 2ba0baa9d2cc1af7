"""Checked files of opening sums that wait for their confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline.models import OpeningBatch
from cstrain.performance.discipline.opening_file import CellFault, OpeningRow


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """A checked file: what would be entered, or what is wrong."""

    id: int
    filename: str
    source: str
    uploaded_at: datetime
    rows: tuple[OpeningRow, ...]
    faults: tuple[CellFault, ...]
    confirmed: bool

    def month_of(self, row: OpeningRow) -> date:
        """Return the first day of a row's month."""
        return date.fromisoformat(row.month)


def opening_row(person: PersonId, batch_id: int, *, lock: bool = False) -> OpeningBatch:
    """Return a file this person uploaded, locked if asked; others' and missing ones answer the same
    (``NotFoundError``)."""
    row = session().get(OpeningBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.uploaded_by != person:
        raise NotFoundError("没有找到这份导入文件。")
    return row


def opening_batch(person: PersonId, batch_id: int) -> OpeningFacts:
    """Return a checked file of this person; raises ``NotFoundError``."""
    row = opening_row(person, batch_id)
    return OpeningFacts(
        id=row.id,
        filename=row.filename,
        source=row.source,
        uploaded_at=row.uploaded_at,
        rows=tuple(OpeningRow(**each) for each in row.rows),
        faults=tuple(CellFault(**each) for each in row.faults),
        confirmed=row.confirmed_at is not None,
    )
