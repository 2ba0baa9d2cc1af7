"""Departments and groups."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.calendar import Week
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.models import Department
from cstrain.people.queries.departments import subtree
from cstrain.people.queries.plans import people_of_department
from cstrain.unit_of_work import flush_unique

_LONGEST = 40


def _check(code: str, name: str) -> tuple[str, str]:
    code, name = code.strip().upper(), name.strip()
    if not code or not name or len(code) > _LONGEST or len(name) > _LONGEST:
        raise DomainError("没有保存：部门代码和名称都要填写，各不超过%(most)s个字。", most=_LONGEST)
    return code, name


def add_department(
    actor: PersonId | None,
    code: str,
    name: str,
    *,
    parent_id: int | None = None,
    week: Week = Week.SIX_DAYS,
    platform: str | None = None,
) -> DepartmentId:
    """Add a department and return its id; raises ``ConflictError`` when the code is taken."""
    code, name = _check(code, name)
    if session().scalar(sa.select(Department.id).where(Department.code == code)) is not None:
        raise ConflictError("没有保存：部门代码%(code)s已经使用。请换一个代码。", code=code)
    row = Department(
        code=code, name=name, parent_id=parent_id, week=str(week), platform=platform, is_active=True
    )
    session().add(row)
    flush_unique("没有保存：部门代码%(code)s已经使用。请换一个代码。", code=code)
    record(actor, "people.add_department", f"department:{row.id}", code=code)
    return DepartmentId(row.id)


def edit_department(
    actor: PersonId | None,
    on: date,
    department_id: int,
    *,
    name: str,
    parent_id: int | None,
    week: Week,
    is_active: bool,
) -> None:
    """Change a department; it cannot hang below itself nor be closed while people work in it."""
    row = session().get(Department, department_id)
    if row is None:
        raise NotFoundError("没有找到这个部门。")
    _code, name = _check(row.code, name)
    if parent_id is not None and parent_id in subtree(department_id):
        raise DomainError("没有保存：上级部门不能是它自己或它的下级。请另选上级部门。")
    left = len(people_of_department(department_id, on)) if not is_active else 0
    if left:
        raise DomainError("没有停用：这个部门还有%(n)s名在职员工。请先调动他们。", n=left)
    row.name, row.parent_id, row.week, row.is_active = name, parent_id, str(week), is_active
    session().flush()
    record(actor, "people.edit_department", f"department:{department_id}", week=str(week), active=is_active)
