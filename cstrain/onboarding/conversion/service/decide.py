"""Deciding a case: proposed with reasons, opinions of the offices, confirmed by a second person, sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cstrain.approvals import service as approvals
from cstrain.approvals.facts import ActFacts
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import CaseId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import CONVERTING, Outcome
from cstrain.onboarding.conversion.models import ConversionCase, ConversionDecision
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_view
from cstrain.onboarding.conversion.rules import decision as rules
from cstrain.onboarding.conversion.rules import labour, outcome
from cstrain.onboarding.conversion.service.archive import archive_form
from cstrain.onboarding.conversion.service.common import case_url, hr_people, open_row, tell
from cstrain.onboarding.conversion.service.opinions import send_round
from cstrain.onboarding.conversion.service.sealing import seal_decision
from cstrain.onboarding.service.enrol import close_enrolment
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level, Status
from cstrain.people.service import NewContract


def propose_decision(
    actor: PersonId,
    now: datetime,
    case_id: CaseId,
    chosen: Outcome,
    reason: str,
    until: date | None = None,
) -> int:
    """Propose how a case is decided and ask the offices for their opinions; return the act's id.

    The choice may differ from the system's proposal, with a reason that says why. ``until`` is the new end of
    an extended probation. Refuses on unknown violations, missing results, and whatever labour law refuses.
    """
    open_row(case_id, actor)
    view = case_view(case_id, now)
    if view.elimination is not None:
        raise ConflictError("没有提出：这位员工的不予转正正在办理。请先办完或退回。")
    rules.check_choice(chosen, reason, view.case.violations, view.proposal, actor, view.person.id)
    end = labour.agreed_end(view.contract)
    rules.check_time(store.labour_law(), chosen, end, view.today)
    payload: dict[str, Any] = {"outcome": str(chosen), "proposed": view.proposal.outcome}
    if chosen is Outcome.EXTEND:
        payload["until"] = _lawful_until(view, until).isoformat()
    else:
        payload["effective_on"] = _effective(view, chosen).isoformat()
    act = approvals.propose(
        actor, now, store.DECIDE, store.subject_of(case_id), payload, reason, view.person.id
    )
    subject = store.chain_subject(case_id, act)
    send_round(actor, now, view, subject, "%(name)s的转正等你填写意见。", case_url(case_id))
    record(actor, "conversion.propose_decision", f"conversion:{case_id}", act=act, outcome=chosen)
    return act


def _lawful_until(view: CaseView, until: date | None) -> date:
    if until is None or view.contract is None:
        raise DomainError("没有提出：请写明延长到哪一天。")
    labour.check_extension(store.labour_law(), view.contract, until, view.consent, view.today)
    return until


def _effective(view: CaseView, chosen: Outcome) -> date:
    if chosen is view.proposal.outcome and view.proposal.effective_on is not None:
        return view.proposal.effective_on
    assert view.situation is not None
    months = store.chapter().convert_after_months
    found = outcome.effective_for(chosen, view.situation, view.today, months)
    assert found is not None
    return found


def confirm_decision(actor: PersonId, now: datetime, case_id: CaseId, note: str = "") -> int:
    """Confirm a proposed decision as the second person; return the decision's id.

    Every office has given its opinion; where one disagreed, ``note`` says why it is decided so nevertheless.
    The level changes on the effective date, an extension changes the contract; facts, findings, opinions and
    editions are sealed, the form is archived.
    """
    row = open_row(case_id, actor)
    view = case_view(case_id, now)
    act = view.act
    if act is None:
        raise ConflictError("没有等待确认的结论。请刷新后再看。")
    rules.check_confirmation(
        act.proposed_by,
        actor,
        view.person.id,
        complete=view.chain is not None and view.chain.complete,
        assessment=view.assessment,
    )
    if view.chain is not None and view.chain.disagreeing and not note.strip():
        raise DomainError("没有生效：有意见不同意。请写明为什么仍这样决定。")
    chosen = Outcome(act.payload["outcome"])
    rules.check_time(store.labour_law(), chosen, labour.agreed_end(view.contract), view.today)
    approvals.confirm(actor, now, act.id)
    decision = _decide(actor, now, row, view, act, chosen, note)
    _take_effect(actor, now, row, view, decision)
    record(
        actor,
        "conversion.decide",
        f"conversion:{case_id}",
        outcome=chosen,
        decision=decision.id,
        snapshot=decision.snapshot_hash,
    )
    archive_form(actor, now, case_id)
    _tell_decided(now, view, chosen, decision)
    return decision.id


def _decide(
    actor: PersonId,
    now: datetime,
    row: ConversionCase,
    view: CaseView,
    act: ActFacts,
    chosen: Outcome,
    note: str,
) -> ConversionDecision:
    reason = f"{act.reason}\n{note.strip()}".strip()
    text, digest = seal_decision(view, act, actor, now, reason)
    decision = ConversionDecision(
        case_id=row.id,
        act_id=act.id,
        outcome=chosen,
        effective_on=_day(act.payload.get("effective_on")),
        until=_day(act.payload.get("until")),
        reason=reason,
        proposed_by=act.proposed_by,
        confirmed_by=actor,
        decided_at=now,
        snapshot=text,
        snapshot_hash=digest,
    )
    session().add(decision)
    row.outcome, row.decided_at = chosen, now
    session().flush()
    return decision


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _take_effect(
    actor: PersonId, now: datetime, row: ConversionCase, view: CaseView, decision: ConversionDecision
) -> None:
    if Outcome(decision.outcome) in CONVERTING and decision.effective_on is not None:
        _convert(actor, now, row, view, decision.effective_on)
    elif decision.until is not None:
        _extend(actor, now, row, view, decision.until)


def _convert(actor: PersonId, now: datetime, row: ConversionCase, view: CaseView, on: date) -> None:
    row.effective_on, row.closed_at = on, now
    session().flush()
    people_service.change_state(
        actor,
        now,
        view.person.id,
        on,
        status=Status.CONVERTED,
        level=Level.JUNIOR,
        reason=OUTCOME_WORDS[Outcome(row.outcome or "")],
        source=store.subject_of(row.id),
    )
    if view.enrolment.is_open:
        close_enrolment(actor, now, view.enrolment.id, "转正")


def _extend(actor: PersonId, now: datetime, row: ConversionCase, view: CaseView, until: date) -> None:
    contract, consent = view.contract, view.consent
    if contract is None or consent is None:
        raise DomainError("没有办理：合同或同意书不齐。请补齐后再确认。")
    labour.check_extension(store.labour_law(), contract, until, consent, local_date(now))
    row.extended_on, row.extended_until, row.proposed_outcome = local_date(now), until, None
    session().flush()
    longer = NewContract(contract.kind, contract.starts_on, contract.ends_on, until, consent.consented_on)
    people_service.record_contract(actor, now, view.person.id, longer)


def _tell_decided(now: datetime, view: CaseView, chosen: Outcome, decision: ConversionDecision) -> None:
    others = [
        *hr_people(now, [view.person.id]),
        view.mentor,
        people.supervisor_of(view.person.id, view.today),
    ]
    url = case_url(view.case.id)
    key = f"decided:{decision.id}"
    if chosen is Outcome.EXTEND:
        tell(
            [view.person.id, *others],
            "%(name)s的试用期延长至%(until)s。",
            now,
            url=url,
            key=key,
            name=view.person.name,
            until=decision.until,
        )
        return
    tell(
        [view.person.id],
        "你已转正，%(day)s生效，级别初级。",
        now,
        url=url,
        key=key,
        day=decision.effective_on,
    )
    tell(
        others,
        "%(name)s已转正，%(day)s生效。",
        now,
        url=url,
        key=key,
        name=view.person.name,
        day=decision.effective_on,
    )


def refuse_decision(actor: PersonId, now: datetime, case_id: CaseId, why: str) -> None:
    """Send a proposed decision back with a reason; its opinions stay on record, a new proposal asks anew."""
    open_row(case_id, actor)
    view = case_view(case_id, now)
    if view.act is None:
        raise ConflictError("没有等待确认的结论。请刷新后再看。")
    approvals.refuse(actor, now, view.act.id, why)
    approvals.withdraw(actor, now, store.chain_subject(case_id, view.act.id), "退回")
    record(actor, "conversion.refuse_decision", f"conversion:{case_id}", act=view.act.id)
    if view.act.proposed_by != actor:
        tell(
            [view.act.proposed_by],
            "%(name)s的转正结论被退回，请查看原因。",
            now,
            url=case_url(case_id),
            name=view.person.name,
        )
