"""Bringing in the deductions of past months, in two steps: a file is checked, then entered whole."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from cstrain.audit.service import record
from cstrain.documents.tables import read_table
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.discipline import opening_file
from cstrain.performance.discipline.models import OpeningBatch, OpeningDeductions
from cstrain.performance.discipline.queries.opening import opening_row

_KEPT_HOURS = 24


def check_opening(actor: PersonId, now: datetime, data: bytes, filename: str, source: str) -> int:
    """Check a file of opening sums and keep the outcome for a day; returns the batch's id.

    Nothing is entered yet. Raises ``TableError`` when the file cannot be read at all.
    """
    today = local_date(now)
    staff = {one.staff_no: one for one in people.everybody(today, with_left=True)}
    own = next((number for number, one in staff.items() if one.id == actor), None)
    names = {number: one.name for number, one in staff.items()}
    checked = opening_file.check(read_table(data, filename), names, today, own)
    batch = OpeningBatch(
        filename=filename[:120],
        digest=hashlib.sha256(data).hexdigest(),
        source=source.strip(),
        rows=[row.plain() for row in checked.rows],
        faults=[fault.plain() for fault in checked.faults],
        uploaded_by=actor,
        uploaded_at=now,
    )
    session().add(batch)
    session().flush()
    sums = {"rows": len(checked.rows), "faults": len(checked.faults)}
    record(actor, "deduction.opening_checked", f"opening:{batch.id}", **sums)
    return batch.id


def confirm_opening(actor: PersonId, now: datetime, batch_id: int) -> int:
    """Enter every row of a checked file; returns how many. Of a month brought in before, the newer counts.

    Raises ``DomainError`` when the file has faults, is too old or was entered already.
    """
    batch = opening_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None:
        raise ConflictError("没有导入：这份文件已经导入过。")
    if now - batch.uploaded_at > timedelta(hours=_KEPT_HOURS):
        raise ConflictError("没有导入：检查结果超过一天，可能已经过时。请重新上传。")
    if batch.faults:
        raise DomainError("没有导入：文件里还有错误，一行也没写入。请改好后重新上传。")
    ids = {one.staff_no: one.id for one in people.everybody(local_date(now), with_left=True)}
    for row in batch.rows:
        session().add(
            OpeningDeductions(
                person_id=ids[row["staff_no"]],
                month=date.fromisoformat(row["month"]),
                number=row["number"],
                points=row["points"],
                source=batch.source,
                batch_id=batch.id,
                entered_by=actor,
                entered_at=now,
            )
        )
    batch.confirmed_at = now
    session().flush()
    record(actor, "deduction.opening", f"opening:{batch.id}", rows=len(batch.rows), digest=batch.digest)
    return len(batch.rows)
