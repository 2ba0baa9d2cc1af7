"""Which ladder whom concerns: a department's own or that of the nearest above; post ladders beside it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import DepartmentId
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.facts import BindingFacts
from cstrain.promotion.models import LadderBinding


def bindings(on: date) -> dict[DepartmentId, BindingFacts]:
    """Return what was bound to each department itself and counts on a day. One statement."""
    rows = session().scalars(
        sa.select(LadderBinding)
        .where(LadderBinding.effective_from <= on)
        .order_by(LadderBinding.effective_from, LadderBinding.id)
    )
    return {
        DepartmentId(row.department_id): BindingFacts(
            DepartmentId(row.department_id), row.ladder_ref, row.effective_from, row.note
        )
        for row in rows
    }


def ladders_by_department(on: date) -> dict[DepartmentId, Ladder]:
    """Return the level ladder of each department on a day: its own, else that of the nearest above.

    Departments without any are left out. Two statements.
    """
    bound = bindings(on)
    known = {one.ref: one for one in ladders.ladders(on) if one.kind == "level"}
    parents = {one.id: one.parent_id for one in people.departments()}
    found: dict[DepartmentId, Ladder] = {}
    for department in parents:
        refs = (bound[place].ladder_ref for place in _upwards(department, parents) if place in bound)
        first = next((ref for ref in refs if ref is not None), None)
        if first in known:
            found[department] = known[first]
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


def ladders_for(department: DepartmentId, on: date) -> list[Ladder]:
    """Return the ladders open to the people of a department: its own level ladder, then the post ladders."""
    own = ladders_by_department(on).get(department)
    beside = [one for one in ladders.ladders(on) if one.kind == "post"]
    return [own, *beside] if own is not None else beside
