"""Acts of marking from queues: take an answer, keep points, finish, give back, open again."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.service import hold_attempt
from cstrain.extensions import session
from cstrain.grading.written import queries, rules
from cstrain.grading.written.events import PartSettled, part_settled
from cstrain.grading.written.facts import QueueKey, SheetFacts
from cstrain.grading.written.models import WrittenMark, WrittenTask
from cstrain.grading.written.policy import Third
from cstrain.grading.written.queueing import queue_parts as queue_parts  # what marking asks
from cstrain.judgement.points import Points, check_halves, given_points, kept_points
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.unit_of_work import flush_unique, one_at_a_time

STALE = "stale"
REASONS = ("known", "unable", "other", STALE)
"""Why a sheet is given back: the marker knows the writer, cannot judge it, something else; or it lay."""


def take(actor: PersonId, now: datetime, key: QueueKey) -> int | None:
    """Take an answer of a queue at random, or go on with the one begun there; return the sheet's id.

    Never one's own, never that of somebody close, never one that one has had in hand before. ``None`` when
    the queue holds nothing for this marker.
    """
    one_at_a_time(f"marking:{key.paper_ref}:{key.question_id}:{key.part}")
    tasks = queries.open_tasks(now, key)
    for task in tasks:
        mine = task.sheet_of(actor)
        if mine is not None and mine.finished_at is None and mine.returned_at is None:
            return mine.id
    if _free_stale(now, tasks):
        tasks = queries.open_tasks(now, key)
    free = queries.free_for(actor, tasks, now)
    if not free:
        return None
    task = min(free, key=lambda one: rules.order_for(one.row.place, actor))
    row = WrittenMark(
        task_id=task.row.id,
        round=task.free_round,
        marker_id=actor,
        points={},
        note="",
        started_at=now,
        touched_at=now,
    )
    session().add(row)
    flush_unique("这份答卷刚刚被别人取走，没有开始。请再取一份。")
    where = {"slot": task.row.slot, "part": task.row.part}
    record(actor, "answer.take", f"attempt:{task.row.attempt_id}", mark=row.id, **where)
    return row.id


def _free_stale(now: datetime, tasks: list[queries.OpenTask]) -> bool:
    """Take back the sheets that nobody touched for long; tell whether there were any."""
    limit = now - timedelta(hours=queries.marking_rules().hold_hours)
    stale = [
        mark
        for task in tasks
        for mark in task.marks
        if mark.finished_at is None and mark.returned_at is None and mark.touched_at < limit
    ]
    for mark in stale:
        mark.returned_at, mark.why = now, STALE
        record(None, "answer.stale", f"written-mark:{mark.id}", marker=mark.marker_id)
    session().flush()
    return bool(stale)


def keep(actor: PersonId, now: datetime, mark_id: int, points: Points, note: str) -> None:
    """Keep what an unfinished sheet says so far; criteria without points are left out."""
    _keep(actor, now, mark_id, points, note)


def finish(actor: PersonId, now: datetime, mark_id: int, points: Points, note: str) -> None:
    """Finish a sheet: every criterion has its points. What is settled by it is announced."""
    sheet = _keep(actor, now, mark_id, points, note)
    mark, task = queries.own_mark(mark_id, actor)
    lacking = [each.title for each in sheet.rubric.criteria if each.id not in mark.points]
    if lacking:
        raise DomainError("还没有打完：%(missing)s没有分数。请补齐后再完成。", missing="、".join(lacking))
    mark.share = str(sheet.rubric.share(queries.points_of(mark)))
    mark.finished_at = now
    session().flush()
    record(
        actor,
        "answer.finish",
        f"attempt:{task.attempt_id}",
        slot=task.slot,
        part=task.part,
        round=mark.round,
        mark=mark.id,
    )
    _settle(task, now)


def _settle(task: WrittenTask, now: datetime) -> None:
    """Settle what a part earns, once nobody has to mark it any more."""
    marks = session().scalars(sa.select(WrittenMark).where(WrittenMark.task_id == task.id))
    shares = queries.finished_shares(marks)
    third: Third = "third" if task.third == "third" else "closest_two"
    share = rules.settled(shares, task.rounds, Fraction(task.tolerance), third)
    if share is None:
        return
    task.share, task.settled_at = str(share), now
    session().flush()
    record(
        None,
        "answer.settle",
        f"attempt:{task.attempt_id}",
        slot=task.slot,
        part=task.part,
        markings=len(shares),
    )
    part_settled.send(PartSettled(AttemptId(task.attempt_id), now))


def give_back(actor: PersonId, now: datetime, mark_id: int, why: str) -> None:
    """Give an unfinished sheet back; it never comes to the same marker again."""
    sheet = _open_sheet(actor, now, mark_id)
    if why not in REASONS[:-1]:
        raise DomainError("没有交回：请选择原因。")
    mark, task = queries.own_mark(sheet.id, actor)
    mark.returned_at, mark.why = now, why
    session().flush()
    record(actor, "answer.return", f"attempt:{task.attempt_id}", mark=mark.id, why=why)


def reopen(actor: PersonId, now: datetime, mark_id: int) -> None:
    """Open one's own finished sheet again, while nobody else has finished one for the same part."""
    sheet = _held(actor, now, mark_id)
    if not sheet.may_reopen:
        raise ConflictError(
            "这张打分表不能再打开：另一位阅卷人也已完成，或分数已经定了。要改分请在成绩发布后按改分的办法由两人办理。"
        )
    mark, task = queries.own_mark(mark_id, actor)
    mark.finished_at, mark.share, mark.touched_at = None, None, now
    session().flush()
    record(actor, "answer.reopen", f"attempt:{task.attempt_id}", mark=mark.id)


def _held(actor: PersonId, now: datetime, mark_id: int) -> SheetFacts:
    """Return a sheet of one's own with its attempt locked: markings of one attempt come one after another."""
    mark, task = queries.own_mark(mark_id, actor)
    hold_attempt(AttemptId(task.attempt_id))
    session().refresh(mark, with_for_update=True)
    session().refresh(task)
    if exams.attempt(task.attempt_id, now).person_id == actor:
        raise ForbiddenError("不能给自己打分。请由另一位阅卷人打分。")
    return queries.sheet(mark_id, actor, now)


def _open_sheet(actor: PersonId, now: datetime, mark_id: int) -> SheetFacts:
    sheet = _held(actor, now, mark_id)
    if sheet.state == "voided":
        raise ConflictError("这份答卷已经作废，不用再阅，没有保存。请取下一份。")
    if sheet.state == "returned":
        raise ConflictError("这份答卷已经交回，不在你手里，没有保存。请取下一份。")
    if sheet.state != "open":
        raise ConflictError("这张打分表已经完成，没有保存。要改请先重新打开。")
    return sheet


def _keep(actor: PersonId, now: datetime, mark_id: int, points: Points, note: str) -> SheetFacts:
    sheet = _open_sheet(actor, now, mark_id)
    given = given_points(sheet.rubric, points, note)
    check_halves(sheet.rubric, given)
    mark, _task = queries.own_mark(mark_id, actor)
    mark.points = kept_points(given)
    mark.note, mark.touched_at = note.strip(), now
    session().flush()
    return sheet
