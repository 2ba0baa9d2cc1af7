"""Gates: people decide, with a reason, on the findings they have before them."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.service import notify
from cstrain.onboarding.events import GateDecided, gate_decided
from cstrain.onboarding.facts import GateFacts
from cstrain.onboarding.models import GateDecision
from cstrain.onboarding.policy import DECISION_WORDS, Decision
from cstrain.onboarding.queries.timelines import timeline
from cstrain.onboarding.service.common import need_open, need_reason, not_self
from cstrain.onboarding.store import MISSING, get_enrolment

DECISIONS: tuple[str, ...] = get_args(Decision)


def decide_gate(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, gate_id: str, decision: str, reason: str
) -> int:
    """Record a decision at a gate with the findings of this moment; return its id. A later one counts.

    ``eliminate`` begins the elimination procedure (``GateDecided``); it decides nothing about employment by
    itself. Refuses gates that the conversion case decides, and a decision while evidence is missing, unless
    it is to go on.
    """
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    found = next((one for one in timeline(enrolment_id, now).gates if one.gate.id == gate_id), None)
    if found is None or found.gate.decided_in != "gate":
        raise NotFoundError(MISSING)
    _check(found, decision)
    text = need_reason(reason, most=1000)
    made = GateDecision(
        enrolment_id=enrolment_id,
        gate=gate_id,
        proposal=found.proposal,
        findings=[_kept(each.grade, each.finding.says, each.finding.clause) for each in found.findings],
        decision=decision,
        reason=text,
        decided_by=actor,
        decided_at=now,
    )
    session().add(made)
    session().flush()
    detail = {"gate": gate_id, "proposal": found.proposal, "decision": decision}
    record(actor, "gate.decide", f"enrolment:{enrolment_id}", **detail)
    person = PersonId(row.person_id)
    _tell(person, now, found, decision, text)
    gate_decided.send(GateDecided(enrolment_id, person, gate_id, decision, text, actor, now))
    return made.id


def _tell(person: PersonId, now: datetime, found: GateFacts, decision: str, reason: str) -> None:
    """Tell the trainee; an elimination is told by its own procedure, with the reason letter."""
    if decision == "eliminate":
        return
    notify(
        person,
        "%(gate)s：%(decision)s。原因：%(reason)s",
        now=now,
        values={"gate": found.gate.title, "decision": DECISION_WORDS[decision], "reason": reason},
        url="/programme",
    )


def _check(found: GateFacts, decision: str) -> None:
    if decision not in DECISIONS:
        raise DomainError("没有保存：没有选择决定。请选择一项。")
    if decision == "eliminate" and not found.gate.consequences:
        raise DomainError("没有保存：这个关口只作参考，不能据此淘汰。请选择其他决定。")
    if decision == "eliminate" and not found.failed:
        raise ConflictError("没有保存：没有一项偏弱或远低于要求，不能据此淘汰。请先登记成绩单。")


def _kept(grade: str, says: str, clause: str) -> dict[str, str]:
    return {"grade": str(grade), "says": says, "clause": clause}
