"""What every act of a plan checks first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.promotion.eaglet import queries, store
from cstrain.promotion.eaglet.facts import Phase, Plan

MOST_TEXT = 2000


def held(plan_id: int, now: datetime, phases: Collection[Phase]) -> Plan:
    """Lock a plan and return it; ``ConflictError`` unless it is in one of ``phases``."""
    store.plan_row(plan_id, lock=True)
    found = queries.plan(plan_id, local_date(now))
    if found.phase not in phases:
        raise ConflictError("这期计划已经不在这一步了，没有办。请刷新后再看。")
    return found


def apart(actor: PersonId, plan: Plan) -> None:
    """Refuse whoever applied to this plan: nobody runs a plan they take part in."""
    if any(one.person == actor and not one.withdrawn for one in queries.applications_of(plan.id)):
        raise ForbiddenError("你报名了这期计划，不能办这期计划的事。请由别人来办。")


def demand_permission(actor: PersonId, permission: str, about: PersonId | None = None) -> None:
    """Refuse who does not hold a permission (for somebody)."""
    if not may(actor, permission, about):
        raise ForbiddenError("你没有办这件事的权限，没有办。")


def member(actor: PersonId, plan: Plan, now: datetime) -> queries.Study:
    """Return the study for one of its members; everybody else hears that there is no such page."""
    found = queries.study(plan.id, local_date(now))
    if not found.is_member(actor):
        raise NotFoundError(store.MISSING)
    return found


def leading(actor: PersonId, plan: Plan, now: datetime) -> queries.Study:
    """Return the study for its leader; refuses the others."""
    found = member(actor, plan, now)
    if not found.leads(actor):
        raise ForbiddenError("只有现在的学习组长可以办这件事。")
    return found


def needed(text: str, most: int = 1000) -> str:
    """Return a text that must be there; ``DomainError`` for an empty or a very long one."""
    found = text.strip()
    if not found:
        raise DomainError("没有保存：请写明内容或理由。")
    if len(found) > most:
        raise DomainError("没有保存：文字太长，最多%(most)s个字。", most=most)
    return found


def tell(people_: Iterable[PersonId], message: str, plan: Plan, now: datetime, page: str = "") -> None:
    """Tell people something about a plan, with a link to it."""
    for person in dict.fromkeys(people_):
        notify(person, message, values={"title": plan.title}, url=f"/eaglet/{plan.id}{page}", now=now)


def holders(roles: Iterable[str], now: datetime, without: Collection[PersonId] = ()) -> list[PersonId]:
    """Return who holds one of these roles today."""
    on = local_date(now)
    found = {one for role in roles for one in people.persons_with_role(role, on)}
    return sorted(found - set(without))
