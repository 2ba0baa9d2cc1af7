"""The home of who decides about deductions: contests that wait for somebody else than the booker."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.discipline import queries as discipline
from cstrain.ui.filters import day
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("27-discipline")
def discipline_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the contests that wait for this person's decision; ``None`` when there are none."""
    if not may(person, "deduction.decide"):
        return None
    today = local_date(now)
    seen = people.visible_people(person, "deduction.decide", today)
    waiting = discipline.contested(seen, person)
    if not waiting:
        return None
    names = people.people([one.person for one in waiting], today)
    tasks = [
        Task(
            "is-later",
            gettext("%(name)s的扣分申诉等你决定", name=names[one.person].name),
            (gettext("发生在%(day)s", day=day(one.day)), gettext("%(n)s分", n=one.total)),
            url_for("discipline.deduction", deduction_id=one.id),
            gettext("去决定"),
        )
        for one in waiting
    ]
    return Part(
        lead="",
        title=gettext("扣分申诉"),
        tasks=with_next(tasks),
        empty="",
    )
