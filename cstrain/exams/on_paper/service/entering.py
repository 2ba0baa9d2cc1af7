"""Entering what a sheet says: two different people, each without seeing the other's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cstrain.audit.service import record
from cstrain.exams.on_paper import queries, rules
from cstrain.exams.on_paper.facts import Task
from cstrain.exams.on_paper.models import PaperEntry
from cstrain.exams.on_paper.service.giving_out import locked_copy
from cstrain.exams.on_paper.service.settling import settle
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import flush_unique


def enter(actor: PersonId, now: datetime, copy_id: int, answers: Mapping[int, str], *, finish: bool) -> bool:
    """Keep what somebody reads from a sheet (JSON text by slot); with ``finish`` it is final.

    Slots the form does not have are left out. When the second of the two finishes and both read the same,
    the copy becomes an attempt at once: returns whether it did.
    """
    copy = locked_copy(copy_id)
    if actor == copy.person_id:
        raise ForbiddenError("不能录入自己的试卷。请由别人来录。")
    if Task.ENTER not in queries.may_do(queries.copy(copy_id), actor):
        raise ConflictError(
            "现在不能录入这份纸卷：还没有收卷，或者已经由两个人录了，或者你已经录完。请刷新后再看。"
        )
    row = _entry(copy_id, actor, now)
    slots = {slot.slot for slot in queries.form(copy_id)}
    row.answers = {str(slot): text for slot, text in sorted(answers.items()) if slot in slots}
    row.finished_at = now if finish else None
    flush_unique("这份纸卷刚刚已经由两个人在录，你的没有保存。请刷新后再看。")
    record(actor, "paper_copy.enter", f"paper_copy:{copy_id}", place=row.place, finished=finish)
    if not finish or len([each for each in queries.entry_rows(copy_id) if each.finished_at]) < 2:
        return False
    first, second = queries.both_answers(copy_id)
    controls = {slot.slot: slot.control for slot in queries.form(copy_id)}
    found = rules.agreed(controls, first, second, {})
    if found is None:
        return False
    settle(copy, found, now, by=actor)
    return True


def _entry(copy_id: int, actor: PersonId, now: datetime) -> PaperEntry:
    rows = queries.entry_rows(copy_id)
    mine = next((row for row in rows if row.entered_by == actor), None)
    if mine is None:
        mine = PaperEntry(copy_id=copy_id, place=len(rows) + 1, entered_by=actor, answers={}, begun_at=now)
        session().add(mine)
    return mine
