"""Rows of invigilation by key, and the facts made of them; used by its services and queries only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams import rules as delivery
from cstrain.exams.invigilation import rules
from cstrain.exams.invigilation.facts import CreditFacts, Offer, PauseFacts, Span
from cstrain.exams.invigilation.models import (
    AttemptPause,
    IntegritySignal,
    Outage,
    Silence,
    TimeCredit,
    Uptime,
)
from cstrain.exams.invigilation.policy import InvigilationRules
from cstrain.exams.models import Attempt, Extension
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.policies.loader import load


def invigilation_rules() -> InvigilationRules:
    """Return the numbers of invigilation."""
    return load(InvigilationRules, "invigilation.yaml")


def least_silence() -> timedelta:
    """Return how long the server must be silent for an outage."""
    return timedelta(seconds=invigilation_rules().silence_seconds)


def last_beat(*, lock: bool = False) -> Uptime | None:
    """Return the newest beat, locked against another one that notices the same outage if asked."""
    statement = sa.select(Uptime).order_by(Uptime.until.desc(), Uptime.id.desc()).limit(1)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session().scalar(statement)


def still_open(since: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of attempts whose time had not run out at an instant and that are not closed."""
    return sa.and_(
        Attempt.submitted_at.is_(None),
        Attempt.voided_at.is_(None),
        sa.or_(Attempt.deadline > since, Attempt.paused_at.is_not(None)),
    )


def pause_facts(row: AttemptPause, attempt: Attempt) -> PauseFacts:
    """Return a stored pause as pages show it."""
    return PauseFacts(
        row.id,
        AttemptId(row.attempt_id),
        SittingId(attempt.sitting_id),
        PersonId(attempt.person_id),
        row.began,
        row.ended,
        row.reason,
        PersonId(row.paused_by) if row.paused_by is not None else None,
        PersonId(row.seconded_by) if row.seconded_by is not None else None,
    )


def credit_facts(row: TimeCredit, attempt: Attempt) -> CreditFacts:
    """Return a stored credit as pages show it."""
    return CreditFacts(
        row.id,
        AttemptId(row.attempt_id),
        SittingId(attempt.sitting_id),
        PersonId(attempt.person_id),
        row.source,
        Span(row.began, row.ended),
        row.seconds,
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
        row.given,
    )


def given_seconds(attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the time given to running attempts so far: extensions and credit, in seconds."""
    minutes = sa.select(Extension.attempt_id, sa.func.sum(Extension.minutes) * 60)
    minutes = minutes.where(Extension.attempt_id.in_(attempt_ids)).group_by(Extension.attempt_id)
    credited = sa.select(TimeCredit.attempt_id, sa.func.sum(TimeCredit.seconds))
    credited = credited.where(TimeCredit.attempt_id.in_(attempt_ids), TimeCredit.given.is_(True))
    found: dict[int, int] = {}
    for row in (*session().execute(minutes), *session().execute(credited.group_by(TimeCredit.attempt_id))):
        found[row[0]] = found.get(row[0], 0) + int(row[1])
    return found


def offers(attempts: Collection[Attempt], now: datetime) -> list[Offer]:
    """Return the lost time of these attempts that no credit or proposal covers yet, oldest first.

    The server's own silences come first; what a candidate's page reports counts only as far as the server
    really heard nothing from it.
    """
    ids = [attempt.id for attempt in attempts]
    outages = _outages(attempts)
    paused = _spans(AttemptPause, ids, now)
    silent = _spans(Silence, ids, now)
    reports = _offline_reports(ids)
    taken = _credited(ids)
    found: list[Offer] = []
    for attempt in attempts:
        covered = list(taken.get(attempt.id, ()))
        said = [
            (f"offline:{one.id}", span)
            for one in reports.get(attempt.id, ())
            for span in rules.common([Span(one.began, one.ended)], silent.get(attempt.id, ()))
        ]
        for source, span in [*((f"outage:{one.id}", Span(one.began, one.ended)) for one in outages), *said]:
            left = rules.still_owed(rules.lost(span, sat(attempt, now), paused.get(attempt.id, ())), covered)
            covered += left
            if left:
                whole = Span(left[0].began, left[-1].ended)
                found.append(Offer(AttemptId(attempt.id), source, whole, rules.seconds_of(left)))
    return found


def sat(attempt: Attempt, now: datetime) -> Span:
    """Return the time an attempt could be answered in."""
    ends = delivery.ends_at(attempt.deadline, attempt.paused_at, now)
    return Span(attempt.started_at, min(attempt.submitted_at or ends, ends, now))


def _outages(attempts: Collection[Attempt]) -> list[Outage]:
    if not attempts:
        return []
    first = min(attempt.started_at for attempt in attempts)
    return list(session().scalars(sa.select(Outage).where(Outage.ended > first).order_by(Outage.began)))


def _spans(
    table: type[AttemptPause] | type[Silence], ids: Collection[int], now: datetime
) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    rows = session().execute(
        sa.select(table.attempt_id, table.began, table.ended)
        .where(table.attempt_id.in_(ids))
        .order_by(table.began)
    )
    for attempt_id, began, ended in rows:
        found.setdefault(attempt_id, []).append(Span(began, ended or now))
    return found


def _offline_reports(ids: Collection[int]) -> dict[int, list[IntegritySignal]]:
    found: dict[int, list[IntegritySignal]] = {}
    rows = session().scalars(
        sa.select(IntegritySignal)
        .where(IntegritySignal.attempt_id.in_(ids), IntegritySignal.kind == "offline")
        .order_by(IntegritySignal.began)
    )
    for row in rows:
        found.setdefault(row.attempt_id, []).append(row)
    return found


def _credited(ids: Collection[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    rows = session().scalars(
        sa.select(TimeCredit).where(TimeCredit.attempt_id.in_(ids), TimeCredit.given.is_not(False))
    )
    for row in rows:
        found.setdefault(row.attempt_id, []).append(Span(row.began, row.ended))
    return found
