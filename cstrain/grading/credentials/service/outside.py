"""Results from outside: entered by one person, confirmed by another; taken back the same way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.grading.credentials.facts import SOURCES
from cstrain.grading.credentials.models import OutsideResult
from cstrain.grading.credentials.queries.outside import outside_of, standing_outside
from cstrain.grading.credentials.store import locked_outside
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.unit_of_work import flush_unique, one_at_a_time

_STALE = "这条成绩已经处理过了，没有改动。请刷新后再看。"


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result as it is entered. ``source`` is one of ``SOURCES``; ``evidence`` says where it is written."""

    person_id: PersonId
    paper_ref: str
    mark: Decimal
    exam_on: date
    source: str
    department: str
    evidence: str


def record_outside(actor: PersonId, now: datetime, new: NewResult) -> int:
    """Enter a result of the former department, or from elsewhere; returns its id. Another person confirms it.

    Refuses one's own, a mark outside 0–100, a day to come, missing evidence, and the same exam twice.
    """
    _check(actor, local_date(now), new)
    exams.paper(new.paper_ref, now)
    one_at_a_time(f"outside:{new.person_id}")
    for held in outside_of([new.person_id]):
        same = (held.paper_ref, held.exam_on) == (new.paper_ref, new.exam_on) and held.about_id is None
        if same and held.state in {"waiting", "confirmed"}:
            raise ConflictError("这个人这一天的这场考试已经登记过，没有再登记。登记错了请先撤销原来那条。")
    row = OutsideResult(
        person_id=new.person_id,
        paper_ref=new.paper_ref,
        mark=new.mark,
        exam_on=new.exam_on,
        source=new.source,
        department=new.department.strip(),
        evidence=new.evidence.strip(),
        recorded_by=actor,
        recorded_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "outside.record", f"outside:{row.id}", person=new.person_id, paper=new.paper_ref)
    return row.id


def _check(actor: PersonId, today: date, new: NewResult) -> None:
    if actor == new.person_id:
        raise ForbiddenError("不能登记自己的成绩。请由别人来登记。")
    if not (0 <= new.mark <= 100 and new.mark == round(new.mark, 3)):
        raise DomainError("没有登记：分数要在0到100之间，最多三位小数。")
    if new.exam_on > today:
        raise DomainError("没有登记：考试日期不能晚于今天。")
    if new.source not in SOURCES:
        raise DomainError("没有登记：请选择成绩的来源。")
    if not new.department.strip() or not new.evidence.strip():
        raise DomainError("没有登记：请写明出具成绩的部门和依据。")


def confirm_outside(actor: PersonId, now: datetime, outside_id: int) -> None:
    """Confirm somebody else's entry: from now on the result counts, or no longer does if it is taken back."""
    row = _open(outside_id)
    if actor in {row.recorded_by, row.person_id}:
        raise ForbiddenError("登记的成绩要由另一个人确认，登记人和本人都不能确认。")
    if row.about_id is not None and not standing_outside([row.about_id]):
        raise ConflictError(_STALE)
    row.confirmed_by, row.confirmed_at = actor, now
    session().flush()
    record(actor, "outside.confirm", f"outside:{row.id}", about=row.about_id)
    message = (
        "你有一条由人力资源部登记的成绩，已经确认。"
        if row.about_id is None
        else "你有一条由人力资源部登记的成绩，已经撤销。"
    )
    notify(PersonId(row.person_id), message, url="/credentials", now=now)


def refuse_outside(actor: PersonId, now: datetime, outside_id: int, reason: str) -> None:
    """Turn an entry down (who entered it may take it back before it is confirmed); the reason is kept."""
    row = _open(outside_id)
    if actor == row.person_id:
        raise ForbiddenError("不能处理自己的成绩。请由别人来办。")
    if not reason.strip():
        raise DomainError("没有退回：请写明原因。")
    row.refused_by, row.refused_at, row.refused_why = actor, now, reason.strip()
    session().flush()
    record(actor, "outside.refuse", f"outside:{row.id}", about=row.about_id)


def _open(outside_id: int) -> OutsideResult:
    row = locked_outside(outside_id)
    if row.confirmed_at is not None or row.refused_at is not None:
        raise ConflictError(_STALE)
    return row


def take_back_outside(actor: PersonId, now: datetime, outside_id: int, reason: str) -> int:
    """Propose to take a confirmed result back; returns the id of the new entry another person confirms."""
    row = locked_outside(outside_id)
    if actor == row.person_id:
        raise ForbiddenError("不能处理自己的成绩。请由别人来办。")
    if row.about_id is not None or not standing_outside([row.id]):
        raise ConflictError(_STALE)
    if not reason.strip():
        raise DomainError("没有提出撤销：请写明原因。")
    waiting = sa.select(OutsideResult.id).where(
        OutsideResult.about_id == row.id, OutsideResult.refused_at.is_(None)
    )
    if session().scalar(waiting) is not None:
        raise ConflictError("这条成绩的撤销已经有人提出。请让另一个人确认。")
    back = OutsideResult(
        person_id=row.person_id,
        paper_ref=row.paper_ref,
        mark=row.mark,
        exam_on=row.exam_on,
        source=row.source,
        department=row.department,
        evidence=reason.strip(),
        about_id=row.id,
        recorded_by=actor,
        recorded_at=now,
    )
    session().add(back)
    flush_unique("这条成绩的撤销已经有人提出。请让另一个人确认。")
    record(actor, "outside.take_back", f"outside:{row.id}", entry=back.id)
    return back.id
