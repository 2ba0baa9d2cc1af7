"""The server's record of its own life: a beat every two seconds while somebody sits, and what gaps mean."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams.invigilation import rules
from cstrain.exams.invigilation.facts import OutageFacts, Span
from cstrain.exams.invigilation.models import Outage, Uptime
from cstrain.exams.invigilation.store import last_beat, least_silence, sat, still_open
from cstrain.exams.models import AnswerEvent, Attempt
from cstrain.extensions import session


def somebody_sits() -> bool:
    """Tell whether a beat is due: some attempt is open, or was when the last one was noted."""
    last = last_beat()
    condition = Attempt.submitted_at.is_(None) if last is None else still_open(last.until)
    return session().scalar(sa.select(Attempt.id).where(condition).limit(1)) is not None


def beat(run: str, now: datetime) -> list[OutageFacts]:
    """Note that the server lives, and return the outages that lie between the last beat and this one.

    ``run`` names the process: another one begins a row of its own. A time counts as an outage when an
    attempt was open in it and no answer was taken (docs/rules.md 3).
    """
    last = last_beat(lock=True)
    found = _notice(last, now) if last is not None else []
    if last is not None and last.run == run and not found:
        last.until = max(last.until, now)
    else:
        session().add(Uptime(run=run, since=now, until=now))
    session().flush()
    return found


def _notice(last: Uptime, now: datetime) -> list[OutageFacts]:
    least = least_silence()
    if now - last.until < least:
        return []
    was_open = sa.or_(still_open(last.until), Attempt.submitted_at > last.until)
    attempts = session().scalars(sa.select(Attempt).where(was_open, Attempt.started_at < now)).all()
    heard = session().scalars(
        sa.select(AnswerEvent.received_at).where(
            AnswerEvent.attempt_id.in_([one.id for one in attempts]),
            AnswerEvent.received_at > last.until,
            AnswerEvent.received_at < now,
        )
    )
    silent = rules.silences(last.until, now, heard, least)
    return [_note(span, now) for span in rules.outages(silent, [sat(one, now) for one in attempts], least)]


def _note(span: Span, now: datetime) -> OutageFacts:
    row = Outage(began=span.began, ended=span.ended, noticed_at=now)
    session().add(row)
    session().flush()
    record(None, "outage.notice", f"outage:{row.id}", seconds=rules.seconds_of([span]))
    return OutageFacts(row.id, span)
