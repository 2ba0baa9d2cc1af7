"""Closed results, read back and worked out again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import rules
from cstrain.performance.reviews.facts import CycleFacts, ResultFacts
from cstrain.performance.reviews.models import ReviewCycle, ReviewResult, ReviewSubject
from cstrain.performance.reviews.queries.cycles import cycles_by_id
from cstrain.performance.reviews.store import MISSING


def find_result(subject_id: int) -> ResultFacts | None:
    """Return a reviewed person's result; ``None`` before the cycle was closed."""
    found = _results(sa.select(ReviewResult).where(ReviewResult.subject_id == subject_id))
    return found[0] if found else None


def result(subject_id: int) -> ResultFacts:
    """Return a result; raises ``NotFoundError`` before the cycle was closed, as for nobody."""
    found = find_result(subject_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def results_of(person: PersonId, last: int = 12) -> list[ResultFacts]:
    """Return somebody's latest results, the oldest month first; two of a month are two departments'."""
    statement = (
        sa.select(ReviewResult)
        .join(ReviewSubject, ReviewSubject.id == ReviewResult.subject_id)
        .join(ReviewCycle, ReviewCycle.id == ReviewSubject.cycle_id)
        .where(ReviewResult.about_id == person)
        .order_by(ReviewCycle.month.desc(), ReviewCycle.id.desc())
        .limit(last)
    )
    return list(reversed(_results(statement)))


def _results(statement: sa.Select[Any]) -> list[ResultFacts]:
    rows: Sequence[ReviewResult] = list(session().scalars(statement))
    found = session().execute(
        sa.select(ReviewSubject.id, ReviewSubject.cycle_id).where(
            ReviewSubject.id.in_([row.subject_id for row in rows])
        )
    )
    places: dict[int, int] = {row.id: row.cycle_id for row in found}
    cycles = cycles_by_id(set(places.values()))
    return [_result(row, cycles[places[row.subject_id]]) for row in rows]


def _result(row: ReviewResult, cycle: CycleFacts) -> ResultFacts:
    kept: dict[str, Any] = json.loads(row.sealed)
    inputs = rules.inputs_of(kept["inputs"])
    found = rules.outcome(inputs, cycle.rules)
    manager = kept["manager"]
    return ResultFacts(
        row.subject_id,
        PersonId(row.about_id),
        cycle,
        inputs,
        found,
        kept["own_note"],
        PersonId(manager) if manager is not None else None,
        kept["manager_note"],
        tuple(kept["remarks"]),
        row.closed_at,
        row.sha256,
        intact(row.sealed, row.sha256) and rules.outcome_record(found) == kept["outcome"],
    )
