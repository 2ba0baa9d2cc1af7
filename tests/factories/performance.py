"""Monthly records and closed months for tests. All functions need an application context and commit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from cstrain.kernel.ids import PersonId
from cstrain.performance import service
from cstrain.performance.facts import METRICS, Entry
from cstrain.performance.queries import close as close_facts
from cstrain.performance.queries import closes, revisions
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def make_month(
    person: PersonId,
    month: date,
    *,
    by: PersonId | None = None,
    grade: str | None = None,
    at: datetime = AT,
    reason: str = "测试",
    **values: object,
) -> int:
    """Record a month by hand (by a fresh HR clerk unless somebody is named); return the record's id."""
    unknown = set(values) - set(METRICS)
    assert not unknown, unknown
    actor = by if by is not None else make_person("登记人", roles=["hr"])
    numbers = {name: Decimal(str(value)) for name, value in values.items()}
    held = revisions(person, month)
    with unit_of_work():
        return service.enter_month(
            actor,
            at,
            Entry(person, month, numbers, grade),
            base=held[0].revision if held else 0,
            reason=reason if held else "",
        )


def close_department(department: int, month: date, *, by: PersonId | None = None, at: datetime = AT) -> int:
    """Close a department's month, gaps accepted (by somebody from elsewhere); return the close's id."""
    actor = by if by is not None else outsider()
    with unit_of_work():
        return service.close_month(actor, at, department, month, accept_gaps=True)


def outsider(name: str = "总经办人员") -> PersonId:
    """Make somebody who may close, in a department of their own."""
    from tests.factories.people import make_department

    return make_person(name, roles=["gm_office"], department=make_department("总经办"))


def reopen(department: int, month: date, at: datetime = AT) -> None:
    """Open a closed month again by two persons."""
    held = next(one for one in closes(department, [month]) if one.reopened_on is None)
    with unit_of_work():
        service.ask_reopening(outsider(), at, held.id, "测试重开")
    with unit_of_work():
        service.decide_reopening(outsider("另一人"), at, close_facts(held.id).id, agreed=True)
