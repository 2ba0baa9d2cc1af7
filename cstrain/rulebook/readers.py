"""Whose reading of lessons somebody may follow: filled in for lessons, which do not know people."""

from __future__ import annotations

from datetime import date

from cstrain.kernel.ids import PersonId
from cstrain.lessons.events import readers
from cstrain.lessons.facts import Reader
from cstrain.people.queries import everybody, visible_people


@readers.fill
def followed(actor: PersonId, permission: str, on: date) -> list[Reader]:
    """Return those for whom ``actor`` holds a permission on a day, by staff number."""
    seen = visible_people(actor, permission, on)
    return [
        Reader(one.id, one.staff_no, one.name, one.department_id, one.department_name)
        for one in everybody(on)
        if seen is None or one.id in seen
    ]
