"""Saving answers: the shortest way from what a browser sent to a committed row.

Three statements for a saved answer: the attempt (locked, with what the limits need), the event, the
projection. They are compiled once (``Prepared``); the ORM would cost more than the database does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from cstrain.exams import rules
from cstrain.exams.errors import TooManyEventsError
from cstrain.exams.facts import SaveOutcome, SentEvent
from cstrain.exams.invigilation.service import hold
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptQuestion
from cstrain.exams.store import MISSING, exam_rules, saved_answers
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.prepared import Prepared
from cstrain.unit_of_work import connection as running
from cstrain.unit_of_work import widen

_attempt, _event, _answer = (cast(sa.Table, each.__table__) for each in (Attempt, AnswerEvent, Answer))
_MOST_SLOT = 2**31
_PROJECTED = ("value", "event_row_id", "lease_epoch", "client_seq", "saved_at")
_THIS: sa.BindParameter[int] = sa.bindparam("attempt_id")

_READ_ATTEMPT = Prepared(
    sa.select(
        _attempt.c.deadline,
        _attempt.c.paused_at,
        _attempt.c.lease_epoch,
        _attempt.c.submitted_at,
        _attempt.c.voided_at,
        sa.select(sa.func.max(AttemptQuestion.slot))
        .where(AttemptQuestion.attempt_id == _THIS)
        .scalar_subquery()
        .label("slots"),
        sa.select(sa.func.count())
        .select_from(AnswerEvent)
        .where(AnswerEvent.attempt_id == _THIS)
        .scalar_subquery()
        .label("events"),
    )
    .where(_attempt.c.id == _THIS, _attempt.c.person_id == sa.bindparam("person_id"))
    .with_for_update(of=_attempt)
)
_KNOWN = Prepared(
    sa.select(_event.c.disposition).where(
        _event.c.attempt_id == _THIS, _event.c.event_id == sa.bindparam("event_id")
    )
)
_SHARED = ("attempt_id", "slot", "value", "lease_epoch", "client_seq")


@cache
def _statements(dialect: str) -> tuple[Prepared, Prepared]:
    """Return the two writing statements of a dialect: log an event once; keep a slot's newest answer."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    log = insert(_event).on_conflict_do_nothing(index_elements=["attempt_id", "event_id"])
    first = insert(_answer)
    new, held = first.excluded, _answer.c
    keep = first.on_conflict_do_update(
        index_elements=["attempt_id", "slot"],
        set_={name: new[name] for name in _PROJECTED},
        where=sa.tuple_(new.lease_epoch, new.client_seq) > sa.tuple_(held.lease_epoch, held.client_seq),
    )
    return (
        Prepared(
            log.returning(_event.c.id),
            (*_SHARED, "event_id", "client_mono_ms", "received_at", "disposition"),
        ),
        Prepared(keep, (*_SHARED, "event_row_id", "saved_at")),
    )


def save(
    person: PersonId, attempt_id: AttemptId, received: datetime, epoch: int, events: Sequence[SentEvent]
) -> SaveOutcome:
    """Store every event with what became of it, and the accepted ones in the projection.

    ``received`` is the server's clock read first in the request. An event sent twice is answered twice and
    stored once. Nothing that was sent is thrown away (docs/rules.md D4). The outcome holds the saved answers
    only when the page must compare: another page is the writer, or the attempt is over.
    """
    connection = running()
    attempt = _read(connection, person, attempt_id, len(events))
    if not _usual(attempt, epoch, received) and widen():
        connection = running()
        attempt = _read(connection, person, attempt_id, len(events))
    if received > attempt.deadline and _held(attempt_id, attempt, received):
        attempt = _read(connection, person, attempt_id, len(events))
    dispositions: dict[str, str] = {}
    for event in events:
        if event.event_id not in dispositions:
            dispositions[event.event_id] = _store(connection, attempt_id, attempt, event, epoch, received)
    return outcome(attempt_id, attempt, dispositions, epoch, received)


def _read(connection: Connection, person: PersonId, attempt_id: AttemptId, more: int) -> Any:
    """Return the attempt, locked; refuse what no person can have typed (``most_events``)."""
    attempt = _READ_ATTEMPT.one_or_none(connection, {"attempt_id": attempt_id, "person_id": person})
    if attempt is None:
        raise NotFoundError(MISSING)
    if attempt.events + more > exam_rules().most_events:
        raise TooManyEventsError("这份答卷的保存次数太多，这一次没有保存。请联系监考员。")
    return attempt


def _usual(attempt: Any, epoch: int, received: datetime) -> bool:
    """Tell whether a save needs no more than the three statements: the writer's own, before the end."""
    closed = attempt.submitted_at is not None or attempt.voided_at is not None
    return epoch == attempt.lease_epoch and not closed and received <= attempt.deadline


def _held(attempt_id: AttemptId, attempt: Any, received: datetime) -> bool:
    """Tell whether an attempt, over by the clock, has just been held: its time ran out in an outage."""
    running = attempt.paused_at is None and attempt.submitted_at is None and attempt.voided_at is None
    return running and hold(session().get_one(Attempt, attempt_id), received)


def _store(
    connection: Connection,
    attempt_id: AttemptId,
    attempt: Any,
    event: SentEvent,
    epoch: int,
    received: datetime,
) -> str:
    disposition = rules.dispose(
        received=received,
        ends=rules.ends_at(attempt.deadline, attempt.paused_at, received),
        grace=timedelta(seconds=exam_rules().grace_seconds),
        submitted=attempt.submitted_at is not None or attempt.voided_at is not None,
        epoch=epoch,
        current_epoch=attempt.lease_epoch,
        parsable=event.parsable and event.slot is not None and 1 <= event.slot <= (attempt.slots or 0),
    )
    storable = event.slot is not None and event.slot < _MOST_SLOT
    log, keep = _statements(connection.dialect.name)
    shared = {"attempt_id": attempt_id, "slot": event.slot if storable else None, "value": event.value}
    shared |= {"lease_epoch": epoch, "client_seq": event.client_seq}
    logged = log.one_or_none(
        connection,
        shared
        | {
            "event_id": event.event_id,
            "client_mono_ms": event.mono_ms,
            "received_at": received,
            "disposition": disposition.value,
        },
    )
    if logged is None:  # it was sent before
        known = {"attempt_id": attempt_id, "event_id": event.event_id}
        return str(_KNOWN.one_or_none(connection, known).disposition)
    if disposition is rules.Disposition.ACCEPTED:
        keep.rows(connection, shared | {"event_row_id": logged.id, "saved_at": received})
    return disposition.value


def outcome(
    attempt_id: AttemptId, attempt: Any, dispositions: dict[str, str], epoch: int, at: datetime
) -> SaveOutcome:
    """Return what the server holds now, for the browser to compare with what it shows."""
    stale = epoch != attempt.lease_epoch
    ends = rules.ends_at(attempt.deadline, attempt.paused_at, at)
    over = attempt.voided_at is not None or rules.is_over(at, ends, attempt.submitted_at)
    return SaveOutcome(
        dispositions=dispositions,
        answers=saved_answers(attempt_id) if stale or over else (),
        lease_epoch=attempt.lease_epoch,
        stale=stale,
        over=over,
        remaining_ms=rules.remaining_ms(at, ends),
        paused=attempt.paused_at is not None,
        saved_at=at,
    )
