"""What the reads of quality sampling share: the rules in force, transcripts, ratings that count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.judgement.rubric import Rubric, read_rubric
from cstrain.judgement.shared_rubric import SharedRubric
from cstrain.kernel.ids import PersonId
from cstrain.performance.quality.facts import ChatFacts, Line, RatingFacts, Who
from cstrain.performance.quality.models import (
    ChatRecord,
    QualityRating,
    QualityRubric,
    QualityWeek,
    SampleChat,
    SampleDay,
)
from cstrain.performance.quality.policy import CHAPTER, RUBRIC, QualityRules
from cstrain.policies.loader import load

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def quality_rules(on: date | None = None) -> QualityRules:
    """Return the rules of quality sampling in force on a day, without one today."""
    return load(QualityRules, CHAPTER, on)


def shared_rubric() -> SharedRubric:
    """Return the rubric of real chats in force."""
    return load(SharedRubric, RUBRIC)


def published_on(week: sa.SQLColumnExpression[date]) -> sa.ColumnElement[bool]:
    """Tell as a column whether the week of a row is published."""
    return sa.exists().where(QualityWeek.week == week)


def week_row(week: date) -> QualityWeek | None:
    """Return the publication of a week; ``None`` before it."""
    return session().scalar(sa.select(QualityWeek).where(QualityWeek.week == week))


def chat_facts(row: ChatRecord) -> ChatFacts:
    """Return a chat with its transcript."""
    lines = tuple(Line(Who(who), datetime.fromisoformat(at), text) for who, at, text in row.lines)
    return ChatFacts(
        id=row.id,
        agent_id=PersonId(row.agent_id),
        code=row.code,
        channel=row.channel,
        customer=row.customer,
        vip=row.vip,
        started_at=row.started_at,
        ended_at=row.ended_at,
        day=row.day,
        week=row.week,
        late=row.late,
        source=row.source,
        lines=lines,
    )


def rubrics(ids: Iterable[int]) -> dict[int, Rubric]:
    """Return rubrics as they stood when something was rated by them. One statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session().scalars(sa.select(QualityRubric).where(QualityRubric.id.in_(wanted)))
    return {row.id: read_rubric(row.criteria) for row in rows}


def points_of(row: QualityRating) -> dict[str, Decimal]:
    """Return the points of a rating by criterion."""
    return {name: Decimal(value) for name, value in row.points.items()}


def rating_facts(row: QualityRating, known: Mapping[int, Rubric]) -> RatingFacts:
    """Return a finished rating."""
    assert row.share is not None and row.finished_at is not None
    return RatingFacts(
        id=row.id,
        sample_id=row.sample_id,
        number=row.number,
        agent_id=PersonId(row.agent_id),
        rater_id=PersonId(row.rater_id),
        rubric=known[row.rubric_id],
        points=points_of(row),
        note=row.note,
        share=Fraction(row.share),
        finished_at=row.finished_at,
    )


def current_ratings(*conditions: sa.ColumnElement[bool]) -> list[tuple[QualityRating, SampleDay]]:
    """Return the rating that counts of each drawn chat that fits, with its day. One statement."""
    newest = (
        sa.select(sa.func.max(QualityRating.number))
        .where(QualityRating.sample_id == SampleChat.id, QualityRating.finished_at.is_not(None))
        .correlate(SampleChat)
        .scalar_subquery()
    )
    statement = (
        sa.select(QualityRating, SampleDay)
        .join(SampleChat, SampleChat.id == QualityRating.sample_id)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .where(QualityRating.finished_at.is_not(None), QualityRating.number == newest, *conditions)
        .order_by(SampleDay.day, SampleChat.place)
    )
    return [(rating, day) for rating, day in session().execute(statement)]


def allowed(actor: PersonId, permission: str, subject: PersonId) -> bool:
    """Tell whether somebody may do something about somebody; never about themself."""
    return actor != subject and may(actor, permission, subject)
