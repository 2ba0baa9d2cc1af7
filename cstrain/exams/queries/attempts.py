"""Reading attempts. Nothing here loads a key."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.exams.facts import AttemptFacts, HeldView, MarkableSlot, SlotView, TakingView
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptQuestion, Paper, Sitting
from cstrain.exams.queries.sittings import PAPER_COLUMNS, paper_of
from cstrain.exams.rules import ends_at, final_answers, is_over, remaining_ms
from cstrain.exams.store import MISSING, answer_log, get_attempt, saved_answers
from cstrain.extensions import Line, columns, session
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import PublicVersion, in_order
from cstrain.questions.queries import next_turn, public_versions


def _state(attempt: Attempt | Line, at: datetime) -> str:
    if attempt.voided_at is not None:
        return "voided"
    if attempt.submitted_at is not None:
        return "submitted"
    return "expired" if is_over(at, ends_at(attempt.deadline, attempt.paused_at, at), None) else "open"


def _attempt_facts(row: Line, at: datetime) -> AttemptFacts:
    return AttemptFacts(
        AttemptId(row.id),
        PersonId(row.person_id),
        SittingId(row.sitting_id),
        row.sitting_subject,
        row.sitting_kind,
        paper_of(row),
        row.number,
        row.started_at,
        ends_at(row.deadline, row.paused_at, at),
        row.submitted_at,
        row.receipt,
        _state(row, at),
        row.paused_at,
        row.sitting_title,
    )


_JOINED = (
    sa.select(
        Attempt.id,
        Attempt.person_id,
        Attempt.sitting_id,
        Attempt.number,
        Attempt.started_at,
        Attempt.deadline,
        Attempt.paused_at,
        Attempt.submitted_at,
        Attempt.voided_at,
        Attempt.receipt,
        Attempt.lease_epoch,
        Attempt.lease_holder,
        Sitting.subject.label("sitting_subject"),
        Sitting.kind.label("sitting_kind"),
        Sitting.title.label("sitting_title"),
        *PAPER_COLUMNS,
    )
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .join(Paper, Paper.id == Attempt.paper_id)
)
"""Columns, no objects: the pages of an exam read this again and again."""


_LAST_SEQ = (
    sa.select(sa.func.max(AnswerEvent.client_seq))
    .where(AnswerEvent.attempt_id == Attempt.id)
    .scalar_subquery()
)
"""The highest count a browser has used: a reloaded page counts on from there, never below."""

_SLOTS = (
    sa.select(
        AttemptQuestion.slot,
        AttemptQuestion.section,
        AttemptQuestion.version_id,
        AttemptQuestion.marks,
        AttemptQuestion.option_order,
    )
    .where(AttemptQuestion.attempt_id == sa.bindparam("attempt_id"))
    .order_by(AttemptQuestion.slot)
)


_THESE: sa.BindParameter[int] = sa.bindparam("these", expanding=True)
_OF, _AT, _BY_ID = (
    _JOINED.where(column.in_(_THESE)).order_by(Attempt.id)
    for column in (Attempt.person_id, Attempt.sitting_id, Attempt.id)
)


def _attempts(
    statement: sa.Select[*tuple[Any, ...]], these: Collection[int], at: datetime
) -> list[AttemptFacts]:
    return [_attempt_facts(row, at) for row in columns(statement, {"these": list(these)})]


def attempts_of(people: Collection[PersonId], at: datetime) -> list[AttemptFacts]:
    """Return all attempts of these people, oldest first."""
    return _attempts(_OF, people, at)


def attempts_at(sitting_id: int, at: datetime) -> list[AttemptFacts]:
    """Return all attempts of a sitting."""
    return _attempts(_AT, [sitting_id], at)


def attempts(ids: Collection[int], at: datetime) -> dict[AttemptId, AttemptFacts]:
    """Return attempts by id."""
    return {facts.id: facts for facts in _attempts(_BY_ID, ids, at)}


def attempt(attempt_id: int, at: datetime) -> AttemptFacts:
    """Return one attempt; ``NotFoundError`` when there is none."""
    found = _attempts(_BY_ID, [attempt_id], at)
    if not found:
        raise NotFoundError(MISSING)
    return found[0]


def shared_questions(first: int, second: int) -> int:
    """Return how many questions two attempts have in common."""
    mine = sa.select(AttemptQuestion.question_id).where(AttemptQuestion.attempt_id == first)
    return (
        session().scalar(
            sa.select(sa.func.count())
            .select_from(AttemptQuestion)
            .where(AttemptQuestion.attempt_id == second, AttemptQuestion.question_id.in_(mine))
        )
        or 0
    )


_HELD = _JOINED.add_columns(_LAST_SEQ.label("last_seq")).where(
    Attempt.id == sa.bindparam("attempt_id", type_=sa.Integer()),
    Attempt.person_id == sa.bindparam("person_id", type_=sa.Integer()),
)


def held_view(person: PersonId, attempt_id: int, at: datetime) -> HeldView:
    """Return what the server holds of one's own attempt; the same refusal for a foreign and a missing one."""
    row = columns(_HELD, {"attempt_id": attempt_id, "person_id": person}).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    facts = _attempt_facts(row, at)
    return HeldView(
        attempt=facts,
        answers=saved_answers(row.id),
        remaining_ms=remaining_ms(at, facts.deadline),
        lease_epoch=row.lease_epoch,
        lease_holder=row.lease_holder,
        last_seq=row.last_seq or 0,
    )


def taking_view(person: PersonId, attempt_id: int, at: datetime) -> TakingView:
    """Return what the player shows: questions in the attempt's order, and saved answers.

    An option's id is its place in this attempt, so ids tell nothing about the key (docs/rules.md 5).
    """
    held = held_view(person, attempt_id, at)
    slots = columns(_SLOTS, {"attempt_id": held.attempt.id}).all()
    public = public_versions([slot.version_id for slot in slots])
    return TakingView(held, tuple(_slot_view(slot, public[slot.version_id]) for slot in slots))


def turn(person: PersonId, attempt_id: int, slot: int, at: datetime) -> dict[str, Any]:
    """Return what the other side of a slot says next, given the answer the server holds there.

    Only while the attempt runs: a script is told as it is played and never fetched afterwards.
    """
    row = get_attempt(attempt_id, person)
    if _state(row, at) != "open":
        raise ConflictError("考试已经结束，会话不再继续。已保存的内容都在。")
    asked = session().execute(
        sa.select(AttemptQuestion.version_id, Answer.value)
        .outerjoin(
            Answer, (Answer.attempt_id == AttemptQuestion.attempt_id) & (Answer.slot == AttemptQuestion.slot)
        )
        .where(AttemptQuestion.attempt_id == row.id, AttemptQuestion.slot == slot)
    )
    found = asked.one_or_none()
    if found is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return next_turn(found.version_id, json.loads(found.value) if found.value else None)


def _slot_view(slot: Line, version: PublicVersion) -> SlotView:
    content = in_order(version.content, slot.option_order)
    return SlotView(slot.slot, slot.section, slot.marks, version.type, version.control, content)


def markable_slots(attempt_id: int) -> list[MarkableSlot]:
    """Return the slots of an attempt with their final responses, computed from the log."""
    answers = final_answers(answer_log(attempt_id))
    rows = columns(_SLOTS, {"attempt_id": attempt_id})
    return [
        MarkableSlot(row.slot, row.version_id, row.marks, tuple(row.option_order), answers.get(row.slot))
        for row in rows
    ]
