"""The part of everybody in monthly reviews: forms to fill, colleagues to name, cycles to close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries
from cstrain.performance.reviews.queries import Task as Waiting
from cstrain.ui.filters import day
from cstrain.ui.filters import month as month_word
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_WORDS = {
    "self": "填月度自评",
    "manager": "评价下属",
    "peers": "匿名评价同事",
    "name": "指定请哪些同事评价",
    "close": "月度评价已到截止日，可以结束",
}


@PARTS.register("29-reviews")
def reviews(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do in monthly reviews, one line a kind and cycle; ``None`` for nothing."""
    waiting = queries.tasks(person, local_date(now))
    if not waiting:
        return None
    kinds = dict.fromkeys((one.kind, one.cycle.id) for one in waiting)
    tasks = [_task([one for one in waiting if (one.kind, one.cycle.id) == kind]) for kind in kinds]
    return Part(
        lead="",
        title=gettext("月度评价"),
        tasks=with_next(tasks),
        empty="",
    )


def _task(waiting: Sequence[Waiting]) -> Task:
    first = waiting[0]
    count = (gettext("%(n)s人", n=len(waiting)),) if len(waiting) > 1 else ()
    url = url_for("reviews.mine")
    if first.kind == "close":
        url = url_for("reviews.cycle", cycle_id=first.cycle.id)
    last = gettext("%(day)s截止", day=day(first.cycle.closes_on))
    meta = (month_word(first.cycle.month), first.cycle.department_name, last, *count)
    return Task("is-later", gettext(_WORDS[first.kind]), meta, url, gettext("去办"))
