"""Rows of the conversion part and its chapters; used by its services and queries only."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import CaseId, EnrolmentId, PersonId
from cstrain.onboarding.conversion.facts import (
    CaseFacts,
    Consent,
    DecisionFacts,
    EliminationFacts,
    Outcome,
    Violations,
)
from cstrain.onboarding.conversion.models import (
    ConversionCase,
    ConversionDecision,
    Elimination,
    ExtensionConsent,
)
from cstrain.onboarding.conversion.policy import ConversionChapter, LabourLaw
from cstrain.policies.loader import load

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
DECIDE = "conversion.decide"
"""Kind of the paired act that decides a case."""


def chapter() -> ConversionChapter:
    """Return the conversion chapter."""
    return load(ConversionChapter, "conversion.yaml")


def labour_law() -> LabourLaw:
    """Return the labour-law chapter."""
    return load(LabourLaw, "labour_law.yaml")


def subject_of(case_id: int) -> str:
    """Return how acts and documents name a case."""
    return f"conversion:{case_id}"


def chain_subject(case_id: int, act_id: int) -> str:
    """Return how the opinions on a proposed decision are named."""
    return f"conversion:{case_id}/act:{act_id}"


def elimination_subject(elimination_id: int) -> str:
    """Return how opinions on and documents of an elimination are named."""
    return f"elimination:{elimination_id}"


def get_case(case_id: int, *, lock: bool = False) -> ConversionCase:
    """Return a case's row, locked against a concurrent decision if asked."""
    row = session().get(ConversionCase, case_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def case_of_enrolment(enrolment_id: int) -> ConversionCase | None:
    """Return the case of an enrolment, or ``None``."""
    return session().scalar(sa.select(ConversionCase).where(ConversionCase.enrolment_id == enrolment_id))


def get_elimination(elimination_id: int, *, lock: bool = False) -> Elimination:
    """Return an elimination's row, locked against a concurrent decision if asked."""
    row = session().get(Elimination, elimination_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def person_or_none(value: int | None) -> PersonId | None:
    """Return a person's id, or ``None``."""
    return PersonId(value) if value is not None else None


def case_facts(row: ConversionCase) -> CaseFacts:
    """Return a case's facts."""
    return CaseFacts(
        id=CaseId(row.id),
        enrolment_id=EnrolmentId(row.enrolment_id),
        person_id=PersonId(row.person_id),
        opened_at=row.opened_at,
        violations=Violations(row.violations),
        violations_text=row.violations_text,
        self_summary=row.self_summary,
        summary_at=row.summary_at,
        proposed=Outcome(row.proposed_outcome) if row.proposed_outcome else None,
        proposal_says=row.proposal_says,
        blocked=row.blocked,
        outcome=Outcome(row.outcome) if row.outcome else None,
        effective_on=row.effective_on,
        offered_until=row.offered_until,
        extended_on=row.extended_on,
        extended_until=row.extended_until,
        decided_at=row.decided_at,
        closed_at=row.closed_at,
    )


def consent_facts(row: ExtensionConsent) -> Consent:
    """Return a consent's facts."""
    return Consent(row.until, row.consented_on, row.evidence, PersonId(row.recorded_by), row.recorded_at)


def decision_facts(row: ConversionDecision) -> DecisionFacts:
    """Return a decision's facts."""
    return DecisionFacts(
        id=row.id,
        case_id=CaseId(row.case_id),
        act_id=row.act_id,
        outcome=Outcome(row.outcome),
        effective_on=row.effective_on,
        until=row.until,
        reason=row.reason,
        proposed_by=person_or_none(row.proposed_by),
        confirmed_by=person_or_none(row.confirmed_by),
        decided_at=row.decided_at,
        snapshot=row.snapshot,
        snapshot_hash=row.snapshot_hash,
    )


def elimination_facts(row: Elimination) -> EliminationFacts:
    """Return an elimination's facts."""
    return EliminationFacts(
        id=row.id,
        enrolment_id=EnrolmentId(row.enrolment_id),
        case_id=CaseId(row.case_id) if row.case_id is not None else None,
        person_id=PersonId(row.person_id),
        condition=row.condition,
        acknowledged_on=row.acknowledged_on,
        evidence=row.evidence,
        union_notice=row.union_notice,
        reasons=row.reasons,
        last_day=row.last_day,
        letter_no=row.letter_no,
        proposed_by=PersonId(row.proposed_by),
        proposed_at=row.proposed_at,
        decided_by=person_or_none(row.decided_by),
        decided_at=row.decided_at,
        refused_by=person_or_none(row.refused_by),
        refused_at=row.refused_at,
        refused_why=row.refused_why,
        answer=row.answer,
        answered_at=row.answered_at,
        snapshot=row.snapshot,
        snapshot_hash=row.snapshot_hash,
    )
