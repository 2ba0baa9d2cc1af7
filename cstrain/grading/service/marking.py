"""Marking what was handed in. A marking is never overwritten: another one is added."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import session
from cstrain.grading.live_queries import live_shares
from cstrain.grading.models import Release, Result
from cstrain.grading.rules import MarkedAttempt, as_json, mark
from cstrain.grading.service.releasing import show
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.queries import keyed_versions
from cstrain.unit_of_work import flush_unique


def judge(attempt_id: AttemptId, paper_id: int) -> MarkedAttempt:
    """Mark an attempt from its log, its keys and what examiners gave; the same gives the same digest."""
    slots = exams.markable_slots(attempt_id)
    versions = keyed_versions([slot.version_id for slot in slots])
    given = live_shares(attempt_id, {slot.slot: versions[slot.version_id].key for slot in slots})
    return mark(slots, versions, partial=exams.spec(paper_id).partial, given=given)


def mark_attempt(attempt_id: AttemptId, now: datetime) -> None:
    """Mark a closed attempt once; release it at once where the paper says so.

    While a slot waits for a person there is no result: it is asked again when that person has finished.
    """
    facts = exams.attempt(attempt_id, now)
    if facts.submitted_at is None:
        raise ConflictError("还没有交卷，不能阅卷。")
    if latest(attempt_id) is not None:
        return
    marked = judge(attempt_id, facts.paper.id)
    if marked.waiting:
        return
    store(facts, marked, now, reason="first marking", actor=None, second=None)
    if facts.paper.release == "auto":
        session().add(Release(attempt_id=attempt_id, proposed_at=now))
        session().flush()
        show(facts, None, now)


def latest(attempt_id: int) -> Result | None:
    """Return the result that counts."""
    return session().scalar(
        sa.select(Result).where(Result.attempt_id == attempt_id).order_by(Result.number.desc()).limit(1)
    )


def store(
    facts: AttemptFacts,
    marked: MarkedAttempt,
    now: datetime,
    *,
    reason: str,
    actor: PersonId | None,
    second: PersonId | None,
) -> Result:
    """Add a marking after the last one."""
    held = latest(facts.id)
    row = Result(
        attempt_id=facts.id,
        number=held.number + 1 if held else 1,
        raw=marked.raw,
        marks=[as_json(slot) for slot in marked.slots],
        digest=marked.digest,
        reason=reason,
        marked_at=now,
        marked_by=actor,
        second_by=second,
    )
    session().add(row)
    flush_unique("这份答卷的成绩刚刚有了更正，这一步没有改动。请刷新后再看。")
    record(actor, "attempt.mark", f"attempt:{facts.id}", number=row.number, digest=marked.digest)
    return row
