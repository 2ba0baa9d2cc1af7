"""Showing results to their candidates: at once, or by two persons for papers with consequences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import session
from cstrain.grading.band.service import refuse_unseen
from cstrain.grading.events import ResultReleased, result_released
from cstrain.grading.models import Release, Result
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.kernel.units import passed
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.unit_of_work import flush_unique, locked

_PROPOSED = "选中的成绩都已经有人提出发布，这一步没有改动。请让另一个人确认。"
_NOTHING = "选中的成绩没有等待确认的，这一步没有改动。请刷新后再看。"


def propose_release(actor: PersonId, now: datetime, attempt_ids: Sequence[AttemptId]) -> int:
    """Propose to show these results; another person must confirm. Returns how many were new."""
    new = 0
    closed = _closed(actor, now, attempt_ids)
    refuse_unseen(closed)
    for facts in closed:
        if _release(facts.id) is not None:
            continue
        session().add(Release(attempt_id=facts.id, proposed_by=actor, proposed_at=now))
        flush_unique(_PROPOSED)
        record(actor, "release.propose", f"attempt:{facts.id}")
        new += 1
    if not new:
        raise ConflictError(_PROPOSED)
    return new


def confirm_release(actor: PersonId, now: datetime, attempt_ids: Sequence[AttemptId]) -> int:
    """Confirm somebody else's proposal: the candidates see their results from now on."""
    closed = _closed(actor, now, attempt_ids)
    rows = {facts.id: _release(facts.id) for facts in closed}  # all locked before any is shown
    waiting = [row for row in rows.values() if row is not None and row.released_at is None]
    if any(row.proposed_by == actor for row in waiting):
        raise ForbiddenError("这次发布是你提出的，成绩还没有发布。请由另一个人确认。")
    if not waiting:
        raise ConflictError(_NOTHING)
    refuse_unseen(closed)
    raws = _raws([row.attempt_id for row in waiting])
    for facts in closed:
        row = rows[facts.id]
        if row is not None and facts.id in raws:
            show(facts, row, raws[facts.id], actor, now)
    return len(waiting)


def _raws(attempt_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return the raw mark that counts of each attempt (the last by number)."""
    rows = session().execute(
        sa.select(Result.attempt_id, Result.raw)
        .where(Result.attempt_id.in_(attempt_ids))
        .order_by(Result.attempt_id, Result.number)
    )
    return {row.attempt_id: row.raw for row in rows}


def _closed(actor: PersonId, now: datetime, attempt_ids: Sequence[AttemptId]) -> list[AttemptFacts]:
    found = sorted(exams.attempts(attempt_ids, now).values(), key=lambda facts: facts.id)
    if any(facts.person_id == actor for facts in found):
        raise ForbiddenError("不能发布自己的成绩。请由别人来办。")
    marked = set(session().scalars(sa.select(Result.attempt_id).where(Result.attempt_id.in_(attempt_ids))))
    if not found or any(facts.id not in marked for facts in found):
        raise ConflictError("选中的答卷里有还没阅完的，没有发布。请等阅卷完成。")
    return found


def _release(attempt_id: int) -> Release | None:
    return session().scalar(locked(sa.select(Release).where(Release.attempt_id == attempt_id)))


def show(facts: AttemptFacts, row: Release, raw: Decimal, actor: PersonId | None, now: datetime) -> None:
    """Let the candidate see the newest result of an attempt (``raw`` its mark), and tell who listens."""
    row.released_by = actor
    row.released_at = now
    session().flush()
    tell(facts, raw, actor, now)


def tell(facts: AttemptFacts, raw: Decimal, actor: PersonId | None, now: datetime) -> None:
    """Record a release that is stored, and tell the candidate (if people released it) and who listens."""
    record(actor, "release.confirm", f"attempt:{facts.id}")
    if actor is not None:
        notify(
            facts.person_id,
            "《%(paper)s》成绩已发布。",
            values={"paper": facts.paper.title},
            url=f"/results/{facts.id}",
            now=now,
            bundle=Bundle("results", "%(n)s份成绩已发布，最近的是《%(paper)s》。", "/scores", mail_each=True),
        )
    event = ResultReleased(
        facts.id, facts.person_id, facts.paper.ref, passed(raw, facts.paper.pass_mark), now
    )
    result_released.send(event)
