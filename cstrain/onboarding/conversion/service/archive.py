"""Archiving what was decided: the form and the letter as bytes with their hash."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion import documents, store
from cstrain.onboarding.conversion.models import ArchivedDocument
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import case_view
from cstrain.people import queries as people


def archive_form(actor: PersonId | None, now: datetime, case_id: int) -> int:
    """Archive the approval form of a decided case; return the document's id."""
    view = case_view(case_id, now)
    content = documents.pdf(documents.FORM, documents.form_data(view))
    number = documents.form_no(view)
    subject = store.subject_of(case_id)
    return _keep(actor, now, documents.FORM, subject, view.person.id, f"转正审批表-{number}.pdf", content)


def archive_letter(actor: PersonId, now: datetime, elimination_id: int) -> int:
    """Archive the reason letter of a confirmed elimination; return the document's id."""
    one = records.elimination(elimination_id)
    today = local_date(now)
    person = people.get_person(one.person_id, today)
    data = documents.letter_data(one, person, people.contract_of(one.person_id, today))
    content = documents.pdf(documents.LETTER, data)
    subject = store.elimination_subject(elimination_id)
    return _keep(actor, now, documents.LETTER, subject, one.person_id, f"通知书-{one.letter_no}.pdf", content)


def _keep(
    actor: PersonId | None,
    now: datetime,
    kind: str,
    subject: str,
    person: PersonId,
    filename: str,
    content: bytes,
) -> int:
    digest = hashlib.sha256(content).hexdigest()
    row = ArchivedDocument(
        kind=kind,
        subject=subject,
        person_id=person,
        filename=filename,
        media_type="application/pdf",
        content=content,
        sha256=digest,
        created_at=now,
        created_by=actor,
    )
    session().add(row)
    session().flush()
    record(actor, "document.archive", f"document:{row.id}", kind=kind, matter=subject, sha256=digest)
    return row.id
