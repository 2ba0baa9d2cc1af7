"""Acknowledging documents, and reminding those who have not."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.rulebook.models import Acknowledgement
from cstrain.rulebook.queries import document, tracking
from cstrain.unit_of_work import flush_unique

_DONE = "你已经确认过这一版，不需要再操作。"


def acknowledge(actor: PersonId, now: datetime, ref: str, edition: int, digest: str) -> None:
    """Record that the actor read and understood this very text of a document.

    Raises ``ConflictError`` when another edition has come into force since the page was opened, or when it
    was acknowledged before.
    """
    current = document(ref, local_date(now))
    if (current.edition, current.digest) != (edition, digest):
        raise ConflictError("没有记录：这份制度刚刚换了新版。请重新打开，读过新版再确认。")
    done = sa.select(Acknowledgement.id).where(
        Acknowledgement.person_id == actor,
        Acknowledgement.document == ref,
        Acknowledgement.edition == edition,
    )
    if session().scalar(done) is not None:
        raise ConflictError(_DONE)
    session().add(
        Acknowledgement(person_id=actor, document=ref, edition=edition, digest=digest, acknowledged_at=now)
    )
    flush_unique(_DONE)
    record(actor, "rulebook.acknowledge", f"document:{ref}", edition=edition, digest=digest)


def remind_waiting(actor: PersonId, now: datetime, ref: str) -> int:
    """Send a notice to everybody who has not acknowledged a document; return how many (once a day each)."""
    today = local_date(now)
    found = next((one for one in tracking(today) if one.document.ref == ref), None)
    current = document(ref, today)
    waiting = found.waiting if found is not None else ()
    sent = sum(
        notify(
            person.id,
            "请阅读并确认《%(title)s》。",
            now=now,
            values={"title": current.title},
            url=f"/rulebook/{ref}",
            key=f"rulebook:{ref}:{current.edition}:{person.id}:{today.isoformat()}",
            kind="reminder",
        )
        for person in waiting
    )
    record(actor, "rulebook.remind", f"document:{ref}", edition=current.edition, count=sent)
    return sent
