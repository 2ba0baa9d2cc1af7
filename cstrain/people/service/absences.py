"""Leave, rosters and the company's own days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import rules
from cstrain.people.events import PlanChanged, plan_changed
from cstrain.people.facts import LeaveKind
from cstrain.people.models import CompanyDay, Leave, RosterEntry
from cstrain.people.queries.departments import department
from cstrain.people.service.common import not_self, person_row

_LONGEST_LEAVE_DAYS = 366
_LONGEST_SHIFT = 20


def record_leave(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    first_day: date,
    last_day: date,
    kind: LeaveKind,
    reason: str = "",
) -> int:
    """Record an absence, both days included; return its id. Announces ``PlanChanged``.

    Raises ``DomainError`` for impossible dates and ``ConflictError`` when it overlaps another absence.
    """
    not_self(actor, person)
    row = person_row(person)
    rules.check_span(first_day, last_day, _LONGEST_LEAVE_DAYS)
    if last_day < row.hire_date:
        raise DomainError("没有保存：请假日期早于入职日%(hired)s。请改正日期。", hired=row.hire_date)
    _check_overlap(person, first_day, last_day)
    leave = Leave(
        person_id=person,
        first_day=first_day,
        last_day=last_day,
        kind=str(kind),
        reason=reason.strip(),
        recorded_by=actor,
        recorded_at=now,
    )
    session().add(leave)
    session().flush()
    record(actor, "people.record_leave", f"person:{person}", leave=leave.id, first=first_day.isoformat())
    _announce(actor, now, person, first_day, last_day, "leave")
    return leave.id


def _check_overlap(person: PersonId, first_day: date, last_day: date) -> None:
    clash = session().scalar(
        sa.select(Leave).where(
            Leave.person_id == person,
            Leave.cancelled_at.is_(None),
            Leave.first_day <= last_day,
            Leave.last_day >= first_day,
        )
    )
    if clash is not None:
        raise ConflictError(
            "没有保存：与已登记的%(first)s至%(last)s的请假重叠。请先撤销原来的，或改正日期。",
            first=clash.first_day,
            last=clash.last_day,
        )


def cancel_leave(actor: PersonId | None, now: datetime, leave_id: int) -> PersonId:
    """Cancel an absence; it stays on record. Return whose it was. Announces ``PlanChanged``."""
    leave = session().get(Leave, leave_id)
    if leave is None or leave.cancelled_at is not None:
        raise NotFoundError("没有找到这条请假记录，或它已经撤销。")
    person = PersonId(leave.person_id)
    not_self(actor, person)
    leave.cancelled_at = now
    session().flush()
    record(actor, "people.cancel_leave", f"person:{person}", leave=leave.id)
    _announce(actor, now, person, leave.first_day, leave.last_day, "leave_cancelled")
    return person


def set_roster(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    days: Mapping[date, bool],
    shift: str | None = None,
) -> None:
    """Say for single days whether a person works (the roster wins over calendar). Announces ``PlanChanged``.

    Days whose entry already says so are left alone; nothing at all to change writes nothing.
    """
    not_self(actor, person)
    person_row(person)
    if shift is not None and len(shift) > _LONGEST_SHIFT:
        raise DomainError("没有保存：班次名称最多%(most)s个字。", most=_LONGEST_SHIFT)
    entries = _entries(person, days)
    changed = sorted(
        day for day, working in days.items() if day not in entries or entries[day].working != working
    )
    if shift is not None:
        changed = sorted({*changed, *(day for day in entries if entries[day].shift != shift and days[day])})
    for day in changed:
        entry = entries.get(day) or RosterEntry(person_id=person, day=day)
        entry.working, entry.set_at = days[day], now
        entry.shift = shift if days[day] else None
        session().add(entry)
    _roster_done(actor, now, person, changed)


def clear_roster(actor: PersonId | None, now: datetime, person: PersonId, days: Iterable[date]) -> None:
    """Take the roster's word back for these days, so that calendar and leave decide again."""
    not_self(actor, person)
    entries = _entries(person, list(days))
    for entry in entries.values():
        session().delete(entry)
    _roster_done(actor, now, person, sorted(entries))


def _entries(person: PersonId, days: Iterable[date]) -> dict[date, RosterEntry]:
    statement = sa.select(RosterEntry).where(RosterEntry.person_id == person, RosterEntry.day.in_(list(days)))
    return {entry.day: entry for entry in session().scalars(statement)}


def _roster_done(actor: PersonId | None, now: datetime, person: PersonId, changed: list[date]) -> None:
    if not changed:
        return
    session().flush()
    record(actor, "people.roster", f"person:{person}", days=[day.isoformat() for day in changed])
    _announce(actor, now, person, changed[0], changed[-1], "roster")


def _announce(
    actor: PersonId | None, now: datetime, person: PersonId, first: date, last: date, why: str
) -> None:
    plan_changed.send(PlanChanged(person, first, last, why, actor, now))


def set_company_day(
    actor: PersonId | None, day: date, working: bool, note: str, department_id: int | None = None
) -> None:
    """Say that a day is (or is not) a working day for the company or one department."""
    if department_id is not None:
        department(department_id)
    wanted = CompanyDay.department_id
    place = wanted == department_id if department_id is not None else wanted.is_(None)
    row = session().scalar(sa.select(CompanyDay).where(CompanyDay.day == day, place))
    if row is None:
        row = CompanyDay(day=day, department_id=department_id)
        session().add(row)
    row.working, row.note = working, note.strip()
    session().flush()
    record(actor, "people.company_day", f"day:{day.isoformat()}", working=working, department=department_id)


def remove_company_day(actor: PersonId | None, day_id: int) -> None:
    """Take the company's word about a day back; raises ``NotFoundError``."""
    row = session().get(CompanyDay, day_id)
    if row is None:
        raise NotFoundError("没有找到这一天的安排。")
    session().delete(row)
    session().flush()
    record(actor, "people.company_day_removed", f"day:{row.day.isoformat()}", department=row.department_id)


def note_roster_saved(actor: PersonId, department_id: int, month: date, changed: int) -> None:
    """Note on the audit log that a month's grid was saved, also when nothing in it changed."""
    record(
        actor, "people.roster_saved", f"department:{department_id}", month=month.isoformat(), changed=changed
    )
