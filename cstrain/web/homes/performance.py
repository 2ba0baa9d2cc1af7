"""The home of who keeps monthly performance: months to fill and to close, changes that wait for a second
person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.ui.filters import month as month_word
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("28-performance")
def performance_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits of monthly performance; ``None`` when nothing does."""
    today = local_date(now)
    tasks = [*_corrections(person, today), *_reopenings(person), *_closes(person, today)]
    if not tasks:
        return None
    return Part(
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
    """Yield a line for each month of which departments wait for their close, the oldest first, once its day
    has come; it stays until the month is closed."""
    if not may(person, "performance.close"):
        return
    mine = people.get_person(person, today).department_id
    names = {one.id: one.name for one in people.departments(active_only=True)}
    waiting: dict[date, list[str]] = {}
    for month, place in performance.to_close(today):
        if place != mine and place in names:
            waiting.setdefault(month, []).append(names[place])
    for month, places in waiting.items():
        what = gettext("%(n)s个部门的%(month)s该关账了", n=len(places), month=month_word(month))
        url = url_for("performance.departments", month=f"{month:%Y-%m}")
        yield Task("is-later", what, (places[0],), url, gettext("去关账"))


def _close_page(department_id: int, month: date) -> str:
    return url_for("performance.close", department_id=department_id, month=f"{month:%Y-%m}")
