"""Relations between two people that access rules may name."""

from __future__ import annotations

from cstrain.access import granting_roles, relations
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people.policy import HEAD_ROLES
from cstrain.people.queries.departments import upwards
from cstrain.people.queries.persons import people
from cstrain.people.queries.roles import department_ids_headed


def _heads(actor: PersonId, subject: PersonId, roles: frozenset[str]) -> bool:
    today = local_date(now())
    facts = people([subject], today).get(subject)
    if facts is None or actor == subject:
        return False
    headed = department_ids_headed(actor, today, roles)
    return bool(headed) and not headed.isdisjoint(upwards(facts.department_id))


def my_department(actor: PersonId, subject: PersonId) -> bool:
    """Tell whether ``actor`` heads the department of ``subject`` or one above it; never about oneself.

    Only offices count by which the permission in question is granted, so that a group leader of one
    department who heads another gains nothing in the first.
    """
    granting = granting_roles() & frozenset(HEAD_ROLES)
    return _heads(actor, subject, granting or frozenset(HEAD_ROLES))


def my_group(actor: PersonId, subject: PersonId) -> bool:
    """Tell whether ``actor`` leads the group of ``subject``."""
    return _heads(actor, subject, frozenset({"group_leader"}))


relations.add("my_department", my_department)
relations.add("my_group", my_group)
