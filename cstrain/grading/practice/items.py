"""A practised question as its learner sees it, and what the machine makes of an answer to it."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cstrain.exams.facts import MarkableSlot
from cstrain.grading.practice import queries
from cstrain.grading.practice.facts import PracticeItem, Verdict
from cstrain.grading.practice.models import PracticeAnswer, PracticeQuestion
from cstrain.grading.rules import response
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import KeyedVersion, Marking, in_order
from cstrain.questions.queries import keyed_versions, next_turn, public_versions, version_lines
from cstrain.questions.question_type import question_types


def refuse_during_exam(person: PersonId, at: datetime) -> None:
    """Refuse practice to who is in the middle of an exam: practice shows keys."""
    if queries.sits_now(person, at):
        raise ConflictError("你有一份答卷还没有交，这时不能练习。请先交卷，练过的都在。")


def item(person: PersonId, at: datetime, run_id: int, place: int) -> PracticeItem:
    """Return a question of one's own set; raises ``NotFoundError``, also when its bank was closed since."""
    queries.run_of(person, run_id)
    asked = _open_question(person, at, run_id, place)
    answer = queries.answer_at(run_id, place)
    if answer is not None:
        version = keyed_versions([asked.version_id])[asked.version_id]
        found = verdict(asked, version, answer)
        return _item(asked, version.type, version.control, version.content, answer.value, found)
    public = public_versions([asked.version_id])[asked.version_id]
    return _item(asked, public.type, public.control, public.content, None, None)


def _open_question(person: PersonId, at: datetime, run_id: int, place: int) -> PracticeQuestion:
    asked = queries.question_at(run_id, place)
    if asked.question_id in queries.held_back(person, at):
        raise ConflictError("这道题在你一份还没有发布成绩的答卷里，现在不能练。成绩发布以后再来。")
    if version_lines([asked.version_id])[asked.version_id].bank not in queries.open_bank_names():
        raise NotFoundError(queries.MISSING)
    return asked


def _item(
    asked: PracticeQuestion,
    kind: str,
    control: str,
    content: dict[str, Any],
    value: str | None,
    found: Verdict | None,
) -> PracticeItem:
    turned = in_order(content, asked.option_order)
    return PracticeItem(asked.place, asked.question_id, kind, control, turned, value, found, asked.version_id)


def verdict(asked: PracticeQuestion, version: KeyedVersion, answer: PracticeAnswer) -> Verdict:
    """Return what became of an answer, with the key and why."""
    kind = question_types().get(version.type)
    given = _response(asked, version, answer.value)
    return Verdict(
        answered=kind.summarise(version.content, given),
        right_answer=kind.describe_key(version.content, version.key),
        explanation=version.explanation,
        source=version.source,
        share=Fraction(answer.share),
        right=answer.correct,
        given_up=answer.given_up,
        measures=kind.mark(version.key, given, partial=True).measures,
    )


def _response(asked: PracticeQuestion, version: KeyedVersion, value: str) -> object:
    slot = MarkableSlot(asked.place, asked.version_id, Decimal(1), tuple(asked.option_order), value)
    return response(slot, version)


def judge(
    person: PersonId, at: datetime, run_id: int, place: int, value: str
) -> tuple[PracticeQuestion, str, Marking]:
    """Return the question at a place, its control, and how the machine marks ``value`` (JSON text)."""
    queries.run_of(person, run_id)
    asked = _open_question(person, at, run_id, place)
    version = keyed_versions([asked.version_id])[asked.version_id]
    kind = question_types().get(version.type)
    return asked, version.control, kind.mark(version.key, _response(asked, version, value), partial=True)


def by_machine(version: KeyedVersion) -> bool:
    """Tell whether the machine marks every answer to a question: no sample of it waits for a person."""
    kind = question_types().get(version.type)
    samples = kind.samples(version.content, version.key)
    return all(kind.mark(version.key, sample.response).fraction is not None for sample in samples)


def turn(person: PersonId, at: datetime, run_id: int, place: int, value: str) -> dict[str, Any]:
    """Return what the other side of a question says next, given what has been written so far."""
    queries.run_of(person, run_id)
    if queries.answer_at(run_id, place) is not None:
        raise ConflictError("这道题已经答完了，会话不再继续。")
    return next_turn(_open_question(person, at, run_id, place).version_id, json.loads(value))
