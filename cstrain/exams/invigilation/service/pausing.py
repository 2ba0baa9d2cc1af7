"""Pauses: while an attempt is paused its time stands still, and what arrives is kept (docs/rules.md 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules as delivery
from cstrain.exams.invigilation import rules
from cstrain.exams.invigilation.facts import PauseFacts, Span
from cstrain.exams.invigilation.models import AttemptPause, Outage
from cstrain.exams.invigilation.store import (
    invigilation_rules,
    last_beat,
    least_silence,
    pause_facts,
    still_open,
)
from cstrain.exams.models import Attempt, Sitting
from cstrain.exams.store import MISSING, get_attempt, note_moment
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.unit_of_work import flush_unique, locked


def pause(actor: PersonId, now: datetime, attempt_id: AttemptId, reason: str) -> None:
    """Stop an attempt's clock; one person may, with a reason, for anybody but themself."""
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id == actor:
        raise ForbiddenError("不能暂停自己的考试。请由别人来办。")
    if not reason.strip():
        raise DomainError("没有写暂停原因，考试没有暂停。请写明原因。")
    if attempt.paused_at is not None:
        raise ConflictError("这份答卷已经暂停了。请刷新后再看。")
    closed = attempt.submitted_at is not None or attempt.voided_at is not None
    if closed or delivery.is_over(now, attempt.deadline, None):
        raise ConflictError("这份答卷已经结束，不能暂停。")
    _stop(attempt, now, reason.strip(), actor)
    note_moment(attempt_id, now, "pause")
    record(actor, "attempt.pause", f"attempt:{attempt_id}")
    flush_unique("这份答卷已经暂停了。请刷新后再看。")


def _stop(attempt: Attempt, at: datetime, reason: str, actor: PersonId | None) -> None:
    attempt.paused_at = at
    session().add(AttemptPause(attempt_id=attempt.id, began=at, reason=reason, paused_by=actor))


def resume(actor: PersonId, now: datetime, attempt_id: AttemptId) -> None:
    """Let an attempt's clock run on; its deadline moves by the pause."""
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id == actor:
        raise ForbiddenError("不能恢复自己的考试。请由别人来办。")
    if attempt.paused_at is None or attempt.submitted_at is not None or attempt.voided_at is not None:
        raise ConflictError("这份答卷没有在暂停。请刷新后再看。")
    seconds = end_pause(attempt, now, actor)
    note_moment(attempt_id, now, "resume", seconds=seconds)
    record(actor, "attempt.resume", f"attempt:{attempt_id}", seconds=seconds)
    session().flush()


def end_pause(attempt: Attempt, now: datetime, actor: PersonId | None) -> int:
    """End a locked attempt's pause, if it has one: the deadline moves; return by how many seconds."""
    if attempt.paused_at is None:
        return 0
    ends = delivery.ends_at(attempt.deadline, attempt.paused_at, now)
    moved = ends - attempt.deadline
    attempt.deadline, attempt.paused_at = ends, None
    row = session().scalar(
        sa.select(AttemptPause).where(AttemptPause.attempt_id == attempt.id, AttemptPause.ended.is_(None))
    )
    if row is not None:
        row.ended, row.ended_by = now, actor
    return int(moved / timedelta(seconds=1))


def pause_all(actor: PersonId, now: datetime, sitting_id: SittingId, reason: str) -> int:
    """Pause everybody who is answering now but oneself; return how many."""
    going = [one for one in _open(sitting_id, now) if one.paused_at is None and one.person_id != actor]
    for attempt in going:
        pause(actor, now, AttemptId(attempt.id), reason)
    if not going:
        raise ConflictError("现在没有人在答题，不用暂停。")
    return len(going)


def resume_all(actor: PersonId, now: datetime, sitting_id: SittingId) -> int:
    """Resume everybody of a sitting who is paused but oneself; return how many.

    Who is held with no time left stays so: resumed without a credit they would be handed in at once.
    """
    stopped = [one for one in _open(sitting_id, now) if one.paused_at is not None and one.person_id != actor]
    held = [one for one in stopped if one.paused_at is not None and one.deadline <= one.paused_at]
    if held and len(held) == len(stopped):
        raise ConflictError("暂停的答卷都已经没有剩余时间，没有恢复。请先补时，再恢复。")
    stopped = [one for one in stopped if one not in held]
    for attempt in stopped:
        resume(actor, now, AttemptId(attempt.id))
    if not stopped:
        raise ConflictError("现在没有暂停的答卷。请刷新后再看。")
    return len(stopped)


def _open(sitting_id: SittingId, now: datetime) -> list[Attempt]:
    return list(
        session().scalars(
            sa.select(Attempt).where(Attempt.sitting_id == sitting_id, still_open(now)).order_by(Attempt.id)
        )
    )


def second_pause(actor: PersonId, now: datetime, pause_id: int) -> PauseFacts:
    """Confirm a pause of somebody else's that is longer than one person decides alone."""
    row = session().scalar(locked(sa.select(AttemptPause).where(AttemptPause.id == pause_id)))
    if row is None:
        raise NotFoundError(MISSING)
    attempt = get_attempt(row.attempt_id)
    if actor in {row.paused_by, attempt.person_id}:
        raise ForbiddenError("要由第二个人来确认，暂停的人和考生本人都不能确认。")
    if row.seconded_by is not None:
        raise ConflictError("这次暂停已经有第二个人确认过了。")
    row.seconded_by, row.seconded_at = actor, now
    record(actor, "attempt.second_pause", f"attempt:{row.attempt_id}", pause=row.id)
    session().flush()
    return pause_facts(row, attempt)


def hold(attempt: Attempt, now: datetime) -> bool:
    """Hold a locked attempt whose time ran out while the server was silent; tell whether it is held now.

    Instead of being closed it is paused at its very end: what was typed meanwhile is accepted, nothing more
    can be, and whoever invigilates decides about the lost time. Quizzes, which may be repeated, are not held.
    """
    if attempt.paused_at is not None:
        return True
    if attempt.submitted_at is not None or attempt.voided_at is not None:
        return False
    if not rules.is_held(attempt.deadline, list(_silent(now))) or _was_held(attempt):
        return False
    if session().get_one(Sitting, attempt.sitting_id).kind == "quiz":
        return False
    _stop(attempt, attempt.deadline, "", None)
    note_moment(attempt.id, now, "hold")
    record(None, "attempt.hold", f"attempt:{attempt.id}")
    session().flush()
    return True


def _silent(now: datetime) -> Iterable[Span]:
    """Yield the outages of the last hours, and the silence since the last beat if it is one."""
    last = last_beat()
    if last is None:
        return
    since = now - timedelta(hours=invigilation_rules().hold_hours)
    for row in session().scalars(sa.select(Outage).where(Outage.ended > since)):
        yield Span(row.began, row.ended)
    if now - last.until >= least_silence():
        yield Span(last.until, now)


def _was_held(attempt: Attempt) -> bool:
    """Tell whether it was held before at this very deadline and let go without more time."""
    held = sa.select(AttemptPause.id).where(
        AttemptPause.attempt_id == attempt.id,
        AttemptPause.paused_by.is_(None),
        AttemptPause.began == attempt.deadline,
    )
    return session().scalar(held) is not None


def release_holds(now: datetime) -> int:
    """Let go the attempts that have been held for too long without a decision; return how many.

    Their time was over: nothing is added, and they are closed as any other.
    """
    since = now - timedelta(hours=invigilation_rules().hold_hours)
    rows = (
        session()
        .scalars(
            locked(
                sa.select(Attempt)
                .join(AttemptPause, AttemptPause.attempt_id == Attempt.id)
                .where(
                    Attempt.submitted_at.is_(None),
                    Attempt.paused_at < since,
                    AttemptPause.ended.is_(None),
                    AttemptPause.paused_by.is_(None),
                )
            )
        )
        .all()
    )
    for attempt in rows:
        deadline = attempt.deadline
        end_pause(attempt, now, None)
        attempt.deadline = deadline
        record(None, "attempt.release_hold", f"attempt:{attempt.id}")
    session().flush()
    return len(rows)
