"""Applications hear of leavers and give the dossier the ratings of open applications."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from cstrain.judgement.facts import Endorsement
from cstrain.kernel.ids import PersonId
from cstrain.people.events import PersonLeft, person_left
from cstrain.promotion.applications.queries import applying, rated
from cstrain.promotion.applications.service import close_for_leaver
from cstrain.promotion.ports import endorsements


class _Ratings:
    """The ratings that superiors gave in applications that are open."""

    def of(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[Endorsement, ...]]:
        """Return the ratings of people up to a day, in one statement."""
        return rated(people, on)

    def applying(self) -> frozenset[PersonId]:
        """Return whose application is open, in one statement."""
        return applying()


endorsements.fill(_Ratings())


@person_left.listen
def close_with_leaver(event: PersonLeft) -> None:
    """End the open application of somebody who leaves."""
    close_for_leaver(event.actor, event.now, event.person)
