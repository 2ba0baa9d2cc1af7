"""What waits for somebody in applications for promotion: reviews, checks, panels, decisions, notices."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.queries.waiting import TASK_WORDS
from cstrain.ui.filters import day
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("75-applications")
def applications(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits for somebody in applications; ``None`` when nothing does."""
    waiting = queries.waiting_for(person, now)
    if not waiting:
        return None
    names = people.people([one.about for one in waiting if one.about is not None], local_date(now))
    tasks = [
        Task(
            "is-later",
            gettext(TASK_WORDS[one.kind]),
            tuple(
                [names[one.about].name if one.about is not None else ""]
                + ([gettext("%(day)s前", day=day(one.until))] if one.until is not None else [])
            ),
            one.url,
            gettext("去办理"),
        )
        for one in waiting
    ]
    return Part(
        lead="",
        title=gettext("晋升"),
        tasks=with_next(tasks),
        empty="",
    )
