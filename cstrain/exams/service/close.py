"""The end of an attempt: handing in, or running out of time. Asked twice, the receipt is the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.events import AttemptSubmitted, attempt_submitted
from cstrain.exams.facts import Receipt
from cstrain.exams.models import Attempt, AttemptMoment, AttemptQuestion
from cstrain.exams.store import answer_log, exam_rules, get_attempt
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import AttemptId, PersonId


def submit(person: PersonId, attempt_id: AttemptId, key: str, now: datetime) -> Receipt:
    """Hand in. Idempotent: the row lock makes one submission, every repeat gets the same receipt."""
    attempt = get_attempt(attempt_id, person, lock=True)
    if attempt.voided_at is not None:
        raise ConflictError("这份答卷已经作废，不能交卷。请联系人力资源部。")
    if attempt.submitted_at is None:
        expired = now > attempt.deadline
        _close(attempt, min(now, attempt.deadline), key, now, expired=expired)
    return receipt_of(attempt)


def hold_attempt(attempt_id: AttemptId) -> None:
    """Lock an attempt until the unit of work ends: handing in and marking live come one after the other."""
    session().refresh(get_attempt(attempt_id), with_for_update=True)


def _close(attempt: Attempt, at: datetime, key: str | None, now: datetime, *, expired: bool) -> None:
    answers = rules.final_answers(answer_log(attempt.id))
    attempt.submitted_at = at
    attempt.submit_key = key
    attempt.receipt = rules.receipt(attempt.id, answers, at)
    session().add(
        AttemptMoment(
            attempt_id=attempt.id,
            at=now,
            kind="expire" if expired else "submit",
            detail={"answered": rules.count_answered(answers), "receipt": attempt.receipt},
        )
    )
    session().flush()
    person = PersonId(attempt.person_id)
    record(person, "attempt.submit", f"attempt:{attempt.id}", expired=expired, receipt=attempt.receipt)
    attempt_submitted.send(AttemptSubmitted(AttemptId(attempt.id), person, now, expired))


def receipt_of(attempt: Attempt) -> Receipt:
    """Return the receipt of a closed attempt."""
    if attempt.submitted_at is None or attempt.receipt is None:
        raise ConflictError("还没有交卷，没有回执。请先交卷。")
    questions = session().scalar(
        sa.select(sa.func.count())
        .select_from(AttemptQuestion)
        .where(AttemptQuestion.attempt_id == attempt.id)
    )
    answered = rules.count_answered(rules.final_answers(answer_log(attempt.id)))
    return Receipt(AttemptId(attempt.id), attempt.receipt, attempt.submitted_at, answered, questions or 0)


def receipt(person: PersonId, attempt_id: AttemptId) -> Receipt:
    """Return the receipt of one's own closed attempt; ``ConflictError`` while it is open."""
    return receipt_of(get_attempt(attempt_id, person))


def expired_attempts(now: datetime) -> list[AttemptId]:
    """Return the attempts whose time (with grace) is over and that nobody handed in."""
    grace = timedelta(seconds=exam_rules().grace_seconds)
    rows = session().scalars(
        sa.select(Attempt.id).where(
            Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None), Attempt.deadline < now - grace
        )
    )
    return [AttemptId(row) for row in rows]


def close_expired(attempt_id: AttemptId, now: datetime) -> None:
    """Hand in, with what the log holds, an attempt whose time is over."""
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.submitted_at is None and attempt.voided_at is None and now > attempt.deadline:
        _close(attempt, attempt.deadline, None, now, expired=True)
