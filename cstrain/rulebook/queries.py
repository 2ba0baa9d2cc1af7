"""Documents in force, and who has acknowledged which."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.dated import in_force
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts, Status
from cstrain.people.queries import everybody, get_person
from cstrain.rulebook.facts import AcknowledgementFacts, Reading, Tracking
from cstrain.rulebook.library import load_documents
from cstrain.rulebook.models import Acknowledgement
from cstrain.rulebook.policy import Condition, Document


def documents(on: date) -> list[Document]:
    """Return the edition in force of every document on a day, by reference."""
    by_ref: dict[str, list[Document]] = {}
    for one in load_documents():
        if one.effective_from <= on:
            by_ref.setdefault(one.ref, []).append(one)
    return [in_force(editions, on) for _ref, editions in sorted(by_ref.items())]


def document(ref: str, on: date) -> Document:
    """Return the edition of a document in force on a day; raises ``NotFoundError``."""
    for one in documents(on):
        if one.ref == ref:
            return one
    raise NotFoundError("没有找到这份制度，或者它还没有生效。")


def edition(ref: str, number: int) -> Document:
    """Return a given edition of a document, in force or not; raises ``NotFoundError``."""
    for one in load_documents():
        if (one.ref, one.edition) == (ref, number):
            return one
    raise NotFoundError("没有找到这份制度的这一版。")


def recruitment_conditions(on: date) -> list[tuple[Document, Condition]]:
    """Return every recruitment condition in force on a day with its document (for elimination cases)."""
    found = (one for one in documents(on) if one.kind == "recruitment_condition")
    return [(one, condition) for one in found for condition in one.conditions]


def acknowledgements_of(person: PersonId) -> list[AcknowledgementFacts]:
    """Return everything a person acknowledged, newest first."""
    statement = (
        sa.select(Acknowledgement)
        .where(Acknowledgement.person_id == person)
        .order_by(Acknowledgement.acknowledged_at.desc(), Acknowledgement.id.desc())
    )
    return [_facts(row) for row in session().scalars(statement)]


def acknowledgement(person: PersonId, ref: str) -> AcknowledgementFacts | None:
    """Return a person's acknowledgement of the latest edition of a document they acknowledged, or
    ``None``."""
    found = [one for one in acknowledgements_of(person) if one.document == ref]
    return max(found, key=lambda one: one.edition) if found else None


def _facts(row: Acknowledgement) -> AcknowledgementFacts:
    return AcknowledgementFacts(
        PersonId(row.person_id), row.document, row.edition, row.digest, row.acknowledged_at
    )


def concerns(one: Document, person: PersonFacts) -> bool:
    """Tell whether a document is to be acknowledged by a person as they stand now."""
    if person.status is Status.LEFT:
        return False
    return one.audience == "all" or person.status is Status.PROBATION


def readings(person: PersonId, on: date) -> list[Reading]:
    """Return every document in force with a reader's standing: those still due first."""
    facts = get_person(person, on)
    done = {(one.document, one.edition): one.acknowledged_at for one in acknowledgements_of(person)}
    found = [Reading(one, concerns(one, facts), done.get((one.ref, one.edition))) for one in documents(on)]
    return sorted(found, key=lambda reading: not reading.is_due)


def outstanding(person: PersonId, on: date) -> list[Document]:
    """Return the documents a person still has to acknowledge."""
    return [reading.document for reading in readings(person, on) if reading.is_due]


def tracking(on: date) -> list[Tracking]:
    """Return for each document in force who acknowledged it and who has not, by staff number."""
    people = everybody(on)
    statement = sa.select(Acknowledgement).order_by(Acknowledgement.id)
    done = {
        (row.document, row.edition, row.person_id): row.acknowledged_at
        for row in session().scalars(statement)
    }
    found = []
    for one in documents(on):
        reached = [(person, done.get((one.ref, one.edition, person.id))) for person in people]
        found.append(
            Tracking(
                one,
                tuple((person, at) for person, at in reached if at is not None),
                tuple(person for person, at in reached if at is None and concerns(one, person)),
            )
        )
    return found
