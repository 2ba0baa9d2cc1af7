"""Working every stored result out again (docs/rules.md 2): the bytes must be the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import session
from cstrain.grading.models import MarkChange, Result
from cstrain.grading.rekeying.facts import Mismatch
from cstrain.grading.rekeying.rules import marked_again
from cstrain.grading.rules import MarkedAttempt, as_json, from_json, rekeyed
from cstrain.grading.service.changing import with_slot
from cstrain.grading.service.marking import judge
from cstrain.questions.queries import keyed_versions

_BATCH = 200


def stored_results() -> int:
    """Return how many results are stored, the replaced ones included."""
    return session().scalar(sa.select(sa.func.count()).select_from(Result)) or 0


def mismatches(at: datetime) -> Iterator[Mismatch]:
    """Yield every stored result that does not come out byte for byte the same when worked out again.

    The first result of an attempt comes from its log, the keys as of then and what people gave; a later one
    from the one before it and the change of a mark or the correction of a key that it carries out.
    """
    ids = list(session().scalars(sa.select(Result.attempt_id).distinct().order_by(Result.attempt_id)))
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        facts = exams.attempts(batch, at)
        for rows in _by_attempt(batch):
            yield from _of_attempt(facts[rows[0].attempt_id], rows)  # type: ignore[index]


def _by_attempt(ids: Sequence[int]) -> list[list[Result]]:
    found: dict[int, list[Result]] = {}
    for row in session().scalars(
        sa.select(Result).where(Result.attempt_id.in_(ids)).order_by(Result.attempt_id, Result.number)
    ):
        found.setdefault(row.attempt_id, []).append(row)
    return list(found.values())


def _of_attempt(facts: AttemptFacts, rows: Sequence[Result]) -> Iterator[Mismatch]:
    before: Sequence[Mapping[str, Any]] = ()
    for row in rows:
        again = _again(facts, row, before)
        if _bytes(row.digest, f"{row.raw:.3f}", row.marks) != _bytes_of(again):
            yield Mismatch(row.attempt_id, row.number, row.digest, again.digest)
        before = row.marks


def _bytes(digest: str, raw: str, marks: Sequence[Any]) -> str:
    return json.dumps([digest, raw, marks], sort_keys=True)


def _bytes_of(marked: MarkedAttempt) -> str:
    return _bytes(marked.digest, f"{marked.raw:.3f}", [as_json(slot) for slot in marked.slots])


def _again(facts: AttemptFacts, row: Result, before: Sequence[Mapping[str, Any]]) -> MarkedAttempt:
    if row.number == 1:
        return judge(facts.id, facts.paper.id, row.key_revision_id or 0)
    change = _change(row)
    if change is not None:
        return with_slot(before, change.slot, change.earned)
    return _rekeyed(facts, row, before)


def _change(row: Result) -> MarkChange | None:
    """Return the change a result carries out; of results older than the link, the one confirmed with it."""
    if row.change_id is not None:
        return session().get_one(MarkChange, row.change_id)
    if row.key_revision_id is not None:
        return None
    return session().scalar(
        sa.select(MarkChange).where(
            MarkChange.attempt_id == row.attempt_id, MarkChange.confirmed_at == row.marked_at
        )
    )


def _rekeyed(facts: AttemptFacts, row: Result, before: Sequence[Mapping[str, Any]]) -> MarkedAttempt:
    """Mark again what stands in the attempt by the keys as of the revision that made this result."""
    until = row.key_revision_id or 0
    asked = {slot.version_id: slot for slot in exams.markable_slots(facts.id)}
    newest, former = keyed_versions(asked, until), keyed_versions(asked, max(until - 1, 0))
    partial = exams.spec(facts.paper.id).partial
    new = {
        slot.slot: marked_again(slot, newest[version], partial=partial)
        for version, slot in asked.items()
        if newest[version] != former[version]
    }
    return rekeyed([from_json(mark) for mark in before], new)
