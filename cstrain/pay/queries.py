"""Reads of pay: schemes, which department follows which, the base of a level."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId
from cstrain.pay import store
from cstrain.pay.facts import BindingFacts
from cstrain.pay.models import PayBinding
from cstrain.pay.policy import PayScheme
from cstrain.people import queries as people


def schemes(on: date) -> list[PayScheme]:
    """Return the edition of each scheme in force on a day, by ref."""
    return store.schemes(on)


def base(scheme_ref: str, level: str | None, on: date) -> Decimal | None:
    """Return the month's base of a level in yuan; ``None`` where the scheme is unknown or says none."""
    found = store.scheme(scheme_ref, on)
    return found.base_of(level) if found is not None else None


def bindings(on: date) -> dict[DepartmentId, BindingFacts]:
    """Return what was bound to each department itself and counts on a day. One statement."""
    rows = session().scalars(
        sa.select(PayBinding)
        .where(PayBinding.effective_from <= on)
        .order_by(PayBinding.effective_from, PayBinding.id)
    )
    return {
        DepartmentId(row.department_id): BindingFacts(
            DepartmentId(row.department_id), row.scheme_ref, row.effective_from, row.note
        )
        for row in rows
    }


def schemes_by_department(on: date) -> dict[DepartmentId, PayScheme]:
    """Return the scheme of each department on a day: its own, else that of the nearest above. Two
    statements; departments without any are left out."""
    bound, known = bindings(on), {one.ref: one for one in store.schemes(on)}
    parents = {one.id: one.parent_id for one in people.departments()}
    found: dict[DepartmentId, PayScheme] = {}
    for department in parents:
        for place in _upwards(department, parents):
            ref = bound[place].scheme_ref if place in bound else None
            if ref in known:
                found[department] = known[ref]
                break
    return found


def _upwards(
    department: DepartmentId, parents: dict[DepartmentId, DepartmentId | None]
) -> list[DepartmentId]:
    """Return a department and those above it, nearest first."""
    found: list[DepartmentId] = []
    here: DepartmentId | None = department
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found
