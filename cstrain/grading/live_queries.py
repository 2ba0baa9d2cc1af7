"""Reading tasks done aloud: which wait for an examiner, one with its rubric, what examiners gave."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AskedSlot, AttemptFacts
from cstrain.extensions import session
from cstrain.grading.facts import LiveSheet, LiveTask
from cstrain.grading.models import LiveMark, Result
from cstrain.judgement.rubric import read_rubric
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.facts import Control
from cstrain.questions.queries import keyed_versions, public_versions, questions_of
from cstrain.questions.question_type import question_types
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def live_types() -> list[str]:
    """Return the question types that an examiner marks live."""
    kinds = question_types()
    return [name for name in kinds.names() if kinds.get(name).control is Control.LIVE]


def live_shares(attempt_id: int, keys: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[int, Fraction]]:
    """Return the share (0 to 1) that finished sheets of an attempt give, by slot, as that of part 0.

    ``keys`` by slot.
    """
    rows = session().scalars(
        sa.select(LiveMark).where(LiveMark.attempt_id == attempt_id, LiveMark.finished_at.is_not(None))
    )
    return {row.slot: {0: read_rubric(keys[row.slot]["rubric"]).share(points_of(row))} for row in rows}


def points_of(row: LiveMark) -> dict[str, Decimal]:
    """Return the points of a sheet by criterion."""
    return {name: Decimal(text) for name, text in row.points.items()}


def live_tasks(at: datetime) -> list[LiveTask]:
    """Return the tasks of unvoided attempts that wait for an examiner, those who are ready first.

    A task waits until its sheet is finished; sheets that are finished stay while the attempt has no result.
    """
    open_ones = exams.slots_asking(questions_of(live_types()), leaving_out=sa.select(Result.attempt_id))
    if not open_ones:
        return []
    found = _tasks(open_ones, exams.attempts({one.attempt_id for one in open_ones}, at))
    return sorted(found, key=lambda task: (task.finished_at is not None, not task.ready, task.attempt.id))


def _tasks(asked: list[AskedSlot], attempts: Mapping[AttemptId, AttemptFacts]) -> list[LiveTask]:
    ids = {one.attempt_id for one in asked}
    rows = session().scalars(sa.select(LiveMark).where(LiveMark.attempt_id.in_(ids)))
    sheets = {(row.attempt_id, row.slot): row for row in rows}
    said = exams.held_values(ids)
    public = public_versions({one.version_id for one in asked})
    return [
        _task(
            attempts[one.attempt_id],
            one.slot,
            public[one.version_id].content,
            said.get((one.attempt_id, one.slot)),
            sheets.get((one.attempt_id, one.slot)),
        )
        for one in asked
    ]


def _task(
    facts: AttemptFacts, slot: int, content: Mapping[str, Any], said: str | None, sheet: LiveMark | None
) -> LiveTask:
    return LiveTask(
        attempt=facts,
        slot=slot,
        stem=content["stem"],
        task=content["task"],
        minutes=content["minutes"],
        ready=bool(said is not None and json.loads(said)),
        examiner=PersonId(sheet.examiner_id) if sheet else None,
        started_at=sheet.started_at if sheet else None,
        finished_at=sheet.finished_at if sheet else None,
        pictures=content.get("pictures", ()),
    )


def live_sheet(attempt_id: int, slot: int, at: datetime) -> LiveSheet:
    """Return a task with the examiner's part, its rubric and the sheet; ``NotFoundError`` without one."""
    facts = exams.attempt(attempt_id, at)
    found = next((one for one in exams.markable_slots(facts.id) if one.slot == slot), None)
    if found is None or facts.state == "voided":
        raise NotFoundError(MISSING)
    version = keyed_versions([found.version_id])[found.version_id]
    if version.type not in live_types():
        raise NotFoundError(MISSING)
    row = sheet_row(attempt_id, slot)
    return LiveSheet(
        task=_task(facts, slot, version.content, found.value, row),
        examiner_text=version.key["examiner"],
        rubric=read_rubric(version.key["rubric"]),
        points=points_of(row) if row else {},
        note=row.note if row else "",
        has_result=_has_result(attempt_id),
    )


def sheet_row(attempt_id: int, slot: int, *, lock: bool = False) -> LiveMark | None:
    """Return the row of a sheet, locked against another examiner if asked."""
    statement = sa.select(LiveMark).where(LiveMark.attempt_id == attempt_id, LiveMark.slot == slot)
    return session().scalar(locked(statement) if lock else statement)


def _has_result(attempt_id: int) -> bool:
    return session().scalar(sa.select(Result.id).where(Result.attempt_id == attempt_id).limit(1)) is not None


def live_examiners(attempt_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who marked tasks live, by attempt; attempts nobody marked live are left out."""
    found: dict[int, set[int]] = {}
    rows = session().execute(
        sa.select(LiveMark.attempt_id, LiveMark.examiner_id).where(LiveMark.attempt_id.in_(attempt_ids))
    )
    for attempt_id, examiner in rows:
        found.setdefault(attempt_id, set()).add(examiner)
    return found
