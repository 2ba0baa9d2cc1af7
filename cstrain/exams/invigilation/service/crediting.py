"""Giving back lost time: never by itself, never twice, ten minutes alone and more with a second person."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams.invigilation import rules
from cstrain.exams.invigilation.facts import Offer
from cstrain.exams.invigilation.models import TimeCredit
from cstrain.exams.invigilation.store import given_seconds, offers
from cstrain.exams.models import Attempt
from cstrain.exams.store import MISSING, exam_rules, get_attempt, note_moment
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.unit_of_work import flush_unique, locked

_TWICE = "这段时间已经补过，或正在等第二个人决定。请刷新后再看。"


def credit(actor: PersonId, now: datetime, attempt_id: AttemptId, source: str, reason: str) -> bool:
    """Give back the time a running attempt lost; tell whether it was given at once.

    ``False``: it waits for a second person, because it goes beyond what one may give (docs/rules.md 4) or
    rests on what the candidate's own page reports. Refuses what is not owed, or not any more.
    """
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id == actor:
        raise ForbiddenError("不能给自己补时。请由别人来办。")
    if attempt.submitted_at is not None or attempt.voided_at is not None:
        raise ConflictError("这份答卷已经结束，不能补时。")
    if not reason.strip():
        raise DomainError("没有写补时原因，时间没有变。请写明原因。")
    offer = next((one for one in offers([attempt], now) if one.source == source), None)
    if offer is None:
        raise ConflictError(_TWICE)
    return _grant(actor, now, attempt, offer, reason.strip())


def _grant(actor: PersonId, now: datetime, attempt: Attempt, offer: Offer, reason: str) -> bool:
    given = given_seconds([attempt.id]).get(attempt.id, 0)
    alone = offer.by_server and rules.may_give_alone(
        given, offer.seconds, exam_rules().extension_alone_minutes
    )
    row = TimeCredit(
        attempt_id=attempt.id,
        source=offer.source,
        began=offer.span.began,
        ended=offer.span.ended,
        seconds=offer.seconds,
        reason=reason,
        proposed_by=actor,
        proposed_at=now,
        decided_at=now if alone else None,
        given=True if alone else None,
    )
    session().add(row)
    if alone:
        _move(attempt, row, now)
    flush_unique(_TWICE)
    verb = "attempt.credit" if alone else "attempt.propose_credit"
    record(actor, verb, f"attempt:{attempt.id}", credit=row.id, seconds=row.seconds, source=row.source)
    return alone


def _move(attempt: Attempt, row: TimeCredit, now: datetime) -> None:
    attempt.deadline += timedelta(seconds=row.seconds)
    detail = {"seconds": row.seconds, "source": row.source}
    note_moment(attempt.id, now, "credit", **detail)


def decide_credit(actor: PersonId, now: datetime, credit_id: int, *, agreed: bool) -> None:
    """Agree to somebody else's proposal, which gives the time, or turn it down."""
    row = session().scalar(locked(sa.select(TimeCredit).where(TimeCredit.id == credit_id)))
    if row is None:
        raise NotFoundError(MISSING)
    attempt = get_attempt(row.attempt_id, lock=True)
    if actor in {row.proposed_by, attempt.person_id}:
        raise ForbiddenError("要由第二个人来决定，提出人和考生本人都不能决定。")
    if row.given is not None:
        raise ConflictError("这个申请已经办理过了。请刷新后再看。")
    if agreed and (attempt.submitted_at is not None or attempt.voided_at is not None):
        raise ConflictError("这份答卷已经结束，不能补时。")
    row.decided_by, row.decided_at, row.given = actor, now, agreed
    if agreed:
        _move(attempt, row, now)
    record(actor, "attempt.decide_credit", f"attempt:{attempt.id}", credit=row.id, agreed=agreed)
    session().flush()


def credit_all(
    actor: PersonId, now: datetime, sitting_id: SittingId, source: str, reason: str
) -> tuple[int, int]:
    """Give everybody of a sitting but oneself what they are owed for an outage.

    Returns how many were given it at once and for how many a second person is waited for.
    """
    running = sa.select(Attempt).where(
        Attempt.sitting_id == sitting_id,
        Attempt.submitted_at.is_(None),
        Attempt.voided_at.is_(None),
        Attempt.person_id != actor,
    )
    rows = session().scalars(locked(running.order_by(Attempt.id))).all()
    owed = {one.attempt_id for one in offers(rows, now) if one.source == source and one.by_server}
    if not owed:
        raise ConflictError(_TWICE)
    at_once = sum(credit(actor, now, attempt_id, source, reason) for attempt_id in sorted(owed))
    return at_once, len(owed) - at_once


def decide_all_credit(
    actor: PersonId, now: datetime, sitting_id: SittingId, source: str, *, agreed: bool
) -> int:
    """Decide everything that others proposed for one outage in a sitting; return how much was decided."""
    waiting = (
        session()
        .execute(
            sa.select(TimeCredit.id, Attempt.submitted_at, Attempt.voided_at)
            .join(Attempt, Attempt.id == TimeCredit.attempt_id)
            .where(
                Attempt.sitting_id == sitting_id,
                Attempt.person_id != actor,
                TimeCredit.source == source,
                TimeCredit.given.is_(None),
                TimeCredit.proposed_by != actor,
            )
        )
        .all()
    )
    if not waiting:
        raise ConflictError("没有等你决定的申请。要由提出人以外的第二个人来决定。")
    for found in waiting:
        running = found.submitted_at is None and found.voided_at is None
        decide_credit(actor, now, found.id, agreed=agreed and running)
    return len(waiting)
