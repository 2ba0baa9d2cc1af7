"""Bringing many questions in at once, as drafts that wait for review by another person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.store import happened
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.store import Findable, NewQuestion, add_questions, question_ids, set_findable
from cstrain.questions.tags import clean_tags


@dataclass(frozen=True, slots=True)
class Arrival:
    """A checked question of a file with its complete fields, its topic's id and what it is found by."""

    question: SourceQuestion
    fields: Mapping[str, Any]
    topic_id: int
    found_by: Findable
    tags: tuple[str, ...] = ()


def bring_in(
    bank_id: int, arrivals: Sequence[Arrival], by: PersonId | None, batch: int | None, now: datetime
) -> int:
    """Add questions with drafts in review; return how many. Refs that the bank has already are left out.

    One unit's worth: who brings in thousands calls with some hundreds at a time. The caller records the act.
    """
    taken = question_ids(bank_id, [each.question.id for each in arrivals])
    new = [each for each in arrivals if each.question.id not in taken]
    ids = add_questions([NewQuestion(bank_id, each.topic_id, each.question.id, "own") for each in new], now)
    rows = [_row(each, ids[each.question.id], by, batch, now) for each in new]
    if rows:
        session().execute(sa.insert(QuestionDraft), rows)
    set_findable({ids[each.question.id]: each.found_by for each in new})
    happened(ids.values(), "submitted", by, now)
    session().flush()
    return len(new)


def _row(
    arrival: Arrival, question_id: int, by: PersonId | None, batch: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "question_id": question_id,
        "state": "review",
        "fields": {name: value for name, value in arrival.fields.items() if name != "id"},
        "topic_id": arrival.topic_id,
        "tags": list(clean_tags(arrival.tags)),
        "rule_version": "",
        "note": "",
        "revision": 1,
        "writers": [] if by is None else [by],
        "author_id": by,
        "batch_id": batch,
        "created_at": now,
        "changed_at": now,
        "submitted_at": now,
        "decision": "",
    }
