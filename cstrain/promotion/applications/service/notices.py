"""The public notice: published, objected to, investigated, closed. It shows no marks."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.grounds import step_of
from cstrain.promotion.applications.models import NoticeObjection, PromotionApplication, PublicNotice
from cstrain.promotion.applications.rules import windows
from cstrain.promotion.applications.rules.states import move
from cstrain.promotion.applications.service.common import (
    application_row,
    happen,
    hr_people,
    not_self,
    tell,
    url_of,
    without_part,
    written,
)

FINDINGS = ("upheld", "dismissed")
_CLOSED_WORDS = {
    "clean": "你的晋升公示结束，没有成立的异议，等任命。",
    "stopped": "公示期间有异议成立，你的晋升停止；不同意可以申诉。",
}


def publish_notice(actor: PersonId, now: datetime, application_id: int, record_text: str) -> int:
    """Publish the notice of an approved application; return its id.

    ``record_text``: a short record of the person for everybody to read; no marks go in, and what is shown is
    kept as it was. The day of publication does not count towards the step's working days.
    """
    row = application_row(application_id, actor)
    move(State(row.state), "publish")
    found = queries.application(application_id)
    ladder, step = step_of(found)
    today, person = local_date(now), PersonId(row.person_id)
    facts = people.get_person(person, today)
    calendar = people.work_calendar(person)
    first, last = windows.notice_window(calendar, today, step.notice_working_days or 1)
    notice = PublicNotice(
        application_id=row.id,
        person_id=person,
        content={
            "name": facts.name,
            "department": facts.department_name,
            "post": facts.post,
            "from": ladder.titles.get(step.start or "", ""),
            "to": ladder.titles[step.goal],
            "basis": ladder.title,
            "clause": step.clause,
            "defended": bool(step.panel),
            "record": written(record_text, 500),
            "contact": store.chapter().notice.contact,
        },
        first_day=first,
        last_day=last,
        published_by=actor,
        published_at=now,
    )
    session().add(notice)
    session().flush()
    record(actor, "notice.publish", f"public_notice:{notice.id}", application=row.id, until=last.isoformat())
    happen(row, "publish", actor, now, detail={"notice": notice.id})
    tell([person], "你的晋升开始公示，到%(day)s。", now, url=f"/public-notices/{notice.id}", day=last)
    return notice.id


def file_objection(actor: PersonId, now: datetime, notice_id: int, text: str, *, anonymous: bool) -> int:
    """Object to a notice while it is up; return the objection's id.

    Of an anonymous objection no person is kept anywhere: not in its row, not on the log, not in a notice.
    """
    row = store.locked_row(PublicNotice, notice_id)
    today = local_date(now)
    if actor == row.person_id:
        raise ForbiddenError("不能对自己的公示提异议。")
    if row.closed_at is not None or not windows.is_open(row.first_day, row.last_day, today):
        raise ConflictError("公示已经结束，不能再提异议。")
    policy = store.chapter(local_date(row.published_at)).notice
    calendar = people.work_calendar(PersonId(row.person_id))
    start_by, answer_by = windows.investigation(calendar, today, policy.start_within, policy.answer_within)
    objection = NoticeObjection(
        notice_id=row.id,
        kind="anonymous" if anonymous else "named",
        by_id=None if anonymous else actor,
        text=written(text),
        filed_on=today,
        start_by=start_by,
        answer_by=answer_by,
    )
    session().add(objection)
    session().flush()
    record(
        None if anonymous else actor,
        "notice.object",
        f"public_notice:{row.id}",
        objection=objection.id,
        kind=objection.kind,
    )
    told = hr_people(now, [row.person_id])
    url = f"/public-notices/{row.id}/objections"
    tell(told, "一份公示收到异议，%(day)s前要开始调查。", now, url=url, day=start_by)
    return objection.id


def _investigating(actor: PersonId, objection_id: int) -> tuple[NoticeObjection, PublicNotice]:
    """Return an objection to look into: not by the applicant, who objected, or who decided."""
    row = store.locked_row(NoticeObjection, objection_id)
    notice = session().get_one(PublicNotice, row.notice_id)
    not_self(actor, notice.person_id)
    found = queries.application(notice.application_id)
    decided = found.last("approve")
    proposed = decided.detail.get("proposed_by") if decided is not None else None
    without_part(actor, [store.person_or_none(row.by_id), decided.by if decided else None, proposed])
    if row.answered_at is not None:
        raise ConflictError("这个异议已经答复，不能再改。请刷新后再看。")
    return row, notice


def start_investigation(actor: PersonId, now: datetime, objection_id: int) -> None:
    """Begin to look into an objection; the clock of its start stops."""
    row, _notice = _investigating(actor, objection_id)
    if row.started_at is not None:
        raise ConflictError("已经有人开始调查。请刷新后再看。")
    row.started_at, row.started_by = now, actor
    session().flush()
    record(actor, "notice.investigate", f"objection:{row.id}")


def answer_objection(actor: PersonId, now: datetime, objection_id: int, finding: str, answer: str) -> None:
    """Answer an objection after looking into it: ``upheld`` or ``dismissed``, with the reasons."""
    row, notice = _investigating(actor, objection_id)
    if row.started_at is None:
        raise ConflictError("没有保存：请先开始调查，再答复。")
    if finding not in FINDINGS:
        raise DomainError("没有保存：请选择异议成立或不成立。")
    row.finding, row.answer = finding, written(answer)
    row.answered_at, row.answered_by = now, actor
    session().flush()
    record(actor, "notice.answer", f"objection:{row.id}", finding=finding)
    if row.by_id is not None:
        url = f"/public-notices/{notice.id}"
        tell([PersonId(row.by_id)], "你提的异议已经答复。", now, url=url)


def close_notice(actor: PersonId, now: datetime, notice_id: int) -> str:
    """Close a notice after its window: ``clean``, or ``stopped`` when an objection was upheld.

    Refused while the window is open or an objection waits for its answer.
    """
    row = store.locked_row(PublicNotice, notice_id)
    not_self(actor, row.person_id)
    if row.closed_at is not None:
        raise ConflictError("公示已经结束。请刷新后再看。")
    every = queries.objections(notice_id)
    windows.check_close(row.last_day, local_date(now), sum(1 for one in every if one.finding is None))
    row.outcome = "stopped" if any(one.finding == "upheld" for one in every) else "clean"
    row.closed_by, row.closed_at = actor, now
    session().flush()
    record(actor, "notice.close", f"public_notice:{row.id}", outcome=row.outcome)
    application = store.locked_row(PromotionApplication, row.application_id)
    happen(application, "clear" if row.outcome == "clean" else "stop", actor, now)
    tell([PersonId(row.person_id)], _CLOSED_WORDS[row.outcome], now, url=url_of(application.id))
    return row.outcome
