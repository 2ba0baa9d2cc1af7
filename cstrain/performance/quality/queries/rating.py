"""Reading the queues of drawn chats, a rater's sheet, what they finished last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Track
from cstrain.performance.quality.facts import FinishedSheet, QueueFacts, SheetFacts, Side
from cstrain.performance.quality.models import (
    ChatRecord,
    QualityRating,
    QualityWeek,
    SampleChat,
    SampleDay,
)
from cstrain.performance.quality.queries.base import (
    MISSING,
    chat_facts,
    points_of,
    published_on,
    rubrics,
    week_row,
)

RECENT = 6


@dataclass(frozen=True, slots=True)
class OpenSample:
    """A drawn chat of a week that is not published, with the ratings that were not given back."""

    id: int
    agent_id: PersonId
    week: date
    seed: str
    side: Side
    ratings: tuple[QualityRating, ...]

    @property
    def is_rated(self) -> bool:
        """Somebody has finished a rating of it."""
        return any(row.finished_at is not None for row in self.ratings)


def side_of(facts: PersonFacts | None) -> Side:
    """Return on which side an agent is."""
    return Side.VIP if facts is not None and facts.track is Track.VIP else Side.BASIC


def open_samples(on: date, week: date | None = None) -> list[OpenSample]:
    """Return the drawn chats of weeks not yet published (or of one), in a fixed number of statements."""
    conditions = [~published_on(SampleDay.week)]
    if week is not None:
        conditions.append(SampleDay.week == week)
    drawn = (
        session()
        .execute(
            sa.select(SampleChat.id, SampleDay.person_id, SampleDay.week, SampleDay.seed)
            .join(SampleDay, SampleDay.id == SampleChat.day_id)
            .where(*conditions)
            .order_by(SampleDay.day, SampleDay.person_id, SampleChat.place)
        )
        .all()
    )
    if not drawn:
        return []
    held = (
        sa.select(QualityRating)
        .join(SampleChat, SampleChat.id == QualityRating.sample_id)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .where(QualityRating.returned_at.is_(None), *conditions)
        .order_by(QualityRating.number)
    )
    ratings: dict[int, tuple[QualityRating, ...]] = {}
    for row in session().scalars(held):
        ratings[row.sample_id] = (*ratings.get(row.sample_id, ()), row)
    facts = people.people({PersonId(one.person_id) for one in drawn}, on)
    return [
        OpenSample(
            one.id,
            PersonId(one.person_id),
            one.week,
            one.seed,
            side_of(facts.get(PersonId(one.person_id))),
            ratings.get(one.id, ()),
        )
        for one in drawn
    ]


def free_for(person: PersonId, samples: Iterable[OpenSample], on: date) -> list[OpenSample]:
    """Return the drawn chats that nobody has rated or holds and that somebody may rate: never their own,
    none that they have given back."""
    seen = people.visible_people(person, "quality.rate", on)
    free = [
        one
        for one in samples
        if not one.ratings and one.agent_id != person and (seen is None or one.agent_id in seen)
    ]
    back = _given_back(person, [one.id for one in free])
    return [one for one in free if one.id not in back]


def _given_back(person: PersonId, ids: Collection[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    rows = session().scalars(
        sa.select(QualityRating.sample_id).where(
            QualityRating.rater_id == person, QualityRating.returned_at.is_not(None)
        )
    )
    return frozenset(rows)


def draft_of(person: PersonId, sample: OpenSample) -> int | None:
    """Return the sheet somebody has begun of a drawn chat."""
    mine = (row.id for row in sample.ratings if row.rater_id == person and row.finished_at is None)
    return next(mine, None)


def queues(person: PersonId, at: datetime) -> list[QueueFacts]:
    """Return the queues that hold something for a rater: oldest week first, VIP agents first."""
    on = local_date(at)
    samples = open_samples(on)
    free = {one.id for one in free_for(person, samples, on)}
    groups: dict[tuple[date, Side], list[OpenSample]] = {}
    for one in samples:
        groups.setdefault((one.week, one.side), []).append(one)
    found = [
        QueueFacts(
            week,
            side,
            waiting=sum(one.id in free for one in group),
            unrated=sum(not one.is_rated for one in group),
            draft=next((draft for one in group if (draft := draft_of(person, one)) is not None), None),
        )
        for (week, side), group in groups.items()
    ]
    mine = [queue for queue in found if queue.waiting or queue.draft]
    return sorted(mine, key=lambda queue: (queue.draft is None, queue.week, queue.side is Side.BASIC))


def waiting_count(person: PersonId, at: datetime) -> int:
    """Return how many drawn chats wait for a rater: those they have begun and those they may take."""
    return sum(queue.waiting + (queue.draft is not None) for queue in queues(person, at))


def own_rating(rating_id: int, person: PersonId) -> QualityRating:
    """Return a rating of one's own; a foreign one and a missing one answer the same."""
    row = session().get(QualityRating, rating_id)
    if row is None or row.rater_id != person:
        raise NotFoundError(MISSING)
    return row


def sheet(rating_id: int, person: PersonId, at: datetime) -> SheetFacts:
    """Return a sheet of one's own; ``NotFoundError`` for anybody else's."""
    row = own_rating(rating_id, person)
    chat, week = (
        session()
        .execute(
            sa.select(ChatRecord, SampleDay.week)
            .join(SampleChat, SampleChat.chat_id == ChatRecord.id)
            .join(SampleDay, SampleDay.id == SampleChat.day_id)
            .where(SampleChat.id == row.sample_id)
        )
        .one()
    )
    agent = people.people([PersonId(row.agent_id)], local_date(at)).get(PersonId(row.agent_id))
    state = _state(row, published=week_row(week) is not None)
    newest = session().scalar(
        sa.select(sa.func.max(QualityRating.number)).where(
            QualityRating.sample_id == row.sample_id, QualityRating.returned_at.is_(None)
        )
    )
    return SheetFacts(
        id=row.id,
        week=week,
        side=side_of(agent),
        chat=chat_facts(chat),
        rubric=rubrics([row.rubric_id])[row.rubric_id],
        points=points_of(row),
        note=row.note,
        state=state,
        share=Fraction(row.share) if row.share else None,
        may_revise=state == "finished" and newest == row.number,
    )


def _state(row: QualityRating, *, published: bool) -> str:
    if row.returned_at is not None:
        return "returned"
    if row.finished_at is None:
        return "missed" if published else "open"
    return "published" if published else "finished"


def finished_by(person: PersonId) -> list[FinishedSheet]:
    """Return the sheets somebody finished last, the newest first."""
    rows = session().execute(
        sa.select(QualityRating, SampleDay.week, QualityWeek.id)
        .join(SampleChat, SampleChat.id == QualityRating.sample_id)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .outerjoin(QualityWeek, QualityWeek.week == SampleDay.week)
        .where(QualityRating.rater_id == person, QualityRating.finished_at.is_not(None))
        .order_by(QualityRating.finished_at.desc(), QualityRating.id.desc())
        .limit(RECENT)
    )
    return [
        FinishedSheet(row.id, week, Fraction(row.share), row.finished_at, publication is not None)
        for row, week, publication in rows
        if row.finished_at is not None and row.share is not None
    ]
