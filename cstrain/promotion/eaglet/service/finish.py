"""The unified exams, and the end: who passes both moves to the VIP department."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError, Each, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Track
from cstrain.promotion.eaglet import models, queries, store
from cstrain.promotion.eaglet.facts import Outcome, Phase, Plan, RemovalState
from cstrain.promotion.eaglet.policy import VIP
from cstrain.promotion.eaglet.service.common import (
    apart,
    demand_permission,
    held,
    holders,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique, locked

_STUDY = {Phase.STUDYING}
_OPEN = "已经有人提出结束，正在等另一个人答复。请刷新后再看。"
_WAITING = {RemovalState.ASKED, RemovalState.WINDOW, RemovalState.APPEALED}


def set_exam(actor: PersonId, now: datetime, plan_id: int, sitting_id: int) -> None:
    """Make a sitting the unified one of its paper: every member is its candidate or exempt from it.

    Another sitting set later takes its place as long as nobody of the group has begun the one before.
    """
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    sitting = exams.sitting(sitting_id)
    paper = sitting.paper.ref
    if paper not in plan.rules.papers or sitting.cancelled:
        raise NotFoundError(store.MISSING)
    today = local_date(now)
    members = [one.person for one in queries.active_members(plan_id, today)]
    before = queries.sittings_of(plan).get(paper)
    began = {one.person_id for one in exams.attempts_at(before.id, now)} if before is not None else set()
    if before is not None and (before.id == sitting_id or began & set(members)):
        raise ConflictError("没有改：这门考试已经定了场次，或者已经有组员开考。")
    candidates = exams.candidates_of(sitting_id)
    missing = [
        one
        for one in members
        if one not in candidates and (paper, sitting.opens_at) not in queries.exempt(one, paper, sitting, now)
    ]
    if missing:
        names = people.people(missing, today)
        raise DomainError(
            "没有保存：这个场次没有%(names)s，统一考试要全体组员参加，免试的除外。",
            names=Each("%(name)s", [{"name": one.name} for one in names.values()]),
        )
    session().add(
        models.EagletExam(plan_id=plan_id, paper=paper, sitting_id=sitting_id, set_by=actor, set_at=now)
    )
    session().flush()
    record(actor, "eaglet.set_exam", f"eaglet:{plan_id}", paper=paper, sitting=sitting_id)
    tell(members, "“%(title)s”的统一考试已经定了时间。", plan, now, "/exams")


def _settled(plan: Plan, now: datetime) -> list[Outcome]:
    """Return what the exams came to for the members; ``ConflictError`` while anything is awaited."""
    today = local_date(now)
    if set(queries.sittings_of(plan)) != set(plan.rules.papers):
        raise ConflictError("还不能结束：两门统一考试的场次还没有都定下来。")
    if any(one.state in _WAITING for one in queries.removals_of(plan.id, today)):
        raise ConflictError("还不能结束：还有除名没有了结。")
    members = [one.person for one in queries.active_members(plan.id, today)]
    found = queries.outcomes(plan, members, now)
    if any(one.passes is None for one in found):
        raise ConflictError("还不能结束：还有组员的成绩没有公布。")
    return found


def propose_closing(actor: PersonId, now: datetime, plan_id: int, effective_on: date, text: str) -> int:
    """Propose to accept the results and end the plan; they are sealed. Returns the proposal's id."""
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    found = _settled(plan, now)
    if effective_on < local_date(now):
        raise DomainError("没有提出：调入贵宾部的日期不能早于今天。")
    vip = queries.places().get(VIP)
    if vip is None and any(one.passes for one in found):
        raise ConflictError("还不能结束：还没有填哪个是贵宾部，请先在“名额和部门”里填好。")
    sealed, digest = seal(
        {
            "plan": plan_id,
            "rules": plan.rules.model_dump(mode="json"),
            "outcomes": queries.outcome_record(found),
            "department": vip.department if vip is not None else None,
        }
    )
    row = models.EagletClosing(
        plan_id=plan_id,
        text=needed(text, 5000),
        effective_on=effective_on,
        sealed=sealed,
        sha256=digest,
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(row)
    flush_unique(_OPEN)
    record(actor, "eaglet.propose_closing", f"eaglet:{plan_id}", closing=row.id, sha256=digest)
    tell(holders(("gm", "deputy_gm"), now), "“%(title)s”等你确认结束。", plan, now, "/exams")
    return row.id


def answer_closing(
    actor: PersonId, now: datetime, plan_id: int, closing_id: int, *, agreed: bool, text: str = ""
) -> None:
    """Agree to the end of a plan or send it back. Agreed, who passed moves to the VIP department.

    Refused when the results have changed since it was proposed: then it is sent back and proposed anew.
    """
    demand_permission(actor, "eaglet.close")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    table = models.EagletClosing
    row = session().scalar(locked(sa.select(table).where(table.id == closing_id, table.plan_id == plan_id)))
    if row is None:
        raise NotFoundError(store.MISSING)
    if row.answered_at is not None:
        raise ConflictError("这一件已经有人答复过。请刷新后再看。")
    if row.proposed_by == actor:
        raise ForbiddenError("这是你提出的，要由另一个人确认。")
    said = text.strip()[:1000] if agreed else needed(text)
    row.answered_by, row.answered_at, row.agreed, row.answer = actor, now, agreed, said
    session().flush()
    record(actor, "eaglet.answer_closing", f"eaglet:{plan_id}", closing=closing_id, agreed=agreed)
    if agreed:
        _close(actor, now, plan, row)
    else:
        tell([PersonId(row.proposed_by)], "“%(title)s”的结束被退回，理由在考试页上。", plan, now, "/exams")


def _close(actor: PersonId, now: datetime, plan: Plan, row: models.EagletClosing) -> None:
    found = _settled(plan, now)
    vip = queries.places().get(VIP)
    if not queries.same_outcomes(row.sealed, found, vip.department if vip is not None else None):
        raise ConflictError("成绩或贵宾部在提出以后有变动，不能确认。请退回，由人力资源部重新提出。")
    if row.effective_on < local_date(now):
        raise ConflictError("调入日期已经过了，不能确认。请退回，由人力资源部重新提出。")
    store.add_event(plan.id, "closed", actor, now, {"closing": row.id}, once="closed")
    for one in found:
        if one.passes and vip is not None:
            people_service.change_state(
                actor,
                now,
                one.person,
                row.effective_on,
                reason=plan.title,
                source=f"eaglet:{plan.id}",
                department_id=vip.department,
                track=Track.VIP,
                post=plan.rules.post,
            )
        message = (
            "你通过了“%(title)s”的两门考试，将调入贵宾部，可以领取奖状。"
            if one.passes
            else "“%(title)s”已结束，你没有通过全部考试，留在原部门，可以参加下一期。"
        )
        tell([one.person], message, plan, now, "/exams")
