"""Sitting an exam: start an attempt, take the writer's lease. Saving answers is in ``saving``."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.assembly import FormSlot, PoolTooSmallError, draw, shuffled_options
from cstrain.exams.models import (
    Attempt,
    AttemptMoment,
    AttemptQuestion,
    Candidate,
    Exposure,
    Paper,
    Sitting,
)
from cstrain.exams.policy import PaperSpec
from cstrain.exams.store import (
    get_attempt,
    get_candidate,
    get_sitting,
    met_questions,
    spec_of,
)
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.queries import pool, public_versions

_SEED_BITS = 62


def start(
    person: PersonId, sitting_id: SittingId, now: datetime, holder: str, seed: int | None = None
) -> AttemptId:
    """Start an attempt, or return the one that is running: starting twice is starting once.

    The form, the order of options and the time allowance are fixed here. Refuses outside the window and
    when no attempt is left. ``seed`` draws the form; without one it is drawn by chance and recorded.
    """
    candidate = get_candidate(sitting_id, person, lock=True)
    sitting = get_sitting(sitting_id)
    attempts = list(
        session().scalars(
            sa.select(Attempt).where(Attempt.candidate_id == candidate.id).order_by(Attempt.number)
        )
    )
    for attempt in attempts:
        if attempt.voided_at is None and not rules.is_over(now, attempt.deadline, attempt.submitted_at):
            return AttemptId(attempt.id)
    _check_may_start(sitting, attempts, now)
    if seed is None:
        seed = secrets.randbits(_SEED_BITS)
    return _begin(candidate, sitting, len(attempts) + 1, now, holder, seed)


def _check_may_start(sitting: Sitting, attempts: Sequence[Attempt], now: datetime) -> None:
    if sitting.cancelled_at is not None:
        raise ConflictError("这场考试已经取消。请看通知里的新安排。")
    if now < sitting.opens_at:
        raise ConflictError("还没到开考时间。到点后刷新这一页就能开始。")
    if now >= sitting.closes_at:
        raise ConflictError("这场考试的时间已经过了，不能再开始。如果有特殊情况，请联系人力资源部。")
    counted = [attempt for attempt in attempts if attempt.voided_at is None]
    if sitting.max_attempts is not None and len(counted) >= sitting.max_attempts:
        raise ConflictError("这场考试你已经考过，不能再次开始。")


def _begin(
    candidate: Candidate, sitting: Sitting, number: int, now: datetime, holder: str, seed: int
) -> AttemptId:
    paper = session().get_one(Paper, sitting.paper_id)
    spec = spec_of(paper)
    form = _draw(spec, candidate.person_id, seed)
    attempt = Attempt(
        candidate_id=candidate.id,
        sitting_id=sitting.id,
        person_id=candidate.person_id,
        paper_id=paper.id,
        number=number,
        seed=seed,
        started_at=now,
        deadline=rules.deadline(now, spec.minutes, sitting.closes_at, candidate.extra_minutes),
        lease_epoch=1,
        lease_holder=holder,
    )
    session().add(attempt)
    session().flush()
    _store_form(attempt, spec, form)
    session().add(AttemptMoment(attempt_id=attempt.id, at=now, kind="start", detail={"number": number}))
    session().flush()
    record(
        PersonId(candidate.person_id),
        "attempt.start",
        f"attempt:{attempt.id}",
        sitting=sitting.id,
        number=number,
    )
    return AttemptId(attempt.id)


def _draw(spec: PaperSpec, person_id: int, seed: int) -> tuple[FormSlot, ...]:
    met = met_questions(person_id, spec.ref) if spec.disjoint else set()
    try:
        return draw(spec, pool(*spec.banks), seed, met)
    except PoolTooSmallError:
        raise DomainError(
            "题库里没有足够的新题，这份卷子现在发不出来。请联系培训师补题，你的考试机会不受影响。"
        ) from None


def _store_form(attempt: Attempt, spec: PaperSpec, form: Sequence[FormSlot]) -> None:
    public = public_versions([slot.question.version_id for slot in form])
    for slot in form:
        options = public[slot.question.version_id].content.get("options", [])
        session().add(
            AttemptQuestion(
                attempt_id=attempt.id,
                slot=slot.slot,
                section=slot.section,
                question_id=slot.question.question_id,
                version_id=slot.question.version_id,
                marks=slot.marks,
                option_order=shuffled_options(len(options), attempt.seed, slot.slot),
            )
        )
        if spec.disjoint:
            session().add(
                Exposure(
                    person_id=attempt.person_id,
                    paper_ref=spec.ref,
                    question_id=slot.question.question_id,
                    attempt_id=attempt.id,
                )
            )


def take_lease(person: PersonId, attempt_id: AttemptId, now: datetime, holder: str, *, force: bool) -> bool:
    """Make ``holder`` (a browser tab) the only writer; tell whether it is.

    Without ``force`` a lease held by another tab is left alone. The compare-and-set is in the database.
    """
    attempt = get_attempt(attempt_id, person, lock=True)
    if attempt.lease_holder == holder:
        return True
    if attempt.lease_holder and not force:
        return False
    changed = (
        session()
        .execute(
            sa.update(Attempt)
            .where(Attempt.id == attempt_id, Attempt.lease_epoch == attempt.lease_epoch)
            .values(lease_epoch=attempt.lease_epoch + 1, lease_holder=holder)
            .returning(Attempt.lease_epoch)
        )
        .scalar_one_or_none()
    )
    if changed is None:
        return False
    session().refresh(attempt)
    session().add(AttemptMoment(attempt_id=attempt_id, at=now, kind="lease", detail={"epoch": changed}))
    record(person, "attempt.lease", f"attempt:{attempt_id}", epoch=changed)
    session().flush()
    return True
