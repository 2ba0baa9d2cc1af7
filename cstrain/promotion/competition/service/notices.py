"""The public notice about who was chosen: published, objected to, investigated, closed. It shows no points.

Windows and the road of an objection are those of applications (``panels.yaml``); how many working days it is
up says the ladder of the post. The post is somebody's only after a clean close.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.applications.rules import windows
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Competition, Notice, Phase, Trial
from cstrain.promotion.competition.models import CompetitionNotice, CompetitionObjection
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    needed,
    not_a_candidate,
    tell,
)
from cstrain.unit_of_work import flush_unique, locked

FINDINGS = ("upheld", "dismissed")
_MOST_RECORD = 500
_TWICE = "没有发布：这位入选的人已经公示过。请刷新后再看。"
_CLOSED = {
    "clean": "你在“%(post)s”竞聘中入选的公示结束，没有成立的异议。",
    "stopped": "“%(post)s”竞聘的公示期间有异议成立，不能确认任职。",
}


def publish_notice(actor: PersonId, now: datetime, candidate_id: int, record_text: str) -> int:
    """Publish the notice about somebody on trial; return its id.

    ``record_text``: a short record of the person for everybody to read; no points go in, and what is shown
    is kept as it was. The day of publication does not count towards the working days.
    """
    row = store.candidate_row(candidate_id)
    person = PersonId(row.person_id)
    demand_permission(actor, "public_notice.publish", person)
    competition = held(row.competition_id, now, {Phase.DECIDED})
    not_a_candidate(actor, competition)
    trial = _trial(competition.id, candidate_id)
    today = local_date(now)
    days = queries.notice_days(competition.rules.role, today) or 1
    first, last = windows.notice_window(people.work_calendar(person), today, days)
    facts = people.get_person(person, today)
    notice = CompetitionNotice(
        candidate_id=candidate_id,
        person_id=person,
        content=_content(competition, trial, facts, record_text),
        first_day=first,
        last_day=last,
        published_by=actor,
        published_at=now,
    )
    session().add(notice)
    flush_unique(_TWICE)
    record(
        actor,
        "competition.publish",
        f"competition:{competition.id}",
        notice=notice.id,
        candidate=candidate_id,
        until=last.isoformat(),
    )
    tell(person, "你在“%(post)s”竞聘中入选，现在开始公示。", competition, now)
    return notice.id


def _content(competition: Competition, trial: Trial, facts: PersonFacts, record_text: str) -> dict[str, Any]:
    return {
        "name": facts.name,
        "department": facts.department_name,
        "post": facts.post,
        "to": competition.post,
        "place": competition.department_name,
        "basis": competition.rules.title,
        "trial": [trial.starts_on.isoformat(), trial.ends_on.isoformat()],
        "record": needed(record_text, _MOST_RECORD),
        "contact": store.notice_rules().contact,
    }


def _trial(competition_id: int, candidate_id: int) -> Trial:
    """Return the trial of a candidate that nobody has ended yet."""
    trial = next((one for one in queries.trials_of(competition_id) if one.candidate == candidate_id), None)
    if trial is None:
        raise NotFoundError(store.MISSING)
    if trial.confirmed is not None:
        raise ConflictError("试岗结果已经定了。请刷新后再看。")
    return trial


def may_be_confirmed(role: str, candidate_id: int, now: datetime) -> Notice | None:
    """Refuse to confirm somebody in the post unless the notice has closed clean; return it.

    ``None`` where the ladder of the post asks for no notice.
    """
    found = queries.notice_of(candidate_id)
    if found is None:
        if queries.notice_days(role, local_date(now)) is None:
            return None
        raise ConflictError("还不能确认任职：入选结果还没有公示。请先由人力资源部发布公示。")
    if found.outcome is None:
        raise ConflictError("还不能确认任职：公示还没有结束（到%(day)s）。", day=found.last_day)
    if found.outcome == "stopped":
        raise ConflictError("不能确认任职：公示期间有异议成立。只能提出不确认。")
    return found


def file_objection(actor: PersonId, now: datetime, notice_id: int, text: str, *, anonymous: bool) -> int:
    """Object to a notice while it is up; return the objection's id.

    Of an anonymous objection no person is kept anywhere: not in its row, not on the log, not in a notice.
    """
    row = _locked_notice(notice_id)
    today = local_date(now)
    if actor == row.person_id:
        raise ForbiddenError("不能对自己的公示提异议。")
    if row.closed_at is not None or not windows.is_open(row.first_day, row.last_day, today):
        raise ConflictError("公示已经结束，不能再提异议。")
    policy = store.notice_rules(local_date(row.published_at))
    calendar = people.work_calendar(PersonId(row.person_id))
    start_by, answer_by = windows.investigation(calendar, today, policy.start_within, policy.answer_within)
    objection = CompetitionObjection(
        notice_id=row.id,
        person_id=row.person_id,
        kind="anonymous" if anonymous else "named",
        by_id=None if anonymous else actor,
        text=needed(text, 2000),
        filed_on=today,
        start_by=start_by,
        answer_by=answer_by,
    )
    session().add(objection)
    session().flush()
    by = None if anonymous else actor
    subject = f"competition_notice:{row.id}"
    record(by, "competition.object", subject, objection=objection.id, kind=objection.kind)
    url = f"/competitions/notices/{row.id}/objections"
    on = local_date(now)
    told = {one for role in ("hr", "hr_manager") for one in people.persons_with_role(role, on)}
    for person in sorted(told - {row.person_id}):
        values = {"day": start_by}
        notify(person, "一份公示收到异议，%(day)s前要开始调查。", values=values, url=url, now=now)
    return objection.id


def _locked_notice(notice_id: int) -> CompetitionNotice:
    row = session().scalar(locked(sa.select(CompetitionNotice).where(CompetitionNotice.id == notice_id)))
    if row is None:
        raise NotFoundError(store.MISSING)
    return row


def _investigating(actor: PersonId, objection_id: int) -> CompetitionObjection:
    """Return an objection to look into: not by who was chosen, who objected, who chose, or a rival."""
    statement = sa.select(CompetitionObjection).where(CompetitionObjection.id == objection_id)
    row = session().scalar(locked(statement))
    if row is None:
        raise NotFoundError(store.MISSING)
    demand_permission(actor, "public_notice.investigate", PersonId(row.person_id))
    notice = queries.notice(row.notice_id)
    acts = [one for one in queries.acts_of(notice.competition) if one.kind == "choice" and one.agreed]
    parts = {row.by_id} | {by for one in acts for by in (one.proposed_by, one.answered_by)}
    parts |= {one.person for one in queries.candidates_of([notice.competition])}
    if actor in parts:
        raise ForbiddenError("你在这次竞聘里已经办过别的一步，没有办理。请由另一位同事办理。")
    if row.answered_at is not None:
        raise ConflictError("这个异议已经答复，不能再改。请刷新后再看。")
    return row


def start_investigation(actor: PersonId, now: datetime, objection_id: int) -> None:
    """Begin to look into an objection; the clock of its start stops."""
    row = _investigating(actor, objection_id)
    if row.started_at is not None:
        raise ConflictError("已经有人开始调查。请刷新后再看。")
    row.started_at, row.started_by = now, actor
    session().flush()
    record(actor, "competition.investigate", f"competition_objection:{row.id}")


def answer_objection(actor: PersonId, now: datetime, objection_id: int, finding: str, answer: str) -> None:
    """Answer an objection after looking into it: ``upheld`` or ``dismissed``, with the reasons."""
    row = _investigating(actor, objection_id)
    if row.started_at is None:
        raise ConflictError("没有保存：请先开始调查，再答复。")
    if finding not in FINDINGS:
        raise DomainError("没有保存：请选择异议成立或不成立。")
    row.finding, row.answer = finding, needed(answer, 2000)
    row.answered_at, row.answered_by = now, actor
    session().flush()
    record(actor, "competition.answer_objection", f"competition_objection:{row.id}", finding=finding)
    if row.by_id is not None:
        url = f"/competitions/notices/{row.notice_id}"
        notify(PersonId(row.by_id), "你提的异议已经答复。", url=url, now=now)


def close_notice(actor: PersonId, now: datetime, notice_id: int) -> str:
    """Close a notice after its window: ``clean``, or ``stopped`` when an objection was upheld.

    Refused while the window is open or an objection waits for its answer.
    """
    row = _locked_notice(notice_id)
    demand_permission(actor, "public_notice.publish", PersonId(row.person_id))
    competition = held(queries.notice(notice_id).competition, now, {Phase.DECIDED, Phase.ENDED})
    not_a_candidate(actor, competition)
    if row.closed_at is not None:
        raise ConflictError("公示已经结束。请刷新后再看。")
    every = queries.objections(notice_id)
    windows.check_close(row.last_day, local_date(now), sum(1 for one in every if one.finding is None))
    row.outcome = "stopped" if any(one.finding == "upheld" for one in every) else "clean"
    row.closed_by, row.closed_at = actor, now
    session().flush()
    subject = f"competition:{competition.id}"
    record(actor, "competition.close_notice", subject, notice=row.id, outcome=row.outcome)
    tell(PersonId(row.person_id), _CLOSED[row.outcome], competition, now)
    return row.outcome
