"""Contesting a deduction, deciding the contest, and reversing: always another person, always a new entry."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance.discipline import queries, rules, store
from cstrain.performance.discipline.models import Deduction, DeductionContest
from cstrain.unit_of_work import flush_unique, locked


def contest(actor: PersonId, now: datetime, deduction_id: int, says: str) -> None:
    """File the person's own word against a deduction, once and within the days; refuses anybody else."""
    row = store.locked_deduction(deduction_id)
    rules.check_contest(queries.deduction(deduction_id), actor, local_date(now))
    session().add(
        DeductionContest(
            deduction_id=row.id,
            person_id=row.person_id,
            booked_by=row.booked_by,
            says=says.strip(),
            filed_at=now,
        )
    )
    flush_unique("没有提交：这条扣分已经申诉过，只能申诉一次。")
    record(actor, "deduction.contest", f"deduction:{row.id}")
    message = "你登记的一条扣分（%(day)s）有人申诉，由别人决定。"
    notify(PersonId(row.booked_by), message, values={"day": row.day}, url=_page(row), now=now)


def decide(actor: PersonId, now: datetime, deduction_id: int, *, upheld: bool, answer: str) -> None:
    """Decide a contest: the deduction stands, or a new entry reverses it. Person and booker are refused."""
    row = store.locked_deduction(deduction_id)
    facts = queries.deduction(deduction_id)
    rules.check_judge(facts, actor)
    waiting = session().scalar(
        locked(sa.select(DeductionContest).where(DeductionContest.deduction_id == deduction_id))
    )
    if waiting is None or waiting.decided_at is not None:
        raise ConflictError("没有保存：这条扣分没有等待决定的申诉。请刷新后再看。")
    if not upheld:
        waiting.reversal_id = _reverse(row, actor, now, answer).id
    waiting.decided_by, waiting.decided_at = actor, now
    waiting.upheld, waiting.answer = upheld, answer.strip()
    session().flush()
    record(actor, "deduction.decide", f"deduction:{row.id}", upheld=upheld, reversal=waiting.reversal_id)
    message = "你的申诉有决定了：扣分维持。" if upheld else "你的申诉有决定了：扣分已撤销，不再计算。"
    notify(PersonId(row.person_id), message, url=_page(row), now=now)
    _tell_booker(row, now)


def reverse(actor: PersonId, now: datetime, deduction_id: int, reason: str) -> int:
    """Reverse a wrong deduction that nobody contests; returns the id of the new entry.

    Person and booker are refused; so is what is reversed already, or waits for the decision of a contest.
    """
    row = store.locked_deduction(deduction_id)
    facts = queries.deduction(deduction_id)
    rules.check_judge(facts, actor)
    rules.check_reversal(facts)
    back = _reverse(row, actor, now, reason)
    record(actor, "deduction.reverse", f"deduction:{row.id}", reversal=back.id)
    message = "你%(day)s的一条扣分已撤销，不再计算。"
    notify(PersonId(row.person_id), message, values={"day": row.day}, url=_page(row), now=now)
    _tell_booker(row, now)
    return back.id


def _reverse(row: Deduction, actor: PersonId, now: datetime, reason: str) -> Deduction:
    back = Deduction(
        person_id=row.person_id,
        day=row.day,
        rule_set=row.rule_set,
        edition=row.edition,
        code=row.code,
        rule_text=row.rule_text,
        points=row.points,
        times=row.times,
        times_code=row.times_code,
        total=-row.total,
        set_aside=[],
        evidence=reason.strip(),
        booked_by=actor,
        booked_at=now,
        reverses_id=row.id,
        original_by=row.booked_by,
    )
    session().add(back)
    flush_unique("没有保存：这条扣分已经撤销。请刷新后再看。")
    return back


def _tell_booker(row: Deduction, now: datetime) -> None:
    message = "你登记的一条扣分（%(day)s）有了决定。"
    notify(PersonId(row.booked_by), message, values={"day": row.day}, url=_page(row), now=now)


def _page(row: Deduction) -> str:
    return f"/discipline/deductions/{row.id}"
