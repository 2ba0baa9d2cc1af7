"""Cases, decisions, eliminations and archived documents as they are recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import (
    ArchivedFacts,
    CaseFacts,
    Consent,
    DecisionFacts,
    EliminationFacts,
    Training,
)
from cstrain.onboarding.conversion.models import (
    ArchivedDocument,
    ConversionCase,
    ConversionDecision,
    Elimination,
    ExtensionConsent,
    SpecialTraining,
)
from cstrain.onboarding.conversion.rules.snapshot import intact


def case(case_id: int) -> CaseFacts:
    """Return one case; ``NotFoundError`` when there is none."""
    return store.case_facts(store.get_case(case_id))


def case_for_enrolment(enrolment_id: int) -> CaseFacts | None:
    """Return the case of an enrolment, or ``None``."""
    row = store.case_of_enrolment(enrolment_id)
    return store.case_facts(row) if row is not None else None


def cases(enrolment_ids: Collection[int] | None = None) -> list[CaseFacts]:
    """Return cases, latest first; only of these enrolments if given."""
    statement = sa.select(ConversionCase).order_by(ConversionCase.id.desc())
    if enrolment_ids is not None:
        statement = statement.where(ConversionCase.enrolment_id.in_(enrolment_ids))
    return [store.case_facts(row) for row in session().scalars(statement)]


def open_cases() -> list[CaseFacts]:
    """Return the cases in which something is still to be decided, oldest first."""
    statement = (
        sa.select(ConversionCase).where(ConversionCase.closed_at.is_(None)).order_by(ConversionCase.id)
    )
    return [store.case_facts(row) for row in session().scalars(statement)]


_LATEST = (
    sa.select(ConversionCase)
    .where(ConversionCase.person_id == sa.bindparam("person"))
    .order_by(ConversionCase.id.desc())
    .limit(1)
)


def latest_case_of(person: PersonId) -> CaseFacts | None:
    """Return a person's latest case, or ``None``."""
    row = session().scalar(_LATEST, {"person": person})
    return store.case_facts(row) if row is not None else None


def decisions_of(case_id: int) -> list[DecisionFacts]:
    """Return the decisions of a case, oldest first."""
    statement = (
        sa.select(ConversionDecision)
        .where(ConversionDecision.case_id == case_id)
        .order_by(ConversionDecision.id)
    )
    return [store.decision_facts(row) for row in session().scalars(statement)]


def decision(decision_id: int) -> DecisionFacts:
    """Return one decision; ``NotFoundError`` when there is none."""
    row = session().get(ConversionDecision, decision_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return store.decision_facts(row)


def verify(decision_id: int) -> bool:
    """Tell whether a decision's snapshot is still what was sealed."""
    facts = decision(decision_id)
    return intact(facts.snapshot, facts.snapshot_hash)


def consent_of(case_id: int) -> Consent | None:
    """Return the latest recorded consent of a case, or ``None``."""
    row = session().scalar(
        sa.select(ExtensionConsent)
        .where(ExtensionConsent.case_id == case_id)
        .order_by(ExtensionConsent.id.desc())
        .limit(1)
    )
    return store.consent_facts(row) if row is not None else None


def trainings_of(case_id: int) -> tuple[Training, ...]:
    """Return the special trainings of a case, oldest first."""
    statement = (
        sa.select(SpecialTraining).where(SpecialTraining.case_id == case_id).order_by(SpecialTraining.id)
    )
    return tuple(Training(row.text, PersonId(row.by), row.at) for row in session().scalars(statement))


def elimination(elimination_id: int) -> EliminationFacts:
    """Return one elimination; ``NotFoundError`` when there is none."""
    return store.elimination_facts(store.get_elimination(elimination_id))


def eliminations(*, open_only: bool = False) -> list[EliminationFacts]:
    """Return eliminations, latest first; only those that wait for a second person if asked."""
    statement = sa.select(Elimination).order_by(Elimination.id.desc())
    if open_only:
        statement = statement.where(Elimination.decided_at.is_(None), Elimination.refused_at.is_(None))
    return [store.elimination_facts(row) for row in session().scalars(statement)]


def elimination_of_enrolment(enrolment_id: int) -> EliminationFacts | None:
    """Return the elimination of an enrolment that is open or decided, or ``None``."""
    found = eliminations_of([EnrolmentId(enrolment_id)])
    return found.get(EnrolmentId(enrolment_id))


def eliminations_of(enrolment_ids: Collection[EnrolmentId]) -> dict[EnrolmentId, EliminationFacts]:
    """Return the eliminations of enrolments that were not refused."""
    rows = session().scalars(
        sa.select(Elimination).where(
            Elimination.enrolment_id.in_(enrolment_ids), Elimination.refused_at.is_(None)
        )
    )
    return {EnrolmentId(row.enrolment_id): store.elimination_facts(row) for row in rows}


def _archived_facts(row: ArchivedDocument) -> ArchivedFacts:
    return ArchivedFacts(
        row.id, row.kind, row.subject, PersonId(row.person_id), row.filename, row.sha256, row.created_at
    )


def documents_of(subject: str) -> list[ArchivedFacts]:
    """Return the archived documents of a case or an elimination, oldest first."""
    statement = (
        sa.select(ArchivedDocument).where(ArchivedDocument.subject == subject).order_by(ArchivedDocument.id)
    )
    return [_archived_facts(row) for row in session().scalars(statement)]


def archived(document_id: int) -> tuple[ArchivedFacts, bytes]:
    """Return an archived document with its bytes, checked against their hash.

    Raises ``NotFoundError`` when there is none, ``RuntimeError`` when the bytes were changed.
    """
    row = session().get(ArchivedDocument, document_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise RuntimeError(f"archived document {document_id} does not match its hash")
    return _archived_facts(row), row.content
