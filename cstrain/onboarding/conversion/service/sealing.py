"""What is sealed with a decision: facts, findings, opinions, people, editions of the policies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cstrain.approvals.facts import ActFacts, ChainFacts
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import EliminationFacts, Outcome, PaperLine
from cstrain.onboarding.conversion.queries.dossier import CaseView
from cstrain.onboarding.conversion.rules.snapshot import seal
from cstrain.people.facts import ContractFacts


def seal_decision(
    view: CaseView, act: ActFacts, actor: PersonId, now: datetime, reason: str
) -> tuple[str, str]:
    """Return the canonical text and the hash of a decision that ``actor`` confirms."""
    chosen = {
        "outcome": act.payload["outcome"],
        "effective_on": act.payload.get("effective_on"),
        "until": act.payload.get("until"),
        "reason": reason,
        "proposed_by": act.proposed_by,
        "proposed_at": act.proposed_at,
        "confirmed_by": actor,
        "decided_at": now,
    }
    return seal({**case_facts(view), "decision": chosen})


def seal_lapse(view: CaseView, effective_on: date, now: datetime) -> tuple[str, str]:
    """Return the canonical text and the hash of a conversion by lapse of time."""
    law = store.labour_law().lapse
    chosen = {
        "outcome": str(Outcome.LAPSED),
        "effective_on": effective_on,
        "reason": law.why,
        "clause": law.clause,
        "decided_at": now,
    }
    return seal({**case_facts(view), "decision": chosen})


def seal_elimination(
    facts: EliminationFacts,
    contract: ContractFacts | None,
    chain: ChainFacts | None,
    actor: PersonId,
    now: datetime,
) -> tuple[str, str]:
    """Return the canonical text and the hash of an elimination that ``actor`` confirms."""
    kept = {name: getattr(facts, name) for name in facts.__slots__ if not name.startswith("snapshot")}
    return seal(
        {
            "elimination": kept | {"decided_by": actor, "decided_at": now},
            "contract": _contract(contract),
            "opinions": _opinions(chain),
            "policies": _policies(),
        }
    )


def case_facts(view: CaseView) -> dict[str, Any]:
    """Return everything a decision on a case rests on, as plain data."""
    person, record = view.person, view.record
    return {
        "case": view.case.id,
        "person": {
            "id": person.id,
            "staff_no": person.staff_no,
            "name": person.name,
            "department": person.department_name,
            "post": person.post,
            "hire_date": person.hire_date,
        },
        "contract": _contract(view.contract),
        "enrolment": {
            "id": view.enrolment.id,
            "programme": view.enrolment.programme_ref,
            "programme_edition": view.enrolment.programme_edition,
            "start_date": view.enrolment.start_date,
        },
        "papers": _papers(view.papers),
        "training": record,
        "violations": {"state": str(view.case.violations), "text": view.case.violations_text},
        "self_summary": view.case.self_summary,
        "consent": view.consent,
        "trainings": list(view.trainings),
        "proposal": {
            "outcome": view.proposal.outcome,
            "says": view.proposal.says,
            "effective_on": view.proposal.effective_on,
            "until": view.proposal.until,
        },
        "findings": list(view.assessment.findings),
        "opinions": _opinions(view.chain),
        "policies": _policies(),
    }


def _contract(contract: ContractFacts | None) -> dict[str, Any] | None:
    if contract is None:
        return None
    return {
        "kind": str(contract.kind),
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "term_months": contract.term_months,
        "probation_end": contract.probation_end,
    }


def _papers(lines: Iterable[PaperLine]) -> list[dict[str, Any]]:
    return [
        {
            "paper": one.paper_ref,
            "attempt": one.attempt_id,
            "raw": one.raw,
            "pass_mark": one.pass_mark,
            "passed": one.passed,
            "on": one.on,
            "released_on": one.released_on,
            "resit": one.resit,
        }
        for line in lines
        for one in (line.first, *line.resits)
        if one is not None
    ]


def _opinions(chain: ChainFacts | None) -> list[dict[str, Any]]:
    return [
        {
            "office": one.office,
            "verdict": one.verdict,
            "rating": one.rating,
            "text": one.text,
            "given_by": one.given_by,
            "for": one.for_person_id,
            "given_at": one.given_at,
        }
        for one in (chain.opinions if chain else ())
    ]


def _policies() -> dict[str, Any]:
    chapter, law = store.chapter(), store.labour_law()
    return {
        chapter.ref: {
            "edition": chapter.edition,
            "effective_from": chapter.effective_from,
            "title": chapter.title,
        },
        law.ref: {"edition": law.edition, "effective_from": law.effective_from, "source": law.source},
    }
