"""Applications: the form, the superior's comment, what HR states where the system does not know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Level
from cstrain.promotion.eaglet import models, queries, store
from cstrain.promotion.eaglet.facts import NOT_HELD, Application, Phase, Plan
from cstrain.promotion.eaglet.service.common import (
    MOST_TEXT,
    apart,
    demand_permission,
    held,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique

SAID = ("results", "progress", "methods", "exam_times")
"""What an applicant writes: results so far; the plan's progress, methods and exam times."""
_TWICE = "你已经报名了，不用再报。"
_LEAST_MONTHS, _MOST_MONTHS = Decimal("0.5"), Decimal(6)
_EXAMINING = {Phase.OPEN, Phase.SCREENING}
_STATED = ("tenure", "register", "conversion", "level")


def apply(actor: PersonId, now: datetime, plan_id: int, months: Decimal, said: Mapping[str, str]) -> int:
    """Apply from the notice, in the window, once; what the system knows that day is kept with the form.

    ``months``: how long the applicant's plan takes. Only from a department whose place is announced.
    """
    plan = held(plan_id, now, {Phase.OPEN})
    notice, today = plan.notice, local_date(now)
    why = queries.barred(actor, plan, today)
    if why is not None:
        raise why
    place = queries.place_of(people.get_person(actor, today), plan.rules)
    if notice is None or place is None:
        raise NotFoundError(store.MISSING)
    if not _LEAST_MONTHS <= months <= _MOST_MONTHS:
        raise DomainError("没有报名：计划时长要在0.5到6个月之间。")
    row = models.EagletApplication(
        plan_id=plan_id,
        notice_id=notice.id,
        person_id=actor,
        place=place.place,
        platform=place.platform,
        months=months,
        known=queries.known_of(actor, plan.rules, today),
        said={name: needed(said.get(name, ""), MOST_TEXT) for name in SAID},
        applied_at=now,
    )
    session().add(row)
    flush_unique(_TWICE)
    record(actor, "eaglet.apply", f"eaglet:{plan_id}", application=row.id)
    tell(people.direct_superiors_of(actor, today), "有人报名“%(title)s”，请填写评语。", plan, now)
    return row.id


def withdraw(actor: PersonId, now: datetime, application_id: int) -> None:
    """Withdraw one's own application, for good, before the interviews are opened; the form is kept."""
    row = store.row(models.EagletApplication, application_id)
    if row.person_id != actor:
        raise ForbiddenError("只有本人可以撤回报名。")
    plan = held(row.plan_id, now, {*_EXAMINING, Phase.INTERVIEWS})
    if plan.notice is None or plan.notice.id != row.notice_id:
        raise ConflictError("这一轮报名已经结束，不用撤回。")
    store.add_event(row.plan_id, "withdrawn", actor, now, application=row, once=f"withdrawn:{application_id}")
    record(actor, "eaglet.withdraw", f"eaglet:{row.plan_id}", application=application_id)


def _examined(actor: PersonId, now: datetime, application_id: int) -> tuple[Plan, Application]:
    """Lock the plan of an application before the screening; never one's own, nor a rival's."""
    row = store.row(models.EagletApplication, application_id)
    if row.person_id == actor:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    plan = held(row.plan_id, now, _EXAMINING)
    apart(actor, plan)
    found = queries.application(application_id)
    if found.withdrawn:
        raise ConflictError("本人已经撤回报名，不用再办。")
    if plan.notice is None or plan.notice.id != found.notice:
        raise ConflictError("这一轮报名已经结束，不用再办。")
    return plan, found


def comment(actor: PersonId, now: datetime, application_id: int, *, rating: int, text: str) -> None:
    """Give the superior's comment with a rating of 1 to 5, once (met from 4: the ladder)."""
    plan, found = _examined(actor, now, application_id)
    demand_permission(actor, "eaglet.comment", found.person)
    if rating not in range(1, 6):
        raise DomainError("没有保存：请选1到5分。")
    store.add_event(
        plan.id,
        "comment",
        actor,
        now,
        {"rating": rating, "text": needed(text)},
        application=store.row(models.EagletApplication, application_id),
        about=found.person,
        once=f"comment:{application_id}",
    )
    record(actor, "eaglet.comment", f"eaglet:{plan.id}", application=application_id, rating=rating)
    tell([found.person], "你报名的“%(title)s”，上级已填写评语。", plan, now)


def state(actor: PersonId, now: datetime, application_id: int, about: str, value: str, text: str) -> None:
    """HR's word, with what was looked at, where the system does not know; what it knows is not overruled.

    ``about``: a condition (``met`` or ``not_met``), ``conversion`` (a mark, or ``none``: never held), or
    ``level``. Stating again replaces it; both stay on record.
    """
    plan, found = _examined(actor, now, application_id)
    demand_permission(actor, "eaglet.manage")
    if about not in _STATED:
        raise DomainError("没有保存：这一项不能由人力资源部说明。")
    _fits(about, value)
    if about not in unknown_of(plan, found, now):
        raise ConflictError("没有保存：这一项系统里有记录，以记录为准。")
    detail = {"about": about, "value": value, "text": needed(text)}
    row = store.row(models.EagletApplication, application_id)
    store.add_event(plan.id, "stated", actor, now, detail, application=row, about=found.person)
    record(actor, "eaglet.state", f"eaglet:{plan.id}", application=application_id, about=about)


def unknown_of(plan: Plan, found: Application, now: datetime) -> set[str]:
    """Return what the system itself does not know of an applicant, whatever HR has stated."""
    if plan.notice is None:
        return set()
    bare = Application(
        found.id,
        found.plan,
        found.notice,
        found.person,
        found.place,
        found.platform,
        found.months,
        found.known,
        found.said,
        found.applied_at,
        found.comment,
        {},
        found.withdrawn,
    )
    lines = queries.screening(plan, plan.notice, [bare], local_date(now)).lines
    return {name for line in lines for name in line.unknown}


def _fits(about: str, value: str) -> None:
    if about == "conversion":
        if value == NOT_HELD:
            return
        try:
            mark = Decimal(value)
        except InvalidOperation:
            mark = Decimal(-1)
        if not (mark.is_finite() and 0 <= mark <= 100):
            raise DomainError("没有保存：转正考试成绩要在0到100之间。")
    elif about == "level":
        if value not in {str(one) for one in Level}:
            raise DomainError("没有保存：请选级别。")
    elif value not in {"met", "not_met"}:
        raise DomainError("没有保存：请选满足或不满足。")
