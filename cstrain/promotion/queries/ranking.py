"""The place of a person in their department, month by month."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cstrain.kernel.ids import PersonId
from cstrain.performance import queries as performance
from cstrain.promotion.facts import Place


def monthly_places(person: PersonId, months: Collection[date]) -> dict[date, Place]:
    """Return the person's place by brand points in the department each month was worked in.

    Ties share the better place. A month without a place (no record, no points, leave on over half of the
    days) is left out. A fixed number of statements.
    """
    records = performance.records([person], months) if months else []
    ranks = performance.brand_ranks({(one.standing.department_id, one.month) for one in records})
    found = {}
    for one in records:
        places = ranks.get((one.standing.department_id, one.month), {})
        if person in places:
            found[one.month] = Place(places[person], len(places))
    return found
