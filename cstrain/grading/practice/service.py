"""Acts of practice: draw a set, take the wrong questions whose turn has come, answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.grading.practice import items, queries, rules
from cstrain.grading.practice.models import PracticeAnswer, PracticeQuestion, PracticeRun
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import Control, PoolQuestion
from cstrain.questions.queries import keyed_versions, public_versions
from cstrain.questions.question_type import question_types
from cstrain.unit_of_work import flush_unique

_MIXED = frozenset({Control.PARTS, Control.CHAT})
"""Of these some questions are marked by the machine alone and some are not."""


def draw(person: PersonId, now: datetime, bank: str, topics: Collection[str], count: int, seed: int) -> int:
    """Draw a practice set of at most ``count`` questions of a bank (of some of its topics); returns its id.

    Refuses a bank that is not open, and during an exam.
    """
    items.refuse_during_exam(person, now)
    if count not in queries.practice_rules().counts:
        raise DomainError("没有开始：请选择列出的题数。")
    pool = [question for question in queries.pool_for(person, now).values() if question.bank == bank]
    found = _markable(rules.drawn(pool, topics, seed), count)
    if not found:
        raise DomainError("没有开始：选的范围里没有可以练习的题。请换一个题库或主题。")
    return _begin(person, now, "draw", bank, sorted(topics), found, seed)


def repeat_wrong(person: PersonId, now: datetime, seed: int) -> int:
    """Make a set of the wrong questions whose turn has come, the longest due first; returns its id."""
    items.refuse_during_exam(person, now)
    found = _markable(queries.due_questions(person, now), queries.practice_rules().most_in_book_set)
    if not found:
        raise ConflictError("现在没有轮到复习的错题。可以先抽题练习。")
    return _begin(person, now, "book", "", [], found, seed)


def _markable(wanted: Sequence[PoolQuestion], count: int) -> list[PoolQuestion]:
    """Return the first ``count`` questions that the machine marks alone."""
    kinds = question_types()
    mixed = {each.version_id for each in wanted if kinds.get(each.type).control in _MIXED}
    by_machine = {key for key, version in keyed_versions(mixed).items() if items.by_machine(version)}
    found = (each for each in wanted if each.version_id not in mixed or each.version_id in by_machine)
    return [each for each, _place in zip(found, range(count), strict=False)]


def _begin(
    person: PersonId,
    now: datetime,
    kind: str,
    bank: str,
    topics: list[str],
    found: Sequence[PoolQuestion],
    seed: int,
) -> int:
    run = PracticeRun(person_id=person, kind=kind, bank=bank, topics=topics, seed=seed, started_at=now)
    session().add(run)
    session().flush()
    public = public_versions([each.version_id for each in found])
    for place, each in enumerate(found, start=1):
        options = public[each.version_id].content.get("options", [])
        session().add(
            PracticeQuestion(
                run_id=run.id,
                place=place,
                question_id=each.question_id,
                version_id=each.version_id,
                option_order=rules.option_order(len(options), seed, place),
            )
        )
    session().flush()
    record(person, "practice.start", f"practice:{run.id}", kind=kind, questions=len(found))
    return run.id


def answer(
    person: PersonId, now: datetime, run_id: int, place: int, value: str, *, give_up: bool = False
) -> bool:
    """Keep the answer (JSON text) to a place of one's own set, mark it, and tell whether it counts as right.

    Each place is answered once; the key may be shown only after this is committed. ``give_up`` asks for the
    answer instead: that is no right answer. Refuses an empty answer without it, and during an exam.
    """
    items.refuse_during_exam(person, now)
    kept = "null" if give_up else value
    asked, control, marking = items.judge(person, now, run_id, place, kept)
    if not give_up and marking.note in ("blank", "malformed"):
        raise DomainError("还没有作答，没有提交。请先作答；不会的话可以直接看答案。")
    if queries.answer_at(run_id, place) is not None:
        raise ConflictError("这道题已经答过了，这一次没有计入。请看下一题。")
    share = marking.fraction or Fraction(0)
    right = not give_up and rules.is_right(control, share, Fraction(queries.practice_rules().good_share))
    session().add(
        PracticeAnswer(
            run_id=run_id,
            place=place,
            person_id=person,
            question_id=asked.question_id,
            value=kept,
            share=str(share),
            correct=right,
            given_up=give_up,
            answered_at=now,
        )
    )
    flush_unique("这道题已经答过了，这一次没有计入。请看下一题。")
    return right
