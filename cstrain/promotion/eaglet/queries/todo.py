"""What somebody has to do in Eaglet plans now, and who may look at what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.eaglet.facts import Application, Phase, Plan, RemovalState
from cstrain.promotion.eaglet.queries.applications import applications_of, standing_of
from cstrain.promotion.eaglet.queries.applying import may_apply
from cstrain.promotion.eaglet.queries.finish import closings_of, outcomes, sittings_of
from cstrain.promotion.eaglet.queries.group import Study, complaints_of, study
from cstrain.promotion.eaglet.queries.plans import unfinished
from cstrain.promotion.eaglet.queries.results import progress

_WORD = (RemovalState.ASKED, RemovalState.APPEALED)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: ``kind``, the plan, the application where it is about one, the last day if any."""

    kind: str
    plan: Plan
    application: Application | None = None
    due: date | None = None


def duties(person: PersonId, now: datetime) -> list[Duty]:
    """Return what waits for somebody in all plans that go on."""
    return [duty for one in unfinished(local_date(now)) for duty in duties_in(person, one, now)]


def duties_in(person: PersonId, plan: Plan, now: datetime) -> list[Duty]:
    """Return what waits for somebody in one plan."""
    if plan.phase is Phase.STUDYING:
        return list(_studying(person, plan, now))
    every = applications_of(plan.id)
    if any(one.person == person and not one.withdrawn for one in every):
        return []
    return [*_beginning(person, plan, now), *_choosing(person, plan, now)]


def offices_to_sign(person: PersonId, plan: Plan, today: date) -> list[str]:
    """Return the offices in which somebody may still say yes or no to a proposal."""
    if plan.phase is not Phase.PROPOSED or person == plan.proposed_by:
        return []
    if not may(person, "eaglet.approve") or any(one.by == person for one in plan.approvals):
        return []
    signed = {one.office for one in plan.approvals}
    roles = people.roles_of(person, today)
    return [one for one in plan.rules.approvals if one in roles and one not in signed]


def _beginning(person: PersonId, plan: Plan, now: datetime) -> Iterator[Duty]:
    today = local_date(now)
    if offices_to_sign(person, plan, today):
        due = local_date(plan.proposed_at) + timedelta(days=plan.rules.answer_days)
        yield Duty("approve", plan, due=due)
    if plan.phase in {Phase.APPROVED, Phase.AGAIN} and may(person, "eaglet.manage"):
        yield Duty("notice", plan)
    if may_apply(person, plan, today):
        yield Duty("apply", plan, due=plan.notice.closes_on if plan.notice else None)


def _choosing(person: PersonId, plan: Plan, now: datetime) -> Iterator[Duty]:
    notice, today = plan.notice, local_date(now)
    if notice is None:
        return
    if plan.phase in {Phase.OPEN, Phase.SCREENING}:
        for one in standing_of(plan):
            if one.comment is None and may(person, "eaglet.comment", one.person):
                yield Duty("comment", plan, one, notice.screen_by)
    if plan.phase is Phase.SCREENING and may(person, "eaglet.manage"):
        yield Duty("screen", plan, due=notice.screen_by)
    if plan.phase is Phase.INTERVIEWS:
        yield from _interviewing(person, plan, today)
    if plan.phase is Phase.DECIDING and may(person, "eaglet.direct"):
        yield Duty("group", plan, due=notice.interview_to)


def _interviewing(person: PersonId, plan: Plan, today: date) -> Iterator[Duty]:
    notice = plan.notice
    if notice is None:
        return
    state = progress(plan, standing_of(plan), today)
    if not state.awaited:
        if may(person, "eaglet.manage"):
            yield Duty("open", plan, due=notice.interview_to)
        return
    if today < notice.interview_from:
        return
    yield from (
        Duty("interview", plan, one, notice.interview_to) for one in to_interview(person, plan, today)
    )


def to_interview(person: PersonId, plan: Plan, today: date) -> list[Application]:
    """Return about whom somebody has to hand a sheet in: for an office of theirs whose sheet is not in."""
    if not may(person, "eaglet.interview"):
        return []
    state = progress(plan, standing_of(plan), today)
    roles = people.roles_of(person, today)
    return [
        one
        for one in state.invited
        if one.person != person
        and (one.id, person) not in state.raters
        and any(office in roles for each, office in state.awaited if each == one.id)
    ]


def _studying(person: PersonId, plan: Plan, now: datetime) -> Iterator[Duty]:
    found = study(plan.id, local_date(now))
    if found.is_member(person):
        yield from _learning(person, plan, found, local_date(now))
        return
    if any(one.person == person for one in found.members):
        return
    if may(person, "eaglet.direct") and found.leader is None:
        yield Duty("leader", plan)
    if may(person, "eaglet.judge"):
        yield from (Duty("complaint", plan) for one in complaints_of(plan.id) if one.proper is None)
        yield from (Duty("removal", plan) for one in found.removals if one.state is RemovalState.ASKED)
    if may(person, "eaglet.hear"):
        waits = (one for one in found.removals if one.state is RemovalState.APPEALED)
        yield from (Duty("appeal", plan) for one in waits if person not in {one.asked_by, one.answered_by})
    yield from _finishing(person, plan, found, now)


def _learning(person: PersonId, plan: Plan, found: Study, today: date) -> Iterator[Duty]:
    for one in found.sessions:
        waits = not one.called_off and one.on >= today and one.reported_by != person
        if waits and person not in one.agreed:
            yield Duty("agree", plan, due=one.on)
    if found.leads(person) and today >= check_due(plan, found):
        yield Duty("check", plan, due=check_due(plan, found))
    for each in found.removals:
        if each.about == person and each.state is RemovalState.WINDOW:
            yield Duty("appealing", plan, due=each.appeal_by)


def check_due(plan: Plan, found: Study) -> date:
    """Return the day from which a knowledge check is due: so many days after the last, or the beginning."""
    began = max((local_date(one.joined_at) for one in found.active), default=date.max - timedelta(days=99))
    last = max((one.on for one in found.checks), default=began)
    return last + timedelta(days=plan.rules.check_days)


def _finishing(person: PersonId, plan: Plan, found: Study, now: datetime) -> Iterator[Duty]:
    waiting = [one for one in closings_of(plan.id) if one.agreed is None]
    if may(person, "eaglet.close"):
        yield from (Duty("answer", plan) for one in waiting if one.proposed_by != person)
    if not may(person, "eaglet.manage"):
        return
    asked = (one.request for one in found.sessions if one.request is not None and not one.called_off)
    yield from (Duty("request", plan) for one in asked if one.granted is None)
    if set(sittings_of(plan)) != set(plan.rules.papers):
        yield Duty("exams", plan)
    elif not waiting and not any(one.state in _WORD for one in found.removals):
        results = outcomes(plan, [one.person for one in found.active], now)
        if all(one.passes is not None for one in results):
            yield Duty("closing", plan)


def sees_all(person: PersonId, plan: Plan) -> bool:
    """Tell whether somebody may read every application and the sheets: an office that looks on, no rival."""
    rival = any(one.person == person and not one.withdrawn for one in applications_of(plan.id))
    return may(person, "eaglet.view_all") and not rival
