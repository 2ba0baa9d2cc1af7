"""Reading invigilation: pauses, outages, offers and credit, incidents, contact and signs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams.invigilation import rules, store
from cstrain.exams.invigilation.facts import (
    CreditFacts,
    IncidentFacts,
    Offer,
    OutageFacts,
    PauseFacts,
    Signs,
    Span,
    Touch,
)
from cstrain.exams.invigilation.models import (
    AttemptPause,
    Contact,
    Incident,
    IntegritySignal,
    Outage,
    TimeCredit,
)
from cstrain.exams.invigilation.policy import InvigilationRules
from cstrain.exams.models import AnswerEvent, Attempt, AttemptMoment
from cstrain.exams.store import MISSING, get_attempt
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId

_MOST_INCIDENTS = 200


def invigilation_rules() -> InvigilationRules:
    """Return the numbers of invigilation."""
    return store.invigilation_rules()


def given_seconds(attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the time given to running attempts so far, extensions and credit, in seconds."""
    return store.given_seconds(attempt_ids)


def contacts(attempt_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each attempt's page last showed that it is there (saves apart)."""
    rows = session().execute(
        sa.select(Contact.attempt_id, Contact.last_at).where(Contact.attempt_id.in_(attempt_ids))
    )
    return {row[0]: row[1] for row in rows}


def pauses(attempt_ids: Collection[int]) -> list[PauseFacts]:
    """Return all pauses of these attempts, oldest first."""
    rows = session().execute(
        sa.select(AttemptPause, Attempt)
        .join(Attempt, Attempt.id == AttemptPause.attempt_id)
        .where(AttemptPause.attempt_id.in_(attempt_ids))
        .order_by(AttemptPause.began, AttemptPause.id)
    )
    return [store.pause_facts(*row) for row in rows]


def pause(pause_id: int) -> PauseFacts:
    """Return one pause; ``NotFoundError`` when there is none."""
    row = session().get(AttemptPause, pause_id)
    if row is None:
        raise NotFoundError(MISSING)
    return store.pause_facts(row, get_attempt(row.attempt_id))


def unconfirmed_pauses(now: datetime, sitting_id: int | None = None) -> list[PauseFacts]:
    """Return the pauses longer than one person decides alone that nobody has confirmed yet."""
    longer = timedelta(minutes=store.invigilation_rules().pause_alone_minutes)
    statement = (
        sa.select(AttemptPause, Attempt)
        .join(Attempt, Attempt.id == AttemptPause.attempt_id)
        .where(
            AttemptPause.seconded_by.is_(None),
            AttemptPause.paused_by.is_not(None),
            AttemptPause.began < now - longer,
            Attempt.voided_at.is_(None),
        )
        .order_by(AttemptPause.id)
    )
    if sitting_id is not None:
        statement = statement.where(Attempt.sitting_id == sitting_id)
    found = [store.pause_facts(*row) for row in session().execute(statement)]
    return [one for one in found if one.length(now) > longer]


def holds() -> list[PauseFacts]:
    """Return the attempts that are held after an outage and wait for a decision."""
    rows = session().execute(
        sa.select(AttemptPause, Attempt)
        .join(Attempt, Attempt.id == AttemptPause.attempt_id)
        .where(
            AttemptPause.ended.is_(None),
            AttemptPause.paused_by.is_(None),
            Attempt.submitted_at.is_(None),
            Attempt.voided_at.is_(None),
        )
        .order_by(AttemptPause.id)
    )
    return [store.pause_facts(*row) for row in rows]


def offers(attempt_ids: Collection[int], now: datetime) -> list[Offer]:
    """Return the lost time of running attempts that nothing covers yet."""
    rows = session().scalars(
        sa.select(Attempt)
        .where(Attempt.id.in_(attempt_ids), Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None))
        .order_by(Attempt.id)
    )
    return store.offers(rows.all(), now)


def outages(began: datetime, ended: datetime) -> list[OutageFacts]:
    """Return the outages that touch a time, oldest first."""
    rows = session().scalars(
        sa.select(Outage).where(Outage.ended > began, Outage.began < ended).order_by(Outage.began)
    )
    return [OutageFacts(row.id, Span(row.began, row.ended)) for row in rows]


def credits_of(attempt_ids: Collection[int]) -> list[CreditFacts]:
    """Return credit given, turned down and waited for, oldest first."""
    return _credits(TimeCredit.attempt_id.in_(attempt_ids))


def open_credits(sitting_id: int | None = None) -> list[CreditFacts]:
    """Return credit that waits for a second person; of one sitting if given."""
    condition = sa.and_(
        TimeCredit.given.is_(None), Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None)
    )
    if sitting_id is not None:
        condition = sa.and_(condition, Attempt.sitting_id == sitting_id)
    return _credits(condition)


def credit(credit_id: int) -> CreditFacts:
    """Return one credit; ``NotFoundError`` when there is none."""
    found = _credits(TimeCredit.id == credit_id)
    if not found:
        raise NotFoundError(MISSING)
    return found[0]


def _credits(condition: sa.ColumnElement[bool]) -> list[CreditFacts]:
    rows = session().execute(
        sa.select(TimeCredit, Attempt)
        .join(Attempt, Attempt.id == TimeCredit.attempt_id)
        .where(condition)
        .order_by(TimeCredit.id)
    )
    return [store.credit_facts(*row) for row in rows]


def incidents(sitting_id: int) -> list[IncidentFacts]:
    """Return the newest entries of a sitting's incident log, newest first."""
    return _incidents(Incident.sitting_id == sitting_id)


def incidents_of(attempt_id: int) -> list[IncidentFacts]:
    """Return the entries about one attempt, newest first."""
    return _incidents(Incident.attempt_id == attempt_id)


def _incidents(condition: sa.ColumnElement[bool]) -> list[IncidentFacts]:
    rows = session().scalars(
        sa.select(Incident).where(condition).order_by(Incident.id.desc()).limit(_MOST_INCIDENTS)
    )
    return [
        IncidentFacts(
            row.id,
            SittingId(row.sitting_id),
            AttemptId(row.attempt_id) if row.attempt_id is not None else None,
            row.kind,
            row.text,
            PersonId(row.noted_by),
            row.noted_at,
        )
        for row in rows
    ]


def signs(attempt_ids: Collection[int]) -> dict[int, Signs]:
    """Return what was noted of how each attempt is sat; attempts without a sign are there too."""
    spans: dict[tuple[int, str], list[Span]] = {}
    counts: dict[tuple[int, str], int] = {}
    rows = session().execute(
        sa.select(
            IntegritySignal.attempt_id, IntegritySignal.kind, IntegritySignal.began, IntegritySignal.ended
        ).where(IntegritySignal.attempt_id.in_(attempt_ids))
    )
    for attempt_id, kind, began, ended in rows:
        counts[attempt_id, kind] = counts.get((attempt_id, kind), 0) + 1
        spans.setdefault((attempt_id, kind), []).append(Span(began, ended))
    moved, rushed = _moves(attempt_ids), _rushes(attempt_ids)
    return {
        one: Signs(
            leaves=counts.get((one, "leave"), 0),
            away_seconds=rules.seconds_of(spans.get((one, "leave"), ())),
            pastes=counts.get((one, "paste"), 0),
            offline_seconds=rules.seconds_of(spans.get((one, "offline"), ())),
            devices=moved.get(one, 0),
            rushes=rushed.get(one, 0),
        )
        for one in attempt_ids
    }


def _moves(attempt_ids: Collection[int]) -> dict[int, int]:
    """Return how often each attempt was taken over by another page or device."""
    rows = session().execute(
        sa.select(AttemptMoment.attempt_id, AttemptMoment.detail).where(
            AttemptMoment.attempt_id.in_(attempt_ids), AttemptMoment.kind == "lease"
        )
    )
    found: dict[int, int] = {}
    for attempt_id, detail in rows:
        found[attempt_id] = found.get(attempt_id, 0) + bool(detail.get("taken"))
    return found


def _rushes(attempt_ids: Collection[int]) -> dict[int, int]:
    touches: dict[int, list[Touch]] = {}
    rows = session().execute(
        sa.select(AnswerEvent.attempt_id, AnswerEvent.slot, AnswerEvent.client_mono_ms)
        .where(
            AnswerEvent.attempt_id.in_(attempt_ids),
            AnswerEvent.disposition == "accepted",
            AnswerEvent.slot.is_not(None),
        )
        .order_by(AnswerEvent.attempt_id, AnswerEvent.lease_epoch, AnswerEvent.client_seq)
    )
    for attempt_id, slot, mono in rows:
        touches.setdefault(attempt_id, []).append(Touch(slot or 0, mono))
    chapter = store.invigilation_rules()
    return {one: rules.rushes(held, chapter.rush_ms, chapter.rush_run) for one, held in touches.items()}


def evidence(attempt_id: int) -> list[tuple[datetime, str, dict[str, object]]]:
    """Return what invigilation adds to an attempt's timeline: signs, outages, incidents.

    An entry about the whole sitting is there without its text, which may be about somebody else.
    """
    attempt = get_attempt(attempt_id)
    ended = attempt.submitted_at or attempt.voided_at or attempt.deadline
    found: list[tuple[datetime, str, dict[str, object]]] = [
        (one.span.began, "outage", {"seconds": rules.seconds_of([one.span])})
        for one in outages(attempt.started_at, ended)
    ]
    rows = session().scalars(sa.select(IntegritySignal).where(IntegritySignal.attempt_id == attempt_id))
    found += [
        (row.began, row.kind, {"seconds": rules.seconds_of([Span(row.began, row.ended)]), "slot": row.slot})
        for row in rows
    ]
    noted = session().scalars(
        sa.select(Incident).where(
            sa.or_(
                Incident.attempt_id == attempt_id,
                sa.and_(
                    Incident.attempt_id.is_(None),
                    Incident.sitting_id == attempt.sitting_id,
                    Incident.noted_at >= attempt.started_at,
                ),
            )
        )
    )
    found += [
        (row.noted_at, "incident", {"about": row.kind, "text": row.text if row.attempt_id else ""})
        for row in noted
    ]
    return found
