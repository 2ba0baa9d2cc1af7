"""Departments and the company's own days."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.calendar import Week
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId
from cstrain.people.facts import DepartmentFacts
from cstrain.people.models import CompanyDay, Department


def facts_of(row: Department) -> DepartmentFacts:
    """Return the facts of a department row."""
    parent = DepartmentId(row.parent_id) if row.parent_id is not None else None
    return DepartmentFacts(
        DepartmentId(row.id), row.code, row.name, Week(row.week), parent, row.is_active, row.platform
    )


def departments(*, active_only: bool = False) -> list[DepartmentFacts]:
    """Return all departments by code."""
    statement = sa.select(Department).order_by(Department.code)
    if active_only:
        statement = statement.where(Department.is_active)
    return [facts_of(row) for row in session().scalars(statement)]


def department(department_id: int) -> DepartmentFacts:
    """Return a department; raises ``NotFoundError``."""
    row = session().get(Department, department_id)
    if row is None:
        raise NotFoundError("没有找到这个部门。")
    return facts_of(row)


def find_department(text: str) -> DepartmentFacts | None:
    """Return the active department with this code, name or path of names (``A-B-C``); ``None`` when none
    fits."""
    every = departments(active_only=True)
    wanted = text.strip()
    for one in every:
        if wanted in {one.code, one.name, _path(one, every)}:
            return one
    last = [one for one in every if one.name == wanted.rsplit("-", 1)[-1]]
    return last[0] if len(last) == 1 and "-" in wanted else None


def _path(one: DepartmentFacts, every: list[DepartmentFacts]) -> str:
    by_id = {each.id: each for each in every}
    names, here, steps = [one.name], one, 0
    while here.parent_id in by_id and steps < len(every):
        here, steps = by_id[here.parent_id], steps + 1
        names.append(here.name)
    return "-".join(reversed(names))


def upwards(department_id: int) -> list[DepartmentId]:
    """Return a department and those above it, nearest first."""
    parents = {one.id: one.parent_id for one in departments()}
    found: list[DepartmentId] = []
    here: DepartmentId | None = DepartmentId(department_id)
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found


def subtree(department_id: int) -> frozenset[DepartmentId]:
    """Return a department and all those below it."""
    children: dict[int, list[DepartmentId]] = {}
    for one in departments():
        if one.parent_id is not None:
            children.setdefault(one.parent_id, []).append(one.id)
    found, waiting = set(), [DepartmentId(department_id)]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(children.get(here, []))
    return frozenset(found)


def company_days(first: date, last: date) -> list[CompanyDay]:
    """Return the company's own days between two days, both included (rows, for this package's pages)."""
    statement = sa.select(CompanyDay).where(CompanyDay.day.between(first, last)).order_by(CompanyDay.day)
    return list(session().scalars(statement))
