"""Binding departments to pay schemes."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.pay import store
from cstrain.pay.models import PayBinding
from cstrain.people import queries as people
from cstrain.unit_of_work import one_at_a_time


def bind(
    actor: PersonId | None,
    now: datetime,
    department_id: DepartmentId,
    scheme_ref: str | None,
    effective_from: date,
    note: str,
) -> None:
    """Let a department follow a scheme from a day on (``None``: that of the department above it).

    What was bound before stays on record. Raises ``DomainError`` for a scheme not in force on that day,
    ``NotFoundError`` for no such department.
    """
    people.department(department_id)
    if scheme_ref is not None and store.scheme(scheme_ref, effective_from) is None:
        raise DomainError(
            "没有保存：这个薪酬方案在%(day)s还没有生效。请改日期，或另选方案。", day=effective_from
        )
    one_at_a_time(f"pay.bind:{department_id}")
    row = PayBinding(
        department_id=department_id,
        scheme_ref=scheme_ref,
        effective_from=effective_from,
        note=note.strip(),
        bound_by=actor,
        bound_at=now,
    )
    session().add(row)
    session().flush()
    record(
        actor,
        "pay.bind",
        f"department:{department_id}",
        scheme=scheme_ref or "",
        on=effective_from.isoformat(),
    )
