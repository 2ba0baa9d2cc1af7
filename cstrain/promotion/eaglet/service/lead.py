"""The study leader: named by the director, changed on proper complaints; members taken out by HR."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.eaglet import models, queries, store
from cstrain.promotion.eaglet.facts import Phase, Plan, RemovalState
from cstrain.promotion.eaglet.service.common import (
    apart,
    demand_permission,
    held,
    holders,
    leading,
    member,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique, locked

_OPEN = "已经提过，正在等人力资源部答复。"
_DONE = "这一件已经有人答复过。请刷新后再看。"
_STUDY = {Phase.STUDYING}


def name_leader(actor: PersonId, now: datetime, plan_id: int, person: PersonId, reason: str) -> None:
    """Name the study leader where there is none: at the beginning, after complaints, or when one is gone.

    Whoever was changed on complaints does not lead this plan again.
    """
    demand_permission(actor, "eaglet.direct")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    study = queries.study(plan_id, local_date(now))
    if study.leader is not None:
        raise ConflictError("现在有学习组长，没有另选。")
    if not study.is_member(person):
        raise NotFoundError(store.MISSING)
    if any(one.person == person for one in study.leaders):
        raise ConflictError("这位组员已经当过这期的学习组长，请选别人。")
    session().add(
        models.EagletLeader(
            plan_id=plan_id, person_id=person, reason=needed(reason), named_by=actor, named_at=now
        )
    )
    session().flush()
    record(actor, "eaglet.name_leader", f"eaglet:{plan_id}", person=person)
    tell((one.person for one in study.active), "“%(title)s”的学习组长已经定了。", plan, now, "/study")


def complain(actor: PersonId, now: datetime, plan_id: int, reason: str) -> int:
    """Complain about the study leader, as another member; HR alone reads it. Returns the complaint's id."""
    plan = held(plan_id, now, _STUDY)
    study = member(actor, plan, now)
    if study.leader is None:
        raise ConflictError("现在没有学习组长。")
    if study.leads(actor):
        raise ForbiddenError("学习组长不能投诉自己。")
    mine = [
        one for one in queries.complaints_of(plan_id) if one.by == actor and one.leader == study.leader.id
    ]
    if any(one.proper is None or one.proper for one in mine):
        raise ConflictError(_OPEN)
    row = models.EagletComplaint(
        leader_id=study.leader.id, by_id=actor, about_id=study.leader.person, reason=needed(reason), at=now
    )
    session().add(row)
    flush_unique(_OPEN)
    record(actor, "eaglet.complain", f"eaglet:{plan_id}", complaint=row.id)
    tell(
        holders(("hr", "hr_manager"), now, [study.leader.person]),
        "“%(title)s”有组员的意见等你判断。",
        plan,
        now,
        "/study",
    )
    return row.id


def judge_complaint(
    actor: PersonId, now: datetime, plan_id: int, complaint_id: int, *, proper: bool, text: str
) -> None:
    """HR's judgement whether a complaint's reasons are proper.

    With proper ones of half or more of the other members the leader's time is over and another is named.
    """
    demand_permission(actor, "eaglet.judge")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    if complaint_id not in {one.id for one in queries.complaints_of(plan_id)}:
        raise NotFoundError(store.MISSING)
    row = (
        session()
        .scalars(locked(sa.select(models.EagletComplaint).where(models.EagletComplaint.id == complaint_id)))
        .one()
    )
    if row.answered_at is not None:
        raise ConflictError(_DONE)
    before = queries.study(plan_id, local_date(now)).leader
    row.answered_by, row.answered_at, row.proper, row.answer = actor, now, proper, needed(text)
    session().flush()
    record(actor, "eaglet.judge_complaint", f"eaglet:{plan_id}", complaint=complaint_id, proper=proper)
    tell([PersonId(row.by_id)], "你对“%(title)s”提的意见，人力资源部已经答复。", plan, now, "/study")
    after = queries.study(plan_id, local_date(now)).leader
    if before is not None and after is None:
        tell(holders(("service_director",), now), "“%(title)s”要另选学习组长。", plan, now, "/study")


def ask_removal(actor: PersonId, now: datetime, plan_id: int, person: PersonId, reason: str) -> int:
    """The leader asks HR to take out a member who breaks the plan on purpose; returns the request's id."""
    plan = held(plan_id, now, _STUDY)
    study = leading(actor, plan, now)
    if person == actor:
        raise ForbiddenError("不能请人把自己除名。")
    if not study.is_member(person):
        raise NotFoundError(store.MISSING)
    waiting = {RemovalState.ASKED, RemovalState.WINDOW, RemovalState.APPEALED}
    if any(one.about == person and one.state in waiting for one in study.removals):
        raise ConflictError(_OPEN)
    row = models.EagletRemoval(
        plan_id=plan_id, about_id=person, reason=needed(reason), asked_by=actor, asked_at=now
    )
    session().add(row)
    flush_unique(_OPEN)
    record(actor, "eaglet.ask_removal", f"eaglet:{plan_id}", removal=row.id, person=person)
    tell([person], "学习组长请人力资源部把你从“%(title)s”除名，理由在小组页上。", plan, now, "/study")
    tell(holders(("hr", "hr_manager"), now), "“%(title)s”有一件除名等你决定。", plan, now, "/study")
    return row.id


def _removal(
    actor: PersonId, now: datetime, plan_id: int, removal_id: int
) -> tuple[Plan, models.EagletRemoval]:
    plan = held(plan_id, now, _STUDY)
    statement = sa.select(models.EagletRemoval).where(
        models.EagletRemoval.id == removal_id, models.EagletRemoval.plan_id == plan_id
    )
    row = session().scalar(locked(statement))
    if row is None:
        raise NotFoundError(store.MISSING)
    return plan, row


def decide_removal(
    actor: PersonId, now: datetime, plan_id: int, removal_id: int, *, removed: bool, text: str
) -> None:
    """HR's decision; it takes effect when the days to appeal are over, or the appeal is lost."""
    demand_permission(actor, "eaglet.judge")
    plan, row = _removal(actor, now, plan_id, removal_id)
    apart(actor, plan)
    if row.answered_at is not None:
        raise ConflictError(_DONE)
    row.answered_by, row.answered_at, row.removed, row.answer = actor, now, removed, needed(text)
    if removed:
        calendar = people.work_calendar(PersonId(row.about_id))
        row.appeal_by = calendar.nth_working_day_after(local_date(now), plan.rules.appeal_days)
    session().flush()
    record(actor, "eaglet.decide_removal", f"eaglet:{plan_id}", removal=removal_id, removed=removed)
    about = [PersonId(row.about_id)]
    tell(about, "“%(title)s”的除名有了决定，在小组页上；不服可以申诉。", plan, now, "/study")
    tell([PersonId(row.asked_by)], "你提的“%(title)s”除名有了决定。", plan, now, "/study")


def appeal_removal(actor: PersonId, now: datetime, plan_id: int, removal_id: int, text: str) -> None:
    """Appeal against one's own removal, within its days; until it is heard nothing changes."""
    plan, row = _removal(actor, now, plan_id, removal_id)
    if row.about_id != actor:
        raise NotFoundError(store.MISSING)
    if not row.removed or row.appealed_at is not None:
        raise ConflictError(_DONE)
    if row.appeal_by is not None and local_date(now) > row.appeal_by:
        raise ConflictError("申诉期到%(day)s为止，已经过了。", day=row.appeal_by)
    row.appealed_at, row.appeal = now, needed(text)
    session().flush()
    record(actor, "eaglet.appeal_removal", f"eaglet:{plan_id}", removal=removal_id)
    tell(holders(("gm", "deputy_gm"), now), "“%(title)s”有一件除名申诉等你决定。", plan, now, "/study")


def hear_appeal(
    actor: PersonId, now: datetime, plan_id: int, removal_id: int, *, upheld: bool, text: str
) -> None:
    """Decide an appeal against a removal: by somebody who neither asked for it nor decided it."""
    plan, row = _removal(actor, now, plan_id, removal_id)
    demand_permission(actor, "eaglet.hear", PersonId(row.about_id))
    apart(actor, plan)
    if row.appealed_at is None or row.heard_at is not None:
        raise ConflictError(_DONE)
    if actor in {row.answered_by, row.asked_by}:
        raise ForbiddenError("除名是你提出或决定的，申诉要由别人决定。")
    row.heard_by, row.heard_at, row.upheld, row.ruling = actor, now, upheld, needed(text)
    session().flush()
    record(actor, "eaglet.hear_appeal", f"eaglet:{plan_id}", removal=removal_id, upheld=upheld)
    tell([PersonId(row.about_id)], "你的“%(title)s”除名申诉有了结果。", plan, now, "/study")
