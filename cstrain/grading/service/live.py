"""Marking live: an examiner's sheet for a task done aloud, kept as it is filled in, counted when finished."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cstrain.audit.service import record
from cstrain.exams.service import hold_attempt
from cstrain.extensions import session
from cstrain.grading.facts import LiveSheet
from cstrain.grading.live_queries import live_sheet, sheet_row
from cstrain.grading.models import LiveMark
from cstrain.grading.service.marking import mark_attempt
from cstrain.judgement.points import Points, given_points, kept_points
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId


def begin_live(
    actor: PersonId, now: datetime, attempt_id: AttemptId, slot: int, *, take_over: bool = False
) -> None:
    """Begin a sheet, or go on with one's own. ``take_over`` takes another examiner's, without its points."""
    sheet = _sheet(actor, now, attempt_id, slot)
    if sheet.task.examiner == actor:
        return
    row = sheet_row(attempt_id, slot, lock=True)
    if row is None:
        row = LiveMark(attempt_id=attempt_id, slot=slot)
        session().add(row)
    elif row.finished_at is not None or not take_over:
        raise ConflictError("这道题已经由另一位考官在打分，没有开始。需要接手请用“接手打分”。")
    row.examiner_id, row.points, row.note = actor, {}, ""
    row.started_at, row.finished_at = now, None
    try:
        session().flush()
    except IntegrityError:
        session().rollback()
        raise ConflictError("这道题刚刚由另一位考官开始打分，没有开始。请刷新后再看。") from None
    record(actor, "oral.begin", f"attempt:{attempt_id}", slot=slot, taken_over=sheet.task.examiner)


def keep_live(
    actor: PersonId, now: datetime, attempt_id: AttemptId, slot: int, points: Points, note: str
) -> None:
    """Keep what an unfinished sheet says so far; criteria without points are left out."""
    _keep(actor, _sheet(actor, now, attempt_id, slot), points, note)


def finish_live(
    actor: PersonId, now: datetime, attempt_id: AttemptId, slot: int, points: Points, note: str
) -> None:
    """Finish a sheet: every criterion has its points. A closed attempt that waited for it gets its result."""
    hold_attempt(attempt_id)
    sheet = _sheet(actor, now, attempt_id, slot)
    row = _keep(actor, sheet, points, note)
    lacking = [each.title for each in sheet.rubric.criteria if each.id not in row.points]
    if lacking:
        raise DomainError("还没有打完：%(missing)s没有分数。请补齐后再完成。", missing="、".join(lacking))
    row.finished_at = now
    session().flush()
    record(actor, "oral.finish", f"attempt:{attempt_id}", slot=slot)
    if sheet.task.attempt.submitted_at is not None:
        mark_attempt(attempt_id, now)


def reopen_live(actor: PersonId, now: datetime, attempt_id: AttemptId, slot: int) -> None:
    """Open one's own finished sheet again, while the attempt has no result (after that: change the mark)."""
    hold_attempt(attempt_id)
    sheet = _sheet(actor, now, attempt_id, slot)
    row = sheet_row(attempt_id, slot, lock=True)
    if row is None or row.examiner_id != actor or row.finished_at is None:
        raise ConflictError("没有可以重新打开的打分表。请刷新后再看。")
    if sheet.has_result:
        raise ConflictError(
            "成绩已经算出来了，打分表不能再打开。要改分请在成绩发布后按改分的办法由两人办理。"
        )
    row.finished_at = None
    session().flush()
    record(actor, "oral.reopen", f"attempt:{attempt_id}", slot=slot)


def _sheet(actor: PersonId, now: datetime, attempt_id: AttemptId, slot: int) -> LiveSheet:
    """Return the task with its sheet; refuse one's own."""
    sheet = live_sheet(attempt_id, slot, now)
    if sheet.task.attempt.person_id == actor:
        raise ForbiddenError("不能给自己打分。请由另一位考官打分。")
    return sheet


def _keep(actor: PersonId, sheet: LiveSheet, points: Points, note: str) -> LiveMark:
    row = sheet_row(sheet.task.attempt.id, sheet.task.slot, lock=True)
    if row is None or row.examiner_id != actor:
        raise ConflictError("这张打分表现在不在你手里，没有保存。请刷新后再看由谁在打分。")
    if row.finished_at is not None:
        raise ConflictError("这张打分表已经完成，没有保存。要改请先重新打开。")
    row.points = kept_points(given_points(sheet.rubric, points, note))
    row.note = note.strip()
    session().flush()
    return row
