"""Who may apply for a plan now; who may not hears why and what to do before they write."""

from __future__ import annotations

from datetime import date

from cstrain.kernel.errors import ConflictError, DomainError, Each, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion.eaglet.facts import Application, Notice, Phase, Plan
from cstrain.promotion.eaglet.queries.applications import applications_of
from cstrain.promotion.eaglet.queries.plans import place_of, places


def may_apply(person: PersonId, plan: Plan, today: date) -> bool:
    """Tell whether somebody may apply now: from a department with a place, converted, once."""
    return plan.phase is Phase.OPEN and barred(person, plan, today) is None


def barred(person: PersonId, plan: Plan, today: date) -> DomainError | None:
    """Return why somebody may not apply for a plan now, and what to do; ``None`` when they may."""
    notice = plan.notice
    if plan.phase is not Phase.OPEN or notice is None:
        return _closed(plan)
    return _unfit(people.get_person(person, today), plan, notice) or _has_part(person, plan, notice)


def _closed(plan: Plan) -> DomainError:
    if plan.phase is Phase.ANNOUNCED and plan.notice is not None:
        return ConflictError("不能报名：还没到报名时间，%(day)s开始。请到时再来。", day=plan.notice.opens_on)
    if plan.notice is None:
        return ConflictError("不能报名：这期计划还没有发布通知。通知发布以后，有名额的部门都会收到。")
    return ConflictError(
        "不能报名：报名在%(day)s截止了。可以等下一次通知或下一期计划。", day=plan.notice.closes_on
    )


def _unfit(facts: PersonFacts, plan: Plan, notice: Notice) -> DomainError | None:
    place = place_of(facts, plan.rules)
    if place is None or place.place not in notice.places:
        known = places()
        rows = [{"name": known[one].department_name} for one in notice.places if one in known]
        return ForbiddenError(
            "不能报名：这次通知没有你所在部门（%(mine)s）的名额，有名额的部门是%(names)s。"
            "部门写得不对的，请找人力资源部更正；其他人可以等下一次通知。",
            mine=facts.department_name,
            names=Each("%(name)s", rows),
        )
    if facts.status is not Status.CONVERTED:
        return ForbiddenError("不能报名：转正以后才能报名。转正以后可以报下一期计划。")
    return None


def _has_part(person: PersonId, plan: Plan, notice: Notice) -> DomainError | None:
    if person in {plan.proposed_by, notice.published_by, *(one.by for one in plan.approvals)}:
        return ForbiddenError("不能报名：这期计划由你提出、审批或发布，不能自己报名。可以报别的计划。")
    every = applications_of(plan.id)
    mine = [one for one in every if one.person == person]
    if any(not one.withdrawn for one in mine):
        return ConflictError("不能报名：你已经报名了，不用再报。可以在计划页上看你的申请书。")
    if any(one.notice == notice.id for one in mine):
        return ConflictError("不能报名：这次通知你报过名又撤回了，不能再报。可以等下一次通知。")
    if any(person in _examiners(one) for one in every if one.notice == notice.id):
        return ForbiddenError(
            "不能报名：这次通知里你给别人的报名写过评语或说明，不能自己再报。可以等下一次通知。"
        )
    return None


def _examiners(one: Application) -> set[PersonId]:
    """Return who has said something that counts in the screening of an application."""
    return {said.by for said in (one.comment, *one.stated.values()) if said is not None}
