"""What acts on joint sheets share: the sheet locked with who may act, and telling people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.performance.assessment import queries
from cstrain.performance.assessment.facts import Seats, Sheet
from cstrain.performance.assessment.store import lock_sheet


def held_sheet(sheet_id: int, now: datetime) -> tuple[Sheet, Seats]:
    """Return a sheet, locked, and who may act on it today; raises ``NotFoundError``."""
    lock_sheet(sheet_id)
    one = queries.sheet(sheet_id)
    return one, queries.seats_of([one], local_date(now))[one.id]


def tell(people: Iterable[PersonId], one: Sheet, now: datetime, message: str, **values: object) -> None:
    """Tell people of a sheet."""
    for person in sorted(set(people)):
        notify(person, message, values=values, url=f"/assessment/sheets/{one.id}", now=now)


def tell_directors(one: Sheet, held: Seats, now: datetime) -> None:
    """Tell who reviews that a sheet waits; several count in one notice."""
    bundle = Bundle("assessment.review", "有%(n)s张月度考核表等你终审。", "/assessment/todo")
    for person in held.directors:
        notify(
            person,
            "一张月度考核表等你终审。",
            url=f"/assessment/sheets/{one.id}",
            bundle=bundle,
            now=now,
        )
