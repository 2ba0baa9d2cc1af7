"""What an invigilator may do to a running attempt."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams.models import AttemptMoment, Extension
from cstrain.exams.store import exam_rules, get_attempt
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId


def extend(
    actor: PersonId,
    now: datetime,
    attempt_id: AttemptId,
    minutes: int,
    reason: str,
    second: PersonId | None = None,
) -> None:
    """Give a running attempt more minutes.

    One person may give at most 10 in all (domain.md section 11); beyond that a second person is named who
    agreed. Nobody extends their own.
    """
    attempt = get_attempt(attempt_id, lock=True)
    limits = exam_rules()
    if attempt.person_id in {actor, second} or actor == second:
        raise ForbiddenError("不能给自己加时，两位经办人也不能是同一个人。")
    if attempt.submitted_at is not None or attempt.voided_at is not None:
        raise ConflictError("这份答卷已经结束，不能加时。")
    if not reason.strip():
        raise DomainError("没有写加时原因，时间没有变。请写明原因。")
    given = session().scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Extension.minutes), 0)).where(
            Extension.attempt_id == attempt_id
        )
    )
    total = int(given or 0) + minutes
    if not minutes >= 1 or total > limits.extension_most_minutes:
        raise DomainError("加时要在1到%(most)s分钟之间（累计）。", most=limits.extension_most_minutes)
    if total > limits.extension_alone_minutes and second is None:
        raise DomainError(
            "一位监考累计最多加%(alone)s分钟，时间没有变。更长的加时需要第二个人同意。",
            alone=limits.extension_alone_minutes,
        )
    attempt.deadline += timedelta(minutes=minutes)
    session().add(
        Extension(
            attempt_id=attempt_id,
            minutes=minutes,
            reason=reason,
            granted_by=actor,
            second_by=second,
            granted_at=now,
        )
    )
    session().add(AttemptMoment(attempt_id=attempt_id, at=now, kind="extend", detail={"minutes": minutes}))
    record(actor, "attempt.extend", f"attempt:{attempt_id}", minutes=minutes, second=second)
    session().flush()
