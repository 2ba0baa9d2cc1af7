"""Applications with their events, endorsements and sealed evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.judgement.facts import Endorsement
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import Evidence, Finding
from cstrain.kernel.finding import State as Found
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import store
from cstrain.promotion.applications.facts import (
    AppealFacts,
    ApplicationFacts,
    EndorsementFacts,
    EvidenceFacts,
    SealedFacts,
    State,
)
from cstrain.promotion.applications.models import (
    ApplicationAppeal,
    ApplicationConfirmation,
    ApplicationEndorsement,
    ApplicationEvidence,
    PromotionApplication,
)


def application(application_id: int) -> ApplicationFacts:
    """Return an application; raises ``NotFoundError``."""
    row = session().get(PromotionApplication, application_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return store.application_facts([row])[0]


def applications(
    *,
    states: Collection[State] = (),
    people: Collection[PersonId] | None = None,
    closed: bool | None = None,
) -> list[ApplicationFacts]:
    """Return applications, newest first, in two statements: of these states, of these people (``None``: all),
    closed or not."""
    statement = sa.select(PromotionApplication).order_by(PromotionApplication.id.desc())
    if states:
        statement = statement.where(PromotionApplication.state.in_([str(one) for one in states]))
    if people is not None:
        statement = statement.where(PromotionApplication.person_id.in_(people))
    if closed is not None:
        ended = PromotionApplication.closed_at.is_not(None)
        statement = statement.where(ended if closed else ~ended)
    return store.application_facts(session().scalars(statement))


def applying() -> frozenset[PersonId]:
    """Return whose application is open."""
    open_ones = sa.select(PromotionApplication.person_id).where(PromotionApplication.closed_at.is_(None))
    return frozenset(PersonId(one) for one in session().scalars(open_ones))


def open_application_of(person: PersonId) -> ApplicationFacts | None:
    """Return a person's open application, or ``None``."""
    found = applications(people=[person], closed=False)
    return found[0] if found else None


def latest_of(person: PersonId) -> ApplicationFacts | None:
    """Return a person's latest application, or ``None``."""
    found = applications(people=[person])
    return found[0] if found else None


def endorsements(application_id: int) -> list[EndorsementFacts]:
    """Return the ratings given in an application, oldest first."""
    rows = session().scalars(
        sa.select(ApplicationEndorsement)
        .where(ApplicationEndorsement.application_id == application_id)
        .order_by(ApplicationEndorsement.id)
    )
    return [
        EndorsementFacts(row.topic, row.office, row.rating, row.note, PersonId(row.by_id), row.at)
        for row in rows
    ]


def ratings(application_id: int) -> tuple[Endorsement, ...]:
    """Return the ratings given in an application as facts to judge by, oldest first."""
    rows = session().scalars(
        sa.select(ApplicationEndorsement)
        .where(ApplicationEndorsement.application_id == application_id)
        .order_by(ApplicationEndorsement.id)
    )
    return tuple(_as_fact(row) for row in rows)


def _as_fact(row: ApplicationEndorsement) -> Endorsement:
    return Endorsement(row.topic, f"endorsement:{row.id}", "直接上级", row.rating, row.note, row.office)


def rated(people: Collection[PersonId], on: date) -> dict[PersonId, tuple[Endorsement, ...]]:
    """Return the ratings given in open applications up to a day, as facts for a dossier, in one statement.

    ``by`` says the office, not the name: it goes into sentences.
    """
    found: dict[PersonId, list[Endorsement]] = {}
    rows = session().scalars(
        sa.select(ApplicationEndorsement)
        .join(PromotionApplication, PromotionApplication.id == ApplicationEndorsement.application_id)
        .where(PromotionApplication.person_id.in_(people), PromotionApplication.closed_at.is_(None))
        .order_by(ApplicationEndorsement.id)
    )
    for row in rows:
        if local_date(row.at) > on:
            continue
        found.setdefault(PersonId(row.person_id), []).append(_as_fact(row))
    return {person: tuple(given) for person, given in found.items()}


def confirmations(application_id: int) -> dict[int, str]:
    """Return HR's word on conditions that were unknown, by their place in the policy."""
    rows = session().scalars(
        sa.select(ApplicationConfirmation).where(ApplicationConfirmation.application_id == application_id)
    )
    return {row.place: row.note for row in rows}


def evidence(application_id: int) -> list[EvidenceFacts]:
    """Return what the acts on an application rested on, oldest first."""
    rows = session().scalars(
        sa.select(ApplicationEvidence)
        .where(ApplicationEvidence.application_id == application_id)
        .order_by(ApplicationEvidence.id)
    )
    return [store.evidence_facts(row) for row in rows]


def sealed_records(after: int = 0, most: int = 100) -> list[SealedFacts]:
    """Return sealed records with their texts, by id, those after ``after``; at most ``most``."""
    rows = session().scalars(
        sa.select(ApplicationEvidence)
        .where(ApplicationEvidence.id > after)
        .order_by(ApplicationEvidence.id)
        .limit(most)
    )
    return [store.sealed_facts(row) for row in rows]


def sealed_count() -> int:
    """Return how many sealed records there are."""
    return session().scalar(sa.select(sa.func.count(ApplicationEvidence.id))) or 0


def sealed_page(start: int, most: int) -> list[SealedFacts]:
    """Return sealed records with their texts, the newest first, from place ``start`` on."""
    rows = session().scalars(
        sa.select(ApplicationEvidence).order_by(ApplicationEvidence.id.desc()).offset(start).limit(most)
    )
    return [store.sealed_facts(row) for row in rows]


def findings_of(kept: EvidenceFacts) -> tuple[Finding, ...]:
    """Return the findings of a sealed record as they were then."""
    return tuple(
        Finding(
            kind=one["kind"],
            state=Found(one["state"]),
            says=one["says"],
            clause=one["clause"],
            records=tuple(Evidence(**each) for each in one["records"]),
            text=one["text"],
            value=one["value"],
            needs=one["needs"],
        )
        for one in kept.findings
    )


def appeal_of(application_id: int) -> AppealFacts | None:
    """Return the latest appeal in an application, or ``None``."""
    row = session().scalar(
        sa.select(ApplicationAppeal)
        .where(ApplicationAppeal.application_id == application_id)
        .order_by(ApplicationAppeal.id.desc())
        .limit(1)
    )
    return store.appeal_facts(row) if row is not None else None
