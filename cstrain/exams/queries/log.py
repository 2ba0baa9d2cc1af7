"""Reading the log of what a candidate's browsers sent, and whether everything that follows from it fits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from cstrain.exams.facts import BegunSitting, LoggedEvent, Unexplained
from cstrain.exams.models import Answer, AnswerEvent, Attempt, Candidate, Sitting
from cstrain.exams.rules import LoggedAnswer, final_answers, receipt
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId, SittingId


def answer_events(attempt_id: int) -> list[LoggedEvent]:
    """Return everything that was sent for an attempt, whatever became of it, in order of arrival."""
    rows = session().scalars(
        sa.select(AnswerEvent).where(AnswerEvent.attempt_id == attempt_id).order_by(AnswerEvent.id)
    )
    return [
        LoggedEvent(
            row.event_id,
            row.received_at,
            row.slot,
            row.value,
            row.lease_epoch,
            row.client_seq,
            row.disposition,
        )
        for row in rows
    ]


def begun_between(start: datetime, end: datetime) -> dict[SittingId, list[AttemptId]]:
    """Return the attempts begun between two moments (the end excluded), by sitting."""
    rows = session().execute(
        sa.select(Attempt.sitting_id, Attempt.id)
        .where(Attempt.started_at >= start, Attempt.started_at < end)
        .order_by(Attempt.sitting_id, Attempt.id)
    )
    found: dict[SittingId, list[AttemptId]] = {}
    for sitting, attempt in rows:
        found.setdefault(SittingId(sitting), []).append(AttemptId(attempt))
    return found


def begun_sittings(sitting_ids: Collection[int]) -> list[BegunSitting]:
    """Return sittings with how many were to sit, latest first."""
    expected = sa.select(sa.func.count()).where(Candidate.sitting_id == Sitting.id).scalar_subquery()
    rows = session().execute(
        sa.select(Sitting.id, Sitting.title, Sitting.kind, Sitting.opens_at, expected)
        .where(Sitting.id.in_(sitting_ids))
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
    )
    return [BegunSitting(SittingId(row[0]), *row[1:]) for row in rows]


def events_by_sitting(attempt_ids: Collection[int]) -> dict[SittingId, dict[str, int]]:
    """Return the number of answer events of these attempts by sitting and what became of them."""
    rows = session().execute(
        sa.select(Attempt.sitting_id, AnswerEvent.disposition, sa.func.count())
        .join(AnswerEvent, AnswerEvent.attempt_id == Attempt.id)
        .where(Attempt.id.in_(attempt_ids))
        .group_by(Attempt.sitting_id, AnswerEvent.disposition)
    )
    found: dict[SittingId, dict[str, int]] = {}
    for sitting, disposition, count in rows:
        found.setdefault(SittingId(sitting), {})[disposition] = count
    return found


def unexplained(attempt_ids: Collection[int] | None = None) -> list[Unexplained]:
    """Return what does not follow from the log, of some attempts or of all: nothing, if all is well.

    ``answer``: a shown answer differs from what the accepted events end in. ``receipt``: a receipt does not
    fit the final answers. ``closed``: handed in without a receipt, or a receipt without being handed in.
    Four statements, however many attempts.
    """
    mine = sa.true() if attempt_ids is None else Attempt.id.in_(attempt_ids)
    rows = session().execute(
        sa.select(Attempt.id, Attempt.submitted_at, Attempt.receipt).where(mine).order_by(Attempt.id)
    )
    closed = {row[0]: (row[1], row[2]) for row in rows}
    final = _final(mine)
    shown = _shown(mine)
    found = []
    for attempt, (submitted, stated) in closed.items():
        answers = final.get(attempt, {})
        held = shown.get(attempt, {})
        wrong = sorted(slot for slot in {*answers, *held} if answers.get(slot) != held.get(slot))
        found += [Unexplained(AttemptId(attempt), "answer", slot) for slot in wrong]
        if (submitted is None) != (stated is None):
            found.append(Unexplained(AttemptId(attempt), "closed", None))
        elif submitted is not None and receipt(attempt, answers, submitted) != stated:
            found.append(Unexplained(AttemptId(attempt), "receipt", None))
    return found


def _final(mine: sa.ColumnElement[bool]) -> dict[int, dict[int, str]]:
    rows = session().execute(
        sa.select(
            AnswerEvent.attempt_id,
            AnswerEvent.slot,
            AnswerEvent.value,
            AnswerEvent.lease_epoch,
            AnswerEvent.client_seq,
            AnswerEvent.disposition,
        )
        .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .where(mine, AnswerEvent.slot.is_not(None), AnswerEvent.disposition == "accepted")
        .order_by(AnswerEvent.id)
    )
    logs: dict[int, list[LoggedAnswer]] = {}
    for attempt, slot, value, epoch, seq, disposition in rows:
        logs.setdefault(attempt, []).append(LoggedAnswer(slot or 0, value, epoch, seq, disposition))
    return {attempt: final_answers(log) for attempt, log in logs.items()}


def _shown(mine: sa.ColumnElement[bool]) -> dict[int, dict[int, str]]:
    rows = session().execute(
        sa.select(Answer.attempt_id, Answer.slot, Answer.value)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(mine)
    )
    found: dict[int, dict[int, str]] = {}
    for attempt, slot, value in rows:
        found.setdefault(attempt, {})[slot] = value
    return found
