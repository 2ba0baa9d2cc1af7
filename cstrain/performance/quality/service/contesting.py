"""An agent answers a published rating or contests it; somebody else decides, by a new rating if upheld."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.points import Points, check_halves, given_points, kept_points
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance.quality import queries, rules
from cstrain.performance.quality.facts import RatedChat
from cstrain.performance.quality.models import QualityRating, QualityReply
from cstrain.performance.quality.policy import MOST_WORDS
from cstrain.performance.quality.queries.base import allowed
from cstrain.performance.quality.service.rating import full_share
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time

KINDS = ("answer", "contest")


def reply(actor: PersonId, now: datetime, rating_id: int, kind: str, words: str) -> int:
    """Answer one's own published rating, or contest it within the days of the rule; return the reply's id.

    Each once, about the rating that counts; nothing is contested once its month is compiled.
    """
    found = queries.rated_chat(actor, rating_id)
    if found.chat.agent_id != actor or kind not in KINDS:
        raise NotFoundError(queries.MISSING)
    month = rules.month_of(found.chat.day)
    one_at_a_time(f"quality.month:{month.isoformat()}")
    current = found.current
    if current.id != rating_id:
        raise ConflictError("没有提交：这通会话已经有新的打分。请看最新的打分。")
    if not words.strip() or len(words) > MOST_WORDS:
        raise DomainError("没有提交：请写明理由，最多%(most)s个字。", most=MOST_WORDS)
    if kind == "contest":
        _check_contest(found, now)
    row = QualityReply(
        rating_id=rating_id,
        agent_id=actor,
        rater_id=current.rater_id,
        kind=kind,
        words=words.strip(),
        said_at=now,
    )
    session().add(row)
    flush_unique("没有提交：你已经提交过了。")
    record(actor, f"quality.{kind}", f"quality-rating:{rating_id}", reply=row.id)
    return row.id


def _check_contest(found: RatedChat, now: datetime) -> None:
    if any(one.kind == "contest" for one in found.replies):
        raise ConflictError("没有提交：这通会话已经提过异议，由别人定了就不再改。")
    if local_date(now) > found.contest_until:
        raise ConflictError("没有提交：异议到%(day)s为止，已经过了。可以写说明。", day=found.contest_until)
    if queries.month_row(rules.month_of(found.chat.day)) is not None:
        raise ConflictError("没有提交：这个月已经汇总。可以写说明。")


def get_contest(actor: PersonId, reply_id: int, *, lock: bool = False) -> QualityReply:
    """Return a contest that somebody may decide or look at; else ``NotFoundError``."""
    statement = sa.select(QualityReply).where(QualityReply.id == reply_id, QualityReply.kind == "contest")
    row = session().scalar(locked(statement) if lock else statement)
    if row is None or not allowed(actor, "quality.decide", PersonId(row.agent_id)):
        raise NotFoundError(queries.MISSING)
    return row


def decide(
    actor: PersonId, now: datetime, reply_id: int, *, upheld: bool, decision: str, points: Points
) -> int | None:
    """Decide a contest: keep the rating, or give the points of a new one; return the new rating's id.

    Never about oneself, nor about a chat that one has rated.
    """
    row = get_contest(actor, reply_id, lock=True)
    if row.decided_at is not None:
        raise ConflictError("没有保存：这个异议已经有人定了。")
    found = queries.rated_chat(actor, row.rating_id)
    if actor in {one.rater_id for one in found.ratings}:
        raise ForbiddenError("没有保存：这通会话是你打的分。请由别人来定。")
    if not decision.strip() or len(decision) > MOST_WORDS:
        raise DomainError("没有保存：请写明理由，最多%(most)s个字。", most=MOST_WORDS)
    row.decided_by, row.decided_at, row.upheld, row.decision = actor, now, upheld, decision.strip()
    if upheld:
        row.new_rating_id = _rate_anew(actor, now, found, points, decision)
    session().flush()
    record(actor, "quality.decide", f"quality-reply:{row.id}", upheld=upheld, rating=row.new_rating_id)
    notify(
        PersonId(row.agent_id),
        "你对%(day)s一通会话的质检异议已有决定。",
        now=now,
        values={"day": found.chat.day},
        url=f"/quality/ratings/{row.new_rating_id or row.rating_id}",
        key=f"quality.contest:{row.id}",
    )
    return row.new_rating_id


def _rate_anew(actor: PersonId, now: datetime, found: RatedChat, points: Points, decision: str) -> int:
    current = found.current
    given = given_points(current.rubric, points, decision)
    check_halves(current.rubric, given)
    share = full_share(current.rubric, given)
    earlier = session().get_one(QualityRating, current.id)
    new = QualityRating(
        sample_id=current.sample_id,
        number=current.number + 1,
        agent_id=current.agent_id,
        rater_id=actor,
        rubric_id=earlier.rubric_id,
        points=kept_points(given),
        note=decision.strip(),
        share=share,
        started_at=now,
        touched_at=now,
        finished_at=now,
    )
    session().add(new)
    flush_unique("没有保存：这通会话刚刚有了新的打分。请刷新后再看。")
    return new.id
