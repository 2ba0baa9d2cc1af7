"""Reading all final responses to one question version, for marking it again."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.exams.facts import MarkableSlot
from cstrain.exams.models import AnswerEvent, Attempt, AttemptQuestion
from cstrain.exams.rules import LoggedAnswer, final_answers
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId


def markable_where(version_id: int) -> dict[AttemptId, MarkableSlot]:
    """Return where a version stands in closed, unvoided attempts, with the final response from the log.

    Two queries, however many attempts; the slot of each attempt by its id.
    """
    closed = sa.and_(Attempt.voided_at.is_(None), Attempt.submitted_at.is_not(None))
    asked = session().execute(
        sa.select(
            AttemptQuestion.attempt_id,
            AttemptQuestion.slot,
            AttemptQuestion.marks,
            AttemptQuestion.option_order,
        )
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(AttemptQuestion.version_id == version_id, closed)
        .order_by(AttemptQuestion.attempt_id)
    )
    said = _final_where(version_id)
    return {
        AttemptId(attempt): MarkableSlot(slot, version_id, marks, tuple(order), said.get(attempt))
        for attempt, slot, marks, order in asked
    }


def _final_where(version_id: int) -> dict[int, str]:
    """Return the final answer (JSON text) to a version, by attempt; attempts without one are left out."""
    here = sa.and_(
        AnswerEvent.attempt_id == AttemptQuestion.attempt_id, AnswerEvent.slot == AttemptQuestion.slot
    )
    rows = session().execute(
        sa.select(
            AnswerEvent.attempt_id,
            AttemptQuestion.slot,
            AnswerEvent.value,
            AnswerEvent.lease_epoch,
            AnswerEvent.client_seq,
            AnswerEvent.disposition,
        )
        .join(AttemptQuestion, here)
        .where(AttemptQuestion.version_id == version_id)
        .order_by(AnswerEvent.id)
    )
    logs: dict[int, list[LoggedAnswer]] = {}
    for attempt, slot, value, epoch, seq, disposition in rows:
        logs.setdefault(attempt, []).append(LoggedAnswer(slot, value, epoch, seq, disposition))
    final = {attempt: final_answers(log) for attempt, log in logs.items()}
    return {attempt: value for attempt, answers in final.items() for value in answers.values()}
