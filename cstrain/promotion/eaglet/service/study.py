"""The study: meetings reported to HR with room and equipment, knowledge checks, progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import models, queries, store
from cstrain.promotion.eaglet.facts import Phase, Plan, Session
from cstrain.promotion.eaglet.service.common import (
    MOST_TEXT,
    apart,
    demand_permission,
    held,
    holders,
    leading,
    member,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique, locked

_STUDY = {Phase.STUDYING}
_DONE = "这一件已经有人办过。请刷新后再看。"


@dataclass(frozen=True, slots=True)
class NewSession:
    """A study meeting: its day, hours, place and content; ``things``: what is asked of HR for it."""

    on: date
    hours: str
    place: str
    content: str
    things: Sequence[str] = ()


def report_session(
    actor: PersonId, now: datetime, plan_id: int, new: NewSession, replaces: int | None = None
) -> int:
    """The leader reports a meeting to HR, or corrects one, which is kept beside it; returns its id.

    A correction is agreed to anew; HR is asked anew unless day, hours and what was asked stay as they were.
    """
    plan = held(plan_id, now, _STUDY)
    study = leading(actor, plan, now)
    before = _replaced(study, replaces, now) if replaces is not None else None
    _fits(plan, new, now)
    row = models.EagletSession(
        plan_id=plan_id,
        replaces_id=replaces,
        called_off=False,
        held_on=new.on,
        hours=needed(new.hours, 40),
        place=needed(new.place, 100),
        content=needed(new.content, MOST_TEXT),
        reported_by=actor,
        reported_at=now,
    )
    session().add(row)
    flush_unique(_DONE)
    if _asks(new, before):
        request = models.EagletRequest(
            session_id=row.id, things=list(new.things), asked_by=actor, asked_at=now
        )
        session().add(request)
        session().flush()
    detail = {"session": row.id, "things": list(new.things), "replaces": replaces}
    record(actor, "eaglet.report_session", f"eaglet:{plan_id}", **detail)
    others = [one.person for one in study.active if one.person != actor]
    _announce(plan, others, now, corrected=before is not None)
    return row.id


def _announce(plan: Plan, members: Sequence[PersonId], now: datetime, *, corrected: bool) -> None:
    """Tell HR and the other members of a meeting, or of its correction."""
    hr = holders(("hr", "hr_manager"), now)
    if corrected:
        tell(hr, "“%(title)s”更正了学习安排。", plan, now, "/study")
        tell(members, "“%(title)s”的学习安排有更正，请再确认内容。", plan, now, "/study")
        return
    tell(hr, "“%(title)s”报来学习安排。", plan, now, "/study")
    tell(members, "“%(title)s”有新的学习安排，请确认内容。", plan, now, "/study")


def _replaced(study: queries.Study, session_id: int, now: datetime) -> Session:
    """Return the meeting to correct, as last reported; refuses one called off or over."""
    found = next((one for one in study.sessions if one.id == session_id), None)
    if found is None:
        raise NotFoundError(store.MISSING)
    if not found.open_on(local_date(now)):
        raise ConflictError("没有保存：这次学习已经取消或过了日期，不能再更正。")
    return found


def _asks(new: NewSession, before: Session | None) -> bool:
    """Tell whether HR is to be asked for room and equipment; asked for nothing, what was asked is off."""
    asked = before.request if before is not None else None
    if before is None or asked is None:
        return bool(new.things)
    same = (set(asked.things), before.on, before.hours) == (set(new.things), new.on, new.hours.strip())
    return not same


def _fits(plan: Plan, new: NewSession, now: datetime) -> None:
    if new.on < local_date(now):
        raise DomainError("没有保存：学习日期不能早于今天。")
    known = {one.id for one in plan.rules.things}
    if not set(new.things) <= known:
        raise DomainError("没有保存：只能申请列出的场地和设备。")


def call_off(actor: PersonId, now: datetime, plan_id: int, session_id: int, reason: str) -> None:
    """The leader calls a meeting off that has not been held; it stays on record with the reason."""
    plan = held(plan_id, now, _STUDY)
    study = leading(actor, plan, now)
    one = next((each for each in study.sessions if each.id == session_id), None)
    if one is None:
        raise NotFoundError(store.MISSING)
    if not one.open_on(local_date(now)):
        raise ConflictError(_DONE)
    row = models.EagletSession(
        plan_id=plan_id,
        replaces_id=session_id,
        called_off=True,
        held_on=one.on,
        hours=one.hours,
        place=one.place,
        content=needed(reason),
        reported_by=actor,
        reported_at=now,
    )
    session().add(row)
    flush_unique(_DONE)
    record(actor, "eaglet.call_off", f"eaglet:{plan_id}", session=session_id)
    others = [each.person for each in study.active if each.person != actor]
    tell([*holders(("hr", "hr_manager"), now), *others], "“%(title)s”有一次学习取消了。", plan, now, "/study")


def agree_session(actor: PersonId, now: datetime, plan_id: int, session_id: int) -> None:
    """A member agrees to the content of a meeting, once."""
    plan = held(plan_id, now, _STUDY)
    study = member(actor, plan, now)
    one = next((each for each in study.sessions if each.id == session_id), None)
    if one is None or one.called_off:
        raise NotFoundError(store.MISSING)
    if one.reported_by == actor:
        raise ForbiddenError("这次学习是你报的，不用自己确认。")
    detail = {"session": session_id}
    store.add_event(plan_id, "agreed", actor, now, detail, once=f"agreed:{session_id}:{actor}")
    record(actor, "eaglet.agree_session", f"eaglet:{plan_id}", session=session_id)


def answer_request(
    actor: PersonId, now: datetime, plan_id: int, request_id: int, *, granted: bool, text: str
) -> None:
    """HR grants or refuses a room and equipment; never who asked."""
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, _STUDY)
    apart(actor, plan)
    table = models.EagletRequest
    held_ = (one for one in queries.sessions_of(plan_id) if not one.called_off)
    mine = {one.request.id for one in held_ if one.request is not None}
    if request_id not in mine:
        raise NotFoundError(store.MISSING)
    row = session().scalars(locked(sa.select(table).where(table.id == request_id))).one()
    if row.answered_at is not None:
        raise ConflictError(_DONE)
    said = text.strip()[:MOST_TEXT] if granted else needed(text)
    row.answered_by, row.answered_at, row.granted, row.answer = actor, now, granted, said
    session().flush()
    record(actor, "eaglet.answer_request", f"eaglet:{plan_id}", request=request_id, granted=granted)
    tell([PersonId(row.asked_by)], "“%(title)s”申请的场地和设备有了答复。", plan, now, "/study")


def return_things(actor: PersonId, now: datetime, plan_id: int, request_id: int) -> None:
    """The leader, who keeps the equipment, says that it was given back."""
    plan = held(plan_id, now, _STUDY)
    study = leading(actor, plan, now)
    asked = [one.request for one in study.sessions if one.request is not None]
    if not any(one.id == request_id and one.granted for one in asked):
        raise NotFoundError(store.MISSING)
    store.add_event(plan_id, "returned", actor, now, {"request": request_id}, once=f"returned:{request_id}")
    record(actor, "eaglet.return_things", f"eaglet:{plan_id}", request=request_id)


@dataclass(frozen=True, slots=True)
class NewCheck:
    """A knowledge check of a member: its day, what was asked, the mark out of 100."""

    person: PersonId
    on: date
    topic: str
    mark: Decimal
    note: str = ""


def record_check(actor: PersonId, now: datetime, plan_id: int, new: NewCheck) -> None:
    """Record a knowledge check of another member; anybody of the group may check anybody else."""
    plan = held(plan_id, now, _STUDY)
    study = member(actor, plan, now)
    if new.person == actor:
        raise ForbiddenError("不能抽查自己，请由别的组员来查。")
    if not study.is_member(new.person):
        raise NotFoundError(store.MISSING)
    if new.on > local_date(now):
        raise DomainError("没有保存：抽查日期不能晚于今天。")
    if not 0 <= new.mark <= 100:
        raise DomainError("没有保存：成绩要在0到100之间。")
    session().add(
        models.EagletCheck(
            plan_id=plan_id,
            person_id=new.person,
            held_on=new.on,
            topic=needed(new.topic, 200),
            mark=new.mark,
            note=new.note.strip()[:MOST_TEXT],
            by_id=actor,
            at=now,
        )
    )
    session().flush()
    record(actor, "eaglet.record_check", f"eaglet:{plan_id}", person=new.person)


def report_progress(actor: PersonId, now: datetime, plan_id: int, text: str) -> None:
    """A member reports how far they are with their plan."""
    plan = held(plan_id, now, _STUDY)
    member(actor, plan, now)
    store.add_event(plan_id, "progress", actor, now, {"text": needed(text, MOST_TEXT)})
    record(actor, "eaglet.report_progress", f"eaglet:{plan_id}")
