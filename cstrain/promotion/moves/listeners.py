"""Moves hear of leavers and moves, and give the dossier what they know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from cstrain.judgement.facts import Authorisation, CourseRecord
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.events import DepartmentChanged, PersonLeft, department_changed, person_left
from cstrain.people.facts import StandingFacts
from cstrain.promotion.moves import queries
from cstrain.promotion.moves.service import close_for_leaver, vacate
from cstrain.promotion.ports import moves


class _Kept:
    """Authorisations, courses and places as this room keeps them."""

    def authorised(
        self, standings: Sequence[StandingFacts], on: date
    ) -> Mapping[PersonId, tuple[Authorisation, ...]]:
        """Return who may skip a level on a day."""
        return queries.authorised_of(standings, on)

    def courses(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[CourseRecord, ...]]:
        """Return certificates and trainings of everybody HR keeps entries of."""
        return queries.courses_of(people, on)

    def vacancies(self, on: date) -> Mapping[DepartmentId, Mapping[str, int]]:
        """Return the vacant places of departments by level."""
        return queries.vacancies(on)


moves.fill(_Kept())


@person_left.listen
def close_with_leaver(event: PersonLeft) -> None:
    """End the open cases of somebody who leaves; a supervisor's post falls vacant the day after."""
    close_for_leaver(event.actor, event.now, event.person)
    vacate(event.now, event.person, event.last_day + timedelta(days=1), "left")


@department_changed.listen
def note_vacancy(event: DepartmentChanged) -> None:
    """A supervisor who moves to another department leaves a post vacant."""
    vacate(event.now, event.person, event.effective_from, "moved")
