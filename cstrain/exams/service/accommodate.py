"""What one candidate is granted before they start, and the code of the room."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.facts import Accommodation as Granted
from cstrain.exams.facts import PersonalWindow
from cstrain.exams.models import Accommodation, Attempt, Candidate, Paper, Sitting
from cstrain.exams.queries.candidates import last_end, newest_accommodation, window_of
from cstrain.exams.store import get_candidate, get_sitting, spec_of
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.notifications.service import notify
from cstrain.unit_of_work import locked

MOST_EXTRA = 240
"""The most extra minutes one may grant."""


def accommodate(
    actor: PersonId,
    now: datetime,
    sitting_id: SittingId,
    person: PersonId,
    *,
    reason: str,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    extra_minutes: int = 0,
    late: bool = False,
) -> None:
    """Grant a candidate an own window, extra minutes (0 to 240) or coming late, with the reason.

    All of it counts from now on instead of what was granted before, which is kept. The candidate is told
    when they may sit, not why. Refuses after they have started, for oneself, and an own window at a paper
    that everybody sits at the same time.
    """
    if actor == person:
        raise ForbiddenError("不能给自己作个人安排。请让另一位有权限的人来办。")
    if not reason.strip():
        raise DomainError("没有写个人安排的原因，没有保存。请写明原因，只有安排考试的人能看到。")
    candidate = get_candidate(sitting_id, person, lock=True)
    sitting = get_sitting(sitting_id)
    check_not_started(candidate)
    given = Granted(opens_at, closes_at, extra_minutes, late, reason.strip(), actor, now)
    before, window = newest_accommodation(candidate.id), window_of(sitting, candidate, given)
    _check(sitting, window, given, now)
    grant(candidate, given)
    _record(sitting, person, given)
    if window != window_of(sitting, candidate, before):
        _tell(sitting, person, window, now)


def _record(sitting: Sitting, person: PersonId, given: Granted) -> None:
    record(
        given.given_by,
        "sitting.accommodate",
        f"sitting:{sitting.id}",
        person=person,
        opens_at=given.opens_at.isoformat() if given.opens_at else None,
        closes_at=given.closes_at.isoformat() if given.closes_at else None,
        extra_minutes=given.extra_minutes,
        late=given.late,
    )


def check_not_started(candidate: Candidate) -> None:
    """Refuse to change what is granted to somebody who has started (``ConflictError``)."""
    started = sa.select(Attempt.id).where(Attempt.candidate_id == candidate.id, Attempt.voided_at.is_(None))
    if session().scalar(started.limit(1)) is not None:
        raise ConflictError("这位考生已经开考，不能再改准考安排。需要加时请在监考页办理。")


def _check(sitting: Sitting, window: PersonalWindow, given: Granted, now: datetime) -> None:
    if sitting.cancelled_at is not None:
        raise ConflictError("这场考试已经取消，不能再作个人安排。请另建场次。")
    if not 0 <= given.extra_minutes <= MOST_EXTRA:
        raise DomainError("额外时间要在0到%(most)s分钟之间。", most=MOST_EXTRA)
    if window.closes_at <= window.opens_at or window.closes_at <= now:
        raise DomainError("结束时间要晚于开始时间，也要晚于现在。请改好时间后再保存。")
    spec = spec_of(session().get_one(Paper, sitting.paper_id))
    if spec.unified and window.own:
        raise DomainError(
            "《%(paper)s》是统一考试，所有人同时考，不能单独改时间。可以给额外时间，或者允许迟到入场。",
            paper=spec.title,
        )


def grant(candidate: Candidate, given: Granted) -> None:
    """Store what was granted; what was granted before stays."""
    session().add(
        Accommodation(
            candidate_id=candidate.id,
            person_id=candidate.person_id,
            opens_at=given.opens_at,
            closes_at=given.closes_at,
            extra_minutes=given.extra_minutes,
            late=given.late,
            reason=given.reason,
            given_by=given.given_by,
            given_at=given.given_at,
        )
    )
    session().flush()


def carry_over(actor: PersonId | None, now: datetime, before: SittingId, after: SittingId) -> None:
    """Let a sitting that takes another's place keep its late limit, its code and what people were granted.

    Own times belonged to the old date and are not kept; extra minutes and coming late are.
    """
    old, new = get_sitting(before), get_sitting(after)
    new.late_minutes, new.code = old.late_minutes, old.code
    rows = session().scalars(sa.select(Candidate).where(Candidate.sitting_id.in_([before, after])))
    places = {(row.sitting_id, row.person_id): row for row in rows}
    for (sitting_id, person_id), candidate in sorted(places.items()):
        mine = places.get((after, person_id))
        if sitting_id != before or mine is None:
            continue
        mine.extra_minutes = candidate.extra_minutes
        given = newest_accommodation(candidate.id)
        if given is not None:
            grant(mine, replace(given, opens_at=None, closes_at=None, given_at=now))
    session().flush()
    record(actor, "sitting.carry_over", f"sitting:{after}", before=before)


def _tell(sitting: Sitting, person: PersonId, window: PersonalWindow, now: datetime) -> None:
    notify(
        person,
        "《%(title)s》给你另作了安排：%(opens_at)s起可以开始，%(closes_at)s前结束。",
        values={"title": sitting.title, "opens_at": window.opens_at, "closes_at": window.closes_at},
        url=f"/sittings/{sitting.id}",
        now=now,
    )


def renew_code(actor: PersonId, now: datetime, sitting_id: SittingId, code: str) -> None:
    """Give a sitting another room code, or its first; who sits the exam may not.

    What was typed before with the old code no longer opens the door; who has started goes on.
    """
    sitting = session().scalar(locked(sa.select(Sitting).where(Sitting.id == sitting_id)))
    if sitting is None:
        sitting = get_sitting(sitting_id)
    mine = sa.select(Candidate.id).where(Candidate.sitting_id == sitting_id, Candidate.person_id == actor)
    if session().scalar(mine) is not None:
        raise ForbiddenError("你是这场考试的考生，不能换考场码。请让监考员来办。")
    if sitting.cancelled_at is not None or now >= last_end(sitting):
        raise ConflictError("这场考试已经取消或结束，不用再换考场码。")
    first = sitting.code is None
    sitting.code = rules.written_code(code)
    session().flush()
    record(actor, "sitting.code", f"sitting:{sitting_id}", first=first)
