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
from cstrain.exams.store import MISSING, met_questions, note_moment
from cstrain.extensions import columns, session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.queries import pool, public_versions
from cstrain.unit_of_work import locked

_SEED_BITS = 62
_attempt = cast(sa.Table, Attempt.__table__)
_LEASE = locked(
    sa.select(_attempt.c.lease_epoch, _attempt.c.lease_holder).where(
        _attempt.c.id == sa.bindparam("this"), _attempt.c.person_id == sa.bindparam("person")
    )
)
_TAKE = sa.update(_attempt).where(
    _attempt.c.id == sa.bindparam("this"), _attempt.c.lease_epoch == sa.bindparam("held")
)
_BEGUN = sa.insert(_attempt).returning(_attempt.c.id)
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
    entry, spec = door.entry, door.spec
    person, number = PersonId(entry.person_id), len(door.attempts) + 1
    form = _draw(spec, person, seed)
    row = {
        "candidate_id": entry.candidate_id,
        "sitting_id": entry.sitting_id,
        "person_id": person,
        "paper_id": entry.paper_id,
        "number": number,
        "seed": seed,
        "started_at": now,
        "deadline": rules.deadline(now, spec.minutes, door.window.closes_at, door.window.extra_minutes),
        "lease_epoch": 1,
        "lease_holder": holder,
    }
    attempt_id = AttemptId(session().connection().execute(_BEGUN, row).scalar_one())
    _store_form(attempt_id, person, seed, spec, form)
    note_moment(attempt_id, now, "start", number=number)
    record(person, "attempt.start", f"attempt:{attempt_id}", sitting=entry.sitting_id, number=number)
    return attempt_id


def _draw(spec: PaperSpec, person_id: int, seed: int) -> tuple[FormSlot, ...]:
    met = met_questions(person_id, spec.ref) if spec.disjoint else set()
    try:
        return draw(spec, pool(*spec.banks, topics=spec.topics), seed, met)
    except PoolTooSmallError:
        raise DomainError(
            "题库里没有足够的新题，这份卷子现在发不出来。请联系培训师补题，你的考试机会不受影响。"
        ) from None


def _store_form(
    attempt_id: AttemptId, person: PersonId, seed: int, spec: PaperSpec, form: Sequence[FormSlot]
) -> None:
    public = public_versions([slot.question.version_id for slot in form])
    rows = [
        {
            "attempt_id": attempt_id,
            "slot": slot.slot,
            "section": slot.section,
            "question_id": slot.question.question_id,
            "version_id": slot.question.version_id,
            "marks": slot.marks,
            "option_order": shuffled_options(
                len(public[slot.question.version_id].content.get("options", [])), seed, slot.slot
            ),
        }
        for slot in form
    ]
    session().connection().execute(_SHOWN, rows)
    if spec.disjoint:
        met = {"person_id": person, "paper_ref": spec.ref, "attempt_id": attempt_id}
        shown = [met | {"question_id": slot.question.question_id} for slot in form]
        session().execute(sa.insert(Exposure), shown)


def take_lease(person: PersonId, attempt_id: AttemptId, now: datetime, holder: str, *, force: bool) -> bool:
    """Make ``holder`` (a browser tab) the only writer; tell whether it is.

    Without ``force`` a lease held by another tab is left alone. The compare-and-set is in the database.
    """
    lease = columns(_LEASE, {"this": attempt_id, "person": person}).one_or_none()
    if lease is None:
        raise NotFoundError(MISSING)
    if lease.lease_holder == holder:
        return True
    if lease.lease_holder and not force:
        return False
    taken = bool(lease.lease_holder)
    epoch = lease.lease_epoch + 1
    asked = {"this": attempt_id, "held": lease.lease_epoch, "lease_epoch": epoch, "lease_holder": holder}
    if not session().connection().execute(_TAKE, asked).rowcount:
        return False
    note_moment(attempt_id, now, "lease", epoch=epoch, taken=taken)
    record(person, "attempt.lease", f"attempt:{attempt_id}", epoch=epoch)
    return True
