"""Public notices about who was chosen, and the objections to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion import ladders
from cstrain.promotion.competition import store
from cstrain.promotion.competition.facts import Notice, Objection
from cstrain.promotion.competition.models import (
    CompetitionCandidate,
    CompetitionNotice,
    CompetitionObjection,
)

_T = TypeVar("_T")


def notice_days(role: str, on: date) -> int | None:
    """Return how many working days a notice is up before the post is somebody's, by the ladder of the post.

    ``None`` where the ladder in force asks for no notice, or no ladder leads to the post by competition.
    """
    steps = (step for ladder in ladders.ladders(on) for step in ladder.steps)
    found = (one.notice_working_days for one in steps if one.road == "competition" and one.goal == role)
    return next(found, None)


def notice(notice_id: int) -> Notice:
    """Return a notice; raises ``NotFoundError``."""
    return _one(_notices(CompetitionNotice.id == notice_id))


def notice_of(candidate_id: int) -> Notice | None:
    """Return the notice about a candidate, or ``None``."""
    return next(iter(_notices(CompetitionNotice.candidate_id == candidate_id)), None)


def notices_of(competition_id: int) -> dict[int, Notice]:
    """Return the notices of a competition by candidate."""
    return {one.candidate: one for one in _notices(CompetitionCandidate.competition_id == competition_id)}


def notices_up(today: date) -> list[Notice]:
    """Return the notices that are up on a day, the one that ends first before the others."""
    up = sa.and_(CompetitionNotice.first_day <= today, CompetitionNotice.last_day >= today)
    return sorted(_notices(up), key=lambda one: (one.last_day, one.id))


def open_notices() -> list[Notice]:
    """Return the notices that nobody has closed yet, oldest first."""
    return _notices(CompetitionNotice.closed_at.is_(None))


def objection(objection_id: int) -> Objection:
    """Return an objection; raises ``NotFoundError``."""
    return _one(_objections(CompetitionObjection.id == objection_id))


def objections(notice_id: int) -> list[Objection]:
    """Return the objections to a notice, oldest first."""
    return _objections(CompetitionObjection.notice_id == notice_id)


def waiting_objections() -> list[Objection]:
    """Return every objection without an answer, oldest first."""
    return _objections(CompetitionObjection.answered_at.is_(None))


def _one(found: Iterable[_T]) -> _T:
    for one in found:
        return one
    raise NotFoundError(store.MISSING)


def _notices(where: sa.ColumnElement[bool]) -> list[Notice]:
    statement = (
        sa.select(CompetitionNotice, CompetitionCandidate.competition_id)
        .join(CompetitionCandidate, CompetitionCandidate.id == CompetitionNotice.candidate_id)
        .where(where)
        .order_by(CompetitionNotice.id)
    )
    return [
        Notice(
            id=row.id,
            competition=place,
            candidate=row.candidate_id,
            person=PersonId(row.person_id),
            content=row.content,
            first_day=row.first_day,
            last_day=row.last_day,
            published_by=PersonId(row.published_by),
            published_at=row.published_at,
            closed_at=row.closed_at,
            outcome=row.outcome,
        )
        for row, place in session().execute(statement)
    ]


def _objections(where: sa.ColumnElement[bool]) -> list[Objection]:
    rows = session().scalars(sa.select(CompetitionObjection).where(where).order_by(CompetitionObjection.id))
    return [
        Objection(
            id=row.id,
            notice=row.notice_id,
            kind=row.kind,
            by=PersonId(row.by_id) if row.by_id is not None else None,
            text=row.text,
            filed_on=row.filed_on,
            start_by=row.start_by,
            answer_by=row.answer_by,
            started_at=row.started_at,
            started_by=PersonId(row.started_by) if row.started_by is not None else None,
            finding=row.finding,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in rows
    ]
