"""Staff import in two steps: a file is checked and kept; the confirmation enters all of it or nothing."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.documents.tables import read_table
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import rules, staff_file
from cstrain.people.facts import ContractKind, Level, Status, Track
from cstrain.people.models import Department, ImportBatch, Person
from cstrain.people.queries.departments import departments, find_department
from cstrain.people.queries.imports import batch_row
from cstrain.people.service.departments import add_department
from cstrain.people.service.employment import NewContract, NewPerson, hire
from cstrain.people.staff_file import Checked, Known, StaffRow
from cstrain.unit_of_work import one_at_a_time

_KEPT_HOURS = 24


def check_file(data: bytes, filename: str, today: date, *, may_add_departments: bool) -> Checked:
    """Read and check a staff file against what is on record; writes nothing.

    Raises ``TableError`` when it cannot be read at all.
    """
    staff = {row.staff_no: row.name for row in session().execute(sa.select(Person.staff_no, Person.name))}

    def finder(text: str) -> str | None:
        found = find_department(text)
        return found.code if found else None

    return staff_file.check(read_table(data, filename), Known(staff, finder, today, may_add_departments))


def upload_import(
    actor: PersonId, now: datetime, data: bytes, filename: str, *, may_add_departments: bool = False
) -> int:
    """Check a staff file and keep the outcome for a day; return the batch's id. Nobody is entered yet."""
    checked = check_file(data, filename, local_date(now), may_add_departments=may_add_departments)
    batch = ImportBatch(
        filename=filename[:120],
        digest=hashlib.sha256(data).hexdigest(),
        rows=[row.plain() for row in checked.rows],
        faults=[_plain(fault, "fault") for fault in checked.faults]
        + [_plain(notice, "notice") for notice in checked.notices]
        + [{"kind": "department", "name": name} for name in checked.new_departments],
        uploaded_by=actor,
        uploaded_at=now,
    )
    session().add(batch)
    session().flush()
    record(
        actor,
        "people.import_checked",
        f"import:{batch.id}",
        rows=len(checked.rows),
        faults=len(checked.faults),
    )
    return batch.id


def _plain(fault: staff_file.CellFault, kind: str) -> dict[str, Any]:
    values = {key: value if isinstance(value, int) else str(value) for key, value in fault.values.items()}
    return {
        "kind": kind,
        "row": fault.row,
        "column": fault.column,
        "message": fault.message,
        "values": values,
    }


def confirm_import(actor: PersonId, now: datetime, batch_id: int) -> list[PersonId]:
    """Enter everybody of a checked file, or nobody; return the ids of the new people.

    Raises ``DomainError`` when the file has faults, is too old, was used, or no longer fits what is on
    record.
    """
    one_at_a_time("people.import")  # they add departments and give them numbers
    batch = batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("没有导入：这份文件已经处理过。需要时请重新上传。")
    if now - batch.uploaded_at > timedelta(hours=_KEPT_HOURS):
        raise ConflictError("没有导入：检查结果超过一天，可能已经过时。请重新上传。")
    if any(fault["kind"] == "fault" for fault in batch.faults):
        raise DomainError("没有导入：文件里还有错误，一行也没写入。请改好后重新上传。")
    new = enter_rows(actor, now, [StaffRow(**row) for row in batch.rows])
    batch.confirmed_at = now
    session().flush()
    record(actor, "people.import", f"import:{batch.id}", added=len(new), digest=batch.digest)
    return new


def enter_rows(actor: PersonId | None, now: datetime, rows: list[StaffRow]) -> list[PersonId]:
    """Enter checked rows: hire the new ones, fill in contact data of the known ones; return the new ids."""
    places: dict[str, int] = {one.code: one.id for one in departments()}
    new: list[PersonId] = []
    for row in rows:
        if row.exists:
            _update_contact(row)
            continue
        if row.department not in places:
            places[row.department] = _add_path(actor, row.department)
        new.append(
            hire(actor, now, _new_person(row, places[row.department]), reason="批量导入", source="import")
        )
    return new


def _add_path(actor: PersonId | None, path: str) -> int:
    """Return the department at a path of names, adding what is missing of it."""
    parent: int | None = None
    for name in path.split("-"):
        same_parent = Department.parent_id == parent if parent is not None else Department.parent_id.is_(None)
        found = session().scalar(sa.select(Department.id).where(Department.name == name.strip(), same_parent))
        parent = found if found is not None else add_department(actor, _free_code(), name, parent_id=parent)
    if parent is None:
        raise DomainError("没有导入：部门名称是空的。")
    return parent


def _free_code() -> str:
    taken = set(session().scalars(sa.select(Department.code)))
    number = len(taken) + 1
    while f"D{number:03d}" in taken:
        number += 1
    return f"D{number:03d}"


def _new_person(row: StaffRow, department_id: int) -> NewPerson:
    contract = None
    if row.contract is not None:
        ends, probation = row.contract["ends_on"], row.contract["probation_end"]
        contract = NewContract(
            ContractKind(str(row.contract["kind"])),
            date.fromisoformat(str(row.contract["starts_on"])),
            date.fromisoformat(ends) if ends else None,
            date.fromisoformat(probation) if probation else None,
        )
    return NewPerson(
        staff_no=row.staff_no,
        name=row.name,
        department_id=department_id,
        hire_date=date.fromisoformat(row.hire_date),
        post=row.post,
        status=Status(row.status),
        level=Level(row.level) if row.level else None,
        track=Track(row.track) if row.track else None,
        phone=row.phone,
        email=row.email,
        extension=row.extension,
        contract=contract,
    )


def _update_contact(row: StaffRow) -> None:
    person = session().scalar(sa.select(Person).where(Person.staff_no == row.staff_no))
    if person is None or person.name != rules.normal_name(row.name):
        raise ConflictError("没有导入：人员资料在检查之后有变动，一行也没写入。请重新上传。")
    person.phone = row.phone or person.phone
    person.email = row.email or person.email
    person.extension = row.extension or person.extension


def discard_import(actor: PersonId, now: datetime, batch_id: int) -> None:
    """Throw a checked file away; its rows are not kept."""
    batch = batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("这份文件已经处理过，不需要再操作。")
    batch.discarded_at, batch.rows, batch.faults = now, [], []
    session().flush()
    record(actor, "people.import_discarded", f"import:{batch.id}")
