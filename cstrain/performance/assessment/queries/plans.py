"""Post plans: editions, whom they bind, which departments somebody acts for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from cstrain.access import granted_by, scopes_of
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.people.policy import HEAD_ROLES
from cstrain.performance.assessment.facts import Plan, Target
from cstrain.performance.assessment.models import PostPlan
from cstrain.performance.assessment.policy import PAGE_SIZE
from cstrain.performance.assessment.store import MISSING

Place = tuple[int, str]
"""A department and a post."""


def plan_facts(row: PostPlan) -> Plan:
    """Return the facts of a plan's row."""
    return Plan(
        row.id,
        row.department_id,
        row.post,
        row.number,
        row.effective_from,
        tuple(_target(each) for each in row.targets),
        PersonId(row.drafted_by),
        row.drafted_at,
        _person(row.checked_by),
        row.checked_at,
        _person(row.approved_by),
        row.approved_at,
        _person(row.returned_by),
        row.returned_at,
        row.returned_why,
    )


def _person(found: int | None) -> PersonId | None:
    return PersonId(found) if found is not None else None


def _target(each: dict[str, str | int | None]) -> Target:
    number = each["number"]
    return Target(
        str(each["text"]),
        str(each["measure"]),
        str(each["unit"]),
        str(each["sense"]),
        Decimal(str(number)) if number is not None else None,
        int(each["weight"] or 0),
        str(each["source"]),
    )


def plan(plan_id: int) -> Plan:
    """Return an edition; raises ``NotFoundError``."""
    row = session().get(PostPlan, plan_id)
    if row is None:
        raise NotFoundError(MISSING)
    return plan_facts(row)


def plans_by_id(ids: Collection[int]) -> dict[int, Plan]:
    """Return several editions by id."""
    rows = session().scalars(sa.select(PostPlan).where(PostPlan.id.in_(ids))) if ids else ()
    return {row.id: plan_facts(row) for row in rows}


def plans_page(places: Collection[int] | None, page: int) -> tuple[list[Plan], int]:
    """Return a page of editions (of these departments; ``None``: all), newest first, and how many."""
    scope = [] if places is None else [PostPlan.department_id.in_(sorted(places))]
    total = session().scalar(sa.select(sa.func.count()).select_from(PostPlan).where(*scope)) or 0
    wanted = sa.select(PostPlan).where(*scope).order_by(PostPlan.id.desc())
    rows = session().scalars(wanted.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return [plan_facts(row) for row in rows], total


def waiting_plans() -> list[Plan]:
    """Return the editions that wait for a check or an approval, oldest first."""
    wanted = sa.select(PostPlan).where(PostPlan.approved_by.is_(None), PostPlan.returned_by.is_(None))
    return [plan_facts(row) for row in session().scalars(wanted.order_by(PostPlan.id))]


def plans_for(places: Iterable[Place], month: date) -> dict[Place, Plan]:
    """Return the plan that binds each post of a department in a month; posts without one are left out.

    The department's own newest edition effective by the month's first day, else that of the nearest above.
    """
    wanted = set(places)
    statement = sa.select(PostPlan).where(
        PostPlan.approved_by.is_not(None),
        PostPlan.effective_from <= month,
        PostPlan.post.in_({post for _, post in wanted}),
    )
    rows = session().scalars(statement.order_by(PostPlan.effective_from, PostPlan.number))
    newest = {(row.department_id, row.post): plan_facts(row) for row in rows}
    parents = {one.id: one.parent_id for one in people.departments()}
    found: dict[Place, Plan] = {}
    for place, post in wanted:
        here, seen = place, set[int]()
        while here is not None and here not in seen:
            if (here, post) in newest:
                found[place, post] = newest[here, post]
                break
            seen.add(here)
            here = parents.get(here)  # type: ignore[call-overload]
    return found


def plan_for(person: PersonFacts, month: date) -> Plan | None:
    """Return the plan that binds a person's post in a month."""
    place = (int(person.department_id), person.post)
    return plans_for([place], month).get(place)


def bound_people(one: Plan, on: date) -> list[PersonId]:
    """Return whom an edition binds on a day: who holds the post where no nearer plan stands."""
    holders = [
        each
        for place in sorted(people.subtree(one.department_id))
        for each in people.people_of_department(place, on)
        if each.post == one.post
    ]
    first = max(on.replace(day=1), one.effective_from)
    plans = plans_for({(int(each.department_id), each.post) for each in holders}, first)
    return [
        each.id
        for each in holders
        if (found := plans.get((int(each.department_id), each.post))) is None
        or found.department_id == one.department_id
    ]


def posts_of(places: Collection[int] | None, on: date) -> list[str]:
    """Return the posts people hold in these departments (``None``: anywhere), by name."""
    every = people.everybody(on)
    return sorted({one.post for one in every if one.post and (places is None or one.department_id in places)})


def reach(actor: PersonId, permission: str, on: date) -> frozenset[int] | None:
    """Return the departments for which somebody holds a permission; ``None``: all."""
    scopes = scopes_of(actor, permission)
    if scopes & {"all", "others"}:
        return None
    if "my_department" not in scopes:
        return frozenset()
    roles = granted_by(actor, permission, "my_department") & frozenset(HEAD_ROLES)
    headed = people.department_ids_headed(actor, on, roles)
    return frozenset(int(one) for place in headed for one in people.subtree(place))


def within(department_id: int, places: Collection[int] | None) -> bool:
    """Tell whether a department is among those of ``reach``."""
    return places is None or department_id in places
