"""Groups of people that can be picked for a sitting; packages above add theirs (cohorts) here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.people.facts import Status
from cstrain.people.queries import departments, everybody


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """A named group: ``key`` for addresses, ``title`` for lists, its people in order.

    ``whole`` says in the reader's language what choosing all of it means.
    """

    key: str
    title: str
    whole: str
    people: tuple[PersonId, ...]


GroupSource = Callable[[date], list[PeopleGroup]]
group_sources: list[GroupSource] = []


def department_groups(on: date) -> list[PeopleGroup]:
    """Return each active department with the people who work there on a day."""
    staff = [person for person in everybody(on) if person.status is not Status.LEFT]
    return [
        PeopleGroup(
            f"department-{place.id}",
            place.name,
            gettext("整个部门：%(name)s", name=place.name),
            tuple(person.id for person in staff if person.department_id == place.id),
        )
        for place in departments(active_only=True)
    ]


def people_groups(on: date) -> list[PeopleGroup]:
    """Return all groups that have people, departments last."""
    found = [group for source in (*group_sources, department_groups) for group in source(on)]
    return [group for group in found if group.people]
