"""Reading published ratings: an agent's own, those of people in somebody's charge, contests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.quality.facts import PublishedLine, RatedChat, RatingFacts, ReplyFacts
from cstrain.performance.quality.models import (
    ChatRecord,
    QualityRating,
    QualityReply,
    QualityWeek,
    SampleChat,
    SampleDay,
)
from cstrain.performance.quality.queries.base import (
    MISSING,
    chat_facts,
    quality_rules,
    rating_facts,
    rubrics,
)

PAGE = 20


def reply_facts(row: QualityReply) -> ReplyFacts:
    """Return what an agent said, with its decision."""
    return ReplyFacts(
        id=row.id,
        rating_id=row.rating_id,
        agent_id=PersonId(row.agent_id),
        rater_id=PersonId(row.rater_id),
        kind=row.kind,
        words=row.words,
        said_at=row.said_at,
        decided_by=PersonId(row.decided_by) if row.decided_by is not None else None,
        decided_at=row.decided_at,
        upheld=row.upheld,
        decision=row.decision,
        new_rating_id=row.new_rating_id,
    )


def published_lines(person: PersonId, page: int = 1) -> tuple[list[PublishedLine], int]:
    """Return a page of a person's published ratings, newest first, and how many there are. Four statements
    at most."""
    newest = (
        sa.select(sa.func.max(QualityRating.number))
        .where(QualityRating.sample_id == SampleChat.id, QualityRating.finished_at.is_not(None))
        .correlate(SampleChat)
        .scalar_subquery()
    )
    base = (
        sa.select(QualityRating, SampleDay, ChatRecord)
        .join(SampleChat, SampleChat.id == QualityRating.sample_id)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .join(ChatRecord, ChatRecord.id == SampleChat.chat_id)
        .join(QualityWeek, QualityWeek.week == SampleDay.week)
        .where(
            SampleDay.person_id == person,
            QualityRating.finished_at.is_not(None),
            QualityRating.number == newest,
        )
    )
    total = session().scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0
    ordered = base.order_by(SampleDay.day.desc(), SampleChat.place)
    rows = session().execute(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()
    contests = _contests([row.sample_id for row, _day, _chat in rows])
    return [
        PublishedLine(
            row.id,
            day.week,
            day.day,
            chat.channel,
            chat.customer,
            Fraction(row.share or 0),
            contests.get(row.sample_id) == "upheld",
            contests.get(row.sample_id, ""),
        )
        for row, day, chat in rows
    ], total


def _contests(samples: Collection[int]) -> dict[int, str]:
    """Return how the contest about each drawn chat stands: ``open``, ``upheld`` or ``kept``."""
    rows = session().execute(
        sa.select(QualityRating.sample_id, QualityReply.decided_at, QualityReply.upheld)
        .join(QualityReply, QualityReply.rating_id == QualityRating.id)
        .where(QualityRating.sample_id.in_(samples), QualityReply.kind == "contest")
        .order_by(QualityReply.id)
    )
    words = {None: "open", True: "upheld", False: "kept"}
    return {sample: words[upheld if decided else None] for sample, decided, upheld in rows}


def rated_chat(actor: PersonId, rating_id: int) -> RatedChat:
    """Return a drawn chat of a published week with its ratings, for its agent or who has them in their
    charge; else ``NotFoundError``."""
    row = session().get(QualityRating, rating_id)
    if row is None or row.finished_at is None:
        raise NotFoundError(MISSING)
    agent = PersonId(row.agent_id)
    if agent != actor and not may(actor, "quality.view", agent):
        raise NotFoundError(MISSING)
    found = (
        session()
        .execute(
            sa.select(ChatRecord, QualityWeek.published_at)
            .join(SampleChat, SampleChat.chat_id == ChatRecord.id)
            .join(SampleDay, SampleDay.id == SampleChat.day_id)
            .join(QualityWeek, QualityWeek.week == SampleDay.week)
            .where(SampleChat.id == row.sample_id)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFoundError(MISSING)
    chat, published_at = found
    ratings = _ratings(row.sample_id)
    return RatedChat(chat_facts(chat), ratings, _replies(ratings), contest_until(agent, published_at))


def _ratings(sample_id: int) -> tuple[RatingFacts, ...]:
    rows = list(
        session().scalars(
            sa.select(QualityRating)
            .where(QualityRating.sample_id == sample_id, QualityRating.finished_at.is_not(None))
            .order_by(QualityRating.number)
        )
    )
    known = rubrics(row.rubric_id for row in rows)
    return tuple(rating_facts(row, known) for row in rows)


def _replies(ratings: tuple[RatingFacts, ...]) -> tuple[ReplyFacts, ...]:
    rows = session().scalars(
        sa.select(QualityReply)
        .where(QualityReply.rating_id.in_([one.id for one in ratings]))
        .order_by(QualityReply.id)
    )
    return tuple(reply_facts(row) for row in rows)


def contest_until(agent: PersonId, published_at: datetime) -> date:
    """Return the last day on which an agent may contest what was published: so many working days after."""
    calendar, on = people.work_calendar(agent), local_date(published_at)
    return calendar.nth_working_day_after(on, quality_rules(on).contest_days)


def contests(actor: PersonId, on: date, page: int, *, is_open: bool) -> tuple[list[ReplyFacts], int]:
    """Return a page of the contests that somebody may decide, or of those decided, and how many there are.

    Never one's own, none about a chat that one has rated. Open ones oldest first, others newest first.
    """
    seen = people.visible_people(actor, "quality.decide", on)
    other = sa.orm.aliased(QualityRating)
    rated = (
        sa.exists()
        .where(other.sample_id == QualityRating.sample_id, other.rater_id == actor)
        .correlate(QualityRating)
    )
    conditions = [QualityReply.kind == "contest", QualityReply.agent_id != actor]
    conditions.append(QualityReply.decided_at.is_(None) if is_open else QualityReply.decided_at.is_not(None))
    if is_open:
        conditions.append(~rated)
    if seen is not None:
        conditions.append(QualityReply.agent_id.in_(seen))
    base = sa.select(QualityReply).join(QualityRating, QualityRating.id == QualityReply.rating_id)
    base = base.where(*conditions)
    total = session().scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0
    order = QualityReply.id if is_open else QualityReply.decided_at.desc()
    rows = session().scalars(base.order_by(order).limit(PAGE).offset((page - 1) * PAGE))
    return [reply_facts(row) for row in rows], total
