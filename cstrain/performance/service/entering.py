"""Entering one person's month by hand, before it is closed."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.performance import rules
from cstrain.performance.facts import Entry
from cstrain.performance.service.common import (
    Origin,
    add_revision,
    check_not_closed,
    check_open,
    entry_of,
    newest,
    not_oneself,
    standing_of,
)


def enter_month(
    actor: PersonId, now: datetime, entry: Entry, *, base: int, reason: str = "", note: str = ""
) -> int:
    """Record a month of somebody else; returns the record's id.

    ``base`` is the revision the page showed (0: none): who was overtaken is told. Changing what is on record
    needs a reason. Refused once the month is closed, and before it is over.
    """
    not_oneself(actor, entry.person_id)
    rules.check_month(entry.month, local_date(now))
    standing = standing_of(entry.person_id, entry.month)
    check_open(standing.department_id, entry.month)
    before = newest(entry.person_id, entry.month)
    if (before.revision if before is not None else 0) != base:
        raise ConflictError("没有保存：这个月刚刚由别人改过。请核对现在的数据后再保存。")
    if before is not None:
        _check_change(entry, entry_of(before), reason)
    if not entry.values and entry.grade is None:
        raise DomainError("没有保存：一项数据也没有填。没有数据的月份不用登记。")
    opening = before is not None and before.opening
    row = add_revision(
        actor, now, entry, standing, before, Origin("entry", note, reason.strip(), opening=opening)
    )
    record(actor, "performance.enter", f"month:{row.id}", person=entry.person_id, revision=row.revision)
    return row.id


def check_enterable(now: datetime, person: PersonId, month: date) -> None:
    """Refuse a month that nobody can enter: not over, too long ago, not employed, closed. Takes no lock."""
    rules.check_month(month, local_date(now))
    check_not_closed(standing_of(person, month).department_id, month)


def _check_change(entry: Entry, before: Entry, reason: str) -> None:
    if (entry.values, entry.grade) == (before.values, before.grade):
        raise DomainError("没有保存：和已经登记的一样，没有要改的。")
    if not reason.strip():
        raise DomainError("没有保存：改已经登记的数据要写明原因。")
