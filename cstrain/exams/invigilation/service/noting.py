"""What is noted while an exam is sat: incidents by people, signs and contact by the candidate's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules as delivery
from cstrain.exams.invigilation.facts import INCIDENT_KINDS, HeardState, SentSignal
from cstrain.exams.invigilation.models import Contact, Incident, IntegritySignal, Silence
from cstrain.exams.invigilation.store import invigilation_rules
from cstrain.exams.models import AnswerEvent, Attempt
from cstrain.exams.store import get_attempt, get_sitting
from cstrain.extensions import insert_into, session
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId

_contact, _signal, _silence = (cast(sa.Table, each.__table__) for each in (Contact, IntegritySignal, Silence))


def note_incident(
    actor: PersonId, now: datetime, sitting_id: SittingId, kind: str, text: str, attempt_id: AttemptId | None
) -> int:
    """Add an entry to the incident log of a sitting, or of one attempt in it; return its id."""
    get_sitting(sitting_id)
    if attempt_id is not None:
        attempt = get_attempt(attempt_id)
        if attempt.person_id == actor:
            raise ForbiddenError("不能给自己的考试写考场记录。请由别人来写。")
        if attempt.sitting_id != sitting_id:
            raise DomainError("这份答卷不属于这一场，没有记下来。请从监考页重新打开。")
    if kind not in INCIDENT_KINDS or not text.strip():
        raise DomainError("考场记录没有写全，没有记下来。请选类别并写明经过。")
    row = Incident(
        sitting_id=sitting_id,
        attempt_id=attempt_id,
        kind=kind,
        text=text.strip(),
        noted_by=actor,
        noted_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "sitting.incident", f"sitting:{sitting_id}", incident=row.id, kind=kind, attempt=attempt_id)
    return row.id


def hear(person: PersonId, attempt_id: AttemptId, signals: Sequence[SentSignal], now: datetime) -> HeardState:
    """Note that an attempt's page is there, and the signs it sent; tell it how the attempt stands.

    Only one's own, only while it is open. A sign sent twice is kept once. When nothing was heard for a while
    the silence is noted with the contact that ends it.
    """
    attempt = get_attempt(attempt_id, person)
    ends = delivery.ends_at(attempt.deadline, attempt.paused_at, now)
    closed = attempt.submitted_at is not None or attempt.voided_at is not None
    over = closed or delivery.is_over(now, ends, None)
    stored = 0
    if not over:
        stored = _keep(attempt, signals, now)
        _touch(attempt, now)
    return HeardState(
        lease_epoch=attempt.lease_epoch,
        remaining_ms=delivery.remaining_ms(now, ends),
        paused=attempt.paused_at is not None,
        over=over,
        submitted=closed,
        stored=stored,
    )


def _touch(attempt: Attempt, now: datetime) -> None:
    """Move the last contact on, and note the silence before it if it was long."""
    saved = sa.select(sa.func.max(AnswerEvent.received_at)).where(AnswerEvent.attempt_id == attempt.id)
    before = session().scalar(sa.select(Contact.last_at).where(Contact.attempt_id == attempt.id))
    known = [at for at in (before, session().scalar(saved), attempt.started_at) if at is not None]
    last = max(known)
    if now - last > timedelta(seconds=invigilation_rules().contact_seconds):
        row = {"attempt_id": attempt.id, "began": last, "ended": now}
        session().execute(insert_into(_silence).on_conflict_do_nothing().values(row))
    new = insert_into(_contact).values(attempt_id=attempt.id, last_at=now)
    session().execute(
        new.on_conflict_do_update(
            index_elements=["attempt_id"],
            set_={"last_at": new.excluded.last_at},
            where=new.excluded.last_at > _contact.c.last_at,
        )
    )


def _keep(attempt: Attempt, signals: Sequence[SentSignal], now: datetime) -> int:
    if not signals:
        return 0
    held = session().scalar(
        sa.select(sa.func.count())
        .select_from(IntegritySignal)
        .where(IntegritySignal.attempt_id == attempt.id)
    )
    room = max(0, invigilation_rules().most_signals - (held or 0))
    stored = 0
    for one in signals[:room]:
        began = max(attempt.started_at, now - timedelta(milliseconds=one.ago_ms))
        row = {
            "attempt_id": attempt.id,
            "signal_id": one.signal_id,
            "kind": one.kind,
            "began": began,
            "ended": min(now, began + timedelta(milliseconds=one.lasted_ms)),
            "slot": one.slot,
            "received_at": now,
        }
        fresh = insert_into(_signal).on_conflict_do_nothing().values(row).returning(_signal.c.id)
        stored += session().execute(fresh).scalar_one_or_none() is not None
    return stored
