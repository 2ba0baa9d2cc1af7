"""What every act on monthly records needs: whose month it is, whether it is open, a new revision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.performance import rules
from cstrain.performance.facts import METRICS, Entry, Standing
from cstrain.performance.models import PerformanceMonth
from cstrain.performance.queries.records import closed_pairs, standings
from cstrain.performance.queries.store import counts_on, values_of
from cstrain.performance.store import month_rules
from cstrain.unit_of_work import flush_unique, side_by_side

CROWDED = "没有保存：同一个人的这个月刚刚由别人登记过。请刷新后再看。"


def lock_name(department_id: int, month: date) -> str:
    """Return the name under which a department's month is closed alone, and written to side by side."""
    return f"performance.month:{department_id}:{month.isoformat()}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a revision comes from; ``note``: its source in words, ``reason``: why it differs from before."""

    source: str
    note: str = ""
    reason: str = ""
    batch_id: int | None = None
    correction_id: int | None = None
    opening: bool = False


def not_oneself(actor: PersonId, person: PersonId) -> None:
    """Refuse an act about oneself."""
    if actor == person:
        raise ForbiddenError("不能登记自己的绩效。请由别人登记。")


def standing_of(person: PersonId, month: date) -> Standing:
    """Return what a person was on a month's last day; refuses who was not employed on it."""
    found = standings([person], month).get(person)
    if found is None:
        raise DomainError("没有保存：这个人在这个月的最后一天不在职。请核对月份。")
    return found


def check_open(department_id: int, month: date) -> None:
    """Refuse when a department's month is closed; it cannot be closed until this unit has ended."""
    side_by_side(lock_name(department_id, month))
    check_not_closed(department_id, month)


def check_not_closed(department_id: int, month: date) -> None:
    """Refuse when a department's month is closed, as it looks now."""
    if closed_pairs([department_id], [month]):
        raise ConflictError("没有保存：这个月已经关账。要改请提更正，由两个人完成。")


def newest(person: PersonId, month: date) -> PerformanceMonth | None:
    """Return the revision of a month that counts, or ``None``."""
    return session().scalar(
        sa.select(PerformanceMonth).where(
            PerformanceMonth.person_id == person, PerformanceMonth.month == month, counts_on()
        )
    )


def add_revision(
    actor: PersonId,
    now: datetime,
    entry: Entry,
    standing: Standing,
    before: PerformanceMonth | None,
    origin: Origin,
) -> PerformanceMonth:
    """Add what is to count of a month from now on; ``entry`` is whole, nothing is taken over from before.

    Refuses values that cannot be, a grade that the score does not earn, and who was faster.
    """
    values = rules.checked_values(dict(entry.values))
    row = PerformanceMonth(
        person_id=entry.person_id,
        month=entry.month,
        revision=before.revision + 1 if before is not None else 1,
        department_id=standing.department_id,
        level=standing.level,
        post=standing.post,
        probation=standing.probation,
        away=standing.away,
        grade=rules.settled_grade(values.get("score"), entry.grade, month_rules(entry.month)),
        deductions=entry.deductions,
        deduction_points=entry.points,
        opening=origin.opening,
        source=origin.source,
        source_note=origin.note,
        reason=origin.reason,
        batch_id=origin.batch_id,
        correction_id=origin.correction_id,
        entered_by=actor,
        entered_at=now,
        entered_on=local_date(now),
        **_columns(values),
    )
    session().add(row)
    flush_unique(CROWDED)
    return row


def _columns(values: Mapping[str, Decimal]) -> dict[str, Decimal | int]:
    whole = {name for name, metric in METRICS.items() if metric.kind == "count"}
    return {name: int(value) if name in whole else value for name, value in values.items()}


def newest_of(
    persons: Collection[PersonId], months: Collection[date]
) -> dict[tuple[int, date], PerformanceMonth]:
    """Return the revisions that count of many people's months, by person and month."""
    statement = sa.select(PerformanceMonth).where(
        PerformanceMonth.person_id.in_(persons), PerformanceMonth.month.in_(months), counts_on()
    )
    return {(row.person_id, row.month): row for row in session().scalars(statement)}


def entry_of(row: PerformanceMonth) -> Entry:
    """Return what a revision holds."""
    return Entry(
        PersonId(row.person_id), row.month, values_of(row), row.grade, row.deductions, row.deduction_points
    )
