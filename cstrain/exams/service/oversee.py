"""What an invigilator may do to a running attempt: a little alone, more with a second person."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams.invigilation.queries import given_seconds
from cstrain.exams.invigilation.rules import may_give_alone
from cstrain.exams.models import Attempt, Extension, Intervention
from cstrain.exams.store import exam_rules, get_attempt, note_moment
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.notifications.service import notify


def extend(
    actor: PersonId,
    now: datetime,
    attempt_id: AttemptId,
    minutes: int,
    reason: str,
    second: PersonId | None = None,
) -> None:
    """Give a running attempt more minutes.

    One person may give at most 10 in all (docs/rules.md 4); beyond that a second person is named who
    agreed. Nobody extends their own.
    """
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id in {actor, second} or actor == second:
        raise ForbiddenError("不能给自己加时，两位经办人也不能是同一个人。")
    _check_extension(attempt, minutes, reason)
    alone = exam_rules().extension_alone_minutes
    if second is None and not _may_alone(attempt.id, minutes):
        raise DomainError(
            "一位监考累计最多加%(alone)s分钟，时间没有变。更长的加时需要第二个人同意。", alone=alone
        )
    attempt.deadline += timedelta(minutes=minutes)
    session().add(
        Extension(
            attempt_id=attempt_id,
            minutes=minutes,
            reason=reason.strip(),
            granted_by=actor,
            second_by=second,
            granted_at=now,
        )
    )
    note_moment(attempt_id, now, "extend", minutes=minutes)
    record(actor, "attempt.extend", f"attempt:{attempt_id}", minutes=minutes, second=second)
    session().flush()


def extend_all(
    actor: PersonId, now: datetime, sitting_id: SittingId, minutes: int, reason: str
) -> tuple[int, int]:
    """Give everybody of a sitting who is answering, but oneself, more minutes.

    Returns how many got them at once and for how many a second person is waited for.
    """
    running = sa.select(Attempt.id).where(
        Attempt.sitting_id == sitting_id,
        Attempt.submitted_at.is_(None),
        Attempt.voided_at.is_(None),
        sa.or_(Attempt.deadline >= now, Attempt.paused_at.is_not(None)),
        Attempt.person_id != actor,
    )
    found = [AttemptId(row) for row in session().scalars(running.order_by(Attempt.id))]
    if not found:
        raise ConflictError("现在没有人在答题，时间没有变。")
    at_once = 0
    for attempt_id in found:
        if _may_alone(attempt_id, minutes):
            extend(actor, now, attempt_id, minutes, reason)
            at_once += 1
        else:
            propose_extension(actor, now, attempt_id, minutes, reason)
    return at_once, len(found) - at_once


def _may_alone(attempt_id: int, minutes: int) -> bool:
    given = given_seconds([attempt_id]).get(attempt_id, 0)
    return may_give_alone(given, minutes * 60, exam_rules().extension_alone_minutes)


def _check_extension(attempt: Attempt, minutes: int, reason: str) -> None:
    """Refuse what no two persons may give."""
    if attempt.submitted_at is not None or attempt.voided_at is not None:
        raise ConflictError("这份答卷已经结束，不能加时。")
    if not reason.strip():
        raise DomainError("没有写加时原因，时间没有变。请写明原因。")
    given = session().scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Extension.minutes), 0)).where(
            Extension.attempt_id == attempt.id
        )
    )
    most = exam_rules().extension_most_minutes
    total = int(given or 0) + minutes
    if minutes < 1 or total > most:
        raise DomainError("加时要在1到%(most)s分钟之间（累计）。", most=most)


def propose_extension(
    actor: PersonId, now: datetime, attempt_id: AttemptId, minutes: int, reason: str
) -> int:
    """Propose an extension that needs a second person; nothing changes until somebody else agrees."""
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id == actor:
        raise ForbiddenError("不能给自己加时，两位经办人也不能是同一个人。")
    _check_extension(attempt, minutes, reason)
    return _propose(actor, now, attempt, "extend", minutes, reason)


def propose_void(actor: PersonId, now: datetime, attempt_id: AttemptId, reason: str) -> int:
    """Propose to void an attempt; nothing changes until somebody else agrees."""
    attempt = get_attempt(attempt_id, lock=True)
    if attempt.person_id == actor:
        raise ForbiddenError("不能作废自己的答卷。请由别人来办。")
    if attempt.voided_at is not None:
        raise ConflictError("这份答卷已经作废。")
    if not reason.strip():
        raise DomainError("没有写作废原因，答卷没有变。请写明原因。")
    return _propose(actor, now, attempt, "void", 0, reason)


def _propose(actor: PersonId, now: datetime, attempt: Attempt, kind: str, minutes: int, reason: str) -> int:
    waiting = sa.select(Intervention.id).where(
        Intervention.attempt_id == attempt.id,
        Intervention.kind == kind,
        Intervention.decided_at.is_(None),
    )
    if session().scalar(waiting) is not None:
        raise ConflictError("这份答卷已经有一个同样的申请在等第二个人。请让另一个人先办理。")
    row = Intervention(
        attempt_id=attempt.id,
        kind=kind,
        minutes=minutes,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, f"attempt.propose_{kind}", f"attempt:{attempt.id}", proposal=row.id, minutes=minutes)
    return row.id


def decide_intervention(actor: PersonId, now: datetime, proposal_id: int, *, agreed: bool) -> None:
    """Agree to somebody else's proposal, which carries it out, or turn it down."""
    row = session().get(Intervention, proposal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    if row.decided_at is not None:
        raise ConflictError("这个申请已经办理过了。请刷新后再看。")
    attempt = get_attempt(row.attempt_id, lock=True)
    if actor in {row.proposed_by, attempt.person_id}:
        raise ForbiddenError("要由第二个人来决定，提出人和考生本人都不能决定。")
    row.decided_by, row.decided_at, row.agreed = actor, now, agreed
    record(
        actor,
        "attempt.decide_proposal",
        f"attempt:{attempt.id}",
        proposal=row.id,
        kind=row.kind,
        agreed=agreed,
    )
    if agreed and row.kind == "extend":
        proposer = PersonId(row.proposed_by)
        extend(proposer, now, AttemptId(attempt.id), row.minutes, row.reason, second=actor)
    elif agreed:
        _void(attempt, now)
    session().flush()


def decide_alike(actor: PersonId, now: datetime, proposal_id: int, *, agreed: bool) -> int:
    """Decide all that was proposed in one go with this proposal (an extension for all); return how many."""
    row = session().get(Intervention, proposal_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    sitting = sa.select(Attempt.sitting_id).where(Attempt.id == row.attempt_id).scalar_subquery()
    alike = (
        session()
        .scalars(
            sa.select(Intervention.id)
            .join(Attempt, Attempt.id == Intervention.attempt_id)
            .where(
                Attempt.sitting_id == sitting,
                Attempt.person_id != actor,
                Intervention.kind == row.kind,
                Intervention.minutes == row.minutes,
                Intervention.proposed_by == row.proposed_by,
                Intervention.proposed_at == row.proposed_at,
                Intervention.decided_at.is_(None),
            )
            .order_by(Intervention.id)
        )
        .all()
    )
    if not alike:
        raise ConflictError("这个申请已经办理过了。请刷新后再看。")
    for each in alike:
        decide_intervention(actor, now, each, agreed=agreed)
    return len(alike)


def _void(attempt: Attempt, now: datetime) -> None:
    if attempt.voided_at is not None:
        raise ConflictError("这份答卷已经作废。")
    attempt.voided_at = now
    note_moment(attempt.id, now, "void")
    notify(
        PersonId(attempt.person_id),
        "你的一份答卷已作废，不计入成绩。原因可以向人力资源部查询。",
        url="/exams",
        now=now,
    )
