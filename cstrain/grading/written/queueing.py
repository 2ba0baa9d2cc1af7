"""What was handed in enters the queues of those who mark it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts, MarkableSlot
from cstrain.extensions import session
from cstrain.grading.rules import response
from cstrain.grading.written import rules
from cstrain.grading.written.models import WrittenTask
from cstrain.grading.written.queries import marking_rules, queued
from cstrain.grading.written.showing import QUEUED
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import PartToMark, question_types
from cstrain.unit_of_work import flush_unique, one_at_a_time


def queue_parts(
    facts: AttemptFacts, slots: Sequence[MarkableSlot], versions: Mapping[int, KeyedVersion], now: datetime
) -> int:
    """Put the parts of a closed attempt that people must mark into their queues, once; return how many.

    Whether a part is marked by one person or two is settled here, by the paper's rule. Those who close
    attempts at one paper queue up, so that the sample never falls below its share.
    """
    due = [(slot, part) for slot in slots for part in _to_mark(slot, versions[slot.version_id])]
    if not due or queued([facts.id]):
        return 0
    one_at_a_time(f"written:{facts.paper.ref}")
    rule = marking_rules().rule_for(facts.paper.ref, consequences=facts.paper.consequences)
    questions = {place.slot: place.question_id for place in exams.places([facts.id])}
    for slot, part in due:
        question = questions[slot.slot]
        digits = rules.chance(facts.receipt or "", slot.slot, part.part)
        before = _before(facts.paper.ref, question, part.part)
        session().add(
            WrittenTask(
                attempt_id=facts.id,
                slot=slot.slot,
                part=part.part,
                paper_ref=facts.paper.ref,
                question_id=question,
                version_id=slot.version_id,
                rounds=rules.rounds(rule, digits, *before),
                tolerance=rule.tolerance.quantize(Decimal("0.0001")),
                third=rule.third,
                place=rules.chance(digits, "place"),
                queued_at=now,
            )
        )
        flush_unique("这份答卷已经进入阅卷队列，这一步没有改动。请刷新后再看。")
    record(None, "answer.queue", f"attempt:{facts.id}", parts=len(due))
    return len(due)


def _to_mark(slot: MarkableSlot, version: KeyedVersion) -> tuple[PartToMark, ...]:
    if version.control not in QUEUED or version.credited:
        return ()
    kind = question_types().get(version.type)
    return kind.parts_to_mark(version.key, response(slot, version))


def _before(paper_ref: str, question_id: int, part: int) -> tuple[int, int]:
    """Return how many answers entered a queue so far, and how many of them two people mark."""
    doubled = sa.func.sum(sa.case((WrittenTask.rounds == 2, 1), else_=0))
    count, twice = (
        session()
        .execute(
            sa.select(sa.func.count(), doubled).where(
                WrittenTask.paper_ref == paper_ref,
                WrittenTask.question_id == question_id,
                WrittenTask.part == part,
            )
        )
        .one()
    )
    return int(count), int(twice or 0)
