"""Whom a person may see: the list form of the relations in the access chapter."""

from __future__ import annotations

from datetime import date

from cstrain.access import granted_by, may, scopes_of
from cstrain.kernel.ids import PersonId
from cstrain.people.policy import HEAD_ROLES
from cstrain.people.queries.departments import subtree
from cstrain.people.queries.persons import everybody
from cstrain.people.queries.roles import department_ids_headed

_ANSWERED_HERE = frozenset({"all", "others", "own", "my_department"})


def visible_people(actor: PersonId, permission: str, on: date) -> frozenset[PersonId] | None:
    """Return the people for whom ``actor`` holds ``permission`` (``None``: everybody), in few statements."""
    scopes = scopes_of(actor, permission)
    if "all" in scopes:
        return None
    every = everybody(on, with_left=True)
    found = {facts.id for facts in every if facts.id != actor} if "others" in scopes else set()
    if "own" in scopes:
        found.add(actor)
    if "my_department" in scopes:
        roles = granted_by(actor, permission, "my_department") & frozenset(HEAD_ROLES)
        places = {place for headed in department_ids_headed(actor, on, roles) for place in subtree(headed)}
        found |= {facts.id for facts in every if facts.department_id in places and facts.id != actor}
    if scopes - _ANSWERED_HERE:
        found |= {facts.id for facts in every if facts.id not in found and may(actor, permission, facts.id)}
    return frozenset(found)
