"""The appointment: the level changes from a day; a trial where the step has one, and how it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from cstrain.access import may
from cstrain.approvals import queries as acts
from cstrain.approvals import service as approvals
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.grounds import step_of
from cstrain.promotion.applications.models import PromotionApplication
from cstrain.promotion.applications.rules.states import move
from cstrain.promotion.applications.rules.windows import check_effect
from cstrain.promotion.applications.service.common import (
    application_row,
    happen,
    holders,
    name_of,
    tell,
    url_of,
)

TRIAL_OUTCOMES = ("confirm_trial", "fail_trial")


def appoint(actor: PersonId, now: datetime, application_id: int, effective_on: date) -> State:
    """Appoint from a day on: after a clean notice (or a step without one) the person's level changes.

    The one way from an application to a level. Where the step has a trial it begins that day.
    """
    row = application_row(application_id, actor)
    move(State(row.state), "appoint")
    notice = queries.notice_of_application(application_id)
    check_effect(effective_on, notice.last_day if notice is not None else None)
    ladder, step = step_of(queries.application(application_id))
    row.effective_on = effective_on
    if step.trial_months:
        row.trial_until = add_months(effective_on, step.trial_months) - timedelta(days=1)
    session().flush()
    change_to(actor, now, row, ladder, step.goal, effective_on)
    kind = "begin_trial" if step.trial_months else "appoint"
    after = happen(row, kind, actor, now, detail={"on": effective_on.isoformat()})
    person = PersonId(row.person_id)
    tell([person], "你的晋升从%(day)s起生效。", now, url=url_of(row.id), day=effective_on)
    told = people.direct_superiors_of(person, local_date(now))
    name = name_of(person, now)
    tell(told, "%(name)s的晋升从%(day)s起生效。", now, url=url_of(row.id), name=name, day=effective_on)
    return after


def change_to(
    actor: PersonId, now: datetime, row: PromotionApplication, ladder: Ladder, level: str | None, on: date
) -> None:
    """Change the person's level (or, on a ladder of posts, the post) from a day on."""
    change: dict[str, Any] = {"level": Level(level) if level is not None else None}
    if level is not None and level not in set(Level):
        change = {"post": ladder.titles[level]}
    source = store.subject_of(row.id)
    people_service.change_state(
        actor, now, PersonId(row.person_id), on, reason=ladder.title, source=source, **change
    )


def _on_trial(actor: PersonId, application_id: int) -> PromotionApplication:
    row = application_row(application_id, actor)
    if row.state != State.TRIAL or row.trial_until is None:
        raise ConflictError("这个人现在不在试岗。请刷新后再看。")
    return row


def propose_trial(actor: PersonId, now: datetime, application_id: int, outcome: str, reason: str) -> int:
    """Propose how a trial ends, on its last day or later; return the act's id."""
    row = _on_trial(actor, application_id)
    if outcome not in TRIAL_OUTCOMES:
        raise DomainError("没有提出：请选择试岗合格或不合格。")
    if row.trial_until is not None and local_date(now) < row.trial_until:
        raise ConflictError("还不能提出：试岗到%(day)s。", day=row.trial_until)
    person = PersonId(row.person_id)
    subject = store.subject_of(application_id)
    act = approvals.propose(actor, now, store.TRIAL, subject, {"outcome": outcome}, reason, person)
    told = holders(("gm", "deputy_gm"), now, [person, actor])
    name = name_of(person, now)
    tell(told, "%(name)s的试岗结论等你确认。", now, url=url_of(application_id), name=name)
    return act


def confirm_trial(actor: PersonId, now: datetime, application_id: int) -> State:
    """Confirm how a trial ends; who fails goes back to the level held before, from today."""
    row = _on_trial(actor, application_id)
    act = acts.open_act(store.TRIAL, store.subject_of(application_id))
    if act is None:
        raise ConflictError("没有等待确认的试岗结论。请刷新后再看。")
    if not may(actor, "application.confirm", PersonId(row.person_id)):
        raise ForbiddenError("试岗结论由总经理或副总经理确认。")
    approvals.confirm(actor, now, act.id)
    ladder, step = step_of(queries.application(application_id))
    kind = str(act.payload["outcome"])
    if kind == "fail_trial":
        _back(actor, now, row, ladder, step)
    after = happen(row, kind, actor, now, act.reason, {"proposed_by": act.proposed_by})
    url = url_of(row.id)
    tell([PersonId(row.person_id)], _TRIAL_WORDS[kind], now, url=url)
    return after


_TRIAL_WORDS = {
    "confirm_trial": "你的试岗合格，任命正式生效。",
    "fail_trial": "你的试岗没有通过，回到原来的级别；不同意可以申诉。",
}


def _back(actor: PersonId, now: datetime, row: PromotionApplication, ladder: Ladder, step: Step) -> None:
    before = people.get_person(PersonId(row.person_id), (row.effective_on or local_date(now)) - timedelta(1))
    if step.goal in set(Level):
        change_to(actor, now, row, ladder, before.level, local_date(now))
        return
    people_service.change_state(
        actor,
        now,
        PersonId(row.person_id),
        local_date(now),
        reason=ladder.title,
        source=store.subject_of(row.id),
        post=before.post,
    )


def refuse_trial(actor: PersonId, now: datetime, application_id: int, why: str) -> None:
    """Send a proposed end of a trial back with a reason."""
    _on_trial(actor, application_id)
    act = acts.open_act(store.TRIAL, store.subject_of(application_id))
    if act is None:
        raise ConflictError("没有等待确认的试岗结论。请刷新后再看。")
    approvals.refuse(actor, now, act.id, why)
    record(actor, "application.refuse_trial", store.subject_of(application_id), act=act.id)
