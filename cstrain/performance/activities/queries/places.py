"""For which departments somebody holds a permission, and who leads which group."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cstrain.access import granted_by, scopes_of
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.policy import HEAD_ROLES
from cstrain.performance.activities.facts import Leading

_EVERYWHERE = frozenset({"all", "others"})


def places(actor: PersonId, permission: str, on: date) -> frozenset[DepartmentId] | None:
    """Return the departments for which somebody holds a permission (``None``: for all)."""
    scopes = scopes_of(actor, permission)
    if scopes & _EVERYWHERE:
        return None
    if "my_department" not in scopes:
        return frozenset()
    roles = granted_by(actor, permission, "my_department") & frozenset(HEAD_ROLES)
    headed = people.department_ids_headed(actor, on, roles)
    return frozenset(place for one in headed for place in people.subtree(one))


def leadings(on: date, within: Collection[PersonId] | None = None) -> list[Leading]:
    """Return who leads which group on a day, by person, among ``within`` (``None``: everybody)."""
    return [
        Leading(one.person_id, one.department_id, one.valid_from, one.valid_to)
        for one in people.role_holders("group_leader", on)
        if one.department_id is not None and (within is None or one.person_id in within)
    ]


def leadings_of(person: PersonId) -> list[Leading]:
    """Return every group somebody leads or has led, newest first."""
    return [
        Leading(person, one.department_id, one.valid_from, one.valid_to)
        for one in people.assignments_of(person)
        if one.role == "group_leader" and one.department_id is not None
    ]
