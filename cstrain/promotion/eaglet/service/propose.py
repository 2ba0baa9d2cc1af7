"""Proposing a plan, approving it, its notice, the departments of its places, ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.eaglet import models, queries, rules, store
from cstrain.promotion.eaglet.facts import Phase, Plan
from cstrain.promotion.eaglet.policy import VIP
from cstrain.promotion.eaglet.service.common import (
    MOST_TEXT,
    apart,
    demand_permission,
    held,
    holders,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique, one_at_a_time

_TAKEN = "这个审批职务已经有人签过，或者你已经用别的职务签过。没有保存。"
_BEFORE_STUDY = {
    Phase.PROPOSED,
    Phase.APPROVED,
    Phase.ANNOUNCED,
    Phase.OPEN,
    Phase.SCREENING,
    Phase.INTERVIEWS,
    Phase.DECIDING,
    Phase.AGAIN,
}
_PLATFORMS = ("soso", "google")


def _refuse_twice(actor: PersonId, now: datetime, title: str, reason: str) -> None:
    """Refuse the same proposal sent twice: one alike still waits for approval."""
    one_at_a_time("eaglet.propose")
    table = models.EagletPlan
    same = sa.select(table.id).where(
        table.proposed_by == actor, table.title == title.strip(), table.reason == reason.strip()
    )
    last = session().scalars(same.order_by(table.id.desc()).limit(1)).first()
    if last is not None and queries.plan(last, local_date(now)).phase is Phase.PROPOSED:
        raise ConflictError("没有提出：同样的计划已经提出过。请在列表中查看。")


def propose(actor: PersonId, now: datetime, title: str, reason: str) -> int:
    """Propose a plan under the chapter now in force; returns its id. Its offices hear of it."""
    demand_permission(actor, "eaglet.propose")
    chapter = store.chapter()
    _refuse_twice(actor, now, title, reason)
    row = models.EagletPlan(
        title=needed(title, 60),
        reason=needed(reason, MOST_TEXT),
        rules=chapter.model_dump(mode="json"),
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "eaglet.propose", f"eaglet:{row.id}", edition=chapter.edition)
    plan = queries.plan(row.id, local_date(now))
    tell(holders(chapter.approvals, now, [actor]), "“%(title)s”等你审批。", plan, now)
    return row.id


def approve(
    actor: PersonId, now: datetime, plan_id: int, office: str, *, agrees: bool, text: str = ""
) -> None:
    """Say yes or no for an office, each office once and each person once; never who proposed it.

    A single no ends the proposal; the reason must then be given.
    """
    demand_permission(actor, "eaglet.approve")
    plan = held(plan_id, now, {Phase.PROPOSED})
    if actor == plan.proposed_by:
        raise ForbiddenError("这期计划是你提出的，不能由你审批。")
    if office not in plan.rules.approvals or office not in people.roles_of(actor, local_date(now)):
        raise ForbiddenError("你现在不担任这个审批职务，没有保存。")
    row = models.EagletApproval(
        plan_id=plan_id,
        office=office,
        by_id=actor,
        proposed_by=plan.proposed_by,
        agreed=agrees,
        text=text.strip()[:MOST_TEXT] if agrees else needed(text, MOST_TEXT),
        at=now,
    )
    session().add(row)
    flush_unique(_TAKEN)
    record(actor, "eaglet.approve", f"eaglet:{plan_id}", office=office, agrees=agrees)
    after = queries.plan(plan_id, local_date(now))
    if after.phase is Phase.REFUSED:
        tell([plan.proposed_by], "“%(title)s”没有获批，理由在计划页上。", plan, now)
    elif after.phase is Phase.APPROVED:
        tell(
            [plan.proposed_by, *holders(("hr", "hr_manager"), now)],
            "“%(title)s”已全部批准，可以发布通知。",
            plan,
            now,
        )


def set_place(actor: PersonId, now: datetime, place: str, department_id: int, platform: str) -> None:
    """Say which department takes a place from now on (``vip``: where who passes goes).

    What the department's record says of its platform is not contradicted.
    """
    demand_permission(actor, "eaglet.manage")
    chapter = store.chapter()
    if place != VIP and place not in {one.id for one in chapter.places}:
        raise DomainError("没有保存：没有这个名额。")
    facts = people.department(department_id)
    if platform not in _PLATFORMS:
        raise DomainError("没有保存：请选平台。")
    if facts.platform is not None and place != VIP and facts.platform != platform:
        raise DomainError("没有保存：%(name)s登记的平台不是这个，请核对。", name=facts.name)
    if place != VIP and chapter.place(place).platform != platform:
        raise DomainError("没有保存：办法规定“%(place)s”是另一个平台。", place=chapter.place(place).title)
    others = {one.department for name, one in queries.places().items() if name != place}
    if department_id in others:
        raise DomainError("没有保存：%(name)s已经对应别的名额。", name=facts.name)
    session().add(
        models.EagletDepartment(
            place=place, department_id=department_id, platform=platform, set_by=actor, set_at=now
        )
    )
    session().flush()
    record(actor, "eaglet.set_place", f"department:{department_id}", place=place, platform=platform)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice: its text and the first and last day of the window, both included."""

    text: str
    opens_on: date
    closes_on: date


def publish_notice(actor: PersonId, now: datetime, plan_id: int, new: NewNotice) -> int:
    """Publish the notice of an approved plan, or announce again what was left unfilled; returns its id.

    The days of screening and interviews follow from the window's last day (``days_clause``), by the calendar
    of who publishes. Refused while a place has no department.
    """
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, {Phase.APPROVED, Phase.AGAIN})
    apart(actor, plan)
    if new.closes_on < new.opens_on or new.closes_on < local_date(now):
        raise DomainError("没有发布：报名截止日不能早于开始日，也不能早于今天。请改正日期。")
    seats = dict(plan.unfilled) or {one.id: one.seats for one in plan.rules.places}
    known = queries.places()
    if not set(seats) <= set(known):
        raise ConflictError("没有发布：有名额还没有对应的部门，请先在“名额和部门”里填好。")
    calendar, last = people.work_calendar(actor), new.closes_on
    row = models.EagletNotice(
        plan_id=plan_id,
        number=len(plan.notices) + 1,
        text=needed(new.text, 5000),
        places=seats,
        opens_on=new.opens_on,
        closes_on=last,
        screen_by=rules.deadline(last, plan.rules.screen_days, calendar),
        interview_from=rules.deadline(last, plan.rules.interview_from, calendar),
        interview_to=rules.deadline(last, plan.rules.interview_to, calendar),
        published_by=actor,
        published_at=now,
    )
    session().add(row)
    flush_unique(_TAKEN)
    record(actor, "eaglet.publish_notice", f"eaglet:{plan_id}", notice=row.id, number=row.number)
    _tell_places(plan, seats, now)
    return row.id


def _tell_places(plan: Plan, seats: dict[str, int], now: datetime) -> None:
    """Tell everybody of the departments whose places are announced."""
    known = queries.places()
    places = {one for place in seats for one in people.subtree(known[place].department)}
    who = [one.id for one in people.everybody(local_date(now)) if one.department_id in places]
    tell(who, "“%(title)s”开始报名，条件和日期在通知里。", plan, now)


def end(actor: PersonId, now: datetime, plan_id: int, reason: str) -> None:
    """End a plan before its group begins, with a reason that all see; applicants are told."""
    demand_permission(actor, "eaglet.direct")
    plan = held(plan_id, now, _BEFORE_STUDY)
    apart(actor, plan)
    store.add_event(plan_id, "ended", actor, now, {"reason": needed(reason)}, once="ended")
    record(actor, "eaglet.end", f"eaglet:{plan_id}")
    who = [one.person for one in queries.applications_of(plan_id) if not one.withdrawn]
    tell(who, "“%(title)s”已终止，原因在计划页上。", plan, now)
