"""Sitting an exam: start an attempt, take the writer's lease. Saving answers is in ``saving``."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules
from cstrain.exams.assembly import FormSlot, PoolTooSmallError, draw, shuffled_options
from cstrain.exams.models import (
    Attempt,
    AttemptQuestion,
    Exposure,
)
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service.admission import Door, at_the_door, code_fits
from cstrain.exams.store import get_attempt, met_questions, note_moment
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.queries import pool, public_versions

_SEED_BITS = 62
_attempt = cast(sa.Table, Attempt.__table__)
_TAKE = sa.update(_attempt).where(
    _attempt.c.id == sa.bindparam("this"), _attempt.c.lease_epoch == sa.bindparam("held")
)
_SHOWN = sa.insert(cast(sa.Table, AttemptQuestion.__table__))


def start(
    person: PersonId, sitting_id: SittingId, now: datetime, holder: str, seed: int | None = None
) -> AttemptId:
    """Start an attempt, or return the one that is running: starting twice is starting once.

    The form, the order of options and the time allowance are fixed here. Refuses outside the person's
    window, after the last moment to start, while a paper that must be passed before is not, and when no
    attempt is left. The room's code is asked by ``enter``, not here. ``seed`` draws the form; without one it
    is drawn by chance and recorded.
    """
    return _start(at_the_door(person, sitting_id, now), now, holder, seed)


def enter(person: PersonId, sitting_id: SittingId, now: datetime, typed: str) -> AttemptId | None:
    """Start as ``start`` does, with what was typed as the room's code; ``None`` when it is not the right one.

    A wrong one is noted, so the caller's unit of work must be kept. Raises ``TooManyCodesError`` while one
    has to wait; where no code is asked, and to who has started before, any text will do.
    """
    door = at_the_door(person, sitting_id, now)
    return _start(door, now, "", None) if code_fits(door, typed, now) else None


def _start(door: Door, now: datetime, holder: str, seed: int | None) -> AttemptId:
    if door.running is not None:
        return AttemptId(door.running.id)
    return _begin(door, now, holder, secrets.randbits(_SEED_BITS) if seed is None else seed)


def _begin(door: Door, now: datetime, holder: str, seed: int) -> AttemptId:
    candidate, sitting, paper, spec = door.candidate, door.sitting, door.paper, door.spec
    number = len(door.attempts) + 1
    form = _draw(spec, candidate.person_id, seed)
    attempt = Attempt(
        candidate_id=candidate.id,
        sitting_id=sitting.id,
        person_id=candidate.person_id,
        paper_id=paper.id,
        number=number,
        seed=seed,
        started_at=now,
        deadline=rules.deadline(now, spec.minutes, door.window.closes_at, door.window.extra_minutes),
        lease_epoch=1,
        lease_holder=holder,
    )
    session().add(attempt)
    session().flush()
    _store_form(attempt, spec, form)
    note_moment(attempt.id, now, "start", number=number)
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
        return draw(spec, pool(*spec.banks, topics=spec.topics), seed, met)
    except PoolTooSmallError:
        raise DomainError(
            "题库里没有足够的新题，这份卷子现在发不出来。请联系培训师补题，你的考试机会不受影响。"
        ) from None


def _store_form(attempt: Attempt, spec: PaperSpec, form: Sequence[FormSlot]) -> None:
    public = public_versions([slot.question.version_id for slot in form])
    rows = [
        {
            "attempt_id": attempt.id,
            "slot": slot.slot,
            "section": slot.section,
            "question_id": slot.question.question_id,
            "version_id": slot.question.version_id,
            "marks": slot.marks,
            "option_order": shuffled_options(
                len(public[slot.question.version_id].content.get("options", [])), attempt.seed, slot.slot
            ),
        }
        for slot in form
    ]
    session().connection().execute(_SHOWN, rows)
    if spec.disjoint:
        met = {"person_id": attempt.person_id, "paper_ref": spec.ref, "attempt_id": attempt.id}
        shown = [met | {"question_id": slot.question.question_id} for slot in form]
        session().execute(sa.insert(Exposure), shown)


def take_lease(person: PersonId, attempt_id: AttemptId, now: datetime, holder: str, *, force: bool) -> bool:
    """Make ``holder`` (a browser tab) the only writer; tell whether it is.

    Without ``force`` a lease held by another tab is left alone. The compare-and-set is in the database.
    """
    attempt = get_attempt(attempt_id, person, lock=True)
    if attempt.lease_holder == holder:
        return True
    if attempt.lease_holder and not force:
        return False
    taken = bool(attempt.lease_holder)
    epoch = attempt.lease_epoch + 1
    asked = {"this": attempt_id, "held": attempt.lease_epoch, "lease_epoch": epoch, "lease_holder": holder}
    if not session().connection().execute(_TAKE, asked).rowcount:
        return False
    session().expire(attempt)
    note_moment(attempt_id, now, "lease", epoch=epoch, taken=taken)
    record(person, "attempt.lease", f"attempt:{attempt_id}", epoch=epoch)
    return True
