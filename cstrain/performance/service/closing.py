"""Closing a department's month, and opening it again by two persons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance import rules
from cstrain.performance.facts import Standing
from cstrain.performance.models import MonthClose, MonthReopening, PerformanceMonth
from cstrain.performance.queries.closes import gaps
from cstrain.performance.queries.records import (
    MISSING,
    closed_pairs,
    department_month,
    members,
    standings,
)
from cstrain.performance.queries.store import counts_on, in_force_on
from cstrain.performance.service.common import Origin, add_revision, entry_of, lock_name
from cstrain.performance.store import month_rules
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time

_MOVED = "关账时按人事记录更新"


def close_month(
    actor: PersonId, now: datetime, department_id: int, month: date, *, accept_gaps: bool = False
) -> int:
    """Close a department's month; returns the close's id.

    Where people have no record it is refused unless the gaps are accepted; they are kept with the close.
    Department, level and leave of each record are brought up to date first. Nobody closes the month of the
    department they belong to, nor any month before the chapter's day of the next one.
    """
    rules.check_month(month, local_date(now))
    rules.check_close(month, local_date(now), month_rules(month))
    people.department(department_id)
    one_at_a_time(lock_name(department_id, month))
    everybody = members(department_id, month)
    _not_of_it(actor, everybody)
    if closed_pairs([department_id], [month]):
        raise ConflictError("这个月已经关账，不用再关。")
    if not everybody and not department_month(department_id, [month]):
        raise ConflictError("没有关账：这个月这个部门里没有人，也没有登记过什么。")
    _bring_up_to_date(now, department_id, month, everybody)
    missing = gaps(department_id, month)
    if missing and not accept_gaps:
        raise DomainError(
            "没有关账：还有%(n)s人没有这个月的数据。请先补齐，或确认缺数据后再关。", n=len(missing)
        )
    row = _close(actor, now, department_id, month, len(everybody), missing, opening=False)
    record(actor, "performance.close", f"month_close:{row.id}", people=row.people, gaps=len(missing))
    return row.id


def _not_of_it(actor: PersonId, everybody: Collection[PersonId]) -> None:
    if actor in everybody:
        raise ForbiddenError("不能给自己所在的部门关账或重开。请由别的部门有权限的人来做。")


def _close(
    actor: PersonId,
    now: datetime,
    department_id: int,
    month: date,
    count: int,
    missing: Collection[PersonId],
    *,
    opening: bool,
) -> MonthClose:
    before = session().scalar(
        sa.select(sa.func.max(MonthClose.number)).where(
            MonthClose.department_id == department_id, MonthClose.month == month
        )
    )
    row = MonthClose(
        department_id=department_id,
        month=month,
        number=(before or 0) + 1,
        opening=opening,
        people=count,
        gaps=[int(one) for one in missing],
        closed_by=actor,
        closed_at=now,
        closed_on=local_date(now),
    )
    session().add(row)
    flush_unique("这个月刚刚由别人关账。请刷新后再看。")
    return row


def _bring_up_to_date(
    now: datetime, department_id: int, month: date, everybody: Collection[PersonId]
) -> None:
    """Write a new revision of each record whose person's standing on the last day has changed since.

    What was entered stays, with who entered it. Records that lie in another closed month stay there.
    """
    here = PerformanceMonth.department_id == department_id
    statement = sa.select(PerformanceMonth).where(
        counts_on(), PerformanceMonth.month == month, here | PerformanceMonth.person_id.in_(everybody)
    )
    rows = list(session().scalars(statement))
    places = standings([PersonId(row.person_id) for row in rows], month)
    closed = closed_pairs(
        {place.department_id for place in places.values() if place} | {row.department_id for row in rows},
        [month],
    )
    for row in rows:
        place = places.get(PersonId(row.person_id))
        if place is None or (row.department_id, month) in closed or (place.department_id, month) in closed:
            continue
        if _standing(row) != place:
            origin = Origin("close", row.source_note, _MOVED, row.batch_id, opening=row.opening)
            add_revision(PersonId(row.entered_by), now, entry_of(row), place, row, origin)


def _standing(row: PerformanceMonth) -> Standing:
    return Standing(row.department_id, row.level, row.post, row.probation, row.away)  # type: ignore[arg-type]


def close_opening(actor: PersonId, now: datetime, months: Collection[tuple[int, date]]) -> int:
    """Close the departments' months that opening data has filled; returns how many.

    What is missing in them is known to be missing. Months of the actor's own department are left to others;
    those that are closed already, or may not be closed yet, stay as they are.
    """
    done = 0
    for department_id, month in sorted(months):
        if local_date(now) < rules.closes_from(month, month_rules(month)):
            continue
        one_at_a_time(lock_name(department_id, month))
        everybody = members(department_id, month)
        if actor in everybody or closed_pairs([department_id], [month]):
            continue
        missing = gaps(department_id, month)
        row = _close(actor, now, department_id, month, len(everybody), missing, opening=True)
        record(actor, "performance.close", f"month_close:{row.id}", people=row.people, gaps=len(missing))
        done += 1
    return done


def ask_reopening(actor: PersonId, now: datetime, close_id: int, reason: str) -> int:
    """Ask for a closed month to be opened again; somebody else has to agree. Returns the wish's id."""
    row = _locked_close(close_id)
    _not_of_it(actor, members(row.department_id, row.month))
    if not reason.strip():
        raise DomainError("没有提出：请写明为什么要重开。")
    if _open_ask(close_id) is not None:
        raise ConflictError("已经有人提出重开这个月，等另一人确认。")
    ask = MonthReopening(close_id=close_id, reason=reason.strip(), asked_by=actor, asked_at=now)
    session().add(ask)
    session().flush()
    record(actor, "performance.reopen_ask", f"month_close:{close_id}", wish=ask.id)
    return ask.id


def decide_reopening(actor: PersonId, now: datetime, close_id: int, *, agreed: bool) -> None:
    """Agree to open a closed month again, or do not; never who asked, nor anybody of the department."""
    row = _locked_close(close_id)
    ask = _open_ask(close_id)
    if ask is None:
        raise ConflictError("没有等待确认的重开申请。请刷新后再看。")
    if ask.asked_by == actor:
        raise ForbiddenError("不能确认自己提出的重开。请由另一人确认。")
    _not_of_it(actor, members(row.department_id, row.month))
    ask.decided_by, ask.decided_at, ask.decided_on, ask.agreed = actor, now, local_date(now), agreed
    session().flush()
    record(actor, "performance.reopen_decide", f"month_close:{close_id}", wish=ask.id, agreed=agreed)
    message = "你提出的重开已经同意。" if agreed else "你提出的重开没有同意。"
    url = f"/performance/departments/{row.department_id}/{row.month:%Y-%m}/close"
    notify(PersonId(ask.asked_by), message, url=url, now=now)


def _locked_close(close_id: int) -> MonthClose:
    row = session().scalar(locked(sa.select(MonthClose).where(MonthClose.id == close_id)))
    if row is None:
        raise NotFoundError(MISSING)
    if session().scalar(sa.select(MonthClose.id).where(MonthClose.id == close_id, in_force_on())) is None:
        raise ConflictError("这个月已经重开。请刷新后再看。")
    return row


def _open_ask(close_id: int) -> MonthReopening | None:
    return session().scalar(
        sa.select(MonthReopening).where(MonthReopening.close_id == close_id, MonthReopening.agreed.is_(None))
    )
