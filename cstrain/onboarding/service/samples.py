"""HR's check of the signatures that were drawn."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.models import SignOff, SignOffSample
from cstrain.onboarding.store import get, get_enrolment


def confirm_sample(actor: PersonId, now: datetime, sample_id: int, agrees: bool, note: str) -> EnrolmentId:
    """Record what HR found when checking a signed day; a note is required when it does not agree.

    Nobody checks a day they signed, or their own.
    """
    sample = get(SignOffSample, sample_id, lock=True)
    sign = session().get_one(SignOff, sample.sign_off_id)
    enrolment = get_enrolment(sign.enrolment_id)
    if actor in {sign.signed_by, sign.mentor_seen_by, enrolment.person_id}:
        raise ForbiddenError("没有保存：不能抽查自己签核或自己参加的培训日。请由另一位同事抽查。")
    if sample.confirmed_at is not None:
        raise ConflictError("这一条已经抽查过了。")
    if not agrees and not note.strip():
        raise DomainError("没有保存：抽查不符时要写明情况。请补一句。")
    sample.confirmed_by, sample.confirmed_at = actor, now
    sample.agrees, sample.note = agrees, note.strip()
    session().flush()
    record(actor, "sample.confirm", f"sample:{sample.id}", sign_off=sign.id, agrees=agrees)
    return EnrolmentId(sign.enrolment_id)
