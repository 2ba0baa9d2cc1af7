"""Who stands too close to somebody to mark their answers. Packages above add what they know (mentors)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people

Close = Callable[[PersonId, Collection[PersonId], date], frozenset[PersonId]]
"""(marker, candidates, day) -> those of the candidates to whom the marker stands too close."""


def headed(marker: PersonId, candidates: Collection[PersonId], on: date) -> frozenset[PersonId]:
    """Return the candidates whose group or department, or one above it, the marker heads. Two queries."""
    places = people.department_ids_headed(marker, on)
    if not places:
        return frozenset()
    under = frozenset(below for place in places for below in people.subtree(place))
    found = people.people(candidates, on)
    return frozenset(one for one, facts in found.items() if facts.department_id in under)


close_sources: list[Close] = [headed]


def too_close(marker: PersonId, candidates: Collection[PersonId], on: date) -> frozenset[PersonId]:
    """Return the candidates whose answers somebody may not mark: themself, and those they stand close to."""
    near = (source(marker, candidates, on) for source in close_sources)
    return frozenset({marker}).union(*near) & frozenset(candidates)
