"""Fetching a certificate: it gets its code the first time; fetched again it is the same one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.grading.credentials.codes import make_code
from cstrain.grading.credentials.facts import EXEMPTION, RESULT, AwardFacts, Standing
from cstrain.grading.credentials.models import Certificate
from cstrain.grading.credentials.queries.certificates import awards_of
from cstrain.grading.credentials.queries.passes import credentials_of
from cstrain.grading.credentials.store import MISSING, credential_rules
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import flush_unique

_FASTER = "证书刚刚已经领取。请刷新后下载。"


def claim_certificate(person: PersonId, now: datetime, attempt_id: int, bits: int) -> int:
    """Return the id of the certificate of one's own pass; the first time it is made, its code of ``bits``.

    After a change of the mark that is still a pass, a new one is made: the old one shows another mark.
    """
    mine = [one for one in credentials_of([person], now) if (one.origin, one.ref) == (RESULT, attempt_id)]
    if not mine or not mine[0].certificate:
        raise NotFoundError(MISSING)
    held = mine[0]
    if held.standing is Standing.REVOKED:
        raise ConflictError("这份成绩已经不再过线或已作废，没有证书可以领取。")
    return _issue(
        f"result:{attempt_id}:{held.raw.normalize():f}",
        bits,
        Certificate(
            person_id=person,
            kind="paper",
            subject=held.paper_ref,
            title=held.title,
            words="",
            mark=held.raw,
            exam_on=held.exam_on,
            valid_until=held.valid_until,
            basis=[{"kind": RESULT, "ref": attempt_id, "mark": f"{held.raw:f}"}],
            policy_edition=credential_rules().edition,
            issued_at=now,
        ),
    )


def claim_award(person: PersonId, now: datetime, award_ref: str, bits: int) -> int:
    """Return the id of one's own certificate of merit; refused while a paper is not passed or exempted."""
    found = next((one for one in awards_of(person, now) if one.ref == award_ref), None)
    if found is None:
        raise NotFoundError(MISSING)
    missing = [part.title for part in found.parts if part.met_by is None]
    if missing:
        raise ConflictError(
            "奖状还不能领取：%(papers)s还没有通过或免试。",
            papers="、".join(f"《{title}》" for title in missing),
        )
    pass_marks = {paper.ref: paper.pass_mark for paper in exams.papers()}
    basis: list[dict[str, Any]] = []
    for part in found.parts:
        least = {} if part.met_by == EXEMPTION else {"least": f"{pass_marks[part.paper_ref]:f}"}
        basis.append({"kind": part.met_by, "ref": part.ref, **least})
    chapter = credential_rules()
    return _issue(
        f"award:{award_ref}:{person}:" + "+".join(f"{part['kind']}-{part['ref']}" for part in basis),
        bits,
        Certificate(
            person_id=person,
            kind="award",
            subject=award_ref,
            title=found.title,
            words=_words(chapter.awards[award_ref].words, found),
            mark=None,
            exam_on=local_date(now),
            valid_until=None,
            basis=basis,
            policy_edition=chapter.edition,
            issued_at=now,
        ),
    )


def _words(beginning: str, award: AwardFacts) -> str:
    """Return the sentence of a certificate of merit, as it is printed (in Chinese)."""
    parts = [f"{part.title}{'免试' if part.met_by == EXEMPTION else '成绩合格'}" for part in award.parts]
    return "，".join([beginning, *parts])


def _issue(key: str, bits: int, row: Certificate) -> int:
    """Keep a certificate under its key, unless it is there; return its id."""
    held = session().scalar(sa.select(Certificate.id).where(Certificate.key == key))
    if held is not None:
        record(PersonId(row.person_id), "certificate.fetch", f"certificate:{held}")
        return held
    row.key, row.code = key, make_code(bits)
    session().add(row)
    flush_unique(_FASTER)
    record(PersonId(row.person_id), "certificate.issue", f"certificate:{row.id}", about=row.subject)
    return row.id
