"""Binding departments to ladders."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.models import LadderBinding
from cstrain.unit_of_work import one_at_a_time


def bind(
    actor: PersonId | None,
    now: datetime,
    department_id: DepartmentId,
    ladder_ref: str | None,
    effective_from: date,
    note: str,
) -> None:
    """Let a department follow a level ladder from a day on (``None``: that of the department above it).

    What was bound before stays on record. Raises ``DomainError`` for a ladder not in force on that day or
    one that stands beside the level ladders, ``NotFoundError`` for no such department.
    """
    people.department(department_id)
    known = {one.ref for one in ladders.ladders(effective_from) if one.kind == "level"}
    if ladder_ref is not None and ladder_ref not in known:
        raise DomainError(
            "没有保存：这个晋升通道在%(day)s不能作为部门的级别通道。请改日期，或另选通道。",
            day=effective_from,
        )
    one_at_a_time(f"promotion.bind:{department_id}")
    session().add(
        LadderBinding(
            department_id=department_id,
            ladder_ref=ladder_ref,
            effective_from=effective_from,
            note=note.strip(),
            bound_by=actor,
            bound_at=now,
        )
    )
    session().flush()
    record(
        actor,
        "promotion.bind",
        f"department:{department_id}",
        ladder=ladder_ref or "",
        on=effective_from.isoformat(),
    )
