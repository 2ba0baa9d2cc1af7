"""Changing a closed month: asked for by one person, agreed to by another; both are somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance import rules
from cstrain.performance.facts import METRICS, Entry, Standing
from cstrain.performance.models import PerformanceCorrection, PerformanceMonth
from cstrain.performance.queries.records import MISSING, closed_pairs
from cstrain.performance.service.common import (
    Origin,
    add_revision,
    entry_of,
    newest,
    not_oneself,
    standing_of,
)
from cstrain.performance.store import month_rules
from cstrain.unit_of_work import locked, one_at_a_time


def ask_correction(actor: PersonId, now: datetime, entry: Entry, *, base: int, reason: str) -> int:
    """Ask for a closed month of somebody else to be changed to ``entry``; returns the correction's id.

    ``base``: the revision the page showed (0: the person had no record). Refused while the month is open
    (then it is simply entered), without a reason, and while another correction of it waits.
    """
    not_oneself(actor, entry.person_id)
    rules.check_month(entry.month, local_date(now))
    _one_by_one(entry.person_id, entry.month)
    before = newest(entry.person_id, entry.month)
    standing = _standing(before, entry.person_id, entry.month)
    if not closed_pairs([standing.department_id], [entry.month]):
        raise ConflictError("这个月还没有关账，可以直接改，不用提更正。")
    if (before.revision if before is not None else 0) != base:
        raise ConflictError("没有提出：这个月刚刚由别人改过。请核对现在的数据后再提。")
    if not reason.strip():
        raise DomainError("没有提出：请写明更正的原因和依据。")
    if _waiting(entry.person_id, entry.month) is not None:
        raise ConflictError("没有提出：这个月已有一项更正等待确认。")
    changes = _changes(before, entry)
    if not changes:
        raise DomainError("没有提出：和已经登记的一样，没有要改的。")
    row = PerformanceCorrection(
        person_id=entry.person_id,
        month=entry.month,
        base=base,
        changes=changes,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "performance.correct_ask", f"correction:{row.id}", person=entry.person_id)
    return row.id


def _one_by_one(person: PersonId, month: date) -> None:
    one_at_a_time(f"performance.correct:{person}:{month.isoformat()}")


def _standing(before: PerformanceMonth | None, person: PersonId, month: date) -> Standing:
    """Return the standing of a month: a record's stays what it was, also after a transfer was backdated."""
    if before is None:
        return standing_of(person, month)
    return Standing(before.department_id, before.level, before.post, before.probation, before.away)  # type: ignore[arg-type]


def _changes(before: PerformanceMonth | None, entry: Entry) -> dict[str, Any]:
    values = rules.checked_values(dict(entry.values))
    grade = rules.settled_grade(values.get("score"), entry.grade, month_rules(entry.month))
    had = entry_of(before) if before is not None else Entry(entry.person_id, entry.month)
    names = [name for name in METRICS if values.get(name) != had.values.get(name)]
    found: dict[str, Any] = {name: str(values[name]) if name in values else None for name in names}
    if grade != had.grade:
        found["grade"] = grade
    return found


def _waiting(person: PersonId, month: date) -> PerformanceCorrection | None:
    return session().scalar(
        sa.select(PerformanceCorrection).where(
            PerformanceCorrection.person_id == person,
            PerformanceCorrection.month == month,
            PerformanceCorrection.agreed.is_(None),
        )
    )


def decide_correction(
    actor: PersonId, now: datetime, correction_id: int, *, agreed: bool, note: str = ""
) -> None:
    """Agree to a correction, which makes a new revision that counts at once, or do not, saying why.

    Never who asked, nor the person themself. The person hears of a change.
    """
    row = session().scalar(
        locked(sa.select(PerformanceCorrection).where(PerformanceCorrection.id == correction_id))
    )
    if row is None:
        raise NotFoundError(MISSING)
    person = PersonId(row.person_id)
    if actor in {person, row.asked_by}:
        raise ForbiddenError("更正由另一人确认：不能是提出的人，也不能是本人。")
    if row.agreed is not None:
        raise ConflictError("这项更正已经处理过。请刷新后再看。")
    if not agreed and not note.strip():
        raise DomainError("没有退回：请写明不同意的原因。")
    row.decided_by, row.decided_at, row.agreed, row.note = actor, now, agreed, note.strip()
    session().flush()
    if agreed:
        _apply(row, now)
    record(actor, "performance.correct_decide", f"correction:{row.id}", agreed=agreed)
    _tell(row, now)


def _apply(row: PerformanceCorrection, now: datetime) -> None:
    person = PersonId(row.person_id)
    before = newest(person, row.month)
    if (before.revision if before is not None else 0) != row.base:
        raise ConflictError("没有更正：数据在提出之后又有变动。请退回后重新提出。")
    standing = _standing(before, person, row.month)
    had = entry_of(before) if before is not None else Entry(person, row.month)
    entry = Entry(
        person,
        row.month,
        _changed(had.values, row.changes),
        row.changes.get("grade", had.grade),
        had.deductions,
        had.points,
    )
    opening = before is not None and before.opening
    origin = Origin("correction", reason=row.reason, correction_id=row.id, opening=opening)
    add_revision(PersonId(row.asked_by), now, entry, standing, before, origin)


def _changed(had: Mapping[str, Decimal], changes: Mapping[str, Any]) -> dict[str, Decimal]:
    found = {name: value for name, value in had.items() if name not in changes}
    new = {name: text for name, text in changes.items() if name in METRICS and text is not None}
    return {**found, **{name: Decimal(text) for name, text in new.items()}}


def _tell(row: PerformanceCorrection, now: datetime) -> None:
    month = f"{row.month:%Y-%m}"
    url = f"/performance/people/{row.person_id}/{month}"
    message = "%(month)s的绩效更正已经同意。" if row.agreed else "%(month)s的绩效更正没有同意。"
    notify(PersonId(row.asked_by), message, values={"month": month}, url=url, now=now)
    if row.agreed:
        said = "你%(month)s的绩效有更正，原来的数据也还在。"
        notify(PersonId(row.person_id), said, values={"month": month}, url="/performance", now=now)
