"""A copy that two people have read becomes an attempt: form, log, receipt, as if it had been sat online.

Its log tells where it comes from: the writer is ``paper``, events and moments are named after the copy, whose
rows hold who entered and who resolved.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.events import AttemptSubmitted, attempt_submitted
from cstrain.exams.models import (
    Answer,
    AnswerEvent,
    Attempt,
    AttemptQuestion,
    Exposure,
    Paper,
)
from cstrain.exams.on_paper import queries
from cstrain.exams.on_paper.facts import CopyFacts
from cstrain.exams.on_paper.models import PaperCopy, PaperCopyQuestion
from cstrain.exams.queries.candidates import newest_accommodation, window_of
from cstrain.exams.store import get_candidate, get_sitting, note_moment, spec_of
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import AttemptId, PersonId

WRITER = "paper"
"""The holder of the writer's lease of an attempt on paper: no page can have this name."""
_NAMES = uuid.UUID("6a1c2f0e-4d0b-5e7c-9b57-3f5c0d1e8a42")


def settle(copy: PaperCopy, answers: Mapping[int, str], now: datetime, *, by: PersonId) -> AttemptId:
    """Make the attempt of a copy from what it holds (JSON text by slot) and hand it in; marking follows."""
    if copy.sat_from is None or copy.sat_until is None or copy.settled_at is not None:
        raise ConflictError("这份纸卷已经收回或撤回，没有保存。请刷新后再看。")
    facts = queries.copy(copy.id)
    attempt = _attempt(copy, copy.sat_from)
    _form(copy, attempt)
    _log(copy, attempt, answers, now)
    copy.attempt_id, copy.settled_at = attempt.id, now
    _close(attempt, facts, answers, copy.sat_from, copy.sat_until, now)
    record(by, "paper_copy.settle", f"paper_copy:{copy.id}", attempt=attempt.id, receipt=attempt.receipt)
    person = PersonId(attempt.person_id)
    attempt_submitted.send(AttemptSubmitted(AttemptId(attempt.id), person, now, expired=False))
    return AttemptId(attempt.id)


def _attempt(copy: PaperCopy, sat_from: datetime) -> Attempt:
    candidate = get_candidate(copy.sitting_id, copy.person_id, lock=True)
    window = window_of(get_sitting(copy.sitting_id), candidate, newest_accommodation(candidate.id))
    before = session().scalar(
        sa.select(sa.func.count()).select_from(Attempt).where(Attempt.candidate_id == candidate.id)
    )
    minutes = spec_of(session().get_one(Paper, copy.paper_id)).minutes
    attempt = Attempt(
        candidate_id=candidate.id,
        sitting_id=copy.sitting_id,
        person_id=copy.person_id,
        paper_id=copy.paper_id,
        number=(before or 0) + 1,
        seed=copy.seed,
        started_at=sat_from,
        deadline=rules.deadline(sat_from, minutes, window.closes_at, window.extra_minutes),
        lease_epoch=1,
        lease_holder=WRITER,
    )
    session().add(attempt)
    session().flush()
    return attempt


def _form(copy: PaperCopy, attempt: Attempt) -> None:
    disjoint = spec_of(session().get_one(Paper, copy.paper_id)).disjoint
    for row in session().scalars(
        sa.select(PaperCopyQuestion)
        .where(PaperCopyQuestion.copy_id == copy.id)
        .order_by(PaperCopyQuestion.slot)
    ):
        session().add(
            AttemptQuestion(
                attempt_id=attempt.id,
                slot=row.slot,
                section=row.section,
                question_id=row.question_id,
                version_id=row.version_id,
                marks=row.marks,
                option_order=row.option_order,
            )
        )
        if disjoint:
            session().add(
                Exposure(
                    person_id=attempt.person_id,
                    paper_ref=copy.paper_ref,
                    question_id=row.question_id,
                    attempt_id=attempt.id,
                )
            )
    session().flush()


def _log(copy: PaperCopy, attempt: Attempt, answers: Mapping[int, str], now: datetime) -> None:
    """Write the answers as events of the log, and their projection."""
    for seq, (slot, value) in enumerate(sorted(answers.items()), start=1):
        event = AnswerEvent(
            attempt_id=attempt.id,
            event_id=str(uuid.uuid5(_NAMES, f"{copy.id}/{slot}")),
            client_seq=seq,
            slot=slot,
            value=value,
            client_mono_ms=None,
            received_at=now,
            lease_epoch=1,
            disposition=rules.Disposition.ACCEPTED.value,
        )
        session().add(event)
        session().flush()
        session().add(
            Answer(
                attempt_id=attempt.id,
                slot=slot,
                value=value,
                event_row_id=event.id,
                lease_epoch=1,
                client_seq=seq,
                saved_at=now,
            )
        )
    session().flush()


def _close(
    attempt: Attempt,
    facts: CopyFacts,
    answers: Mapping[int, str],
    sat_from: datetime,
    sat_until: datetime,
    now: datetime,
) -> None:
    attempt.submitted_at = sat_until
    attempt.submit_key = f"{WRITER}-{facts.id}"
    attempt.receipt = rules.receipt(attempt.id, answers, sat_until)
    resolved = [each for each in facts.resolutions if each.third or each.agreed_by is not None]
    origin = {"copy": facts.id, "differences": len(resolved[-1].answers) if resolved else 0}
    answered = {"answered": rules.count_answered(answers), "receipt": attempt.receipt}
    for at, kind, detail in (
        (sat_from, "paper_start", {"copy": facts.id}),
        (sat_until, "paper_hand_in", {"copy": facts.id}),
        (now, "paper_entered", origin | answered),
    ):
        note_moment(attempt.id, at, kind, **detail)
    session().flush()
