"""Appeals: filed by the applicant in time, decided by somebody who had no part."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import ApplicationFacts, State
from cstrain.promotion.applications.grounds import step_of
from cstrain.promotion.applications.models import ApplicationAppeal, PromotionApplication
from cstrain.promotion.applications.rules.states import REOPENS
from cstrain.promotion.applications.service.appoint import change_to
from cstrain.promotion.applications.service.common import (
    application_row,
    grounds_now,
    happen,
    holders,
    keep_evidence,
    name_of,
    tell,
    url_of,
    without_part,
    written,
)
from cstrain.unit_of_work import flush_unique


def file_appeal(actor: PersonId, now: datetime, application_id: int, text: str) -> int:
    """Appeal against how one's own application ended, in time; return the appeal's id."""
    row = store.locked_row(PromotionApplication, application_id)
    if row.person_id != actor:
        raise ForbiddenError("只能由本人申诉。")
    found = queries.application(application_id)
    newer = queries.latest_of(actor)
    if found.state not in REOPENS or found.closed_at is None or newer is None or newer.id != row.id:
        raise ConflictError("没有提交：这份申请现在不能申诉。")
    rules = store.chapter(local_date(found.closed_at)).appeal
    calendar = people.work_calendar(actor)
    last = calendar.nth_working_day_after(local_date(found.closed_at), rules.file_within)
    if local_date(now) > last:
        raise ConflictError("没有提交：申诉期到%(day)s，已经过了。", day=last)
    appeal = ApplicationAppeal(
        application_id=row.id,
        event_number=found.events[-1].number,
        person_id=actor,
        text=written(text),
        filed_at=now,
        decide_by=calendar.nth_working_day_after(local_date(now), rules.decide_within),
    )
    session().add(appeal)
    flush_unique("没有提交：你已经申诉过。请等答复。")
    record(actor, "application.appeal", store.subject_of(row.id), appeal=appeal.id)
    told = holders(("hr_manager", "gm_office", "deputy_gm", "gm"), now, queries.acted(row.id))
    name = name_of(actor, now)
    tell(told, "%(name)s对晋升结果提出申诉。", now, url=url_of(row.id), name=name)
    return appeal.id


def decide_appeal(actor: PersonId, now: datetime, application_id: int, *, upheld: bool, reason: str) -> State:
    """Decide an appeal as somebody who had no part; upheld, the application goes on where it ended."""
    row = application_row(application_id, actor)
    pending = queries.appeal_of(application_id)
    if pending is None:
        raise NotFoundError(store.MISSING)
    without_part(actor, queries.acted(application_id))
    appeal = store.locked_row(ApplicationAppeal, pending.id)
    if appeal.decided_at is not None:
        raise ConflictError("这个申诉已经答复。请刷新后再看。")
    found = queries.application(application_id)
    appeal.upheld, appeal.reason = upheld, written(reason)
    appeal.decided_by, appeal.decided_at = actor, now
    session().flush()
    record(actor, "application.decide_appeal", store.subject_of(row.id), upheld=upheld)
    kept = {"appeal": {"text": appeal.text, "upheld": upheld, "reason": appeal.reason, "by": actor}}
    keep_evidence(row.id, grounds_now(application_id, now), "appeal", now, kept)
    if upheld:
        _go_on(actor, now, row, found)
    words = _WORDS[upheld]
    tell([PersonId(row.person_id)], words, now, url=url_of(row.id))
    return State(row.state)


_WORDS = {
    True: "你的申诉成立，晋升申请继续办理。",
    False: "你的申诉没有成立，请查看答复。",
}


def _go_on(actor: PersonId, now: datetime, row: PromotionApplication, found: ApplicationFacts) -> None:
    if found.state is State.UNCONFIRMED:
        ladder, step = step_of(found)
        today = local_date(now)
        row.trial_until = add_months(today, step.trial_months or 1)
        change_to(actor, now, row, ladder, step.goal, today)
    happen(row, REOPENS[found.state], actor, now)
