"""Appeals against a result: filed in time, decided by somebody else, answered in words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.grading.models import Appeal, Release
from cstrain.grading.queries import deadline_of, involved
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.notifications.service import notify
from cstrain.people.queries import work_plan
from cstrain.unit_of_work import locked


def file_appeal(person: PersonId, now: datetime, attempt_id: AttemptId, slot: int | None, reason: str) -> int:
    """File an appeal against one's own released result; returns its id. One open appeal an attempt."""
    facts = exams.attempt(attempt_id, now)
    last = deadline_of(attempt_id, person)
    if facts.person_id != person or last is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    if local_date(now) > last:
        raise ConflictError(
            "申诉期到%(last)s为止，已经过了，申诉没有提交。如果有新的证据，请直接联系人力资源部。",
            last=last,
        )
    if not reason.strip():
        raise DomainError("没有写申诉理由，申诉没有提交。请写明哪道题、为什么。")
    if slot is not None and slot not in {one.slot for one in exams.markable_slots(attempt_id)}:
        raise DomainError("没有这道题，申诉没有提交。请重新选择题号。")
    if _has_open(attempt_id):
        raise ConflictError("这份答卷已经有一个申诉在处理中。请等答复，或把补充理由发给人力资源部。")
    days = exams.exam_rules().appeal_working_days
    appeal = Appeal(
        attempt_id=attempt_id,
        person_id=person,
        slot=slot,
        reason=reason.strip(),
        filed_at=now,
        decide_by=work_plan(person).calendar.nth_working_day_after(local_date(now), days),
        state="open",
    )
    session().add(appeal)
    session().flush()
    record(person, "appeal.file", f"attempt:{attempt_id}", appeal=appeal.id, slot=slot)
    return appeal.id


def _has_open(attempt_id: AttemptId) -> bool:
    """Tell whether an appeal waits. The release is locked meanwhile, so that a double click files one."""
    session().scalar(locked(sa.select(Release).where(Release.attempt_id == attempt_id)))
    waiting = sa.select(Appeal.id).where(Appeal.attempt_id == attempt_id, Appeal.state == "open")
    return session().scalar(waiting) is not None


def decide_appeal(actor: PersonId, now: datetime, appeal_id: int, *, upheld: bool, decision: str) -> None:
    """Decide an appeal. Not by the candidate, nor by anybody who marked, changed or released the result."""
    appeal = session().get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if appeal is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    if appeal.state != "open":
        raise ConflictError("这个申诉已经有了决定。请刷新后再看。")
    if actor in involved(appeal.attempt_id) | {appeal.person_id}:
        raise ForbiddenError("你参与过这份答卷的阅卷或发布，不能决定它的申诉。请由别人来办。")
    if not decision.strip():
        raise DomainError("没有写答复，申诉还没有决定。请写明理由，考生会看到。")
    appeal.state = "upheld" if upheld else "rejected"
    appeal.decided_by, appeal.decided_at, appeal.decision = actor, now, decision.strip()
    session().flush()
    record(actor, "appeal.decide", f"attempt:{appeal.attempt_id}", appeal=appeal.id, upheld=upheld)
    notify(
        PersonId(appeal.person_id),
        "你的成绩申诉已有答复。",
        url=f"/results/{appeal.attempt_id}",
        now=now,
    )
