"""Reading attempts. Nothing here loads a key."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.exams.facts import AttemptFacts, MarkableSlot, SlotView, TakingView
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptQuestion, Paper, Sitting
from cstrain.exams.queries.sittings import paper_facts, sitting
from cstrain.exams.rules import final_answers, is_over, remaining_ms
from cstrain.exams.store import answer_log, get_attempt, saved_answers
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import PublicVersion
from cstrain.questions.queries import next_turn, public_versions


def _state(attempt: Attempt, at: datetime) -> str:
    if attempt.voided_at is not None:
        return "voided"
    if attempt.submitted_at is not None:
        return "submitted"
    return "expired" if is_over(at, attempt.deadline, None) else "open"


def _attempt_facts(row: Attempt, sitting_row: Sitting, paper_row: Paper, at: datetime) -> AttemptFacts:
    return AttemptFacts(
        AttemptId(row.id),
        PersonId(row.person_id),
        SittingId(row.sitting_id),
        sitting_row.subject,
        sitting_row.kind,
        paper_facts(paper_row),
        row.number,
        row.started_at,
        row.deadline,
        row.submitted_at,
        row.receipt,
        _state(row, at),
    )


def _attempts(condition: sa.ColumnElement[bool], at: datetime) -> list[AttemptFacts]:
    rows = session().execute(
        sa.select(Attempt, Sitting, Paper)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(condition)
        .order_by(Attempt.id)
    )
    return [_attempt_facts(*row, at) for row in rows]


def attempts_of(people: Collection[PersonId], at: datetime) -> list[AttemptFacts]:
    """Return all attempts of these people, oldest first."""
    return _attempts(Attempt.person_id.in_(people), at)


def attempts_at(sitting_id: int, at: datetime) -> list[AttemptFacts]:
    """Return all attempts of a sitting."""
    return _attempts(Attempt.sitting_id == sitting_id, at)


def attempts(ids: Collection[int], at: datetime) -> dict[AttemptId, AttemptFacts]:
    """Return attempts by id."""
    return {facts.id: facts for facts in _attempts(Attempt.id.in_(ids), at)}


def attempt(attempt_id: int, at: datetime) -> AttemptFacts:
    """Return one attempt; ``NotFoundError`` when there is none."""
    return _attempts(Attempt.id == get_attempt(attempt_id).id, at)[0]


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


def taking_view(person: PersonId, attempt_id: int, at: datetime) -> TakingView:
    """Return what the player shows: questions in the attempt's order, and saved answers.

    An option's id is its place in this attempt, so ids tell nothing about the key (docs/rules.md 5).
    """
    row = get_attempt(attempt_id, person)
    slots = list(
        session().scalars(
            sa.select(AttemptQuestion)
            .where(AttemptQuestion.attempt_id == row.id)
            .order_by(AttemptQuestion.slot)
        )
    )
    public = public_versions([slot.version_id for slot in slots])
    facts = attempt(row.id, at)
    return TakingView(
        attempt=facts,
        title=sitting(row.sitting_id).title,
        slots=tuple(_slot_view(slot, public[slot.version_id]) for slot in slots),
        answers=saved_answers(row.id),
        remaining_ms=remaining_ms(at, row.deadline),
        lease_epoch=row.lease_epoch,
        lease_holder=row.lease_holder,
        last_seq=_last_seq(row.id),
    )


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


def _last_seq(attempt_id: int) -> int:
    """Return the highest count a browser has used: a reloaded page counts on from there, never below."""
    found = session().scalar(
        sa.select(sa.func.max(AnswerEvent.client_seq)).where(AnswerEvent.attempt_id == attempt_id)
    )
    return found or 0


def _slot_view(slot: AttemptQuestion, version: PublicVersion) -> SlotView:
    content = dict(version.content)
    if slot.option_order:
        options = content["options"]
        content["options"] = [
            {"id": str(place), "text": options[index]["text"]}
            for place, index in enumerate(slot.option_order)
        ]
    return SlotView(slot.slot, slot.section, slot.marks, version.type, version.control, content)


def markable_slots(attempt_id: int) -> list[MarkableSlot]:
    """Return the slots of an attempt with their final responses, computed from the log."""
    answers = final_answers(answer_log(attempt_id))
    rows = session().scalars(
        sa.select(AttemptQuestion)
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.slot)
    )
    return [
        MarkableSlot(row.slot, row.version_id, row.marks, tuple(row.option_order), answers.get(row.slot))
        for row in rows
    ]
