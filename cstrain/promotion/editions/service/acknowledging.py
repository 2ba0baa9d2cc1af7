"""Acknowledging the edition that binds one, and reminding those who have not."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.promotion.editions import queries, store
from cstrain.promotion.editions.models import LadderAcknowledgement
from cstrain.unit_of_work import flush_unique

_DONE = "你已经确认过这一版，不需要再操作。"


def acknowledge(actor: PersonId, now: datetime, ref: str, edition: int, digest: str) -> None:
    """Record that the actor read and understood an edition that binds them.

    Raises ``ConflictError`` when its conditions are no longer those of the page, or when it was acknowledged.
    """
    due = queries.due_for(actor, local_date(now))
    found = next((one for one in due if (one.ladder.ref, one.ladder.edition) == (ref, edition)), None)
    if found is None:
        raise ConflictError("没有记录：这一版现在不适用于你。请重新打开晋升制度的页面。")
    if found.digest != digest:
        raise ConflictError("没有记录：这一版的内容刚刚变了。请重新打开，读过再确认。")
    done = sa.select(LadderAcknowledgement.id).where(
        LadderAcknowledgement.person_id == actor,
        LadderAcknowledgement.ladder_ref == ref,
        LadderAcknowledgement.edition == edition,
        LadderAcknowledgement.digest == digest,
    )
    if session().scalar(done) is not None:
        raise ConflictError(_DONE)
    session().add(
        LadderAcknowledgement(
            person_id=actor, ladder_ref=ref, edition=edition, digest=digest, acknowledged_at=now
        )
    )
    flush_unique(_DONE)
    record(actor, "edition.acknowledge", f"ladder:{ref}", edition=edition, digest=digest)


def remind(actor: PersonId, now: datetime, ref: str, edition: int) -> int:
    """Remind everybody who has not acknowledged an edition; return how many (once a day each)."""
    today = local_date(now)
    found = next((one for one in queries.acknowledged(today, ref) if one.ladder.edition == edition), None)
    if found is None:
        raise NotFoundError(store.MISSING)
    sent = sum(
        notify(
            line.person.id,
            "请阅读并确认%(title)s（第%(n)s版）。",
            now=now,
            values={"title": found.ladder.title, "n": edition},
            url=f"/promotion/editions/{ref}/{edition}",
            key=f"ladder-edition:{ref}:{edition}:{line.person.id}:{today.isoformat()}",
            kind="reminder",
        )
        for line in found.lines
        if line.at is None and line.person.id != actor
    )
    record(actor, "edition.remind", f"ladder:{ref}", edition=edition, count=sent)
    return sent
