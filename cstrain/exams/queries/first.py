"""Reading first attempts in bulk: each person's first at each paper, handed in and not voided."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from cstrain.exams.facts import FirstAttempt, GivenAnswer, Place
from cstrain.exams.models import Answer, Attempt, AttemptQuestion, Paper
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId, PersonId

MOST_IDS = 10_000
"""Longer lists of ids are not sent to the database: all rows are read, what was not asked for left out."""


def among(column: sa.orm.InstrumentedAttribute[int], ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column is one of these ids, or none when there are too many to send."""
    return column.in_(ids) if len(ids) <= MOST_IDS else sa.true()


def _first() -> sa.Select[int]:
    return (
        sa.select(sa.func.min(Attempt.id))
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.voided_at.is_(None), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.person_id, Paper.ref)
    )


def first_attempts(ref: str | None = None) -> list[FirstAttempt]:
    """Return the first attempts at a paper in all its editions (at every paper without ``ref``)."""
    statement = (
        sa.select(Attempt.id, Attempt.person_id, Attempt.paper_id, Paper.ref, Attempt.submitted_at)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.id.in_(_first()))
        .order_by(Attempt.id)
    )
    if ref is not None:
        statement = statement.where(Paper.ref == ref)
    return [
        FirstAttempt(AttemptId(row[0]), PersonId(row[1]), row[2], row[3], row[4])
        for row in session().execute(statement)
        if row[4] is not None
    ]


def places(attempt_ids: Collection[int]) -> list[Place]:
    """Return which question version stood where in these attempts."""
    asked = set(attempt_ids)
    rows = session().execute(
        sa.select(
            AttemptQuestion.attempt_id,
            AttemptQuestion.slot,
            AttemptQuestion.section,
            AttemptQuestion.question_id,
            AttemptQuestion.version_id,
        )
        .where(among(AttemptQuestion.attempt_id, asked))
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.slot)
    )
    return [Place(AttemptId(row[0]), *row[1:]) for row in rows if row[0] in asked]


def often_asked(least: int) -> list[int]:
    """Return the ids of versions that stood in at least so many first attempts."""
    rows = session().execute(
        sa.select(AttemptQuestion.version_id)
        .where(AttemptQuestion.attempt_id.in_(_first()))
        .group_by(AttemptQuestion.version_id)
        .having(sa.func.count() >= least)
        .order_by(AttemptQuestion.version_id)
    )
    return [row[0] for row in rows]


def given_answers(version_ids: Collection[int]) -> list[GivenAnswer]:
    """Return what was answered in first attempts where these versions stood; ``value`` ``None``: nothing."""
    asked = set(version_ids)
    rows = session().execute(
        sa.select(
            AttemptQuestion.attempt_id,
            AttemptQuestion.slot,
            AttemptQuestion.version_id,
            AttemptQuestion.option_order,
            Answer.value,
        )
        .outerjoin(
            Answer, (Answer.attempt_id == AttemptQuestion.attempt_id) & (Answer.slot == AttemptQuestion.slot)
        )
        .where(among(AttemptQuestion.version_id, asked), AttemptQuestion.attempt_id.in_(_first()))
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.slot)
    )
    return [
        GivenAnswer(AttemptId(row[0]), row[1], row[2], tuple(row[3]), row[4])
        for row in rows
        if row[2] in asked
    ]


def administrations(ref: str) -> tuple[int, dict[int, int]]:
    """Return how many forms of a paper were given out and not voided, and in how many each question stood."""
    mine = sa.select(Attempt.id).join(Paper, Paper.id == Attempt.paper_id)
    mine = mine.where(Paper.ref == ref, Attempt.voided_at.is_(None))
    rows = session().execute(
        sa.select(AttemptQuestion.question_id, sa.func.count())
        .where(AttemptQuestion.attempt_id.in_(mine))
        .group_by(AttemptQuestion.question_id)
    )
    forms = session().scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    return forms, {row[0]: row[1] for row in rows}


def attempts_voided() -> int:
    """Return how many attempts have been voided: with it, what was worked out earlier can be told stale."""
    voided = sa.select(sa.func.count()).select_from(Attempt).where(Attempt.voided_at.is_not(None))
    return session().scalar(voided) or 0
