"""Deciding an application: proposed with reasons by one, confirmed by another, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cstrain.access import may
from cstrain.approvals import queries as acts
from cstrain.approvals import service as approvals
from cstrain.approvals.facts import ActFacts
from cstrain.audit.service import record
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.finding import State as Found
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import EntryFacts, State
from cstrain.promotion.applications.grounds import Grounds
from cstrain.promotion.applications.models import PromotionApplication
from cstrain.promotion.applications.service.apply import check_met
from cstrain.promotion.applications.service.common import (
    application_row,
    grounds_now,
    happen,
    holders,
    hr_people,
    keep_evidence,
    name_of,
    tell,
    url_of,
    without_part,
)

OUTCOMES = ("approve", "decline")


def _deciding(actor: PersonId, application_id: int) -> PromotionApplication:
    """Return an application to decide; not for who reviewed it or checked it."""
    row = application_row(application_id, actor)
    if row.state != State.DEFENDED:
        raise ConflictError("这份申请现在不等决定。请刷新后再看。")
    found = queries.application(application_id)
    earlier = [found.last("review"), found.last("pass", "pass_without_panel")]
    without_part(actor, [one.by for one in earlier if one is not None])
    return row


def propose_decision(actor: PersonId, now: datetime, application_id: int, outcome: str, reason: str) -> int:
    """Propose to approve or to decline, with reasons; return the act's id.

    To approve, nothing is unmet today, what was unknown has been confirmed, and the defence reached its mark.
    """
    row = _deciding(actor, application_id)
    if outcome not in OUTCOMES:
        raise DomainError("没有提出：请选择通过或不通过。")
    if outcome == "approve":
        _check_approval(application_id, grounds_now(application_id, now))
    act = approvals.propose(
        actor,
        now,
        store.DECIDE,
        store.subject_of(application_id),
        {"outcome": outcome},
        reason,
        PersonId(row.person_id),
    )
    name = name_of(row.person_id, now)
    told = holders(("gm", "deputy_gm"), now, [row.person_id, actor])
    tell(told, "%(name)s的晋升决定等你确认。", now, url=url_of(application_id), name=name)
    return act


def _check_approval(application_id: int, grounds: Grounds) -> None:
    check_met(grounds)
    confirmed = queries.confirmations(application_id)
    for place, finding in enumerate(grounds.assessment.findings):
        if finding.state is Found.UNKNOWN and place not in confirmed:
            raise DomainError(
                "不能通过：“%(text)s”待确认，也没有人核实过。请先补齐。", text=finding.text or finding.says
            )
    entry = queries.entry_of_application(application_id)
    if not grounds.step.panel:
        return
    result = queries.scores(entry.id) if entry is not None else None
    if result is None or not result.reaches:
        raise DomainError("不能通过：答辩均分没有达到评审规定的分数线。")


def confirm_decision(actor: PersonId, now: datetime, application_id: int) -> State:
    """Confirm somebody else's proposal as gm or deputy; facts, findings and scores are sealed with it."""
    row = _deciding(actor, application_id)
    act = _open_act(application_id)
    if not may(actor, "application.confirm", PersonId(row.person_id)):
        raise ForbiddenError("晋升决定由总经理或副总经理确认。")
    grounds = grounds_now(application_id, now)
    outcome = str(act.payload["outcome"])
    if outcome == "approve":
        _check_approval(application_id, grounds)
    approvals.confirm(actor, now, act.id)
    digest = keep_evidence(row.id, grounds, "decide", now, _kept(application_id, act, actor, now))
    without_notice = outcome == "approve" and grounds.step.notice_working_days is None
    kind = "approve_without_notice" if without_notice else outcome
    after = happen(row, kind, actor, now, act.reason, {"proposed_by": act.proposed_by, "evidence": digest})
    _tell_decided(now, row, after)
    return after


def _open_act(application_id: int) -> ActFacts:
    act = acts.open_act(store.DECIDE, store.subject_of(application_id))
    if act is None:
        raise ConflictError("没有等待确认的决定。请刷新后再看。")
    return act


def _kept(application_id: int, act: ActFacts, actor: PersonId, now: datetime) -> dict[str, Any]:
    entry = queries.entry_of_application(application_id)
    found = queries.application(application_id)
    return {
        "decision": {
            "outcome": act.payload["outcome"],
            "reason": act.reason,
            "proposed_by": act.proposed_by,
            "proposed_at": act.proposed_at,
            "confirmed_by": actor,
            "decided_at": now,
        },
        "confirmed": queries.confirmations(application_id),
        "events": list(found.events),
        "defence": entry,
        "scores": queries.scores(entry.id) if entry is not None else None,
        "panels_edition": _panels_edition(entry),
    }


def _panels_edition(entry: EntryFacts | None) -> int:
    """Return the edition the defence was held by; without one that in force."""
    return store.chapter().edition if entry is None else queries.round_facts(entry.round_id).edition


def _tell_decided(now: datetime, row: PromotionApplication, after: State) -> None:
    url = url_of(row.id)
    person = PersonId(row.person_id)
    name = name_of(person, now)
    if after is State.DECLINED:
        tell([person], "你的晋升申请没有通过，请查看原因；不同意可以申诉。", now, url=url)
        return
    tell([person], "你的晋升申请已决定通过，公示无异议后任命。", now, url=url)
    tell(hr_people(now, [person]), "%(name)s的晋升已决定通过，请办理下一步。", now, url=url, name=name)


def refuse_decision(actor: PersonId, now: datetime, application_id: int, why: str) -> None:
    """Send a proposed decision back with a reason; a new one may be proposed."""
    row = _deciding(actor, application_id)
    act = _open_act(application_id)
    approvals.refuse(actor, now, act.id, why)
    record(actor, "application.refuse_decision", store.subject_of(application_id), act=act.id)
    if act.proposed_by != actor:
        name = name_of(row.person_id, now)
        url = url_of(application_id)
        tell([act.proposed_by], "%(name)s的晋升决定被退回，请查看原因。", now, url=url, name=name)
