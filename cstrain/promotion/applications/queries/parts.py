"""Who had a part in an application: an appeal is decided by somebody who had none."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.approvals import queries as approvals
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import store
from cstrain.promotion.applications.models import (
    ApplicationAppeal,
    ApplicationConfirmation,
    ApplicationEndorsement,
    ApplicationEvent,
    DefenceEntry,
    DefenceRound,
    DefenceSheet,
    JurorDeclaration,
    NoticeObjection,
    PublicNotice,
)


def acted(application_id: int) -> frozenset[PersonId]:
    """Return everybody who had a part in an application, in its defence, its notice or its acts by two.

    Who proposed a decision, or sent one back, had a part like who confirmed it; who arranged the defence or
    judged a juror's ties like who sat. A juror's own word on ties is none.
    """
    entries = sa.select(DefenceEntry.id).where(DefenceEntry.application_id == application_id)
    rounds = sa.select(DefenceEntry.round_id).where(DefenceEntry.application_id == application_id)
    notices = sa.select(PublicNotice.id).where(PublicNotice.application_id == application_id)
    by_hr = JurorDeclaration.by_id != JurorDeclaration.juror_id
    found = _proposals(application_id)
    for column, of in (
        (ApplicationEvent.by_id, ApplicationEvent.application_id == application_id),
        (ApplicationEndorsement.by_id, ApplicationEndorsement.application_id == application_id),
        (ApplicationConfirmation.by_id, ApplicationConfirmation.application_id == application_id),
        (DefenceRound.issued_by, DefenceRound.id.in_(rounds)),
        (DefenceSheet.juror_id, DefenceSheet.entry_id.in_(entries)),
        (JurorDeclaration.by_id, JurorDeclaration.entry_id.in_(entries) & by_hr),
        (DefenceEntry.minutes_by, DefenceEntry.application_id == application_id),
        (PublicNotice.published_by, PublicNotice.application_id == application_id),
        (NoticeObjection.by_id, NoticeObjection.notice_id.in_(notices)),
        (NoticeObjection.started_by, NoticeObjection.notice_id.in_(notices)),
        (NoticeObjection.answered_by, NoticeObjection.notice_id.in_(notices)),
        (ApplicationAppeal.decided_by, ApplicationAppeal.application_id == application_id),
    ):
        found |= {one for one in session().scalars(sa.select(column).where(of)) if one is not None}
    return frozenset(PersonId(one) for one in found)


def _proposals(application_id: int) -> set[int]:
    """Return who proposed, confirmed or sent back a decision or the end of a trial."""
    subject = store.subject_of(application_id)
    acts = [
        one
        for kind in (store.DECIDE, store.TRIAL)
        for one in approvals.acts(kind, subject=subject, open_only=False)
    ]
    every = [by for one in acts for by in (one.proposed_by, one.confirmed_by, one.refused_by)]
    return {int(one) for one in every if one is not None}
