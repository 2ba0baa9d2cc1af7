"""Performance interviews: entered and signed by who held them, signed by the person, followed up."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import NewInterview
from cstrain.performance.assessment.models import (
    InterviewAction,
    InterviewFollowUp,
    InterviewSignature,
    PerformanceInterview,
)
from cstrain.performance.assessment.store import MISSING
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time


def _refuse_twice(actor: PersonId, new: NewInterview) -> None:
    """Refuse the same interview sent twice."""
    one_at_a_time(f"interview.hold:{new.person_id}")
    table = PerformanceInterview
    same = sa.select(table.id).where(
        table.person_id == new.person_id,
        table.held_by == actor,
        table.held_on == new.held_on,
        table.month == new.month,
        table.discussed == new.discussed.strip(),
    )
    if session().scalars(same.limit(1)).first() is not None:
        raise ConflictError("没有保存：这次面谈已经登记过。请在列表中查看。")


def hold(actor: PersonId, now: datetime, new: NewInterview) -> int:
    """Enter an interview that was held, signed by who held it; returns its id. The person is to sign it.

    Refused with oneself, with who has left, for a day ahead or an action due before the interview.
    """
    today = local_date(now)
    if actor == new.person_id:
        raise ForbiddenError("不能和自己面谈。")
    if people.status_of(new.person_id, today) in {None, Status.LEFT}:
        raise DomainError("没有保存：这个人已经离职。")
    if new.held_on > today or new.month > new.held_on:
        raise DomainError("没有保存：面谈日期不能在今天以后，也不能早于所谈的月份。")
    if not new.discussed.strip():
        raise DomainError("没有保存：请写明谈了什么。")
    if any(due < new.held_on for _, due in new.actions):
        raise DomainError("没有保存：约定的日期不能早于面谈日期。")
    _refuse_twice(actor, new)
    row = PerformanceInterview(
        person_id=new.person_id,
        month=new.month,
        held_on=new.held_on,
        discussed=new.discussed.strip(),
        held_by=actor,
        entered_at=now,
    )
    session().add(row)
    session().flush()
    for number, (text, due) in enumerate(new.actions, start=1):
        session().add(
            InterviewAction(
                interview_id=row.id, person_id=new.person_id, number=number, text=text.strip(), due_on=due
            )
        )
    session().flush()
    record(actor, "interview.hold", f"interview:{row.id}", person=new.person_id, actions=len(new.actions))
    message = "%(day)s的绩效面谈已经登记，请看过后签字。"
    notify(new.person_id, message, values={"day": new.held_on}, url=_page(row.id), now=now)
    return row.id


def sign(actor: PersonId, now: datetime, interview_id: int, remark: str = "") -> None:
    """Sign an interview as the person it was held with, once, with a remark where they want."""
    row = _locked(interview_id)
    if row.person_id != actor:
        raise NotFoundError(MISSING)
    session().add(
        InterviewSignature(interview_id=row.id, person_id=actor, remark=remark.strip(), signed_at=now)
    )
    flush_unique("没有保存：你已经签过字。")
    record(actor, "interview.sign", f"interview:{row.id}")
    notify(PersonId(row.held_by), "你登记的绩效面谈，本人已签字。", url=_page(row.id), now=now)


def follow_up(
    actor: PersonId,
    now: datetime,
    interview_id: int,
    action_id: int,
    outcome: str,
    note: str,
    due_on: date | None = None,
) -> None:
    """Note what became of an agreed action: done, not done, or moved to a later day; never the person."""
    row = _locked(interview_id)
    if row.person_id == actor:
        raise ForbiddenError("约定的事由上级确认，不能自己确认。")
    one = queries.interview(interview_id)
    action = next((each for each in one.actions if each.id == action_id), None)
    if action is None:
        raise NotFoundError(MISSING)
    if action.outcome is not None:
        raise ConflictError("没有保存：这件事已经有结论。请刷新后再看。")
    _check(outcome, note, due_on, local_date(now))
    session().add(
        InterviewFollowUp(
            action_id=action.id,
            person_id=row.person_id,
            number=len(action.follow_ups) + 1,
            outcome=outcome,
            due_on=due_on if outcome == "moved" else None,
            note=note.strip(),
            noted_by=actor,
            noted_at=now,
        )
    )
    flush_unique("没有保存：这件事刚刚由别人确认过。请刷新后再看。")
    record(actor, "interview.follow_up", f"interview:{row.id}", agreed=action.id, outcome=outcome)
    notify(one.person_id, "绩效面谈约定的事有了跟进。", url=_page(row.id), now=now)


def _check(outcome: str, note: str, due_on: date | None, today: date) -> None:
    if outcome not in {"done", "not_done", "moved"}:
        raise DomainError("没有保存：请选择结果。")
    if outcome != "done":
        rules.needs_reason(note)
    if outcome == "moved" and (due_on is None or due_on <= today):
        raise DomainError("没有保存：改期请填今天以后的日期。")


def _locked(interview_id: int) -> PerformanceInterview:
    wanted = sa.select(PerformanceInterview).where(PerformanceInterview.id == interview_id)
    row = session().scalar(locked(wanted))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def _page(interview_id: int) -> str:
    return f"/assessment/interviews/{interview_id}"
