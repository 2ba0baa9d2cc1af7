"""Reading certificates: one's own, and what the public may know of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import (
    EXEMPTION,
    RESULT,
    AwardFacts,
    AwardPart,
    CertificateFacts,
    Standing,
    Verified,
)
from cstrain.grading.credentials.models import Certificate, Exemption
from cstrain.grading.credentials.queries.exemptions import Grounds, exempt_rows, grounds, still_granted
from cstrain.grading.credentials.queries.outside import newest_papers
from cstrain.grading.credentials.queries.passes import credentials_of, is_pass
from cstrain.grading.credentials.store import MISSING, credential_rules
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people_queries

_NOBODY = 0
"""An id that no row has: looked up instead of nothing, so that an unknown code costs the same statements."""


def _standing(rows: Sequence[Certificate], at: datetime) -> dict[int, Standing]:
    """Return the standing of certificates from all they rest on. A fixed number of statements."""
    parts = [part for row in rows for part in row.basis]
    waived = _exemptions({part["ref"] for part in parts if part["kind"] == EXEMPTION} | {_NOBODY})
    held = grounds(
        {part["ref"] for part in parts if part["kind"] == RESULT}
        | {row.attempt_id for row in waived.values() if row.attempt_id}
        | {_NOBODY},
        {row.outside_id for row in waived.values() if row.outside_id} | {_NOBODY},
        at,
    )
    today = local_date(at)
    return {
        row.id: rules.standing(
            today, row.valid_until, stands=all(_stands(part, held, waived) for part in row.basis)
        )
        for row in rows
    }


def _exemptions(ids: set[int]) -> dict[int, Exemption]:
    return {row.id: row for row in session().scalars(sa.select(Exemption).where(Exemption.id.in_(ids)))}


def _stands(part: Mapping[str, Any], held: Grounds, waived: Mapping[int, Exemption]) -> bool:
    """Tell whether a part of a certificate stands: with the very mark it shows, or at least what it needs."""
    if part["kind"] == EXEMPTION:
        row = waived.get(part["ref"])
        return row is not None and still_granted(row, held)
    mark = held.attempts.get(part["ref"])
    if mark is None:
        return False
    return mark == Decimal(part["mark"]) if "mark" in part else mark >= Decimal(part["least"])


def _facts(rows: Sequence[Certificate], at: datetime) -> list[CertificateFacts]:
    standing = _standing(rows, at)
    return [
        CertificateFacts(
            row.id,
            row.code,
            PersonId(row.person_id),
            row.kind,
            row.subject,
            row.title,
            row.mark,
            row.exam_on,
            row.valid_until,
            row.issued_at,
            standing[row.id],
            tuple((part["kind"], part["ref"]) for part in row.basis),
        )
        for row in rows
    ]


def certificates_of(person: PersonId, at: datetime) -> list[CertificateFacts]:
    """Return somebody's certificates, the newest first."""
    statement = sa.select(Certificate).where(Certificate.person_id == person).order_by(Certificate.id.desc())
    return _facts(list(session().scalars(statement)), at)


def certificate(certificate_id: int, at: datetime) -> CertificateFacts:
    """Return one certificate; raises ``NotFoundError``."""
    row = session().get(Certificate, certificate_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _facts([row], at)[0]


def words_of(certificate_id: int) -> str:
    """Return what a certificate of merit says it is for, as it was when it was issued."""
    return session().get_one(Certificate, certificate_id).words


def verify(code: str, at: datetime) -> Verified | None:
    """Return what anybody may know of the certificate with this code; ``None`` when there is none.

    An unknown code runs the same statements as a known one (tests count them), so that the time of the
    answer tells nothing that the answer does not.
    """
    row = session().scalar(sa.select(Certificate).where(Certificate.code == code))
    standing = _standing([row] if row is not None else [], at)
    person = PersonId(row.person_id if row is not None else _NOBODY)
    names = people_queries.people([person], local_date(at))
    if row is None:
        return None
    name = rules.masked(names[person].name)
    return Verified(name, row.kind, row.title, row.exam_on, row.valid_until, standing[row.id])


def awards_of(person: PersonId, at: datetime) -> list[AwardFacts]:
    """Return the certificates of merit as they stand for somebody, in the order of the chapter."""
    chapter, titles = credential_rules(), newest_papers()
    refs = {paper for award in chapter.awards.values() for paper in award.papers}
    met: dict[str, tuple[str, int]] = {
        row.paper_ref: (EXEMPTION, row.id) for row in exempt_rows(refs, [person], at)
    }
    for one in reversed(
        credentials_of([person], at)
    ):  # the newest pass goes before older ones and exemptions
        if is_pass(one):
            met[one.paper_ref] = (one.origin, one.ref)
    return [
        AwardFacts(
            ref,
            award.title,
            tuple(
                AwardPart(paper, titles[paper].title, *met.get(paper, (None, None)))
                for paper in award.papers
                if paper in titles
            ),
        )
        for ref, award in chapter.awards.items()
        if all(paper in titles for paper in award.papers)
    ]
