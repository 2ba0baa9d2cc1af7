"""Appeals against a refusal, answered by somebody without a part in it."""

from __future__ import annotations

from datetime import datetime

from cstrain.access import roles_granting
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.moves import queries, rules, store
from cstrain.promotion.moves.facts import State
from cstrain.promotion.moves.models import MoveAppeal, MoveCase
from cstrain.promotion.moves.service.common import demand, needed, tell, tell_next, without_part
from cstrain.unit_of_work import flush_unique


def appeal(actor: PersonId, now: datetime, case_id: int, text: str) -> None:
    """Appeal against a refusal, once, within the chapter's working days; by the person themself only."""
    row = store.locked_row(MoveCase, case_id)
    case = queries.case(case_id)
    if actor != case.person:
        raise ForbiddenError("只有本人可以申诉。")
    refusal = case.refusal
    if case.state is not State.REFUSED or refusal is None or refusal.by is None:
        raise ConflictError("这件事没有被拒绝，不用申诉。请刷新后再看。")
    chapter, calendar, today = store.rules_of(case), people.work_calendar(actor), local_date(now)
    last = rules.appeal_until(local_date(refusal.at), calendar, chapter.appeal_within)
    if today > last:
        raise ConflictError("没有提交：申诉的最后一天是%(day)s。", day=last)
    session().add(
        MoveAppeal(
            case_id=row.id,
            person_id=actor,
            refused_by=refusal.by,
            text=needed(text),
            filed_at=now,
            decide_by=calendar.nth_working_day_after(today, chapter.decide_within),
            answer="",
        )
    )
    flush_unique("已经申诉过一次，不能再申诉。")
    record(actor, "move.appeal", f"move:{case_id}")
    roles = roles_granting("move.decide_appeal")
    every = {one for role in roles for one in people.persons_with_role(role, today)}
    able = sorted(every - rules.acted(case))
    tell(able[:3], "有一份调动的申诉等你答复。", now, f"/moves/{case_id}")


def answer_appeal(actor: PersonId, now: datetime, case_id: int, text: str, *, granted: bool) -> None:
    """Answer an appeal. Granted, the refused step and those after it are gone through again, by others."""
    row = store.locked_row(MoveCase, case_id)
    case = queries.case(case_id)
    if case.appeal is None or case.appeal.decided_at is not None:
        raise ConflictError("没有等待答复的申诉。请刷新后再看。")
    without_part(actor, case)
    demand(actor, "move.decide_appeal", case.person)
    found = store.locked_row(MoveAppeal, case.appeal.id)
    found.decided_by, found.decided_at, found.granted, found.answer = actor, now, granted, needed(text)
    if granted:
        row.outcome = row.ended_at = None
    flush_unique("没有保存：已经有一件同类的申请没有办完。请先等它办完，再答复申诉。")
    record(actor, "move.answer_appeal", f"move:{case_id}", granted=granted)
    words = "你的申诉成立，没有批准的那一步重新办理。" if granted else "你的申诉没有成立，理由在页面上。"
    tell([case.person], words, now, f"/moves/{case_id}")
    if granted:
        tell_next(case_id, now)
