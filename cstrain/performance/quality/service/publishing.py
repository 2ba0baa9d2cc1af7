"""Publishing a week: from then on its agents see their ratings, and nothing more is drawn or rated for it."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance.quality import queries, rules
from cstrain.performance.quality.facts import Undrawn
from cstrain.performance.quality.models import QualityWeek, SampleDay
from cstrain.performance.quality.service.chats import CHATS
from cstrain.unit_of_work import flush_unique, one_at_a_time

_DONE = "没有公布：这一周已经公布过了。"


def publish(actor: PersonId, now: datetime, week: date, *, gaps_seen: bool) -> int:
    """Publish a week that is over; return how many people got results.

    ``gaps_seen``: who publishes knows that some drawn chats have no rating; they get none any more. Refused
    for who has drawn chats in it, a second time, and while days of it are not drawn.
    """
    if week.weekday() != 0:
        raise DomainError("没有公布：请从周一算起。")
    one_at_a_time(CHATS)
    one_at_a_time(f"quality.week:{week.isoformat()}")
    facts = queries.week(week, local_date(now))
    _check(actor, week, facts.published_at is not None, over=facts.over, drawn=facts.drawn)
    if facts.unrated and not gaps_seen:
        raise DomainError(
            "没有公布：还有%(n)s通没有打分。请先打完；确实打不了的，请勾选不再打分后公布。", n=facts.unrated
        )
    session().add(
        QualityWeek(week=week, drawn=facts.drawn, unrated=facts.unrated, published_by=actor, published_at=now)
    )
    flush_unique(_DONE)
    record(actor, "quality.publish", f"quality-week:{week.isoformat()}", unrated=facts.unrated)
    return _tell(now, week)


def _check(actor: PersonId, week: date, published: bool, *, over: bool, drawn: int) -> None:
    if published:
        raise ConflictError(_DONE)
    if not over:
        raise DomainError("没有公布：这一周还没有过完。请从下周一起公布。")
    if any(one.day <= rules.week_ends(week) for one in _undrawn(week)):
        raise DomainError("没有公布：这一周还有没抽取的日子。请先抽取。")
    if not drawn:
        raise DomainError("没有公布：这一周没有抽取会话。")
    if _takes_part(actor, week):
        raise ForbiddenError("没有公布：这一周抽到了你自己的会话。请由另一位负责人公布。")


def _undrawn(week: date) -> list[Undrawn]:
    return [one for one in queries.undrawn(rules.week_ends(week)) if one.day >= week]


def _takes_part(actor: PersonId, week: date) -> bool:
    return (
        session().query(SampleDay.id).filter(SampleDay.week == week, SampleDay.person_id == actor).first()
        is not None
    )


def _tell(now: datetime, week: date) -> int:
    """Tell every agent with a rating that the week is published."""
    rated = sorted({day.person_id for _rating, day in queries.current_ratings(SampleDay.week == week)})
    for person in rated:
        notify(
            PersonId(person),
            "%(first)s至%(last)s的会话质检结果已公布。有不同意见请在期限内提出。",
            now=now,
            values={"first": week, "last": rules.week_ends(week)},
            url="/quality",
            key=f"quality.week:{week.isoformat()}:{person}",
        )
    return len(rated)
