"""Fills what others ask for: applications the ladders and dossiers, the person page its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import gettext

from cstrain.access import actor, may
from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.people.slots import Section, person_sections
from cstrain.promotion import ladders, queries
from cstrain.promotion.applications import grounds


class _Core:
    """The core of promotion as applications see it."""

    def ladders_of(self, person: PersonId, on: date) -> Sequence[Ladder]:
        """Return the ladders open to a person: the department's own, and those beside it."""
        return queries.ladders_for(people.get_person(person, on).department_id, on)

    def edition(self, ref: str, edition: int) -> Ladder | None:
        """Return one edition of a ladder, in force or not."""
        return next((one for one in ladders.editions(ref) if one.edition == edition), None)

    def gather(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, Dossier]:
        """Return the dossiers of people on a day."""
        return queries.gather(people, on)


grounds.port.source = _Core()


def _sections(person: PersonFacts) -> list[Section]:
    """Return the link to somebody's place on the ladder, for who may see it."""
    if not may(actor(), "promotion.view", person.id):
        return []
    return [Section(gettext("晋升"), "promotion/_person.html", {"person_id": person.id})]


person_sections.add("promotion", _sections)
