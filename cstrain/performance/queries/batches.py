"""Checked files of monthly results that wait for their confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.models import PerformanceBatch
from cstrain.performance.month_rows import Fault, MonthRow


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A checked file: what would be entered, what is wrong, what is worth knowing."""

    id: int
    opening: bool
    month: date | None
    source_note: str
    reason: str
    filename: str
    uploaded_at: datetime
    rows: tuple[MonthRow, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    open: bool
    confirmed: bool

    def count(self, state: str) -> int:
        """Return how many rows are new, same, added or changed."""
        return sum(row.state == state for row in self.rows)

    @property
    def enters(self) -> int:
        """How many records would be added."""
        return len(self.rows) - self.count("same")


def batch_row(person: PersonId, batch_id: int, *, lock: bool = False) -> PerformanceBatch:
    """Return a batch that this person uploaded, locked if asked; others' and missing ones answer the same
    (``NotFoundError``)."""
    row = session().get(PerformanceBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.uploaded_by != person:
        raise NotFoundError("没有找到这份导入文件。")
    return row


def row_of(raw: dict[str, Any]) -> MonthRow:
    """Return a kept row."""
    return MonthRow(**raw)


def about_row(row: PerformanceBatch) -> dict[str, Any]:
    """Return what was said of the whole file: its month and the reason for changes."""
    return next((one for one in row.faults if one["kind"] == "about"), {})


def _faults(raw: list[dict[str, Any]], kind: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(one["row"], one["column"], one["message"], one["hint"], one["values"])
        for one in raw
        if one["kind"] == kind
    )


def batch(person: PersonId, batch_id: int) -> BatchFacts:
    """Return a checked file of this person; raises ``NotFoundError``."""
    row = batch_row(person, batch_id)
    about = about_row(row)
    return BatchFacts(
        id=row.id,
        opening=row.kind == "opening",
        month=date.fromisoformat(about["month"]) if about.get("month") else None,
        source_note=row.source_note,
        reason=about.get("reason") or "",
        filename=row.filename,
        uploaded_at=row.uploaded_at,
        rows=tuple(row_of(each) for each in row.rows),
        faults=_faults(row.faults, "fault"),
        notices=_faults(row.faults, "notice"),
        open=row.confirmed_at is None and row.discarded_at is None,
        confirmed=row.confirmed_at is not None,
    )
