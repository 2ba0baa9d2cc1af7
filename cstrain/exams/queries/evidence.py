"""Reading the evidence of attempts: timelines, counts, what invigilators watch."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams.facts import AttemptFacts, InterventionFacts, Moment, Reconciliation
from cstrain.exams.invigilation.queries import evidence as invigilation_evidence
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptMoment, Extension, Intervention
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId


def timeline(attempt_id: int) -> list[Moment]:
    """Return the evidence of an attempt: its moments, and its saves by minute with their dispositions."""
    moments = [
        Moment(row.at, row.kind, row.detail)
        for row in session().scalars(sa.select(AttemptMoment).where(AttemptMoment.attempt_id == attempt_id))
    ]
    saves: dict[tuple[datetime, str], int] = {}
    rows = session().execute(
        sa.select(AnswerEvent.received_at, AnswerEvent.disposition).where(
            AnswerEvent.attempt_id == attempt_id
        )
    )
    for received, disposition in rows:
        minute = received - timedelta(seconds=received.second, microseconds=received.microsecond)
        saves[minute, disposition] = saves.get((minute, disposition), 0) + 1
    moments += [Moment(at, "saves", {"disposition": kind, "events": n}) for (at, kind), n in saves.items()]
    moments += [Moment(*found) for found in invigilation_evidence(attempt_id)]
    return sorted(moments, key=lambda moment: moment.at)


def events_by_disposition(attempt_ids: Collection[int]) -> dict[str, int]:
    """Return the number of answer events by what became of them."""
    rows = session().execute(
        sa.select(AnswerEvent.disposition, sa.func.count())
        .where(AnswerEvent.attempt_id.in_(attempt_ids))
        .group_by(AnswerEvent.disposition)
    )
    return {row[0]: row[1] for row in rows}


def held_values(attempt_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Return the answers the server holds (JSON text) by attempt and slot."""
    rows = session().execute(
        sa.select(Answer.attempt_id, Answer.slot, Answer.value).where(Answer.attempt_id.in_(attempt_ids))
    )
    return {(row[0], row[1]): row[2] for row in rows}


def slot_spans(attempt_ids: Collection[int]) -> dict[tuple[int, int], timedelta]:
    """Return the time between the first and the last accepted saving of each slot, by the server's clock."""
    first, last = sa.func.min(AnswerEvent.received_at), sa.func.max(AnswerEvent.received_at)
    rows = session().execute(
        sa.select(AnswerEvent.attempt_id, AnswerEvent.slot, first, last)
        .where(AnswerEvent.attempt_id.in_(attempt_ids), AnswerEvent.disposition == "accepted")
        .group_by(AnswerEvent.attempt_id, AnswerEvent.slot)
    )
    return {(row[0], row[1] or 0): row[3] - row[2] for row in rows}


def last_saves(attempt_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each attempt last had an answer accepted."""
    rows = session().execute(
        sa.select(AnswerEvent.attempt_id, sa.func.max(AnswerEvent.received_at))
        .where(AnswerEvent.attempt_id.in_(attempt_ids), AnswerEvent.disposition == "accepted")
        .group_by(AnswerEvent.attempt_id)
    )
    return {row[0]: row[1] for row in rows}


def reconciliation(candidates: int, attempts: Collection[AttemptFacts]) -> Reconciliation:
    """Return the counts of a sitting's attempts and their events."""
    states = [attempt.state for attempt in attempts]
    return Reconciliation(
        candidates=candidates,
        started=len(states),
        submitted=states.count("submitted"),
        open=states.count("open"),
        expired=states.count("expired"),
        voided=states.count("voided"),
        events=events_by_disposition([attempt.id for attempt in attempts]),
    )


def minutes_given(attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the extra minutes granted to running attempts so far."""
    rows = session().execute(
        sa.select(Extension.attempt_id, sa.func.sum(Extension.minutes))
        .where(Extension.attempt_id.in_(attempt_ids))
        .group_by(Extension.attempt_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def open_interventions(sitting_id: int | None = None) -> list[InterventionFacts]:
    """Return proposals that wait for a second person, oldest first; of one sitting if given."""
    statement = (
        sa.select(Intervention, Attempt.sitting_id, Attempt.person_id)
        .join(Attempt, Attempt.id == Intervention.attempt_id)
        .where(Intervention.decided_at.is_(None))
        .order_by(Intervention.id)
    )
    if sitting_id is not None:
        statement = statement.where(Attempt.sitting_id == sitting_id)
    return [_intervention(*row) for row in session().execute(statement)]


def _intervention(row: Intervention, sitting_id: int, person_id: int) -> InterventionFacts:
    return InterventionFacts(
        row.id,
        AttemptId(row.attempt_id),
        SittingId(sitting_id),
        PersonId(person_id),
        row.kind,
        row.minutes,
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
    )


def intervention(proposal_id: int) -> InterventionFacts:
    """Return one proposal; ``NotFoundError`` when there is none."""
    row = session().get(Intervention, proposal_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    attempt = session().get_one(Attempt, row.attempt_id)
    return _intervention(row, attempt.sitting_id, attempt.person_id)
