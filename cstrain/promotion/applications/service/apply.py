"""Applying for a step, taking it back, and the end of an application of somebody who leaves."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import grounds, queries, store
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.models import PromotionApplication
from cstrain.promotion.applications.service.common import (
    append,
    application_row,
    happen,
    holders,
    keep_evidence,
    tell,
    url_of,
    written,
)
from cstrain.unit_of_work import flush_unique, one_at_a_time

_ONE = "没有提交：你已经有一份没有办完的申请。一个人同时只能有一份。"


def submit(
    actor: PersonId, now: datetime, person: PersonId, ladder_ref: str, goal: str, statement: str
) -> int:
    """Apply for the next step of a ladder; return the application's id.

    Only for oneself. Refused while another application (or an appeal) of the person is open, when the step
    is taken on another road, and when a condition is not met, which is named. What is unknown is allowed:
    HR confirms it. Facts and findings are sealed.
    """
    if actor != person:
        raise ForbiddenError("只能由本人提出晋升申请。")
    text = written(statement)
    today = local_date(now)
    found = _allowed(person, ladder_ref, goal, today)
    row = PromotionApplication(
        person_id=person,
        department_id=people.get_person(person, today).department_id,
        ladder_ref=found.ladder.ref,
        ladder_edition=found.ladder.edition,
        start_level=found.step.start,
        goal_level=found.step.goal,
        statement=text,
        state=State.SUBMITTED,
        submitted_at=now,
    )
    session().add(row)
    flush_unique(_ONE)
    append(row, "submit", None, State.SUBMITTED, actor, now)
    session().flush()
    digest = keep_evidence(row.id, found, "submit", now, {"statement": text})
    record(actor, "application.submit", store.subject_of(row.id), ladder=ladder_ref, to=goal, evidence=digest)
    _tell_superior(person, row.id, now)
    return row.id


def _tell_superior(person: PersonId, application_id: int, now: datetime) -> None:
    today = local_date(now)
    told = people.direct_superiors_of(person, today) or holders(("hr", "hr_manager"), now, [person])
    name = people.get_person(person, today).name
    tell(told, "%(name)s提出了晋升申请，请评审。", now, url=url_of(application_id), name=name)


def _allowed(person: PersonId, ladder_ref: str, goal: str, today: date) -> grounds.Grounds:
    """Return the judged step, if the person may apply for it now."""
    one_at_a_time(f"application:{person}")
    latest = queries.latest_of(person)
    appeal = queries.appeal_of(latest.id) if latest is not None else None
    if latest is not None and (latest.is_open or (appeal is not None and appeal.upheld is None)):
        raise ConflictError(_ONE)
    for one in grounds.offers(person, today):
        if one.ladder.ref == ladder_ref and one.step.goal == goal:
            check_met(one)
            return one
    raise DomainError("没有提交：这一步现在不能申请。请在晋升页面查看你的下一级。")


def check_met(found: grounds.Grounds) -> None:
    """Refuse while a condition is not met; the sentence of the first one says why."""
    lacking = [one for one in found.assessment.findings if one.state == "not_met"]
    if lacking:
        raise DomainError(
            "没有办理：有%(n)s项条件没有满足。%(clause)s：%(says)s",
            n=len(lacking),
            clause=lacking[0].clause or lacking[0].text,
            says=lacking[0].says,
        )


def withdraw(actor: PersonId, now: datetime, application_id: int, why: str) -> None:
    """Take one's own application back before it is defended."""
    row = store.locked_row(PromotionApplication, application_id)
    if row.person_id != actor:
        raise ForbiddenError("只能由本人撤回申请。")
    found = queries.entry_of_application(application_id)
    if found is not None and found.times[0] is not None:
        raise ConflictError("没有撤回：答辩已经开始。")
    happen(row, "withdraw", actor, now, why.strip())


def close_for_leaver(actor: PersonId | None, now: datetime, person: PersonId) -> None:
    """End the open application of somebody who leaves."""
    found = queries.open_application_of(person)
    if found is not None:
        row = application_row(found.id, None)
        happen(row, "leave", None if actor == person else actor, now)
