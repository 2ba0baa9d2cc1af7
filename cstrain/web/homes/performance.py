"""The home of who keeps monthly performance: months to fill and to close, changes that wait for a second
person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.ui.filters import month as month_word
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_CLOSES_FROM = 21
"""Month M is closed from this day of M+1 on (docs/rules.md 7)."""


@PARTS.register("28-performance")
def performance_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits of monthly performance; ``None`` when nothing does."""
    today = local_date(now)
    tasks = [*_corrections(person, today), *_reopenings(person), *_closes(person, today)]
    if not tasks:
        return None
    return Part(
        heading=gettext("月度绩效有%(n)s件事要处理", n=len(tasks)),
        lead="",
        title=gettext("月度绩效"),
        tasks=with_next(tasks),
        empty="",
    )


def _corrections(person: PersonId, today: date) -> Iterable[Task]:
    if not may(person, "performance.correct"):
        return
    seen = people.visible_people(person, "performance.correct", today)
    waiting = [
        one for one in performance.waiting_corrections(person) if seen is None or one.person_id in seen
    ]
    names = people.people([one.person_id for one in waiting], today)
    for one in waiting:
        what = gettext("%(name)s的绩效更正等你确认", name=names[one.person_id].name)
        url = url_for("performance.corrections")
        yield Task("is-later", what, (month_word(one.month),), url, gettext("去确认"))


def _reopenings(person: PersonId) -> Iterable[Task]:
    if not may(person, "performance.close"):
        return
    names = {one.id: one.name for one in people.departments()}
    for held in performance.waiting_reopenings(person):
        what = gettext("%(name)s要求重开关账，等你确认", name=names[held.department_id])
        url = _close_page(held.department_id, held.month)
        yield Task("is-later", what, (month_word(held.month),), url, gettext("去确认"))


def _closes(person: PersonId, today: date) -> Iterable[Task]:
    """Yield one line for last month's departments that are not closed, once the day of closing has come."""
    if today.day < _CLOSES_FROM or not may(person, "performance.close"):
        return
    month = add_months(today.replace(day=1), -1)
    mine = people.get_person(person, today).department_id
    states = performance.month_states(month)
    waiting = [one for one in states if one.closed is None and one.records and one.department.id != mine]
    if waiting:
        what = gettext("%(n)s个部门的%(month)s该关账了", n=len(waiting), month=month_word(month))
        meta = (waiting[0].department.name,)
        url = url_for("performance.departments", month=f"{month:%Y-%m}")
        yield Task("is-later", what, meta, url, gettext("去关账"))


def _close_page(department_id: int, month: date) -> str:
    return url_for("performance.close", department_id=department_id, month=f"{month:%Y-%m}")
