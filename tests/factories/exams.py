"""A tiny bank, papers, sittings and attempts, straight in the database. All need a context and commit.

Keys, explanations and sources carry canary strings: what a candidate can fetch before release must hold none.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from cstrain.exams import service
from cstrain.exams.facts import Receipt, SaveOutcome, SentEvent
from cstrain.exams.models import Paper
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service import papers as paper_service
from cstrain.extensions import session
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.models import Bank, Question, QuestionKey, QuestionScript, QuestionVersion, Topic
from cstrain.questions.question_type import question_types
from cstrain.questions.rubrics import with_rubric
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START

CANARY = "KEYCANARY"
KINDS = ("single_choice", "multiple_choice", "true_false", "fill_in", "number")
HOUR = timedelta(hours=1)


def written(kind: str, number: int, stem: str = "") -> dict[str, Any]:
    """A question as somebody would write it; right answers: A, A and B, True, the canary, 42."""
    stem = stem or f"第{number}个问题：顾客来问，应该怎样处理？"
    base = {
        "id": f"{kind.replace('_', '-')}-{number}",
        "type": kind,
        "stem": stem,
        "difficulty": number % 3 + 1,
    }
    base["explanation"] = f"{CANARY}-explanation-{kind}-{number}"
    base["source"] = f"{CANARY}-source-{kind}-{number}#heading"
    options = [f"办法{letter}{number}" for letter in "甲乙丙丁"]
    return base | {
        "single_choice": {"options": options, "answer": ["A"]},
        "multiple_choice": {"options": options, "answer": ["A", "B"]},
        "true_false": {"answer": True},
        "fill_in": {"stem": f"{stem}____", "blanks": [[f"{CANARY}-key-{number}", "标准答案"]]},
        "number": {"answer": 42, "tolerance": 1, "unit": "天"},
    }[kind]  # fmt: skip


def make_bank(name: str = "tiny", each: int = 6, topics: Sequence[str] = ("basics",)) -> None:
    """Make a bank with ``each`` questions of every type in every topic."""
    with unit_of_work() as db:
        bank = Bank(name=name, title="小题库", description="")
        db.add(bank)
        db.flush()
        for position, ref in enumerate(topics):
            topic = Topic(bank_id=bank.id, ref=ref, title=f"主题{ref}", position=position)
            db.add(topic)
            db.flush()
            for kind in KINDS:
                for number in range(each):
                    add_question(
                        bank.id, topic.id, f"{ref}-{kind}-{number}", written(kind, number + 100 * position)
                    )


def add_question(bank_id: int, topic_id: int, ref: str, fields: dict[str, Any]) -> int:
    """Store one question with its first version and key; return the version's id."""
    db = session()
    kind = question_types().get(fields["type"]).model_validate(fields)
    question = Question(bank_id=bank_id, topic_id=topic_id, ref=ref)
    db.add(question)
    db.flush()
    version = QuestionVersion(
        question_id=question.id,
        number=1,
        type=kind.type,
        difficulty=kind.difficulty,
        content=kind.content(),
        source=kind.source,
        situation=False,
        digest=ref,
        created_at=START,
    )
    db.add(version)
    db.flush()
    question.current_version_id = version.id
    key = with_rubric(kind.key())
    db.add(QuestionKey(version_id=version.id, key=key, explanation=kind.explanation))
    script = kind.script()
    if script is not None:
        db.add(QuestionScript(version_id=version.id, script=script))
    db.flush()
    return version.id


def reword(version_id: int) -> int:
    """Bring the same wording into force as a newer version of its question; return that version's id."""
    with unit_of_work() as db:
        old, key = db.get(QuestionVersion, version_id), db.get(QuestionKey, version_id)
        kept = ("question_id", "type", "difficulty", "content", "source", "situation", "created_at")
        same = {name: getattr(old, name) for name in kept}
        version = QuestionVersion(number=old.number + 1, digest=f"{old.digest}-again", **same)
        db.add(version)
        db.flush()
        db.add(QuestionKey(version_id=version.id, key=key.key, explanation=key.explanation))
        db.get(Question, old.question_id).current_version_id = version.id
        return int(version.id)


def spec(ref: str = "tiny-exam", **changes: Any) -> PaperSpec:
    """A blueprint of ten questions, two of each type, ten marks each, thirty minutes."""
    cells = [{"topics": ["basics"], "types": [kind], "count": 2} for kind in KINDS]
    fields: dict[str, Any] = {
        "ref": ref,
        "edition": 1,
        "effective_from": date(2026, 1, 1),
        "source": "test",
        "title": "小试卷",
        "kind": "exam",
        "bank": "tiny",
        "minutes": 30,
        "release": "two_persons",
        "difficulty_tolerance": 2,
        "sections": [{"title": "全部", "marks": 10, "cells": cells}],
    }
    return PaperSpec.model_validate(fields | changes)


def make_paper(ref: str = "tiny-exam", **changes: Any) -> str:
    """Store a blueprint and return its ref."""
    made = spec(ref, **changes)
    with unit_of_work() as db:
        row: Paper = paper_service._row(made, START)
        db.add(row)
    return made.ref


def make_sitting(
    people: Iterable[PersonId],
    paper_ref: str = "tiny-exam",
    *,
    kind: str = "exam",
    opens_at: datetime = START,
    closes_at: datetime = START + 2 * HOUR,
    actor: PersonId | None = None,
    subject: str = "arranged",
) -> SittingId:
    """Arrange a sitting of two hours from the start of the test clock."""
    with unit_of_work():
        return service.schedule(
            actor,
            min(START, opens_at),
            paper_ref=paper_ref,
            kind=kind,
            subject=subject,
            people=list(people),
            opens_at=opens_at,
            closes_at=closes_at,
            place="三楼培训室",
        )


def make_attempt(
    person: PersonId, sitting: SittingId | None = None, at: datetime = START, **paper: Any
) -> AttemptId:
    """Start an attempt; without a sitting the tiny bank, a paper and a sitting are made first."""
    if sitting is None:
        make_bank()
        sitting = make_sitting([person], make_paper(**paper))
    with unit_of_work():
        return service.start(person, sitting, at, "tab-1")


def event(slot: int | None, value: str, seq: int, event_id: str = "", *, parsable: bool = True) -> SentEvent:
    """An answer event; ``value`` is JSON text."""
    return SentEvent(event_id or str(uuid.uuid4()), seq, slot, value, seq * 1000, parsable)


def save(
    person: PersonId, attempt: AttemptId, events: Sequence[SentEvent], at: datetime = START, epoch: int = 1
) -> SaveOutcome:
    """Send a batch and commit it."""
    with unit_of_work():
        return service.save(person, attempt, at, epoch, events)


def submit(person: PersonId, attempt: AttemptId, at: datetime = START, key: str = "key") -> Receipt:
    """Hand in and commit."""
    with unit_of_work():
        return service.submit(person, attempt, key, at)


def right_answers(attempt: AttemptId) -> dict[int, str]:
    """The JSON text of the right answer of each slot of an attempt at the tiny bank, in its option order."""
    from cstrain.exams import queries
    from cstrain.questions.queries import keyed_versions

    slots = queries.markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    found = {}
    for slot in slots:
        version = versions[slot.version_id]
        places = (
            [str(slot.option_order.index(int(each))) for each in version.key.get("right", [])]
            if (slot.option_order)
            else []
        )
        found[slot.slot] = {
            "single_choice": lambda places=places: f'"{places[0]}"',
            "multiple_choice": lambda places=places: "[" + ",".join(f'"{each}"' for each in places) + "]",
            "true_false": lambda: "true",
            "fill_in": lambda: '["标准答案"]',
            "number": lambda: '"42"',
        }[version.type]()
    return found


def answer_right(person: PersonId, attempt: AttemptId, slots: Iterable[int] | None = None) -> None:
    """Answer some slots (all unless said otherwise) rightly."""
    right = right_answers(attempt)
    wanted = list(right) if slots is None else list(slots)
    save(person, attempt, [event(slot, right[slot], seq) for seq, slot in enumerate(wanted, start=1)])
