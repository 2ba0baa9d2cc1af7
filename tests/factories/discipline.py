"""Deductions and register entries through the services. All need an application context and commit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline import service
from cstrain.performance.discipline.facts import Booking, Entry, Kind, Severity
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START

DAY = date(2026, 11, 18)


def booking(**changes: Any) -> Booking:
    """A deduction of 10 points for foul language, two days before the tests' day."""
    fields: dict[str, Any] = {"day": DAY, "rule_set": "hotline", "code": "language", "points": 10}
    return Booking(**(fields | {"evidence": "通话2026111801第3分钟"} | changes))


def make_deduction(actor: PersonId, person: PersonId, at: datetime = START, **changes: Any) -> int:
    """Book a deduction; return its id."""
    with unit_of_work():
        return service.book(actor, at, [person], booking(**changes))[0]


def entry(kind: str = "complaint", **changes: Any) -> Entry:
    """An entry of a register, two days before the tests' day; a complaint is of medium severity."""
    severity = Severity.MEDIUM if kind == "complaint" else None
    fields: dict[str, Any] = {
        "kind": Kind(kind),
        "day": DAY,
        "text": "客户来电反映处理慢",
        "severity": severity,
    }
    return Entry(**(fields | {"evidence": "投诉单20261118"} | changes))


def make_entry(
    actor: PersonId, person: PersonId, kind: str = "complaint", at: datetime = START, **changes: Any
) -> int:
    """Enter something into a register; return its id."""
    with unit_of_work():
        return service.enter(actor, at, person, entry(kind, **changes))
