"""Import of monthly results in two steps: a file is checked and kept; then all rows are entered, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cstrain.audit.service import record
from cstrain.documents.tables import read_table
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import rules
from cstrain.performance.facts import Entry, Standing
from cstrain.performance.models import PerformanceBatch, PerformanceMonth
from cstrain.performance.month_file import Checked, check, open_sheet
from cstrain.performance.month_rows import Fault, Held, Known, MonthRow, merged
from cstrain.performance.policy import PerformanceRules
from cstrain.performance.queries.batches import about_row, batch_row, row_of
from cstrain.performance.queries.records import closed_pairs, records, standings
from cstrain.performance.queries.store import values_of
from cstrain.performance.service.closing import close_opening
from cstrain.performance.service.common import Origin, add_revision, lock_name, newest_of
from cstrain.performance.store import month_rules, performance_rules
from cstrain.unit_of_work import one_at_a_time, side_by_side

_KEPT_HOURS = 24
_ADDED = "补充导入"


def upload_month(
    actor: PersonId,
    now: datetime,
    data: bytes,
    filename: str,
    *,
    month: date | None,
    source_note: str = "",
    reason: str = "",
) -> int:
    """Check a file of one month (or, without ``month``, opening data of several) and keep the outcome for a
    day; returns the batch's id. Nothing is entered yet.

    Opening data names its source. Raises ``TableError`` when the file cannot be read at all.
    """
    if month is not None:
        rules.check_month(month, local_date(now))
    elif not source_note.strip():
        raise DomainError("没有上传：期初数据要写明来源，例如“旧系统导出，2026年11月”。")
    checked = check_file(actor, now, data, filename, month=month, reason=reason)
    batch = PerformanceBatch(
        kind="opening" if month is None else "month",
        source_note=source_note.strip(),
        filename=filename[:120],
        digest=hashlib.sha256(data).hexdigest(),
        rows=[row.plain() for row in checked.rows],
        faults=[
            {"kind": "about", "month": month.isoformat() if month else None, "reason": reason.strip()},
            *(_plain(fault, "fault") for fault in checked.faults),
            *(_plain(notice, "notice") for notice in checked.notices),
        ],
        uploaded_by=actor,
        uploaded_at=now,
    )
    session().add(batch)
    session().flush()
    counted = {"rows": len(checked.rows), "faults": len(checked.faults)}
    record(actor, "performance.import_checked", f"performance_import:{batch.id}", **counted)
    return batch.id


def _plain(fault: Fault, kind: str) -> dict[str, Any]:
    values = {key: value if isinstance(value, int) else str(value) for key, value in fault.values.items()}
    return {
        "kind": kind,
        "row": fault.row,
        "column": fault.column,
        "message": fault.message,
        "hint": fault.hint,
        "values": values,
    }


def check_file(
    actor: PersonId, now: datetime, data: bytes, filename: str, *, month: date | None, reason: str
) -> Checked:
    """Read and check a file against what is on record; writes nothing."""
    today = local_date(now)
    sheet = open_sheet(read_table(data, filename), opening=month is None)
    everybody = people.everybody(today, with_left=True)
    staff = {one.staff_no.upper(): (int(one.id), one.name) for one in everybody}
    named = [PersonId(staff[number][0]) for number in sheet.numbers() if number in staff]
    months = {month} if month is not None else sheet.months()
    return check(sheet, _known(actor, staff, named, months, today, month, reason))


def _known(
    actor: PersonId,
    staff: dict[str, tuple[int, str]],
    named: Collection[PersonId],
    months: Collection[date],
    today: date,
    month: date | None,
    reason: str,
) -> Known:
    places = _standings(named, months)
    departments = {one.department_id for one in places.values() if one is not None}
    return Known(
        staff=staff,
        standings=places,
        closed=closed_pairs(departments, months),
        held=_held(named, months),
        uploader=actor,
        today=today,
        rules=_rules_of,
        month=month,
        reason=reason.strip(),
    )


def _rules_of(month: date | None) -> PerformanceRules:
    """Return the chapter of a month's last day, of today where the month could not be read."""
    return performance_rules() if month is None else month_rules(month)


def _standings(
    named: Collection[PersonId], months: Iterable[date]
) -> dict[tuple[int, date], Standing | None]:
    return {(who, each): one for each in months for who, one in standings(named, each).items()}


def _held(named: Collection[PersonId], months: Collection[date]) -> dict[tuple[int, date], Held]:
    return {
        (one.person_id, one.month): Held(
            one.values,
            one.grade,
            one.deductions if one.opening else None,
            one.points if one.opening else None,
        )
        for one in records(named, months)
    }


def confirm_month(actor: PersonId, now: datetime, batch_id: int) -> tuple[int, int]:
    """Enter every row of a checked file, or none; returns how many records were added, and how many
    departments' months opening data has closed.

    Raises ``DomainError`` when the file has faults, is too old, was used, or no longer fits what is on
    record.
    """
    one_at_a_time("performance.import")
    batch = _open_batch(actor, now, batch_id)
    rows = [row_of(each) for each in batch.rows]
    opening = batch.kind == "opening"
    places = _standings({PersonId(row.person_id) for row in rows}, {row.on for row in rows})
    _check_still_open(rows, places, alone=opening)
    written: set[tuple[int, date]] = set()
    added = 0
    before = newest_of({PersonId(row.person_id) for row in rows}, {row.on for row in rows})
    for row in rows:
        standing = places[row.person_id, row.on]
        if standing is None:
            raise ConflictError("没有导入：人员资料在检查之后有变动，一行也没写入。请重新上传。")
        written.add((standing.department_id, row.on))
        added += _enter(actor, now, batch, row, standing, before.get((row.person_id, row.on)))
    closed = close_opening(actor, now, written) if opening else 0
    batch.confirmed_at = now
    session().flush()
    record(actor, "performance.import", f"performance_import:{batch.id}", added=added, digest=batch.digest)
    return added, closed


def _open_batch(actor: PersonId, now: datetime, batch_id: int) -> PerformanceBatch:
    batch = batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("没有导入：这份文件已经处理过。需要时请重新上传。")
    if now - batch.uploaded_at > timedelta(hours=_KEPT_HOURS):
        raise ConflictError("没有导入：检查结果超过一天，可能已经过时。请重新上传。")
    if any(fault["kind"] == "fault" for fault in batch.faults):
        raise DomainError("没有导入：文件里还有错误，一行也没写入。请改好后重新上传。")
    return batch


def _check_still_open(
    rows: Collection[MonthRow], places: dict[tuple[int, date], Standing | None], *, alone: bool
) -> None:
    pairs = {(one.department_id, month) for (_who, month), one in places.items() if one is not None}
    for department_id, month in sorted(pairs):
        (one_at_a_time if alone else side_by_side)(lock_name(department_id, month))
    wanted = {(row.person_id, row.on) for row in rows}
    closed = closed_pairs({pair[0] for pair in pairs}, {pair[1] for pair in pairs})
    for key, one in places.items():
        if key in wanted and one is not None and (one.department_id, key[1]) in closed:
            raise ConflictError("没有导入：有部门在检查之后关了账，一行也没写入。请重新上传。")


def _enter(
    actor: PersonId,
    now: datetime,
    batch: PerformanceBatch,
    row: MonthRow,
    standing: Standing,
    before: PerformanceMonth | None,
) -> int:
    """Add a revision for a row; returns 0 where nothing is new."""
    new = Held(
        {name: Decimal(text) for name, text in row.values.items()}, row.grade, row.deductions, row.points
    )
    whole, why = new, ""
    if (before is None) != (row.state == "new"):
        raise ConflictError("没有导入：有人在检查之后登记了同一个月，一行也没写入。请重新上传。")
    if before is not None:
        had = Held(values_of(before), before.grade, before.deductions, before.deduction_points)
        whole, why = merged(had, new), about_row(batch).get("reason") or _ADDED
        if whole == had:
            return 0
    entry = Entry(PersonId(row.person_id), row.on, whole.values, whole.grade, whole.deductions, whole.points)
    opening = batch.kind == "opening" or (before is not None and before.opening)
    kind = "opening" if batch.kind == "opening" else "import"
    origin = Origin(kind, batch.source_note or batch.filename, why, batch.id, opening=opening)
    add_revision(actor, now, entry, standing, before, origin)
    return 1


def discard_month(actor: PersonId, now: datetime, batch_id: int) -> None:
    """Throw a checked file away; its rows are not kept."""
    batch = batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("这份文件已经处理过，不需要再操作。")
    batch.discarded_at, batch.rows, batch.faults = now, [], []
    session().flush()
    record(actor, "performance.import_discarded", f"performance_import:{batch.id}")
