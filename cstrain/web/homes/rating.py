"""The part of everybody in quarterly ratings: one's own fall, contests, comments, results to confirm."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.promotion.rating import queries
from cstrain.promotion.rating.queries import Duty
from cstrain.ui.filters import day
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("78-rating")
def rating(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do in quarterly ratings; ``None`` when nothing waits."""
    duties = queries.duties(person, local_date(now))
    if not duties:
        return None
    return Part(
        lead="",
        title=gettext("季度评级"),
        tasks=with_next([_task(one) for one in duties]),
        empty="",
    )


def _task(duty: Duty) -> Task:
    quarter = duty.candidate.quarter if duty.candidate is not None else None
    url = url_for("ratings.index")
    if duty.run is not None:
        quarter = duty.run.quarter
        url = url_for("ratings.sheet", run_id=duty.run.id)
    if duty.line is not None:
        url = url_for("ratings.line", line_id=duty.line.id)
    year, number = (quarter.first.year, quarter.number) if quarter is not None else (0, 0)
    meta = [gettext("%(year)s年第%(n)s季度", year=year, n=number)]
    if duty.number > 1:
        meta.append(gettext("%(n)s人", n=duty.number))
    if duty.until is not None:
        meta.append(gettext("%(day)s前", day=day(duty.until)))
    return Task("is-later", str(queries.DUTY_WORDS[duty.kind]), tuple(meta), url, gettext("去办"))
