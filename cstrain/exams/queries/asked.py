"""Reading which questions have stood in which attempts, for the bank pages and question statistics."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from cstrain.exams.facts import AskedSlot
from cstrain.exams.models import Attempt, AttemptQuestion, Paper
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId


def times_asked(question_ids: Collection[int]) -> dict[int, int]:
    """Return in how many attempts each question has stood; questions never used are left out."""
    rows = session().execute(
        sa.select(AttemptQuestion.question_id, sa.func.count())
        .where(AttemptQuestion.question_id.in_(question_ids))
        .group_by(AttemptQuestion.question_id)
    )
    return {row[0]: row[1] for row in rows}


def ever_asked() -> sa.Select[int]:
    """Select the ids of questions that stood in attempts."""
    return sa.select(AttemptQuestion.question_id)


def asked_since(question_ids: Collection[int] | None) -> sa.Select[int, int, datetime]:
    """Select in how many attempts questions (these, if given) stood, and when the latest was begun."""
    found = (
        sa.select(
            AttemptQuestion.question_id,
            sa.func.count().label("times"),
            sa.func.max(Attempt.started_at).label("last"),
        )
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .group_by(AttemptQuestion.question_id)
    )
    return found if question_ids is None else found.where(AttemptQuestion.question_id.in_(question_ids))


def slots_asking(question_ids: Collection[int], leaving_out: sa.Select[tuple[int]]) -> list[AskedSlot]:
    """Return where any version of these questions stands in attempts that were not voided, oldest first.

    ``leaving_out`` selects ids of attempts that are not wanted: the database never hands them over, so that
    what waits stays quick to find however long the history is.
    """
    rows = session().execute(
        sa.select(AttemptQuestion.attempt_id, AttemptQuestion.slot, AttemptQuestion.version_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(
            AttemptQuestion.question_id.in_(question_ids),
            Attempt.voided_at.is_(None),
            Attempt.id.not_in(leaving_out),
        )
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.slot)
    )
    return [AskedSlot(AttemptId(row[0]), row[1], row[2]) for row in rows]


def slot_sections(attempt_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return the title of the section of each slot, by attempt and slot."""
    rows = session().execute(
        sa.select(AttemptQuestion.attempt_id, AttemptQuestion.slot, AttemptQuestion.section).where(
            AttemptQuestion.attempt_id.in_(attempt_ids)
        )
    )
    found: dict[int, dict[int, str]] = {}
    for attempt_id, slot, section in rows:
        found.setdefault(attempt_id, {})[slot] = section
    return found


def first_asked(version_ids: Collection[int]) -> list[AskedSlot]:
    """Return where these versions stood in first attempts: each person's first at each paper, not voided."""
    first = (
        sa.select(sa.func.min(Attempt.id))
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.voided_at.is_(None), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.person_id, Paper.ref)
    )
    rows = session().execute(
        sa.select(AttemptQuestion.attempt_id, AttemptQuestion.slot, AttemptQuestion.version_id)
        .where(AttemptQuestion.version_id.in_(version_ids), AttemptQuestion.attempt_id.in_(first))
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.slot)
    )
    return [AskedSlot(AttemptId(row[0]), row[1], row[2]) for row in rows]
