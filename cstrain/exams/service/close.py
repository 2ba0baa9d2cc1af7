"""The end of an attempt: handing in, or running out of time. Asked twice, the receipt is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.events import AttemptSubmitted, attempt_submitted
from cstrain.exams.facts import Receipt
from cstrain.exams.invigilation.service import end_pause, hold
from cstrain.exams.models import Attempt, AttemptQuestion
from cstrain.exams.store import answer_log, exam_rules, get_attempt, note_moment
from cstrain.extensions import columns, session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import AttemptId, PersonId

_ASKED = (
    sa.select(sa.func.count())
    .select_from(AttemptQuestion)
    .where(AttemptQuestion.attempt_id == sa.bindparam("attempt_id"))
)
_CLOCKS_DIFFER = timedelta(seconds=3)


def submit(person: PersonId, attempt_id: AttemptId, key: str, now: datetime) -> Receipt:
    """Hand in. Idempotent: the row lock makes one submission, every repeat gets the same receipt."""
    attempt = get_attempt(attempt_id, person, lock=True)
    if attempt.voided_at is not None:
        raise ConflictError("这份答卷已经作废，不能交卷。请联系人力资源部。")
    if attempt.submitted_at is None:
        ends = rules.ends_at(attempt.deadline, attempt.paused_at, now)
        return receipt_of(attempt, _close(attempt, min(now, ends), key, now, expired=now > ends))
    return receipt_of(attempt)


def goes_on(person: PersonId, attempt_id: AttemptId, now: datetime) -> bool:
    """Tell whether an attempt whose page counts zero still runs, is paused, or is (now) held after an outage.

    A page that was away may have missed more minutes or a pause: it must not hand in by its own clock then.
    """
    attempt = get_attempt(attempt_id, person, lock=True)
    if attempt.submitted_at is not None or attempt.voided_at is not None:
        return False
    if now > attempt.deadline:
        return hold(attempt, now)
    return attempt.paused_at is not None or attempt.deadline - now > _CLOCKS_DIFFER


def hold_attempt(attempt_id: AttemptId) -> None:
    """Lock an attempt until the unit of work ends: handing in and marking live come one after the other."""
    get_attempt(attempt_id, lock=True)


def _close(
    attempt: Attempt, at: datetime, key: str | None, now: datetime, *, expired: bool
) -> dict[int, str]:
    """Close an attempt and return its final answers."""
    answers = rules.final_answers(answer_log(attempt.id))
    end_pause(attempt, now, None)
    attempt.submitted_at = at
    attempt.submit_key = key
    attempt.receipt = rules.receipt(attempt.id, answers, at)
    session().flush()
    kind, answered = "expire" if expired else "submit", rules.count_answered(answers)
    note_moment(attempt.id, now, kind, answered=answered, receipt=attempt.receipt)
    person = PersonId(attempt.person_id)
    record(person, "attempt.submit", f"attempt:{attempt.id}", expired=expired, receipt=attempt.receipt)
    attempt_submitted.send(AttemptSubmitted(AttemptId(attempt.id), person, now, expired))
    return answers


def receipt_of(attempt: Attempt, answers: Mapping[int, str] | None = None) -> Receipt:
    """Return the receipt of a closed attempt; ``answers``: its final ones, where they are known already."""
    if attempt.submitted_at is None or attempt.receipt is None:
        raise ConflictError("还没有交卷，没有回执。请先交卷。")
    final = rules.final_answers(answer_log(attempt.id)) if answers is None else answers
    questions = columns(_ASKED, {"attempt_id": attempt.id}).scalar_one()
    answered = rules.count_answered(final)
    return Receipt(AttemptId(attempt.id), attempt.receipt, attempt.submitted_at, answered, questions)


def receipt(person: PersonId, attempt_id: AttemptId) -> Receipt:
    """Return the receipt of one's own closed attempt; ``ConflictError`` while it is open."""
    return receipt_of(get_attempt(attempt_id, person))


def expired_attempts(now: datetime) -> list[AttemptId]:
    """Return the attempts whose time (with grace) is over and that nobody handed in."""
    grace = timedelta(seconds=exam_rules().grace_seconds)
    rows = session().scalars(
        sa.select(Attempt.id).where(
            Attempt.submitted_at.is_(None),
            Attempt.voided_at.is_(None),
            Attempt.paused_at.is_(None),
            Attempt.deadline < now - grace,
        )
    )
    return [AttemptId(row) for row in rows]


def close_expired(attempt_id: AttemptId, now: datetime) -> None:
    """Hand in, with what the log holds, an attempt whose time is over; one that is held waits for people."""
    attempt = get_attempt(attempt_id, lock=True)
    closed = attempt.submitted_at is not None or attempt.voided_at is not None
    if not closed and now > attempt.deadline and not hold(attempt, now):
        _close(attempt, attempt.deadline, None, now, expired=True)
