"""Marking what was handed in. A marking is never overwritten: another one is added."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import columns, session
from cstrain.grading.live_queries import live_shares
from cstrain.grading.models import Release, Result
from cstrain.grading.rules import MarkedAttempt, as_json, mark
from cstrain.grading.service.releasing import tell
from cstrain.grading.written.queries import settled_shares
from cstrain.grading.written.service import queue_parts
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.queries import keyed_versions, newest_revision
from cstrain.unit_of_work import flush_unique, side_by_side

_LATEST = (
    sa.select(Result)
    .where(Result.attempt_id == sa.bindparam("attempt_id"))
    .order_by(Result.number.desc())
    .limit(1)
)
_NUMBER = sa.select(sa.func.max(Result.number)).where(Result.attempt_id == sa.bindparam("attempt_id"))
KEYS = "keys"
"""What marking and re-keying take turns about: markings side by side, a correction of a key alone."""


def judge(
    attempt_id: AttemptId, paper_id: int, until: int | None = None, *, paper_digest: str | None = None
) -> MarkedAttempt:
    """Mark an attempt from its log, its keys and what examiners gave; the same gives the same digest.

    ``until``: with the keys as of that revision (0: before any); without it, as of now. ``paper_digest``:
    the paper's, where it is known already.
    """
    slots = exams.markable_slots(attempt_id)
    versions = keyed_versions([slot.version_id for slot in slots], until)
    partial = exams.spec(paper_id, paper_digest).partial
    marked = mark(slots, versions, partial=partial)
    if not marked.waiting:
        return marked
    live = live_shares(attempt_id, {slot.slot: versions[slot.version_id].key for slot in slots})
    return mark(slots, versions, partial=partial, given=live | settled_shares(attempt_id))


def mark_attempt(attempt_id: AttemptId, now: datetime) -> None:
    """Mark a closed attempt once; release it at once where the paper says so.

    While a slot waits for people there is no result: what they mark from queues is put there, and this is
    asked again when they have finished.
    """
    facts = exams.attempt(attempt_id, now)
    if facts.submitted_at is None:
        raise ConflictError("还没有交卷，不能阅卷。")
    if _last_number(attempt_id):
        return
    side_by_side(KEYS)
    keys = newest_revision()
    marked = judge(attempt_id, facts.paper.id, keys or 0, paper_digest=facts.paper.digest)
    if marked.waiting:
        slots = exams.markable_slots(attempt_id)
        queue_parts(facts, slots, keyed_versions([slot.version_id for slot in slots]), now)
        return
    at_once = facts.paper.release == "auto"
    if at_once:  # stored together with the result
        session().add(Release(attempt_id=attempt_id, proposed_at=now, released_at=now))
    store(facts, marked, now, reason="first marking", actor=None, second=None, key_revision_id=keys)
    if at_once:
        tell(facts, marked.raw, None, now)


def _last_number(attempt_id: int) -> int:
    return columns(_NUMBER, {"attempt_id": attempt_id}).scalar() or 0


def latest(attempt_id: int) -> Result | None:
    """Return the result that counts."""
    return session().scalar(_LATEST, {"attempt_id": attempt_id})


def store(
    facts: AttemptFacts,
    marked: MarkedAttempt,
    now: datetime,
    *,
    reason: str,
    actor: PersonId | None,
    second: PersonId | None,
    key_revision_id: int | None = None,
    change_id: int | None = None,
) -> Result:
    """Add a marking after the last one.

    ``key_revision_id``: the last revision of keys it was marked with; ``change_id``: the change of a mark it
    carries out. With them every result can be worked out again.
    """
    row = Result(
        attempt_id=facts.id,
        number=_last_number(facts.id) + 1,
        raw=marked.raw,
        marks=[as_json(slot) for slot in marked.slots],
        digest=marked.digest,
        reason=reason,
        marked_at=now,
        marked_by=actor,
        second_by=second,
        key_revision_id=key_revision_id,
        change_id=change_id,
    )
    session().add(row)
    flush_unique("这份答卷的成绩刚刚有了更正，这一步没有改动。请刷新后再看。")
    record(actor, "attempt.mark", f"attempt:{facts.id}", number=row.number, digest=marked.digest)
    return row
