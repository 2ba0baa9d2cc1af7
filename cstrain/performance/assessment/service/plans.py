"""Post plans: drafted by the department, checked by the assessing unit, approved above; three people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import Plan, Target
from cstrain.performance.assessment.models import PostPlan
from cstrain.performance.assessment.queries.plans import plan_facts
from cstrain.performance.assessment.store import locked_plan
from cstrain.unit_of_work import flush_unique

_CROWDED = "没有保存：这个岗位刚刚由别人起草过一版。请刷新后再看。"


def draft(
    actor: PersonId,
    now: datetime,
    department_id: int,
    post: str,
    effective_from: date,
    targets: Sequence[Target],
) -> int:
    """Draft an edition of a post's plan; returns its id.

    Refused for one's own post, while another edition of the post is under way, from a month that is over.
    """
    people.department(department_id)
    wanted = post.strip()
    if not wanted:
        raise DomainError("没有保存：请选择岗位。")
    rules.check_targets(targets)
    rules.check_effective(effective_from, local_date(now))
    newest = _newest(department_id, wanted)
    if newest is not None and plan_facts(newest).state in {"drafted", "checked"}:
        raise ConflictError("没有保存：这个岗位已有一版在审核或批准中，办完再起草。")
    row = PostPlan(
        department_id=department_id,
        post=wanted,
        number=newest.number + 1 if newest is not None else 1,
        effective_from=effective_from,
        targets=[_kept(each) for each in targets],
        drafted_by=actor,
        drafted_at=now,
    )
    _not_ones_own(actor, department_id, wanted, local_date(now))
    session().add(row)
    flush_unique(_CROWDED)
    record(actor, "plan.draft", f"plan:{row.id}", department=department_id, number=row.number)
    return row.id


def _newest(department_id: int, post: str) -> PostPlan | None:
    wanted = sa.select(PostPlan).where(PostPlan.department_id == department_id, PostPlan.post == post)
    return session().scalar(wanted.order_by(PostPlan.number.desc()).limit(1))


def _kept(each: Target) -> dict[str, Any]:
    return {
        "text": each.text,
        "measure": each.measure,
        "unit": each.unit,
        "sense": each.sense,
        "number": str(each.number) if each.number is not None else None,
        "weight": each.weight,
        "source": each.source,
    }


def _not_ones_own(actor: PersonId, department_id: int, post: str, on: date) -> None:
    me = people.get_person(actor, on)
    if me.post == post and me.department_id in people.subtree(department_id):
        raise ForbiddenError("不能给自己的岗位定绩效计划。请由别人办理。")


def check(actor: PersonId, now: datetime, plan_id: int) -> None:
    """Find a draft in order, as the assessing unit; never who drafted it, nor whom it binds."""
    row = _step(actor, now, plan_id, "drafted")
    row.checked_by, row.checked_at = actor, now
    session().flush()
    record(actor, "plan.check", f"plan:{row.id}")


def approve(actor: PersonId, now: datetime, plan_id: int) -> None:
    """Put a checked draft into force from its day; a third person. Everybody whom it binds is told."""
    row = _step(actor, now, plan_id, "checked")
    rules.check_effective(row.effective_from, local_date(now))
    row.approved_by, row.approved_at = actor, now
    session().flush()
    record(actor, "plan.approve", f"plan:{row.id}", effective_from=row.effective_from.isoformat())
    one = plan_facts(row)
    for person in queries.bound_people(one, local_date(now)):
        _tell(person, one, now, "你的岗位有新的绩效计划，从%(day)s起生效。", day=one.effective_from)
    _tell(one.drafted_by, one, now, "你起草的岗位绩效计划已经批准。")


def send_back(actor: PersonId, now: datetime, plan_id: int, reason: str) -> None:
    """Return a draft with the reason; the drafter may take their own back. A new one gets a new number."""
    row = locked_plan(plan_id)
    one = plan_facts(row)
    if one.state not in {"drafted", "checked"}:
        raise ConflictError("没有保存：这一版已经批准或退回。请刷新后再看。")
    row.returned_by, row.returned_at, row.returned_why = actor, now, rules.needs_reason(reason)
    session().flush()
    record(actor, "plan.return", f"plan:{row.id}")
    if actor != one.drafted_by:
        _tell(one.drafted_by, one, now, "你起草的岗位绩效计划退回了，请看原因。")


def _step(actor: PersonId, now: datetime, plan_id: int, wanted: str) -> PostPlan:
    row = locked_plan(plan_id)
    rules.check_plan_step(plan_facts(row), actor, wanted)
    _not_ones_own(actor, row.department_id, row.post, local_date(now))
    return row


def _tell(person: PersonId, one: Plan, now: datetime, message: str, **values: object) -> None:
    notify(person, message, values=values, url=f"/assessment/plans/{one.id}", now=now)
